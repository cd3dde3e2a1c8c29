"""The life of a case: which action is possible now, by whom, and which events it appends.

`TRANSITIONS` is the declared table; `allowed` offers what an actor may do, `decide` turns a command into events or
refuses it with a named error and appends nothing. Pure: the time, new ids and extension rules are arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from hotline.casework.agency_moves import AGENCY_MOVES
from hotline.casework.bonds import open_demands
from hotline.casework.decisions import Draft, build
from hotline.casework.desk_moves import DESK_MOVES
from hotline.casework.grounds import grounds_for
from hotline.casework.guards import GUARDS, Scene, approves, decided, requests_on, told
from hotline.casework.needs import Need, NeedKind, Span, parse_form, read_needs
from hotline.casework.privacy import at_desk, of_body, visible
from hotline.casework.transitions import ExtensionRule, Offer, Scope, Transition
from hotline.casework.unsealing import LOOK_WHYS, decidable, waiting
from hotline.errors import ConflictError, ForbiddenError, HotlineError, InvalidInputError, TransitionError
from hotline.moments import SHANGHAI
from hotline.vocabulary import AGENCY_ROLES, Action, LegRole, NoticeSubject, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from hotline.casework.unseal_request import Unsealing
    from hotline.records import Actor, CaseSnapshot, Command, Json, Leg, NewEvent

__all__ = [
    "TRANSITIONS",
    "ExtensionRule",
    "Need",
    "NeedKind",
    "Offer",
    "Scope",
    "Transition",
    "allowed",
    "decide",
    "parse_form",
]

TRANSITIONS: tuple[Transition, ...] = DESK_MOVES + AGENCY_MOVES
_ASSIGNING = frozenset({Action.DISPATCH, Action.REASSIGN, Action.RULE})


def allowed(snapshot: CaseSnapshot, actor: Actor) -> tuple[Offer, ...]:
    """What this actor may do to the case now, in the table's order, leg by leg; for pages and programs to offer."""
    offers = []
    for row in TRANSITIONS:
        legs: Iterable[Leg | None] = snapshot.legs if row.scope is Scope.LEG else (None,)
        for leg in legs:
            scene = Scene(snapshot, leg, actor)
            if _possible(row, scene):
                offers.append(Offer(row, leg.id if leg else None, _filled(row, scene, offering=True)))
    return tuple(offers)


def decide(
    snapshot: CaseSnapshot,
    command: Command,
    actor: Actor,
    *,
    now: datetime,
    new_id: Callable[[], str],
    extension_rule: Callable[[str], ExtensionRule | None],
) -> tuple[NewEvent, ...]:
    """The events that this command appends to the case.

    Args:
        snapshot: The case as its events make it.
        command: The wish; `data` holds the row's needs. DISPATCH, REASSIGN and RULE also take
            `legs: [{body_id, role}]` in place of `lead` and `co`.
        actor: Who acts.
        now: The time, aware.
        new_id: Makes ids for new legs and requests.
        extension_rule: What the article of a policy allows, None where it allows no extension.

    Raises:
        ForbiddenError: The role, the office or the body may not do this.
        ConflictError: Somebody acted after `command.expected_seq`.
        TransitionError: The state of the case or leg does not allow it.
        InvalidInputError: A field is missing or wrong, or a time lies before the case or in the future.
    """
    rows = _rows(command)
    leg = _leg(snapshot, command)
    scene = Scene(snapshot, leg, actor, now)
    if not any(_may(row, scene) for row in rows):
        message = f"您的角色或单位不能对本件“{command.action.label}”。"
        raise ForbiddenError(message)
    if command.expected_seq is not None and command.expected_seq != snapshot.seq:
        message = "本件刚被他人处理过，请刷新页面查看最新情况后再操作。"
        raise ConflictError(message)
    row = _fitting(rows, scene)
    GUARDS.get(command.action, _no_guard)(scene)
    span = Span(leg.opened_at if leg else snapshot.received_at, now)
    plain = _chosen_bodies(command)
    data = read_needs(_filled(row, scene), plain, span)
    return build(Draft(scene, plain, data, new_id, extension_rule))


def _no_guard(_scene: Scene) -> None:
    """Most actions have no condition beyond the table."""


def _rows(command: Command) -> tuple[Transition, ...]:
    """The rows of this action, for the case or for the leg as the command says."""
    rows = tuple(row for row in TRANSITIONS if row.action is command.action and row.cases)
    if not rows:
        message = f"“{command.action.label}”由系统在相应步骤中登记，不能单独操作。"
        raise TransitionError(message)
    scope = Scope.CASE if command.leg_id is None else Scope.LEG
    fitting = tuple(row for row in rows if row.scope is scope)
    if not fitting:
        message = (
            f"“{command.action.label}”须指明承办段。"
            if scope is Scope.CASE
            else f"“{command.action.label}”针对整件工单，请不要指明承办段。"
        )
        raise InvalidInputError(message, leg_id="请核对承办段")
    return fitting


