"""Rows changed behind the program's back are found by `audit verify`, each kind of change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update

from hotline.casework.reckoning import reckon
from hotline.store.audit import verify
from hotline.store.auditrows import verify_rows
from hotline.store.chain import delete_texts, seal_pending
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.event_rows import chained_bytes
from hotline.store.tables import CASE, CLOCK, COMPLAINT, EVENT, EVENT_TEXT, EVIDENCE, LEG, RELEASED_CASE
from hotline.vocabulary import Action, Kind
from tests.flow.conftest import OPERATOR, START, SUPERVISOR

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def case_id(hotline):
    """A case that has gone some steps."""
    made = hotline.register()
    for leg in hotline.snapshot(made.case_id).legs:
        hotline.act(made.case_id, Action.SIGN, hotline.clerk(leg), leg=leg)
    hotline.act(made.case_id, Action.NOTE, text="请尽快办理")
    hotline.register("西单商场卖的手表是假冒注册商标的商品，要求查处。", external_id="second")
    return made.case_id


def reckoner(services):
    rules, bodies = services.rulebook.clock_rules, services.rulebook.directory.bodies

    def again(events, snapshot):
        office = services.office(snapshot.office_id)
        return rules.mark(office), reckon(events, snapshot, office=office, rules=rules, bodies=bodies)

    return again


def faults(services):
    return [(each["stream"], each["reason"]) for each in verify_rows(services.engine, services.keyring)]


def change(services, statement):
    with write_transaction(services.engine) as session:
        session.execute(statement)


def test_what_the_program_wrote_is_whole(services, case_id, engine):
    assert case_id
    assert verify_rows(engine, services.keyring, reckoner(services)) == []


@pytest.mark.parametrize(
    ("table", "values", "says"),
    [
        (CASE, {"state": "archived"}, "工单数据与事件不符：state"),
        (CASE, {"supervised": True}, "工单数据与事件不符：supervised"),
        (CASE, {"lead_body_id": None}, "工单数据与事件不符：lead_body_id"),
        (CASE, {"seq": 9}, "工单数据与事件不符：seq"),
        (CASE, {"changed_at": START - timedelta(days=1)}, "工单数据与事件不符：changed_at"),
        (LEG, {"state": "resolved"}, "承办段数据与事件不符：state"),
        (LEG, {"signed_at": None}, "承办段数据与事件不符：signed_at"),
        (LEG, {"changed_at": START + timedelta(days=1)}, "承办段数据与事件不符：changed_at"),
        (CLOCK, {"seq": 1}, "时限不是按最后一条事件推算的"),
        (CLOCK, {"category": "other", "channel": "12390"}, "时限数据与其推算结果不符：category、channel"),
    ],
)
def test_an_altered_row_is_found(services, case_id, table, values, says):
    own = table.c.id == case_id if table is CASE else table.c.case_id == case_id
    change(services, update(table).where(own).values(**values))
    assert says in dict(faults(services))[case_id]


def test_a_moved_deadline_is_found(services, case_id):
    with read_transaction(services.engine) as session:
        due = session.execute(select(func.max(CLOCK.c.due_at)).where(CLOCK.c.case_id == case_id)).scalar_one()
    later = {"due_at": due + timedelta(days=30), "breach_at": due + timedelta(days=30)}
    change(services, update(CLOCK).where(CLOCK.c.case_id == case_id).values(**later))
    assert faults(services) == [(case_id, "时限数据与其推算结果不符：breach_at、due_at")]


def test_a_clock_removed_with_all_its_traces_is_found_by_reckoning_again(services, case_id):
    change(services, delete(CLOCK).where(CLOCK.c.case_id == case_id, CLOCK.c.policy == "H-RESOLVE"))
    found = verify_rows(services.engine, services.keyring, reckoner(services))
    assert [each["reason"] for each in found] == ["时限与按事件重新推算的不同"]


def test_a_removed_leg_is_found(services, case_id):
    change(services, delete(LEG).where(LEG.c.case_id == case_id))
    assert (case_id, "承办段与事件不符：有承办段被删除或插入") in faults(services)


def test_a_stream_without_its_case_and_a_case_without_its_stream_are_found(services, case_id):
    change(services, delete(EVENT_TEXT))
    change(services, delete(EVENT).where(EVENT.c.stream == case_id))
    assert faults(services) == [(case_id, "工单没有事件：整条事件流被删除，或工单是手工插入的")]


def test_a_last_event_cut_off_before_it_is_sealed_is_found_by_the_rows(services, case_id, hotline):
    """The chain alone cannot know it: seals come every minute. The case's own row does."""
    last = hotline.snapshot(case_id).seq
    note = select(EVENT.c.id).where(EVENT.c.stream == case_id, EVENT.c.seq == last)
    change(services, delete(EVENT_TEXT).where(EVENT_TEXT.c.event_id.in_(note)))
    change(services, delete(EVENT).where(EVENT.c.stream == case_id, EVENT.c.seq == last))
    assert verify(services.engine, services.keyring, services.settings.seals)["ok"]
    assert (case_id, "工单数据与事件不符：seq") in faults(services)


