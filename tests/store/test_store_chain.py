from __future__ import annotations

import json
from datetime import timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import delete, insert, select, update

from hotline.errors import ConflictError
from hotline.records import NewEvent
from hotline.store import sealing
from hotline.store.chain import append, delete_texts, last_seq, read_events, read_texts, seal_pending, verify
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.event_rows import chained_bytes
from hotline.store.new_keys import create_keyring
from hotline.store.tables import EVENT, EVENT_TEXT, SEAL
from hotline.vocabulary import Action, Role
from tests.store.store_world import NOW, OPERATOR


@pytest.fixture
def seal_file(tmp_path):
    return tmp_path / "outside" / "seals.jsonl"


@pytest.fixture
def log(engine, keyring):
    """Append notes to a stream."""

    def add(stream, count, start=0, text="内容"):
        news = [NewEvent(Action.NOTE, {"n": n, "ids": ("a", "b")}, f"{text}{n}") for n in range(count)]
        with write_transaction(engine) as session:
            return append(
                session, stream, news, expected_seq=start, actor=OPERATOR, at=NOW, recorded_at=NOW, keyring=keyring
            )

    return add


def broken(engine, keyring, seal_file):
    return [(fault["stream"], fault["seq"]) for fault in verify(engine, keyring, seal_file)["broken"]]


def change(engine, statement):
    with write_transaction(engine) as session:
        session.execute(statement)


def test_events_come_back_as_they_were_appended(engine, keyring, log):
    appended = log("case-1", 3)
    with read_transaction(engine) as session:
        read = read_events(session, "case-1")
        texts = read_texts(session, "case-1", keyring)
        assert last_seq(session, "case-1") == 3
        assert last_seq(session, "nothing") == 0
    assert read == appended
    assert [event.seq for event in read] == [1, 2, 3]
    assert read[1].data == {"n": 1, "ids": ("a", "b")}
    assert (read[0].actor_role, read[0].at, read[0].action) == (Role.OPERATOR, NOW, Action.NOTE)
    assert [texts[event.id] for event in read] == ["内容0", "内容1", "内容2"]


def test_free_text_is_nowhere_in_clear(engine, log):
    log("case-1", 1, text="举报人电话13900000001")
    with read_transaction(engine) as session:
        rows = [*session.execute(select(EVENT)).mappings(), *session.execute(select(EVENT_TEXT)).mappings()]
    assert "13900000001" not in str(rows)
    assert "举报人".encode() not in b"".join(row["content"] for row in rows if "content" in row)


@pytest.mark.parametrize("stale", [0, 1, 3])
def test_a_stale_sequence_is_a_conflict_and_leaves_nothing(engine, log, stale):
    log("case-1", 2)
    with pytest.raises(ConflictError):
        log("case-1", 1, start=stale)
    with read_transaction(engine) as session:
        assert last_seq(session, "case-1") == 2