def _leg(snapshot: CaseSnapshot, command: Command) -> Leg | None:
    if command.leg_id is None:
        return None
    leg = snapshot.leg(command.leg_id)
    if leg is None:
        message = "本件没有这个承办段，请刷新页面后再操作。"
        raise InvalidInputError(message, leg_id="没有这个承办段")
    return leg


def _may(row: Transition, scene: Scene) -> bool:
    """Whether role, office and body are right, whatever the state."""
    actor = scene.actor
    if actor.role not in row.roles:
        return False
    if actor.role is Role.SYSTEM:
        return True
    if actor.role in AGENCY_ROLES:
        return of_body(scene.leg, actor) if scene.leg else visible(scene.snapshot, actor)
    return at_desk(scene.snapshot, actor)


def _in_place(row: Transition, scene: Scene) -> bool:
    """Whether case, leg and kind stand where the row begins."""
    snapshot, leg = scene.snapshot, scene.leg
    if snapshot.state not in row.cases or snapshot.kind not in row.kinds:
        return False
    return leg is None or (leg.state in row.legs and leg.role in row.leg_roles)


def _possible(row: Transition, scene: Scene) -> bool:
    if not (row.cases and _may(row, scene) and _in_place(row, scene)):
        return False
    try:
        GUARDS.get(row.action, _no_guard)(scene)
    except HotlineError:
        return False
    return True


def _fitting(rows: Sequence[Transition], scene: Scene) -> Transition:
    """The one row that begins where the case stands.

    Raises:
        TransitionError: None does; the message names what stands against it.
    """
    for row in rows:
        if _may(row, scene) and _in_place(row, scene):
            return row
    raise TransitionError(_why_not(rows, scene))


def _why_not(rows: Sequence[Transition], scene: Scene) -> str:
    snapshot, leg, label = scene.snapshot, scene.leg, rows[0].action.label
    if not any(snapshot.kind in row.kinds for row in rows):
        return f"本件性质为“{snapshot.kind.label}”，没有“{label}”这一步。"
    if leg is not None and not any(leg.role in row.leg_roles for row in rows):
        role = LegRole.CO if leg.role is LegRole.LEAD else LegRole.LEAD
        return f"“{label}”只适用于{role.label}单位的承办段。"
    if leg is not None and snapshot.state in rows[0].cases:
        return f"承办段现为“{leg.state.label}”，不能“{label}”，请刷新页面查看可做的操作。"
    return f"工单现为“{snapshot.state.label}”，不能“{label}”，请刷新页面查看可做的操作。"


def _filled(row: Transition, scene: Scene, *, offering: bool = False) -> tuple[Need, ...]:
    """The row's needs with the choices that only this case knows: grounds of the day, open requests, notices due.

    `offering` leaves only what this actor can choose now; `decide` takes all, to say what stands against a choice.
    """
    return tuple(_with_choices(need, row, scene, offering=offering) for need in row.needs)


def _with_choices(need: Need, row: Transition, scene: Scene, *, offering: bool) -> Need:
    if need.name == "ground":
        grounds = grounds_for(row.action, scene.snapshot.received_at)
        return replace(need, choices=tuple((ground.code, ground.text) for ground in grounds))
    if need.name == "request_id":
        requests = (item for item in requests_on(scene) if not offering or approves(scene.actor, item.policy))
        return replace(need, choices=tuple((item.id, f"{item.policy} 延长{item.amount}") for item in requests))
    if need.name == "unsealing_id":
        asked = decidable(scene.snapshot, scene.actor) if offering else waiting(scene.snapshot)
        return replace(need, choices=tuple((each.id, _asked(each)) for each in asked))
    if need.name == "demand_id":
        return replace(need, choices=tuple((each.id, each.kind.label) for each in open_demands(scene.snapshot)))
    if need.name == "subject" and offering:
        subjects = (item for item in NoticeSubject if decided(scene, item) and not told(scene, item))
        return replace(need, choices=tuple((item.value, item.label) for item in subjects))
    return need


def _asked(each: Unsealing) -> str:
    return f"{each.asked_at.astimezone(SHANGHAI):%m月%d日 %H:%M} {dict(LOOK_WHYS).get(each.why, each.why)}"


def _chosen_bodies(command: Command) -> Command:
    """Turn `legs: [{body_id, role}]` into the needs `lead` and `co`.

    Raises:
        InvalidInputError: The list holds something else than one lead and any co-agencies.
    """
    legs = command.data.get("legs")
    if command.action not in _ASSIGNING or legs is None:
        return command
    items = [item for item in legs if isinstance(item, Mapping)] if isinstance(legs, (list, tuple)) else []
    leads = [item.get("body_id") for item in items if item.get("role") == LegRole.LEAD]
    others = tuple(item.get("body_id") for item in items if item.get("role") == LegRole.CO)
    if len(leads) != 1 or len(leads) + len(others) != len(cast("Sequence[Json]", legs)):
        message = "请指定一个牵头单位，配合单位可以没有或有多个。"
        raise InvalidInputError(message, lead="须有且只有一个牵头单位")
    rest = {key: value for key, value in command.data.items() if key != "legs"}
    bodies: dict[str, Json] = {"lead": leads[0], "co": others}
    return replace(command, data={**rest, **bodies})