def test_a_history_written_anew_without_the_key_is_found(services, case_id):
    """Somebody who may write the database recomputes the chain with a key of their own."""
    with write_transaction(services.engine) as session:
        rows = session.execute(select(EVENT).where(EVENT.c.stream == case_id).order_by(EVENT.c.seq)).mappings().all()
        before = ""
        for row in rows:
            made = dict(row) | {"prev_hmac": before, "actor_id": "somebody-else"}
            before = f"{hash(chained_bytes(made)) & (2**256 - 1):064x}"
            own = {"prev_hmac": made["prev_hmac"], "actor_id": made["actor_id"], "hmac": before}
            session.execute(update(EVENT).where(EVENT.c.id == row["id"]).values(**own))
    broken = verify(services.engine, services.keyring, services.settings.seals)["broken"]
    assert [each["seq"] for each in broken if each["stream"] == case_id] == [row["seq"] for row in rows]


def test_evidence_exchanged_or_unknown_to_the_events_is_found(services, case_id, hotline):
    common = {"case_id": case_id, "leg_id": None, "media_type": "text/plain", "uploaded_by": "op"}
    with services.write() as store:
        kept = store.add_evidence(filename="a.txt", content=b"one", at=services.now(), **common)
    assert faults(services) == [(case_id, "证据文件没有对应的上传事件")]
    hotline.act(case_id, Action.EVIDENCE, OPERATOR, evidence_id=kept.id, sha256=kept.sha256, size=kept.size)
    assert faults(services) == []
    change(services, update(EVIDENCE).values(sha256="0" * 64))
    assert faults(services) == [(case_id, "证据文件与其摘要不符：被改动")]
    change(services, update(EVIDENCE).values(content=b"\x01\x02k1nonsense-nonsense"))
    assert faults(services) == [(case_id, "证据文件无法解密：被改动或被调换")]


def test_a_retention_rule_may_delete_texts(services, case_id):
    seal_pending(services.engine, services.keyring, services.now(), services.settings.seals)
    with write_transaction(services.engine) as session:
        ids = session.execute(select(EVENT.c.id).where(EVENT.c.stream == case_id)).scalars().all()
        assert delete_texts(session, ids) == 1
        session.execute(update(COMPLAINT).values(masked_text=""))
    assert verify(services.engine, services.keyring, services.settings.seals)["ok"]
    assert verify_rows(services.engine, services.keyring, reckoner(services)) == []


def test_what_the_public_list_shows_without_or_against_an_event_is_found(services, hotline, case_id):
    public = hotline.register("在商店买到劣质电饭锅，用了两天就坏，要求退款。", external_id="p", kind=Kind.DISPUTE)
    hotline.act(public.case_id, Action.DISPATCH, lead="110102-scjg")
    hotline.act(public.case_id, Action.RELEASE, SUPERVISOR)
    assert faults(services) == []
    change(services, update(RELEASED_CASE).values(released_at=START - timedelta(days=9)))
    assert faults(services) == [(public.case_id, "公开名单与事件不符：released_at")]
    row = {"case_id": case_id, "office_id": "xicheng", "released_at": START}
    change(services, delete(RELEASED_CASE))
    change(services, insert(RELEASED_CASE).values(row))
    assert set(faults(services)) == {
        (public.case_id, "公开名单与事件不符：已准予公开，名单里却没有"),
        (case_id, "公开名单与事件不符：没有准予公开，却列在名单里"),
    }
    change(services, delete(RELEASED_CASE))
    hotline.act(public.case_id, Action.WITHHOLD, SUPERVISOR)
    assert faults(services) == []
