from __future__ import annotations

import stat
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError

from hotline.errors import InvalidInputError, KeyringError
from hotline.records import Assignment, Classification
from hotline.store.codec import plain, restore
from hotline.store.crypto import binding, load_keyring
from hotline.store.engine import open_engine, read_transaction, write_transaction
from hotline.store.ids import new_id
from hotline.store.keycheck import check_keyring, has_keys, remember_keyring
from hotline.store.new_keys import create_keyring
from hotline.store.numbers import format_number, is_misread, luhn, parse_number, take_numbers
from hotline.store.tables import KEY_CHECK, NUMBER_COUNTER, RATE_WINDOW
from hotline.store.types import canonical_bytes
from hotline.store.words import fold_name, index_words, query_words
from tests.store.store_world import ASSIGNMENT, CLASSIFICATION, NOW

AAD = binding("reporter", "phone", "row-1")


# ---- opening ---------------------------------------------------------------------------------


def test_an_error_of_the_database_shows_no_values(engine):
    """Errors end up in logs, and what was to be written may be a caller's words."""
    with pytest.raises(DBAPIError) as caught, write_transaction(engine) as session:
        session.execute(text("INSERT INTO nowhere VALUES (:said)"), {"said": "13912345678"})
    assert "13912345678" not in str(caught.value)


# ---- ids and bytes ---------------------------------------------------------------------------


def test_ids_are_unique_uuids_in_the_order_of_time():
    ids = [new_id() for _ in range(2000)]
    assert len(set(ids)) == 2000
    assert all(len(made) == 32 and made[12] == "7" and made[16] in "89ab" for made in ids)
    stamps = [made[:16] for made in ids]
    assert stamps == sorted(stamps)


def test_canonical_bytes_do_not_depend_on_order():
    assert canonical_bytes({"b": 1, "a": ("中", None)}) == canonical_bytes({"a": ["中", None], "b": 1})
    assert canonical_bytes({"a": "中"}) == '{"a":"中"}'.encode()
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_bytes({"a": float("nan")})
    with pytest.raises(TypeError):
        canonical_bytes({"a": NOW})


@pytest.mark.parametrize("record", [ASSIGNMENT, CLASSIFICATION])
def test_records_survive_json(record):
    assert restore(type(record), plain(record)) == record
    assert {Assignment, Classification} >= {type(record)}


# ---- time ------------------------------------------------------------------------------------


def test_times_come_back_aware_in_utc(engine):
    beijing = datetime(2026, 11, 21, 10, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    with write_transaction(engine) as session:
        session.execute(insert(RATE_WINDOW), [{"key": "k", "window_start": beijing, "count": 1}])
    with read_transaction(engine) as session:
        read = session.execute(select(RATE_WINDOW.c.window_start)).scalar_one()
    assert read == beijing
    assert read.tzinfo is UTC
    assert read.microsecond == 123456


def test_a_naive_time_is_refused(engine):
    naive = datetime(2026, 11, 21)  # noqa: DTZ001 - what must not be stored.
    with pytest.raises(Exception, match="naive"), write_transaction(engine) as session:
        session.execute(insert(RATE_WINDOW), [{"key": "k", "window_start": naive, "count": 1}])


# ---- transactions ----------------------------------------------------------------------------


def test_a_unit_of_work_that_fails_leaves_nothing(engine):
    def fail():
        with write_transaction(engine) as session:
            session.execute(insert(NUMBER_COUNTER), [{"prefix": "01", "year": 2026, "next": 1}])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with read_transaction(engine) as session:
        assert session.execute(select(NUMBER_COUNTER)).all() == []


def test_a_reading_transaction_cannot_write(engine):
    with pytest.raises(DBAPIError), read_transaction(engine) as session:
        session.execute(insert(NUMBER_COUNTER), [{"prefix": "01", "year": 2026, "next": 1}])
    with write_transaction(engine) as session:
        session.execute(insert(NUMBER_COUNTER), [{"prefix": "01", "year": 2026, "next": 1}])


def test_reading_goes_on_while_somebody_writes(engine):
    with write_transaction(engine) as writing:
        writing.execute(insert(NUMBER_COUNTER), [{"prefix": "01", "year": 2026, "next": 1}])
        with read_transaction(engine) as session:
            assert session.execute(select(NUMBER_COUNTER)).all() == []


def test_writers_wait_for_each_other_and_none_is_lost(engine):
    with write_transaction(engine) as session:
        session.execute(insert(NUMBER_COUNTER), [{"prefix": "01", "year": 2026, "next": 0}])

    def add():
        for _ in range(20):
            with write_transaction(engine) as session:
                wanted = select(NUMBER_COUNTER.c.next).with_for_update()
                value = session.execute(wanted).scalar_one()
                session.execute(update(NUMBER_COUNTER).values(next=value + 1))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with read_transaction(engine) as session:
        assert session.execute(select(NUMBER_COUNTER.c.next)).scalar_one() == 80


def test_sqlite_is_opened_durable(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    with read_transaction(engine) as session:
        pragmas = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "query_only")
        }
    engine.dispose()
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 15_000,
        "query_only": 1,
    }


