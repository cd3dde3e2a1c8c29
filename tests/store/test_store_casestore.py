from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from hotline.casework.ports import Store
from hotline.errors import IdempotencyError, NotFoundError
from hotline.records import Leg, NewEvent, Reporter, Respondent
from hotline.store.casestore import CaseStore
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.quarantine import MOST_PLACES
from hotline.store.queries import case_line, clocks_of, quarantine_list
from hotline.store.tables import CLOCK, LEG, METADATA
from hotline.vocabulary import Action, CaseState, LegRole, LegState
from tests.store.store_world import (
    ASSIGNMENT,
    CLASSIFICATION,
    NOW,
    OPERATOR,
    PHONE,
    SUPERVISOR,
    make_clock,
    make_complaint,
)


def test_it_fulfils_the_desks_protocol():
    wanted = [name for name in vars(Store) if not name.startswith("_")]
    assert wanted
    assert [name for name in wanted if not callable(getattr(CaseStore, name, None))] == []


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"amount": None, "region": None, "happened_on": None, "goods": "", "demand": "", "linked_to": "x"},
        {"reporter": Reporter(anonymous=True), "respondent": Respondent()},
        {"amount": Decimal("0.10"), "text": "😀 𠮷 <b>'; DROP TABLE complaint; --"},
    ],
)
def test_a_complaint_comes_back_as_it_was(world, changes):
    snapshot = world.case(**changes)
    with read_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        complaint = store.complaint(snapshot.complaint_id)
        raw = store.raw_content(complaint.submission_id)
    expected, _ = make_complaint(**changes)
    same = {"id": complaint.id, "submission_id": complaint.submission_id, "external_id": complaint.external_id}
    assert complaint == replace(expected, **same)
    assert raw.endswith("|原文\x00".encode())


def test_a_dump_of_the_database_holds_no_phone_name_or_full_text(world):
    world.case(clocks=[{}])
    with write_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        store.quarantine(
            office_id="xicheng", channel="12315", source="a.csv", reason="没有正文", content=PHONE.encode(), at=NOW
        )
        case_id = session.execute(select(LEG.c.case_id)).scalar()
        store.add_evidence(
            case_id=case_id,
            leg_id=None,
            filename=f"{PHONE}.jpg",
            media_type="image/jpeg",
            content=f"电话{PHONE}".encode(),
            uploaded_by="cl1",
            at=NOW,
        )
    with read_transaction(world.engine) as session:
        dump = [str(session.execute(select(table)).all()) for table in METADATA.sorted_tables]
    for secret in (PHONE, "张三", "110101199003070011", "某街1号", "我叫", "照片两张", "退款", "原文"):
        assert all(secret not in rows for rows in dump), secret
        assert all(str(secret.encode())[2:-1] not in rows for rows in dump), secret


def test_submissions_are_found_by_their_key(world):
    snapshot = world.case(external_id="E-1")
    with read_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        found = store.find_submission("xicheng", "12330", "E-1")
        assert found[:2] == (snapshot.complaint_id, snapshot.case_id)
        assert store.find_submission("baodi", "12330", "E-1") is None
        assert store.find_submission("xicheng", "12315", "E-1") is None


def test_no_digest_of_a_secret_can_be_tried_out(world):
    """A plain digest of what was said gives away a masked phone in ten thousand guesses, so none stands in clear."""
    _, raw = make_complaint(external_id="E-1")
    world.case(external_id="E-1")
    with write_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        store.quarantine(
            office_id="xicheng", channel="12315", source="a.csv", reason="没有正文", content=PHONE.encode(), at=NOW
        )
        found = store.find_submission("xicheng", "12330", "E-1")
    assert found is not None
    assert found[2] == raw.digest
    with read_transaction(world.engine) as session:
        dump = " ".join(str(session.execute(select(table)).all()) for table in METADATA.sorted_tables)
    assert raw.digest not in dump
    assert hashlib.sha256(PHONE.encode()).hexdigest() not in dump


def test_the_same_key_twice_is_refused(world):
    world.case(external_id="E-1")
    _, raw = make_complaint(external_id="E-1")
    with pytest.raises(IdempotencyError), write_transaction(world.engine) as session:
        CaseStore(session, world.keyring).add_submission(raw)


def test_unknown_records_are_not_found(world):
    with read_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        for ask in (store.complaint, store.raw_content, store.quarantined, store.evidence):
            with pytest.raises(NotFoundError):
                ask("nothing")
        assert store.events("nothing") == ()
        assert store.assignment("nothing") is None


