"""Rotation: new writes under the new key at once, old values in batches that may be killed, retiring what is free."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import LargeBinary, select

from hotline.errors import KeyringError
from hotline.records import Reporter
from hotline.store import queries
from hotline.store.casestore import CaseStore
from hotline.store.ciphers import CIPHERS, SM4_GCM, cipher_of
from hotline.store.crypto import Keyring, load_keyring
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.key_files import key_file
from hotline.store.key_retiring import in_use, retire
from hotline.store.keycheck import check_keyring, remember_keyring
from hotline.store.new_keys import add_data_key, add_index_key
from hotline.store.rekeying import rekey
from hotline.store.sealed_tables import SEALED
from hotline.store.tables import METADATA, REPORTER
from tests.store.store_world import NOW, OPERATOR, PHONE

LATER = datetime.now(UTC) + timedelta(hours=1)
REST = timedelta(minutes=10)
NOT_SEALED = {("event_text", "salt"), ("key_check", "value")}


def test_every_column_of_bytes_is_known_to_the_rotation():
    """A new sealed column that the rotation does not know would be lost with the old key."""
    known = {(each.table.name, column) for each in SEALED for column in each.columns}
    found = {
        (table.name, column.name)
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert found - NOT_SEALED == known


def fill(world, count=5):
    snapshots = [world.case(f"2026-11000{n}-1", external_id=f"x{n}") for n in range(count)]
    with write_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        remember_keyring(session, world.keyring)
        store.quarantine(office_id="xicheng", channel="12330", source="f", reason="r", content=b"raw", at=NOW)
        for n in range(3):
            store.add_evidence(
                case_id=snapshots[0].case_id,
                leg_id=None,
                filename=f"{n}.txt",
                media_type="text/plain",
                content=b"photo",
                uploaded_by="op1",
                at=NOW,
            )
    return snapshots


def uses(world):
    with read_transaction(world.engine) as session:
        return in_use(session, world.keyring)


def test_a_rotation_reencrypts_everything_and_the_old_key_can_go(world):
    snapshots = fill(world)
    assert add_data_key(world.keyring) == "k2"
    assert uses(world)["k2"] == 0
    done = rekey(world.engine, world.keyring)
    assert done.finished
    assert done.changed >= 5 * 8
    assert uses(world)["k1"] == 0
    folder = world.keyring.folder
    aside = retire(world.engine, world.keyring, "k1", now=LATER, rest=REST)
    assert aside.exists()
    assert not key_file(folder, data="k1").exists()
    fresh = load_keyring(folder)
    assert list(fresh.data_keys) == ["k2"]
    with read_transaction(world.engine) as session:
        check_keyring(session, fresh)
        store = CaseStore(session, fresh)
        assert store.complaint(snapshots[0].complaint_id).reporter.phone == PHONE
        assert store.event_texts(snapshots[0].case_id)
        assert [store.evidence(each.id)[1] for each in store.evidence_list(snapshots[0].case_id)] == [b"photo"] * 3


def test_a_killed_run_goes_on_where_it_was(world, monkeypatch):
    monkeypatch.setattr("hotline.store.rekeying.SEALED", tuple(replace(each, batch=2) for each in SEALED))
    fill(world)
    add_data_key(world.keyring)
    first = rekey(world.engine, world.keyring, most=1)
    assert not first.finished
    total, runs = first.changed, 1
    while not (step := rekey(world.engine, world.keyring, most=1)).finished:
        assert step.changed < 20, "one batch at a time"
        total, runs = total + step.changed, runs + 1
    assert runs > 3
    assert uses(world)["k1"] == 0
    assert rekey(world.engine, world.keyring).changed == 0


def test_what_is_written_during_the_rotation_is_under_the_new_key(world):
    fill(world, 1)
    running = world.keyring
    add_data_key(load_keyring(running.folder))  # By another process.
    assert running.seal("值", "a").startswith(b"\x01\x02k2")
    world.case("2026-119999-1", external_id="later")
    assert uses(world)["k2"] > 0


@pytest.mark.parametrize(
    ("name", "word"), [("k1", "还有"), ("k2", "正在使用"), ("k9", "没有密钥"), ("index:1", "正在使用")]
)
def test_a_key_in_use_is_not_retired(world, name, word):
    fill(world, 1)
    add_data_key(world.keyring)
    with pytest.raises(KeyringError, match=word):
        retire(world.engine, world.keyring, name, now=LATER, rest=REST)


def test_a_key_is_not_retired_while_transactions_of_before_may_be_open(world):
    fill(world, 1)
    add_data_key(world.keyring)
    rekey(world.engine, world.keyring)
    with pytest.raises(KeyringError, match="10 分钟"):
        retire(world.engine, world.keyring, "k1", now=datetime.now(UTC), rest=REST)


def test_a_late_value_under_the_old_key_is_found_by_running_again(world):
    fill(world, 1)
    before = replace(world.keyring, folder=None)
    add_data_key(world.keyring)
    rekey(world.engine, world.keyring)
    late = type(world)(world.engine, before)
    late.case("2026-118888-1", external_id="late")
    assert uses(world)["k1"] > 0
    assert rekey(world.engine, world.keyring).changed == 0
    assert rekey(world.engine, world.keyring, again=True).changed > 0
    assert uses(world)["k1"] == 0


def test_the_blind_index_changes_its_key_and_callers_are_found_all_the_time(world):
    snapshots = fill(world, 2)
    found = lambda: {hit.line.case_id for hit in search(world)}  # noqa: E731 - asked three times.
    assert add_index_key(world.keyring) == 2
    newer = world.case("2026-117777-1", external_id="newer", reporter=Reporter("李四", PHONE))
    wanted = {each.case_id for each in (*snapshots, newer)}
    assert found() == wanted, "rows under either key are found"
    rekey(world.engine, world.keyring)
    with read_transaction(world.engine) as session:
        assert all(value.startswith("2:") for value in session.execute(select(REPORTER.c.phone_index)).scalars())
    retire(world.engine, world.keyring, "index:1", now=LATER, rest=REST)
    assert set(load_keyring(world.keyring.folder).index_keys) == {2}
    assert found() == wanted


def search(world):
    with read_transaction(world.engine) as session:
        return queries.search(session, PHONE, OPERATOR, world.keyring)


def test_the_cipher_changes_by_setting_and_back(world):
    snapshot = fill(world, 1)[0]
    chinese = load_keyring(world.keyring.folder, SM4_GCM)
    assert rekey(world.engine, chinese).finished
    with read_transaction(world.engine) as session:
        held = session.execute(select(REPORTER.c.phone)).scalar_one()
        assert held[0] == SM4_GCM
        assert CaseStore(session, world.keyring).complaint(snapshot.complaint_id).reporter.phone == PHONE
    assert rekey(world.engine, world.keyring).changed > 0


@pytest.mark.parametrize("number", CIPHERS.values())
def test_a_cipher_refuses_what_was_altered(keyring, number):
    ring = load_keyring(keyring.folder, number)
    sealed = ring.seal("电话", "a|b|c")
    assert ring.open_text(sealed, "a|b|c") == "电话"
    for broken in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:-17], sealed[:20], sealed[:4]):
        with pytest.raises(KeyringError):
            ring.open(broken, "a|b|c")
    with pytest.raises(KeyringError):
        ring.open(sealed, "a|b|d")


def test_sm4_agrees_with_the_standards_example():
    """GB/T 32907 appendix A: the block that SM4 makes of its own key; GCM rests on it."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415 - for this test only.

    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    working = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()  # noqa: S305 - one block, as the standard prints it.
    assert working.update(key).hex() == "681edf34d206965e86b3e94f536e4246"
    assert cipher_of(SM4_GCM, key * 2) is cipher_of(SM4_GCM, key * 2)


def test_a_key_made_by_two_at_once_is_never_written_over(keyring, monkeypatch):
    add_data_key(keyring)
    before = key_file(keyring.folder, data="k2").read_text()
    monkeypatch.setattr(Keyring, "now", lambda self: self)  # As of a process that has not seen the new key yet.
    with pytest.raises(KeyringError, match="刚刚"):
        add_data_key(keyring)
    assert key_file(keyring.folder, data="k2").read_text() == before
    assert not [path for path in keyring.folder.iterdir() if path.name.startswith(".")]
