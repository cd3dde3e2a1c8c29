"""What may be done about a matter now, by whom, and which event it appends; decided by the tables of moves.

A command's `data` names the `step`, the `matter_id` (unless the step begins one) and what the row needs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from hotline.casework.crime_rules import load_crime_rules
from hotline.casework.joint_moves import BY_STEP, MATTER_MOVES
from hotline.casework.legs import current_lead
from hotline.casework.matter_words import CLOSED_STATES, Matter, MatterMove, Side, Step
from hotline.casework.matters import matter_of, matters_of
from hotline.casework.need_reading import read_needs
from hotline.casework.needs import Need, Span
from hotline.casework.privacy import at_desk
from hotline.casework.transfer_terms import DOCUMENTS, NEEDED_DOCUMENTS
from hotline.errors import ConflictError, ForbiddenError, HotlineError, InvalidInputError, TransitionError
from hotline.moments import local_date
from hotline.records import NewEvent
from hotline.vocabulary import AGENCY_ROLES, OPEN_CASE_STATES, Action, Kind, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from hotline.casework.transitions import ExtensionRule
    from hotline.records import Actor, CaseSnapshot, Command, Json

_CHANGED = "本件刚被他人处理过，请刷新页面查看最新情况后再操作。"


@dataclass(frozen=True, slots=True)
class MatterOffer:
    """A step that this actor may take now; `matter` is None where it begins one."""

    move: MatterMove
    matter: Matter | None
    needs: tuple[Need, ...]


def matter_offers(snapshot: CaseSnapshot, actor: Actor) -> tuple[MatterOffer, ...]:
    """Every step that this actor may take now: beginnings first, then matter by matter in the table's order."""
    scenes: list[tuple[MatterMove, Matter | None]] = [(row, None) for row in MATTER_MOVES if not row.states]
    scenes += [(row, each) for each in matters_of(snapshot) for row in MATTER_MOVES if row.kind is each.kind]
    found = []
    for row, matter in scenes:
        try:
            _check(row, snapshot, matter, actor)
        except HotlineError:
            continue
        found.append(MatterOffer(row, matter, _filled(row, snapshot)))
    return tuple(found)


def decide_matter(
    snapshot: CaseSnapshot,
    command: Command,
    actor: Actor,
    *,
    now: datetime,
    new_id: Callable[[], str],
    extension_rule: Callable[[str], ExtensionRule | None],
) -> tuple[NewEvent, ...]:
    """The event that a step of a matter appends; arguments as of `lifecycle.decide` (no clock here is extended).

    Raises:
        ForbiddenError: The role or the body may not do this.
        ConflictError: Somebody acted after `command.expected_seq`.
        TransitionError: The state of the matter or case does not allow it.
        InvalidInputError: The step is unknown, or a field is missing or wrong.
    """
    del extension_rule
    row, matter = _row_of(command), matter_of(snapshot, command.data.get("matter_id"))
    if row.states and matter is None:
        message = "本件没有这个事项，请刷新页面后再操作。"
        raise InvalidInputError(message, matter_id="没有这个事项")
    matter = matter if row.states else None
    if not _may(row, snapshot, matter, actor):
        message = f"您的角色或单位不能对本件“{row.step.label}”。"
        raise ForbiddenError(message)
    if command.expected_seq is not None and command.expected_seq != snapshot.seq:
        raise ConflictError(_CHANGED)
    _check(row, snapshot, matter, actor)
    plain = replace(command, data={key: each for key, each in command.data.items() if key not in {"step", "matter_id"}})
    span = Span(matter.last_at if matter else snapshot.received_at, now)
    data = read_needs(_filled(row, snapshot), plain, span)
    extra = _extra(row, matter, actor, data) if matter else _beginning(row, snapshot, actor, data)
    matter_id = matter.id if matter else new_id()
    event_data: dict[str, Json] = {"matter_id": matter_id, "step": row.step.value, **data, **extra}
    return (NewEvent(command.action, event_data, command.text.strip()),)


def _row_of(command: Command) -> MatterMove:
    step = next((each for each in Step if each == command.data.get("step")), None)
    row = BY_STEP.get((command.action, step)) if step else None
    if row is None:
        message = f"“{command.action.label}”没有这一步，请刷新页面后再操作。"
        raise InvalidInputError(message, step="没有这一步")
    return row


def _check(row: MatterMove, snapshot: CaseSnapshot, matter: Matter | None, actor: Actor) -> None:
    """Refuse what role, state or history do not allow."""
    if not _may(row, snapshot, matter, actor):
        message = f"您的角色或单位不能对本件“{row.step.label}”。"
        raise ForbiddenError(message)
    if matter is None:
        _check_beginning(row, snapshot)
        return
    if matter.state not in row.states:
        message = f"{matter.kind.label}现为“{matter.state.label}”，不能“{row.step.label}”，请刷新页面查看可做的操作。"
        raise TransitionError(message)
    if row.step is Step.APPROVE and matter.opened_by == actor.account_id:
        message = "提出移送的人不能自己批准，请由另一位负责人批准。"
        raise ForbiddenError(message)
    if row.step is Step.COPY and matter.copied_at is not None:
        message = "已经抄送过检察机关。"
        raise TransitionError(message)
    if row.step is Step.ANSWER and _party_number(row, matter, actor) is None:
        message = "本单位已经答复过，或者应由被请的单位自己答复。"
        raise TransitionError(message)