def test_decisions_are_kept_with_their_explanation_and_the_newest_counts(world):
    snapshot = world.case()
    later = replace(ASSIGNMENT, plan="beijing-2017", duty=None, silent=True)
    with write_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        for assignment in (ASSIGNMENT, later):
            store.add_decision(
                snapshot.case_id,
                snapshot.complaint_id,
                classification=CLASSIFICATION if assignment is ASSIGNMENT else None,
                assignment=assignment,
                at=NOW,
            )
        assert store.assignment(snapshot.case_id) == later
        assert store.classification(snapshot.case_id) == CLASSIFICATION


def test_rows_follow_the_snapshot(world):
    snapshot = world.case(legs=(("body-a", LegRole.LEAD), ("body-b", LegRole.CO)))
    with read_transaction(world.engine) as session:
        line = case_line(session, snapshot.case_id, OPERATOR)
    assert (line.state, line.lead_body_id, line.lead_name, line.clause) == (
        "dispatched",
        "body-a",
        "区文化委",
        "二（一）1",
    )
    assert (line.number, line.summary, line.due_at) == ("2026-110001-1", "东安市场门口卖盗版光盘", None)
    lead, co = snapshot.legs
    moved = replace(
        snapshot,
        state=CaseState.DISPUTED,
        returns=1,
        supervised=True,
        seq=4,
        category="trademark",
        legs=(
            replace(lead, state=LegState.RETURNED, closed_at=NOW),
            co,
            Leg("leg-new", "body-b", LegRole.LEAD, LegState.QUEUED, NOW),
        ),
    )
    with write_transaction(world.engine) as session:
        CaseStore(session, world.keyring).save_case(moved, doubt="等人看")
    with read_transaction(world.engine) as session:
        line = case_line(session, snapshot.case_id, OPERATOR)
        states = dict(session.execute(select(LEG.c.id, LEG.c.state)).all())
    assert (line.state, line.returns, line.supervised, line.category) == ("disputed", 1, True, "trademark")
    assert (line.number, line.lead_body_id, line.doubt, line.plan) == (
        "2026-110001-1",
        "body-b",
        "等人看",
        "xicheng-2011",
    )
    assert states == {lead.id: "returned", co.id: "queued", "leg-new": "queued"}


def test_clocks_are_replaced_and_order_the_lists(world):
    snapshot = world.case(legs=(("body-a", LegRole.LEAD), ("body-b", LegRole.CO)))
    first = make_clock(snapshot, due=timedelta(hours=5))
    near = make_clock(snapshot, due=timedelta(hours=2), leg=1, policy="H-FIRST-CONTACT")
    own = make_clock(snapshot, due=timedelta(hours=9), leg=None, policy="H-RESOLVE")
    done = make_clock(snapshot, due=timedelta(hours=1), policy="H-DISPATCH", leg=None, stopped=NOW)
    paused = make_clock(snapshot, due=timedelta(minutes=1), policy="C-MEDIATE", paused=NOW)

    def save(*clocks):
        with write_transaction(world.engine) as session:
            CaseStore(session, world.keyring).save_clocks(snapshot.case_id, "xicheng", clocks)
        with read_transaction(world.engine) as session:
            line = case_line(session, snapshot.case_id, SUPERVISOR)
            dues = dict(session.execute(select(LEG.c.body_id, LEG.c.due_at)).all())
            return clocks_of(session, snapshot.case_id), line.due_at, dues

    clocks, due_at, legs = save(first, near, own, done, paused)
    assert clocks == (paused, done, near, first, own)
    assert due_at == near.due.due_at
    assert legs["body-a"] == first.due.due_at
    assert legs["body-b"] == near.due.due_at
    extended = replace(first, due=replace(first.due, due_at=NOW + timedelta(days=9), breach_at=NOW + timedelta(days=9)))
    clocks, due_at, legs = save(extended, own)
    assert clocks == (own, extended)
    assert due_at == own.due.due_at
    assert legs["body-a"] == NOW + timedelta(days=9)
    assert legs["body-b"].year == 9999
    assert save()[:2] == ((), None)


def test_events_and_texts_of_a_case(world):
    snapshot = world.case(events=2)
    with write_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        news = [NewEvent(Action.REMIND, {"leg_id": "x"}, "请尽快办理")]
        (event,) = store.append(
            snapshot.case_id, news, expected_seq=2, actor=SUPERVISOR, at=NOW, recorded_at=NOW + timedelta(minutes=1)
        )
    with read_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        assert store.events(snapshot.case_id)[-1] == event
        assert store.event_texts(snapshot.case_id)[event.id] == "请尽快办理"


