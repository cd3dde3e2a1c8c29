"""The fold of matters, who may see one, and what an event of a matter does to clocks. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar, cast

from hotline.casework import bonds
from hotline.casework.joint_moves import BY_STEP
from hotline.casework.matter_words import CLOSED_STATES, MATTERS, Matter, MatterMove, MatterState, Party, Step
from hotline.casework.privacy import at_desk
from hotline.errors import InvalidInputError
from hotline.vocabulary import AGENCY_ROLES, Action

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.records import Actor, CaseEvent, CaseSnapshot, Json

C = TypeVar("C", bound="CaseSnapshot")

ON_OTHER = frozenset(
    {
        *("X310-FORWARD", "X310-REVIEW", "X310-REDECIDE"),
        *("GA-FORWARD", "GA-INCOMPLETE", "GA-EXPLAIN", "GA-FILE"),
        *("H-JOINT", "H-COOPERATE"),
    }
)
"""Clocks that the other body must keep; the rest of a matter's clocks are the asker's."""
_BEGIN = frozenset({Step.PROPOSE, Step.ASK})
_ASKS = frozenset({Step.HAND, Step.FORWARD, Step.ASK})
_ANSWERS = frozenset({Step.POLICE_FILE, Step.POLICE_NOT_FILE, Step.FORWARD})


@dataclass(frozen=True, slots=True)
class ClockStart:
    """A clock that an event starts: the policy, the party it is about (0: the asker) and the body that must keep it."""

    policy: str
    party: int
    body_id: str | None


@dataclass(frozen=True, slots=True)
class ClockEffect:
    """What one event does to a matter's clocks: `party` None stops those policies whoever must keep them."""

    matter_id: str
    stops: frozenset[str]
    party: int | None
    all_end: bool
    starts: tuple[ClockStart, ...]


def matters_of(snapshot: CaseSnapshot) -> tuple[Matter, ...]:
    """The case's matters, the oldest first."""
    return snapshot.matters if isinstance(snapshot, bonds.TracedCase) else ()


def matter_of(snapshot: CaseSnapshot, matter_id: object) -> Matter | None:
    """The matter with this id, if the case has it."""
    return next((matter for matter in matters_of(snapshot) if matter.id == matter_id), None)


def matter_visible(snapshot: CaseSnapshot, matter: Matter, actor: Actor) -> bool:
    """Whether the actor may see a matter: the office's desk, the body that asks, and who was asked."""
    if at_desk(snapshot, actor):
        return True
    if actor.role not in AGENCY_ROLES or not actor.body_id:
        return False
    return actor.body_id == matter.asker or matter.party_of(actor.body_id) is not None


def move_of(event: CaseEvent) -> MatterMove:
    """The row of the table that an event is of.

    Raises:
        InvalidInputError: Its step is none of its kind.
    """
    step = next((each for each in Step if each == event.data.get("step")), None)
    row = BY_STEP.get((event.action, step)) if step else None
    if row is None:
        message = "事项的步骤不在词表中，请联系系统管理员核对数据。"
        raise InvalidInputError(message)
    return row


def fold(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """TRANSFER, JOINT, COOPERATE: one step of a matter."""
    if not isinstance(snapshot, bonds.TracedCase):
        return snapshot
    row = move_of(event)
    if row.step in _BEGIN:
        return replace(snapshot, matters=(*snapshot.matters, _stepped(_begun(event), row, event)))
    wanted = _text(event.data, "matter_id")
    matters = tuple(_stepped(each, row, event) if each.id == wanted else each for each in snapshot.matters)
    return replace(snapshot, matters=matters)


def effect_of(snapshot: CaseSnapshot, event: CaseEvent) -> ClockEffect | None:
    """What the event does to clocks, asked of the case after it; None where it is about no matter."""
    matter = matter_of(snapshot, event.data.get("matter_id")) if event.action in MATTERS else None
    if matter is None:
        return None
    row = move_of(event)
    party = cast("int", event.data.get("party", 0)) if row.step is Step.ANSWER else None
    starts = tuple(start for policy in row.starts for start in _starts(policy, matter, event.seq))
    return ClockEffect(matter.id, frozenset(row.stops), party, matter.state in CLOSED_STATES, starts)


def _starts(policy: str, matter: Matter, seq: int) -> list[ClockStart]:
    if policy not in ON_OTHER:
        return [ClockStart(policy, 0, matter.asker or None)]
    fresh = [party for party in matter.parties if party.asked_seq == seq] or list(matter.parties[-1:])
    # Somebody outside the directory keeps no clock here: who asked must see to the answer.
    return [ClockStart(policy, party.number, party.body_id or matter.asker or None) for party in fresh]


def _begun(event: CaseEvent) -> Matter:
    data = event.data
    return Matter(
        id=_text(data, "matter_id"),
        kind=event.action,
        state=MatterState.PROPOSED,
        asker=_text(data, "asker"),
        opened_at=event.at,
        opened_by=event.actor_id,
        last_at=event.at,
        target=_text(data, "body"),
        crime=_text(data, "crime"),
    )


def _stepped(matter: Matter, row: MatterMove, event: CaseEvent) -> Matter:
    after = replace(matter, state=row.to or matter.state, last_at=max(matter.last_at, event.at))
    if row.step in _ANSWERS and event.action is Action.TRANSFER:
        after = _answered(after, len(after.parties), row.step.value, event)
    elif row.step is Step.ANSWER:
        after = _answered(after, cast("int", event.data["party"]), _text(event.data, "answer"), event)
    if row.step in _ASKS:
        after = _asked(after, event)
    documents = event.data.get("documents")
    if isinstance(documents, tuple | list):
        after = replace(after, documents=tuple(dict.fromkeys((*after.documents, *map(str, documents)))))
    if row.step is Step.COPY:
        after = replace(after, copied_at=event.at, copied_to=_text(event.data, "procuratorate"))
    return replace(after, closed_at=event.at) if after.state in CLOSED_STATES else after


def _asked(matter: Matter, event: CaseEvent) -> Matter:
    several = cast("Sequence[str]", event.data.get("bodies", ()))
    outside = _text(event.data, "outside")
    one = _text(event.data, "body") or (matter.target if event.action is Action.TRANSFER else "")
    asked = [(body, "") for body in several] or [(one, outside)]
    count = len(matter.parties)
    parties = (
        Party(number, body, name, event.at, event.seq) for number, (body, name) in enumerate(asked, start=count + 1)
    )
    return replace(matter, parties=(*matter.parties, *parties))


def _answered(matter: Matter, number: int, answer: str, event: CaseEvent) -> Matter:
    parties = tuple(
        replace(party, answered_at=party.answered_at or event.at, answer=party.answer or answer)
        if party.number == number
        else party
        for party in matter.parties
    )
    return replace(matter, parties=parties)


def _text(data: Mapping[str, Json], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""