# ---- keys ------------------------------------------------------------------------------------


def test_keys_are_made_once_for_their_owner_only(tmp_path):
    folder = tmp_path / "var" / "keys"
    made = create_keyring(folder)
    assert {path.name for path in folder.iterdir()} == {"data-k1.key", "index.key", "events.key"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
    assert load_keyring(folder).open(made.seal("值", AAD), AAD) == "值".encode()
    with pytest.raises(KeyringError):
        create_keyring(folder)


@pytest.mark.parametrize("name", ["data-k1.key", "index.key", "events.key"])
@pytest.mark.parametrize("damage", ["missing", "short", "no hex", "open to others"])
def test_unusable_keys_are_refused(tmp_path, name, damage):
    folder = tmp_path / "keys"
    create_keyring(folder)
    path = folder / name
    if damage == "missing":
        path.unlink()
    elif damage == "open to others":
        path.chmod(0o644)
    else:
        path.write_text("abcd" if damage == "short" else "密钥")
    with pytest.raises(KeyringError):
        load_keyring(folder)


def test_no_folder_is_a_keyring_error(tmp_path):
    with pytest.raises(KeyringError):
        load_keyring(tmp_path / "nowhere")


def test_a_sealed_value_is_bound_to_its_row_and_never_the_same_twice(keyring):
    sealed = keyring.seal("13900000001", AAD)
    assert keyring.open_text(sealed, AAD) == "13900000001"
    assert sealed != keyring.seal("13900000001", AAD)
    assert b"13900000001" not in sealed
    for aad in (binding("reporter", "phone", "row-2"), binding("reporter", "name", "row-1")):
        with pytest.raises(KeyringError):
            keyring.open(sealed, aad)


@pytest.mark.parametrize("place", [0, 3, 10, -1])
def test_an_altered_sealed_value_is_refused(keyring, place):
    sealed = bytearray(keyring.seal("值", AAD))
    sealed[place] ^= 1
    with pytest.raises(KeyringError):
        keyring.open(bytes(sealed), AAD)


@pytest.mark.parametrize("garbage", [b"", b"\x01", b"\x01\x02k1", b"\x01\x02k1" + b"0" * 12])
def test_garbage_is_refused(keyring, garbage):
    with pytest.raises(KeyringError):
        keyring.open(garbage, AAD)


def test_an_older_key_still_opens_after_a_newer_one_is_added(tmp_path):
    folder = tmp_path / "keys"
    old = create_keyring(folder)
    sealed = old.seal("值", AAD)
    (folder / "data-k10.key").write_text("ab" * 32)
    (folder / "data-k10.key").chmod(0o600)
    new = load_keyring(folder)
    assert new.active == "k10"
    assert new.open_text(sealed, AAD) == "值"
    with pytest.raises(KeyringError):
        replace(old, folder=None).open(new.seal("值", AAD), AAD)


def test_blind_indexes_are_equal_for_equal_numbers(keyring, tmp_path):
    same = {
        keyring.blind_index("phone", written) for written in ("13900000001", "+86 139-0000-0001", "１３９００００0001")
    }
    assert len(same) == 1
    assert keyring.blind_index("id_number", "13900000001") not in same
    assert create_keyring(tmp_path / "others").blind_index("phone", "13900000001") not in same
    assert keyring.blind_index("id_number", "11010119900307001x") == keyring.blind_index(
        "id_number", "11010119900307001X"
    )


def test_keys_are_not_shown(keyring):
    assert repr(keyring) == "Keyring(['k1'])"


def test_keys_that_do_not_fit_the_database_are_refused(engine, keyring, tmp_path):
    with write_transaction(engine) as session:
        assert not has_keys(session)
        remember_keyring(session, keyring)
        remember_keyring(session, keyring)
        assert has_keys(session)
    with read_transaction(engine) as session:
        check_keyring(session, keyring)
        assert len(session.execute(select(KEY_CHECK)).all()) == 3
    other = create_keyring(tmp_path / "others")
    with write_transaction(engine) as session, pytest.raises(KeyringError):
        remember_keyring(session, other)


# ---- numbers ---------------------------------------------------------------------------------


def test_numbers_are_taken_in_order_and_can_be_read_back(engine):
    assert take_numbers(engine, "1", 2026, 1) == ("2026-010001-" + str(luhn("2026010001")),)
    assert [number[:11] for number in take_numbers(engine, "01", 2026, 3)] == [
        "2026-010002",
        "2026-010003",
        "2026-010004",
    ]
    assert take_numbers(engine, "12", 2026, 1)[0].startswith("2026-120001-")
    assert take_numbers(engine, "1", 2027, 1)[0].startswith("2027-010001-")


def test_numbers_taken_at_once_are_all_different(engine):
    taken = []

    def take():
        taken.extend(number for _ in range(10) for number in take_numbers(engine, "11", 2026, 2))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == 80


@pytest.mark.parametrize("prefix", ["", "123", "a", "１"])
def test_a_bad_prefix_is_refused(engine, prefix):
    with pytest.raises(InvalidInputError):
        take_numbers(engine, prefix, 2026, 1)


@pytest.mark.parametrize(("digits", "check"), [("7992739871", 3), ("2026010001", 9), ("0", 0), ("1", 8)])
def test_luhn(digits, check):
    assert luhn(digits) == check


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2026-010001-9", "2026-010001-9"),
        ("20260100019", "2026-010001-9"),
        (" 2026 010001 9 ", "2026-010001-9"),
        ("2026-010001-5", None),
        ("13900000001", None),
        ("盗版", None),
        ("", None),
    ],
)
def test_typed_numbers(typed, number):
    assert parse_number(typed) == number


