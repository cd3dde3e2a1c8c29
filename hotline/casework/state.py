"""The fold: what a case is, as its events make it. Pure, and the same whoever replays it.

The stream starts with REGISTER; every event that names a leg changes that leg; an action that changes nothing visible
(a note, a reminder) still moves `seq`. Where the lifecycle's table gives a leg's next state, the fold takes that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import TYPE_CHECKING, Any, TypeVar, cast

from hotline.casework import bonds, matters, unsealing
from hotline.casework.agency_moves import AGENCY_MOVES
from hotline.errors import ConflictError, InvalidInputError, TransitionError
from hotline.records import ExtensionRequest, Leg
from hotline.vocabulary import (
    OPEN_CASE_STATES,
    OPEN_LEG_STATES,
    Action,
    CaseState,
    Kind,
    LegRole,
    LegState,
    Term,
    Urgency,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hotline.records import CaseEvent, CaseSnapshot, Json

T = TypeVar("T", bound=Term)

FACTS = frozenset(
    {
        Action.CONTACT,
        Action.ACCEPT,
        Action.DECLINE,
        Action.TERMINATE,
        Action.CLUE,
        Action.FILE,
        Action.NOT_FILE,
        Action.DECIDE,
        Action.RESOLVE,
    }
)
_LEG_TO = {(row.action, kind): row.to for row in AGENCY_MOVES for kind in row.kinds if isinstance(row.to, LegState)}


@dataclass(frozen=True, slots=True)
class TracedLeg(Leg):
    """A leg with what has happened on it at least once, and the policies extended there, one entry each time.

    The state alone cannot say it: a leg that was sent back is 已签收 again, and was accepted all the same.
    """

    facts: frozenset[Action] = frozenset()
    extended: tuple[str, ...] = ()


def term(terms: type[T], code: object) -> T:
    """The word of the vocabulary with this code.

    Raises:
        InvalidInputError: There is none.
    """
    for member in terms:
        if member == code:
            return member
    message = "有一项代码不在词表中，请联系系统管理员核对数据。"
    raise InvalidInputError(message)


def facts_of(leg: Leg) -> frozenset[Action]:
    """The procedural actions that have happened on this leg."""
    return leg.facts if isinstance(leg, TracedLeg) else frozenset()


def times_extended(leg: Leg, policy: str) -> int:
    """How often this clock of the leg was extended."""
    return leg.extended.count(policy) if isinstance(leg, TracedLeg) else 0


def open_legs(snapshot: CaseSnapshot) -> tuple[Leg, ...]:
    """The legs that are being worked on."""
    return tuple(leg for leg in snapshot.legs if leg.state in OPEN_LEG_STATES)


def current_lead(snapshot: CaseSnapshot) -> Leg | None:
    """The lead leg that runs or was resolved last; None before dispatch and while a return is undecided."""
    leads = [leg for leg in snapshot.legs if leg.role is LegRole.LEAD]
    last = leads[-1] if leads else None
    return last if last and last.state in OPEN_LEG_STATES | {LegState.RESOLVED} else None


def replay(events: Iterable[CaseEvent]) -> CaseSnapshot:
    """The case that these events make.

    Raises:
        TransitionError: There is no event, or the first is no registration.
        ConflictError: The sequence has a gap or repeats.
    """
    snapshot = reduce(evolve, events, cast("CaseSnapshot | None", None))
    if snapshot is None:
        message = "这件工单没有事件，请联系系统管理员核对数据。"
        raise TransitionError(message)
    return snapshot


def evolve(snapshot: CaseSnapshot | None, event: CaseEvent) -> CaseSnapshot:
    """The case after one more event.

    Raises:
        TransitionError: The first event is no registration, or a later one is.
        ConflictError: `event.seq` does not follow the snapshot's.
        InvalidInputError: A code in the event is no word of the vocabulary.
    """
    if (snapshot is None) != (event.action is Action.REGISTER):
        message = "事件流须以登记开始，且只登记一次，请联系系统管理员核对数据。"
        raise TransitionError(message)
    if snapshot is None:
        return _register(event)
    if event.seq != snapshot.seq + 1:
        message = "事件的顺序不连续，请重新打开工单后再操作。"
        raise ConflictError(message)
    after = unsealing.seconded(_noted(_FOLDS.get(event.action, _unchanged)(snapshot, event), event), event)
    return replace(after, **_settled(after, event), seq=event.seq)


def _text(data: Mapping[str, Json], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _register(event: CaseEvent) -> CaseSnapshot:
    data = event.data
    kind = term(Kind, data.get("kind"))
    return bonds.TracedCase(
        case_id=event.case_id,
        office_id=_text(data, "office_id"),
        complaint_id=_text(data, "complaint_id"),
        state=term(CaseState, data.get("state")),
        seq=event.seq,
        kind=kind,
        urgency=term(Urgency, data.get("urgency")),
        channel=_text(data, "channel"),
        received_at=datetime.fromisoformat(_text(data, "received_at")),
        named=data.get("named") is True,
        category=_text(data, "category"),
        setting=_text(data, "setting"),
        lacking=bonds.codes(data, "lacking"),
        protected=kind is Kind.REPORT,
        registrar=event.actor_id,
    )


def _unchanged(snapshot: CaseSnapshot, _event: CaseEvent) -> CaseSnapshot:
    return snapshot


def _change_leg(snapshot: CaseSnapshot, leg_id: str, change: Callable[[Leg], Leg]) -> CaseSnapshot:
    return replace(snapshot, legs=tuple(change(leg) if leg.id == leg_id else leg for leg in snapshot.legs))


def _classify(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    data = event.data
    disputed = snapshot.state is CaseState.DISPUTED
    after = replace(
        snapshot,
        category=_text(data, "category"),
        setting=_text(data, "setting"),
        kind=term(Kind, data.get("kind")),
        urgency=term(Urgency, data.get("urgency")),
        state=snapshot.state if disputed else term(CaseState, data.get("state")),
    )
    return unsealing.reclassified(snapshot, after, event)


def _assign(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """DISPATCH, REASSIGN, RULE: close the legs under `closed`, open those under `legs`; the others go on."""
    closed = set(cast("Sequence[str]", event.data.get("closed", ())))
    kept = tuple(_closed(leg, event.at) if leg.id in closed else leg for leg in snapshot.legs)
    opened = tuple(
        TracedLeg(item["leg_id"], item["body_id"], term(LegRole, item["role"]), LegState.QUEUED, event.at)
        for item in cast("Sequence[Mapping[str, str]]", event.data.get("legs", ()))
    )
    ruled = snapshot.ruled or event.action is Action.RULE
    return replace(snapshot, legs=(*kept, *opened), state=CaseState.DISPATCHED, ruled=ruled)


def _closed(leg: Leg, at: datetime) -> Leg:
    return replace(leg, state=LegState.CLOSED, closed_at=at, suspended=False)


def _step(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """An action of a leg that has a next state in the lifecycle's table."""
    to = _LEG_TO.get((event.action, snapshot.kind))
    if to is None:
        return snapshot
    is_open = to in OPEN_LEG_STATES

    def change(leg: Leg) -> Leg:
        signed_at = event.at if event.action is Action.SIGN else leg.signed_at
        still = leg.suspended and is_open
        return replace(leg, state=to, signed_at=signed_at, suspended=still, closed_at=None if is_open else event.at)

    return _change_leg(snapshot, _text(event.data, "leg_id"), change)


