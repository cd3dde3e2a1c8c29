"""Reads a command: which rows it means, which leg, which bodies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from hotline.casework.transition_table import TRANSITIONS
from hotline.casework.transitions import Scope
from hotline.errors import InvalidInputError, TransitionError
from hotline.vocabulary import Action, LegRole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.casework.transitions import Transition
    from hotline.records import CaseSnapshot, Command, Json, Leg

_ASSIGNING = frozenset({Action.DISPATCH, Action.REASSIGN, Action.RULE})


def rows_of(command: Command) -> tuple[Transition, ...]:
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


def leg_of(snapshot: CaseSnapshot, command: Command) -> Leg | None:
    """The leg that the command names, None for one about the case.

    Raises:
        InvalidInputError: The case has no such leg.
    """
    if command.leg_id is None:
        return None
    leg = snapshot.leg(command.leg_id)
    if leg is None:
        message = "本件没有这个承办段，请刷新页面后再操作。"
        raise InvalidInputError(message, leg_id="没有这个承办段")
    return leg


def chosen_bodies(command: Command) -> Command:
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