def test_quarantine_keeps_the_record_once_until_it_is_put_right(world):
    def refuse():
        with write_transaction(world.engine) as session:
            return CaseStore(session, world.keyring).quarantine(
                office_id="xicheng",
                channel="12315",
                source="a.csv",
                reason="时间读不出来",
                content=b"\xff\x00raw",
                at=NOW,
                row=3,
                line=5,
                external_id="E-9",
            )

    first = refuse()
    assert refuse() == first
    with read_transaction(world.engine) as session:
        assert CaseStore(session, world.keyring).quarantined(first) == b"\xff\x00raw"
        (line,) = quarantine_list(session, "xicheng").lines
        assert (line.id, line.row, line.line, line.reason, line.external_id) == (first, 3, 5, "时间读不出来", "E-9")
        assert quarantine_list(session, "baodi").lines == ()
    with write_transaction(world.engine) as session:
        CaseStore(session, world.keyring).resolve_quarantine(first, "c-1", NOW)
    with read_transaction(world.engine) as session:
        assert quarantine_list(session, "xicheng").lines == ()
        assert [line.complaint_id for line in quarantine_list(session, "xicheng", resolved=True).lines] == ["c-1"]
    assert refuse() != first


@pytest.fixture
def refuse(world):
    """Refuse a record: `refuse(row=3, source="a.csv")` is its id."""

    def do(**place):
        given = {"office_id": "xicheng", "channel": "12315", "source": "a.csv", "row": 3, "header": ("编号", "内容")}
        with write_transaction(world.engine) as session:
            store = CaseStore(session, world.keyring)
            return store.quarantine(**given | {"reason": "时间读不出来", "content": b"raw", "at": NOW, **place})

    return do


def test_what_came_at_several_places_waits_once_and_is_settled_once(world, refuse):
    first = refuse(line=5)
    assert refuse(source="b.csv", row=7, line=9) == first
    assert refuse(source="c.csv", row=7) == first, "the same file by another name"
    assert refuse(row=4) == first, "twice in one file"
    with read_transaction(world.engine) as session:
        (line,) = quarantine_list(session, "xicheng").lines
        assert (line.source, line.row, line.line) == ("a.csv", 3, 5)
        assert line.places == (("b.csv", 7, 9), ("a.csv", 4, None))
    with write_transaction(world.engine) as session:
        CaseStore(session, world.keyring).resolve_quarantine(first, "c-1", NOW)
    with read_transaction(world.engine) as session:
        assert quarantine_list(session, "xicheng").lines == ()


@pytest.mark.parametrize(
    "other", [{"office_id": "baodi"}, {"channel": "12330"}, {"content": b"raw "}, {"header": ("编号", "姓名")}]
)
def test_what_only_looks_the_same_waits_by_itself(refuse, other):
    assert refuse(row=7, **other) != refuse()


def test_the_places_of_a_record_do_not_grow_without_end(world, refuse):
    ids = {refuse(row=row) for row in range(1, MOST_PLACES + 5)}
    with read_transaction(world.engine) as session:
        (line,) = quarantine_list(session, "xicheng").lines
    assert ids == {line.id}
    assert len(line.places) == MOST_PLACES


def test_evidence_is_sealed_listed_and_given_back(world):
    snapshot = world.case()
    content = bytes(range(256)) * 100
    with write_transaction(world.engine) as session:
        kept = CaseStore(session, world.keyring).add_evidence(
            case_id=snapshot.case_id,
            leg_id=snapshot.legs[0].id,
            filename="现场照片.jpg",
            media_type="image/jpeg",
            content=content,
            uploaded_by="cl1",
            at=NOW,
        )
    with read_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        assert store.evidence_list(snapshot.case_id) == (kept,)
        assert store.evidence(kept.id) == (kept, content)
        assert kept.size == 25_600
        stored = session.execute(text("SELECT content FROM evidence")).scalar()
        assert content[:64] not in bytes(stored)


def test_a_failed_unit_of_work_leaves_no_part_of_a_case(world):
    complaint, raw = make_complaint()

    def fail():
        with write_transaction(world.engine) as session:
            store = CaseStore(session, world.keyring)
            store.add_submission(raw)
            store.add_complaint(complaint, "case-x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with read_transaction(world.engine) as session:
        assert session.execute(text("SELECT count(*) FROM search_doc")).scalar() == 0
        assert CaseStore(session, world.keyring).find_submission("xicheng", "12330", complaint.external_id) is None
        assert session.execute(select(CLOCK)).all() == []