def _return(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    leg = snapshot.leg(_text(event.data, "leg_id"))
    after = _step(snapshot, event)
    if leg is None or leg.role is LegRole.CO:
        return after
    return replace(after, state=CaseState.DISPUTED, returns=snapshot.returns + 1)


def _notify(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    subject = _text(event.data, "subject")

    def change(leg: Leg) -> Leg:
        return leg if subject in leg.told else replace(leg, told=(*leg.told, subject))

    return _change_leg(snapshot, _text(event.data, "leg_id"), change)


def _suspension(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    suspended = event.action is Action.SUSPEND
    return _change_leg(snapshot, _text(event.data, "leg_id"), lambda leg: replace(leg, suspended=suspended))


def _request(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    data = event.data
    request = ExtensionRequest(
        id=_text(data, "request_id"),
        leg_id=_text(data, "leg_id"),
        policy=_text(data, "policy"),
        amount=cast("int", data["amount"]),
        requested_at=event.at,
    )
    return replace(snapshot, extensions=(*snapshot.extensions, request))


def _answer_request(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    done = _text(event.data, "request_id")
    after = replace(snapshot, extensions=tuple(item for item in snapshot.extensions if item.id != done))
    if event.action is Action.REFUSE_EXTEND:
        return after
    policy = _text(event.data, "policy")

    def change(leg: Leg) -> Leg:
        return replace(leg, extended=(*leg.extended, policy)) if isinstance(leg, TracedLeg) else leg

    return _change_leg(after, _text(event.data, "leg_id"), change)


def _rework(snapshot: CaseSnapshot) -> CaseSnapshot:
    """SEND_BACK and an unhappy follow-up: the lead that resolved has it again, signed."""
    lead = current_lead(snapshot)
    after = replace(snapshot, state=CaseState.DISPATCHED)
    if lead is None:
        return after
    return _change_leg(after, lead.id, lambda leg: replace(leg, state=LegState.SIGNED, closed_at=None))


def _follow_up(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    again = event.data.get("satisfied") == "no" and event.data.get("reopen") is True
    return _rework(snapshot) if again else replace(snapshot, state=CaseState.ARCHIVED)


def _to(state: CaseState) -> Callable[[CaseSnapshot, CaseEvent], CaseSnapshot]:
    return lambda snapshot, _event: replace(snapshot, state=state)


def _noted(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """Remember on the leg that this happened there."""
    if event.action not in FACTS:
        return snapshot

    def change(leg: Leg) -> Leg:
        return replace(leg, facts=leg.facts | {event.action}) if isinstance(leg, TracedLeg) else leg

    return _change_leg(snapshot, _text(event.data, "leg_id"), change)


def _settled(snapshot: CaseSnapshot, event: CaseEvent) -> dict[str, Any]:
    """What follows: a closed case has no open leg; a resolved lead without open legs resolves the case."""
    changes: dict[str, Any] = {}
    running = {leg.id for leg in open_legs(snapshot)}
    if snapshot.state not in OPEN_CASE_STATES:
        if running:
            changes["legs"] = tuple(_closed(leg, event.at) if leg.id in running else leg for leg in snapshot.legs)
        changes["closed_at"] = snapshot.closed_at or event.at
        running = set()
    elif snapshot.state is CaseState.DISPATCHED and not running and current_lead(snapshot):
        changes["state"] = CaseState.RESOLVED
    if any(item.leg_id not in running for item in snapshot.extensions):
        changes["extensions"] = tuple(item for item in snapshot.extensions if item.leg_id in running)
    return changes


_FOLDS: Mapping[Action, Callable[[CaseSnapshot, CaseEvent], CaseSnapshot]] = {
    Action.CLASSIFY: _classify,
    Action.DISPATCH: _assign,
    Action.REASSIGN: _assign,
    Action.RULE: _assign,
    Action.HAND_ON: _to(CaseState.HANDED_ON),
    Action.ANSWER: _to(CaseState.ARCHIVED),
    Action.WITHDRAW: _to(CaseState.WITHDRAWN),
    Action.SIGN: _step,
    Action.RETURN: _return,
    Action.ACCEPT: _step,
    Action.DECLINE: _step,
    Action.TERMINATE: _step,
    Action.FILE: _step,
    Action.NOT_FILE: _step,
    Action.RESOLVE: lambda snapshot, event: _step(bonds.resolved(snapshot, event), event),
    Action.WAIVE: _step,
    Action.NOTIFY: _notify,
    Action.SUSPEND: _suspension,
    Action.RESUME: _suspension,
    Action.REQUEST_EXTEND: _request,
    Action.EXTEND: _answer_request,
    Action.REFUSE_EXTEND: _answer_request,
    Action.REVIEW: _to(CaseState.FOLLOW_UP),
    Action.SEND_BACK: lambda snapshot, _event: _rework(snapshot),
    Action.FOLLOW_UP: _follow_up,
    Action.SUPERVISE: bonds.demand,
    Action.RELEASE: bonds.release,
    Action.WITHHOLD: bonds.release,
    Action.REMIND: bonds.demand,
    Action.REPLY: bonds.reply,
    Action.LINK: bonds.link,
    Action.UNLINK: bonds.unlink,
    Action.SUPPLEMENT: bonds.supplement,
    Action.ASK_UNSEAL: unsealing.fold,
    Action.UNSEAL: unsealing.fold,
    Action.REFUSE_UNSEAL: unsealing.fold,
    Action.LIFT: unsealing.lifted,
    Action.TRANSFER: matters.fold,
    Action.JOINT: matters.fold,
    Action.COOPERATE: matters.fold,
}