def _check_beginning(row: MatterMove, snapshot: CaseSnapshot) -> None:
    if snapshot.state not in OPEN_CASE_STATES or snapshot.kind is Kind.INQUIRY:
        message = f"只有在办的投诉、举报才能发起“{row.kind.label}”。"
        raise TransitionError(message)
    running = any(each.kind is Action.TRANSFER and each.state not in CLOSED_STATES for each in matters_of(snapshot))
    if row.kind is Action.TRANSFER and running:
        message = "本件已有一件移送在办，请在原移送上继续。"
        raise TransitionError(message)


def _may(row: MatterMove, snapshot: CaseSnapshot, matter: Matter | None, actor: Actor) -> bool:
    return any(_stands(side, snapshot, matter, actor) for side in row.sides)


def _stands(side: Side, snapshot: CaseSnapshot, matter: Matter | None, actor: Actor) -> bool:
    """Whether the actor stands on this side of the matter."""
    agency = actor.role in AGENCY_ROLES and bool(actor.body_id)
    if side is Side.BEGINNER:
        lead = current_lead(snapshot)
        return at_desk(snapshot, actor) or (agency and lead is not None and lead.body_id == actor.body_id)
    if matter is None:
        return False
    if side is Side.OTHER:
        return agency and matter.party_of(actor.body_id) is not None
    head = side is Side.HEAD
    if matter.asker:
        return agency and actor.body_id == matter.asker and (not head or actor.role is Role.RESPONSIBLE)
    return at_desk(snapshot, actor) and (not head or actor.role is Role.SUPERVISOR)


def _party_number(row: MatterMove, matter: Matter, actor: Actor) -> int | None:
    """Whose answer it is: the actor's own body, or for 协查 one outside, which the asker enters."""
    own = [each for each in matter.parties if each.body_id and each.body_id == actor.body_id]
    outside = [each for each in matter.parties if not each.body_id] if row.kind is Action.COOPERATE else []
    asks = actor.body_id == matter.asker if matter.asker else actor.role not in AGENCY_ROLES
    waiting = [each for each in (own or (outside if asks else [])) if each.answered_at is None]
    return waiting[0].number if waiting else None


def _filled(row: MatterMove, snapshot: CaseSnapshot) -> tuple[Need, ...]:
    """The row's needs with the crimes of the day of receipt."""
    if row.step is not Step.PROPOSE:
        return row.needs
    day = local_date(snapshot.received_at)
    rules = [rule for rule in load_crime_rules() if rule.since <= day <= (rule.until or day)]
    ours = [rule for rule in rules if snapshot.category in rule.categories]
    choices = {rule.id: f"{rule.crime}（{rule.article.split('；')[0]}）" for rule in (*ours, *rules)}
    return tuple(replace(need, choices=tuple(choices.items())) if need.name == "crime" else need for need in row.needs)


def _beginning(row: MatterMove, snapshot: CaseSnapshot, actor: Actor, data: dict[str, Json]) -> dict[str, Json]:
    asker = actor.body_id or "" if actor.role in AGENCY_ROLES else ""
    bodies = {data.get("body"), *cast("Sequence[str]", data.get("bodies", ()))}
    lead = current_lead(snapshot)
    if asker and asker in bodies:
        message = "不能请本单位，请选择其他单位。"
        raise InvalidInputError(message, body="不能是本单位", bodies="不能是本单位")
    if not asker and lead is not None and row.kind is not Action.TRANSFER and lead.body_id in bodies:
        message = "牵头单位已经在办本件，请选择其他单位。"
        raise InvalidInputError(message, body="已经牵头", bodies="已经牵头")
    if row.kind is Action.COOPERATE and bool(data.get("body")) == bool(data.get("outside")):
        message = "请选择名录内的协查单位，或者填写名录外单位的名称，二者填一项。"
        raise InvalidInputError(message, body="二者填一项", outside="二者填一项")
    return {"asker": asker}


def _extra(row: MatterMove, matter: Matter, actor: Actor, data: dict[str, Json]) -> dict[str, Json]:
    if row.step is Step.ANSWER:
        return {"party": _party_number(row, matter, actor)}
    if row.step is Step.HAND:
        names = dict(DOCUMENTS)
        missing = [names[each] for each in NEEDED_DOCUMENTS if each not in cast("Sequence[str]", data["documents"])]
        if missing:
            message = f"移送须附{'、'.join(missing)}（国务院令第310号第6条），请备齐后再移送。"
            raise InvalidInputError(message, documents=f"缺{'、'.join(missing)}")
    if row.step is Step.FORWARD and matter.parties[-1].body_id == data["body"]:
        message = "有管辖权的公安机关不能是现在的公安机关。"
        raise InvalidInputError(message, body="与现在相同")
    return {}