def test_a_long_year_still_makes_numbers():
    assert format_number("7", 2026, 123456).startswith("2026-07123456-")
    assert parse_number(format_number("7", 2026, 123456)) == format_number("7", 2026, 123456)


# ---- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("路灯不亮", ("路灯", "灯不", "不亮")),
        ("买iPhone15，假的", ("买", "iphone15", "假的")),
        ("ＡＢＣ　药", ("abc", "药")),
        ("𠮷野家", ("𠮷野", "野家")),
        ("!!! ——", ()),
    ],
)
def test_index_words(written, words):
    assert index_words(written) == words


def test_query_words_need_two_characters():
    assert query_words("药") == ()
    assert query_words("路灯") == ("路灯",)
    assert len(query_words("".join(chr(0x4E00 + n) for n in range(200)))) == 40


def test_names_are_folded():
    assert fold_name("北京 某某（音像）店") == fold_name("北京某某(音像)店") == "北京某某音像店"


def test_sums_are_exact():
    assert Decimal(plain(Decimal("128.50"))) == Decimal("128.50")


@pytest.mark.parametrize(
    ("typed", "misread"),
    [("2026-010001-8", True), ("2026-010001-9", False), ("13911110005", False), ("01066661234", False)],
)
def test_a_telephone_number_is_no_case_number_read_wrongly(typed, misread):
    assert is_misread(typed) is misread