def test_the_second_of_two_at_once_gets_a_conflict(engine, keyring):
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one writer in at a time, so the second sees the first's event")
    head_read, first_wrote, outcome = Event(), Event(), []

    def write(wait):
        try:
            with write_transaction(engine) as session:
                if wait:
                    outcome.append(last_seq(session, "case-1"))
                    head_read.set()
                    assert first_wrote.wait(10)
                else:
                    # Only now: a head that is read after the other's commit would be no late act.
                    assert head_read.wait(10)
                append(
                    session,
                    "case-1",
                    [NewEvent(Action.NOTE, {})],
                    expected_seq=0,
                    actor=OPERATOR,
                    at=NOW,
                    recorded_at=NOW,
                    keyring=keyring,
                )
                if not wait:
                    first_wrote.set()
            outcome.append("written")
        except ConflictError:
            outcome.append("conflict")

    threads = [Thread(target=write, args=(wait,)) for wait in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert outcome[0] == 0
    assert sorted(outcome[1:]) == ["conflict", "written"]


def test_a_whole_log_verifies_before_and_after_sealing(engine, keyring, log, seal_file):
    log("case-1", 3)
    log("case-2", 2)
    assert verify(engine, keyring, seal_file) == {"ok": True, "events": 5, "seals": 0, "unsealed": 5, "broken": []}
    assert seal_pending(engine, keyring, NOW, seal_file) == 5
    assert seal_pending(engine, keyring, NOW, seal_file) == 0
    log("case-1", 1, start=3)
    assert verify(engine, keyring, seal_file) == {"ok": True, "events": 6, "seals": 1, "unsealed": 1, "broken": []}
    assert seal_pending(engine, keyring, NOW + timedelta(minutes=1), seal_file) == 1
    assert verify(engine, keyring, seal_file)["ok"]
    assert [json.loads(line)["id"] for line in seal_file.read_text().splitlines()] == [1, 2]


def test_many_events_are_sealed_in_batches(engine, keyring, log, seal_file, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 3)
    for stream in range(4):
        log(f"case-{stream}", 2)
    assert seal_pending(engine, keyring, NOW, seal_file) == 8
    assert verify(engine, keyring, seal_file)["seals"] == 3
    assert verify(engine, keyring, seal_file)["ok"]


ALTERED = [
    {"data": '{"n":9}'},
    {"actor_id": "somebody"},
    {"actor_role": "supervisor"},
    {"at": NOW - timedelta(days=1)},
    {"recorded_at": NOW - timedelta(days=1)},
    {"action": "archive"},
    {"text_digest": None},
    {"id": "f" * 32},
]


@pytest.mark.parametrize("values", ALTERED, ids=lambda values: next(iter(values)))
def test_an_altered_event_is_found(engine, keyring, log, seal_file, values):
    log("case-1", 3)
    if "id" in values:
        change(engine, delete(EVENT_TEXT))
    change(engine, update(EVENT).where(EVENT.c.seq == 2).values(values))
    assert ("case-1", 2) in broken(engine, keyring, seal_file)


def test_an_event_whose_hmac_was_made_with_another_key_is_found(engine, keyring, log, seal_file, tmp_path):
    log("case-1", 2)
    forger = create_keyring(tmp_path / "forger")
    with write_transaction(engine) as session:
        row = dict(session.execute(select(EVENT).where(EVENT.c.seq == 2)).mappings().one())
        row["data"] = '{"n":9}'
        forged = forger.sign(chained_bytes(row))
        session.execute(update(EVENT).where(EVENT.c.seq == 2).values(data=row["data"], hmac=forged))
    assert broken(engine, keyring, seal_file) == [("case-1", 2)]


def test_a_removed_event_is_found(engine, keyring, log, seal_file):
    log("case-1", 3)
    change(engine, delete(EVENT_TEXT))
    change(engine, delete(EVENT).where(EVENT.c.seq == 2))
    assert broken(engine, keyring, seal_file) == [("case-1", 3)]


def test_reordered_events_are_found(engine, keyring, log, seal_file):
    log("case-1", 3)
    for old, new in ((2, 9), (3, 2), (9, 3)):
        change(engine, update(EVENT).where(EVENT.c.seq == old).values(seq=new))
    assert {seq for _, seq in broken(engine, keyring, seal_file)} >= {2, 3}


def test_an_event_inserted_from_another_stream_is_found(engine, keyring, log, seal_file):
    log("case-1", 2)
    log("case-2", 3)
    change(engine, update(EVENT).where(EVENT.c.stream == "case-2", EVENT.c.seq == 3).values(stream="case-1"))
    assert ("case-1", 3) in broken(engine, keyring, seal_file)


def test_a_tail_cut_off_after_sealing_is_found(engine, keyring, log, seal_file):
    log("case-1", 3)
    log("case-2", 2)
    seal_pending(engine, keyring, NOW, seal_file)
    change(engine, delete(EVENT_TEXT))
    change(engine, delete(EVENT).where(EVENT.c.stream == "case-1", EVENT.c.seq == 3))
    assert broken(engine, keyring, seal_file) == [("case-1", 3)]


def test_a_whole_case_removed_after_sealing_is_found(engine, keyring, log, seal_file):
    log("case-1", 3)
    log("case-2", 2)
    seal_pending(engine, keyring, NOW, seal_file)
    change(engine, delete(EVENT_TEXT))
    change(engine, delete(EVENT).where(EVENT.c.stream == "case-1"))
    assert broken(engine, keyring, seal_file) == [("case-1", 1)]


def test_seals_cut_off_with_their_events_are_known_from_the_file(engine, keyring, log, seal_file):
    log("case-1", 2)
    seal_pending(engine, keyring, NOW, seal_file)
    log("case-2", 2)
    seal_pending(engine, keyring, NOW, seal_file)
    change(engine, delete(EVENT_TEXT))
    change(engine, delete(EVENT).where(EVENT.c.stream == "case-2"))
    change(engine, delete(SEAL).where(SEAL.c.id == 2))
    assert broken(engine, keyring, seal_file) == [("seals", 2), ("case-2", 1)]


def test_events_taken_out_from_under_a_seal_are_found(engine, keyring, log, seal_file):
    log("case-1", 2)
    seal_pending(engine, keyring, NOW, seal_file)
    change(engine, update(EVENT).where(EVENT.c.seq == 2).values(seal_id=None))
    assert broken(engine, keyring, seal_file) == [("case-1", 2)]


@pytest.mark.parametrize(
    "values", [{"root": "0" * 64}, {"count": 1}, {"at": NOW - timedelta(days=1)}, {"ranges": "[]"}]
)
def test_an_altered_seal_is_found(engine, keyring, log, seal_file, values):
    log("case-1", 2)
    seal_pending(engine, keyring, NOW, seal_file)
    change(engine, update(SEAL).values(values))
    assert ("seals", 1) in broken(engine, keyring, seal_file)


@pytest.mark.parametrize("lines", [0, 1])
def test_a_truncated_seal_file_is_found(engine, keyring, log, seal_file, lines):
    for start in range(3):
        log("case-1", 1, start=start)
        seal_pending(engine, keyring, NOW, seal_file)
    kept = seal_file.read_text().splitlines(keepends=True)[:lines]
    seal_file.write_text("".join(kept))
    assert ("seals", 2) in broken(engine, keyring, seal_file)


def test_a_garbled_line_of_the_seal_file_is_found(engine, keyring, log, seal_file):
    log("case-1", 1)
    seal_pending(engine, keyring, NOW, seal_file)
    seal_file.write_text("hello\n" + seal_file.read_text())
    assert broken(engine, keyring, seal_file) == [("seals", 1)]


@pytest.mark.parametrize("left", [0, 20])
def test_a_crash_between_commit_and_file_is_made_up_for(engine, keyring, log, seal_file, left):
    log("case-1", 1)
    seal_pending(engine, keyring, NOW, seal_file)
    whole = seal_file.read_text()
    log("case-1", 1, start=1)
    seal_pending(engine, keyring, NOW, seal_file)
    seal_file.write_text(whole + seal_file.read_text()[len(whole) :][:left])
    seal_pending(engine, keyring, NOW, seal_file)
    assert len(seal_file.read_text().splitlines()) == 2
    assert verify(engine, keyring, seal_file)["ok"]


def test_deleting_a_text_breaks_nothing(engine, keyring, log, seal_file):
    events = log("case-1", 3)
    seal_pending(engine, keyring, NOW, seal_file)
    with write_transaction(engine) as session:
        assert delete_texts(session, [events[1].id]) == 1
    assert verify(engine, keyring, seal_file)["ok"]
    with read_transaction(engine) as session:
        assert set(read_texts(session, "case-1", keyring)) == {events[0].id, events[2].id}


def test_an_exchanged_text_is_found(engine, keyring, log, seal_file):
    first, second = log("case-1", 2)
    with write_transaction(engine) as session:
        other = session.execute(select(EVENT_TEXT).where(EVENT_TEXT.c.event_id == second.id)).mappings().one()
        session.execute(update(EVENT_TEXT).where(EVENT_TEXT.c.event_id == first.id).values(content=other["content"]))
    assert broken(engine, keyring, seal_file) == [("case-1", 1)]


def test_a_text_added_to_an_event_without_one_is_found(engine, keyring, seal_file):
    with write_transaction(engine) as session:
        (event,) = append(
            session,
            "case-1",
            [NewEvent(Action.SIGN, {})],
            expected_seq=0,
            actor=OPERATOR,
            at=NOW,
            recorded_at=NOW,
            keyring=keyring,
        )
        sealed = keyring.seal("补写", f"event_text|content|{event.id}")
        session.execute(insert(EVENT_TEXT), [{"event_id": event.id, "salt": b"", "content": sealed}])
    assert broken(engine, keyring, seal_file) == [("case-1", 1)]
