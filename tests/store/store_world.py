"""A small world for the store's tests: two offices, three bodies, and complaints at hand."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hotline.records import (
    Actor,
    AgencyRef,
    Assignment,
    CaseSnapshot,
    Classification,
    Clock,
    Complaint,
    Due,
    DutyRef,
    Leg,
    NewEvent,
    Office,
    RawSubmission,
    Region,
    Reporter,
    Respondent,
    TraceStep,
)
from hotline.store.casestore import CaseStore
from hotline.store.engine import write_transaction
from hotline.store.ids import new_id
from hotline.store.offices import BodyLine, save_bodies, save_office
from hotline.vocabulary import Action, CaseState, Holder, Kind, LegRole, LegState, Mode, Role, Unit, Urgency

NOW = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
OPERATOR = Actor("op1", Role.OPERATOR, "xicheng")
SUPERVISOR = Actor("su1", Role.SUPERVISOR, "xicheng")
NEIGHBOUR = Actor("op2", Role.OPERATOR, "baodi")
CLERK = Actor("cl1", Role.CLERK, "xicheng", "body-a")
OTHER_CLERK = Actor("cl2", Role.CLERK, "xicheng", "body-b")
ADMINISTRATOR = Actor("ad1", Role.ADMINISTRATOR, "xicheng")
PHONE = "13900000001"


class World:
    """Writes what a test needs, through the store's own functions."""

    def __init__(self, engine, keyring):
        self.engine, self.keyring = engine, keyring
        with write_transaction(engine) as session:
            save_office(session, Office("xicheng", "西城办公室", "110102", "xicheng-2011", "11"), NOW)
            save_office(session, Office("baodi", "宝坻办公室", "120115", "baodi-2010", "12"), NOW)
            bodies = [
                BodyLine("body-a", "区文化委", "110102", "copyright"),
                BodyLine("body-b", "区工商", "110102", "aic"),
            ]
            save_bodies(session, [*bodies, BodyLine("body-c", "区质监局", "120115", "quality")])

    def case(self, number="2026-110001-1", *, legs=(("body-a", LegRole.LEAD),), clocks=(), events=1, **changes):
        """Register one case and return its snapshot."""
        complaint, raw = make_complaint(**changes)
        case_id = new_id()
        snapshot = make_snapshot(case_id, complaint, legs)
        with write_transaction(self.engine) as session:
            store = CaseStore(session, self.keyring)
            store.add_submission(raw)
            store.add_complaint(complaint, case_id)
            news = [NewEvent(Action.NOTE, {"n": n}, f"正文{n}") for n in range(events)]
            store.append(case_id, news, expected_seq=0, actor=OPERATOR, at=NOW, recorded_at=NOW)
            store.save_case(snapshot, number=number, assignment=ASSIGNMENT, classification=CLASSIFICATION)
            made = [make_clock(snapshot, **clock) for clock in clocks]
            store.save_clocks(case_id, complaint.office_id, made)
        return snapshot


def make_complaint(text="东安市场门口卖盗版光盘", external_id=None, **changes):
    complaint_id, submission_id = new_id(), new_id()
    content = f"{text}|原文\x00".encode()
    values = {
        "id": complaint_id,
        "submission_id": submission_id,
        "office_id": "xicheng",
        "channel": "12330",
        "external_id": external_id or complaint_id,
        "received_at": NOW - timedelta(hours=1),
        "kind": Kind.DISPUTE,
        "text": f"{text}，我叫张三，电话{PHONE}",
        "masked_text": text,
        "urgency": Urgency.URGENT,
        "region": Region("110102", "北京市西城区", "county"),
        "location_hint": "东安市场",
        "reporter": Reporter("张三", PHONE, "110101199003070011", "某街1号", role="消费者"),
        "respondent": Respondent("北京 某某（音像）店", "某路2号", "01012345678", "淘宝", "https://a.example/"),
        "goods": "光盘",
        "amount": Decimal("128.50"),
        "happened_on": NOW.date(),
        "happened_where": "市场门口",
        "demand": "退款，回电13900000001",
        "evidence_note": "照片两张",
    }
    complaint = Complaint(**values | changes)
    digest = hashlib.sha256(content).hexdigest()
    raw = RawSubmission(
        submission_id,
        complaint.office_id,
        complaint.channel,
        complaint.external_id,
        complaint.received_at,
        content,
        digest,
    )
    return complaint, raw


def make_snapshot(case_id, complaint, legs):
    made = tuple(Leg(new_id(), body, role, LegState.QUEUED, NOW) for body, role in legs)
    return CaseSnapshot(
        case_id=case_id,
        office_id=complaint.office_id,
        complaint_id=complaint.id,
        state=CaseState.DISPATCHED if legs else CaseState.TRIAGE,
        seq=1,
        kind=complaint.kind,
        urgency=complaint.urgency,
        channel=complaint.channel,
        received_at=complaint.received_at,
        named=complaint.named,
        category="copyright",
        setting="street",
        legs=made,
    )


def make_clock(snapshot, *, due=timedelta(hours=1), warn=None, leg=0, policy="H-SIGN", stopped=None, paused=None):
    """A clock of the snapshot's leg, due `due` after NOW; `leg` None makes it the case's own."""
    owner = None if leg is None else snapshot.legs[leg]
    due_at = NOW + due
    return Clock(
        id=f"{owner.id if owner else snapshot.case_id}:{policy}:1",
        policy=policy,
        holder=Holder.LEG if owner else Holder.CASE,
        holder_id=owner.id if owner else snapshot.case_id,
        leg_id=owner.id if owner else None,
        body_id=owner.body_id if owner else None,
        title="签收",
        statutory=False,
        article="",
        trigger="派单",
        stop="签收",
        started_at=NOW - timedelta(hours=2),
        duration=4,
        unit=Unit.HOUR,
        extended=0,
        due=Due(due_at.date(), None, due_at, due_at, provisional=False, trace=()),
        warn_at=due_at - timedelta(minutes=30) if warn is None else NOW + warn,
        stopped_at=stopped,
        paused_since=paused,
    )


ASSIGNMENT = Assignment(
    plan="xicheng-2011",
    plan_version=1,
    duty=DutyRef("xicheng-2011", "二（一）1", 1, "打击盗版", Mode.SOLE),
    lead=AgencyRef("区文化委", "body-a", "区文旅局", "body-a"),
    co=(AgencyRef("区工商", "body-b"),),
    silent=False,
    trace=(TraceStep("地点", "西城区"),),
)
CLASSIFICATION = Classification(
    category="copyright",
    confidence=0.93,
    alternatives=(),
    secondary=("trademark",),
    setting="street",
    setting_confidence=0.8,
    kind=Kind.DISPUTE,
    needs_review=False,
    doubt="",
    reasons=(),
    model_version="m1",
)
