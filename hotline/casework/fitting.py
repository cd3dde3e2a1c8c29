"""Whether a row of the table fits: role, office and body, the state of case and leg, the guards; and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.guards import check_guard
from hotline.casework.privacy import at_desk, of_body, visible
from hotline.errors import HotlineError, TransitionError
from hotline.vocabulary import AGENCY_ROLES, LegRole, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.casework.scene import Scene
    from hotline.casework.transitions import Transition


def may(row: Transition, scene: Scene) -> bool:
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


def possible(row: Transition, scene: Scene) -> bool:
    """Whether this actor can do it now, guards and all."""
    if not (row.cases and may(row, scene) and _in_place(row, scene)):
        return False
    try:
        check_guard(row.action, scene)
    except HotlineError:
        return False
    return True


def fitting_row(rows: Sequence[Transition], scene: Scene) -> Transition:
    """The one row that begins where the case stands.

    Raises:
        TransitionError: None does; the message names what stands against it.
    """
    for row in rows:
        if may(row, scene) and _in_place(row, scene):
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
