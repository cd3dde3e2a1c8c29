"""The life of a case: which action is possible now, by whom, and which events it appends.

`allowed` offers what an actor may do by the table (`transition_table`), `decide` turns a command into events or refuses
it with a named error and appends nothing. Pure: the time, new ids and extension rules are arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.commanded import chosen_bodies, leg_of, rows_of
from hotline.casework.decisions import build
from hotline.casework.event_draft import Draft
from hotline.casework.fitting import fitting_row, may, possible
from hotline.casework.guards import check_guard
from hotline.casework.need_choices import filled
from hotline.casework.need_reading import read_needs
from hotline.casework.needs import Span
from hotline.casework.scene import Scene
from hotline.casework.transition_table import TRANSITIONS
from hotline.casework.transitions import Offer, Scope
from hotline.errors import ConflictError, ForbiddenError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from hotline.casework.transitions import ExtensionRule
    from hotline.records import Actor, CaseSnapshot, Command, Leg, NewEvent


def allowed(snapshot: CaseSnapshot, actor: Actor) -> tuple[Offer, ...]:
    """What this actor may do to the case now, in the table's order, leg by leg; for pages and programs to offer."""
    offers = []
    for row in TRANSITIONS:
        legs: Iterable[Leg | None] = snapshot.legs if row.scope is Scope.LEG else (None,)
        for leg in legs:
            scene = Scene(snapshot, leg, actor)
            if possible(row, scene):
                offers.append(Offer(row, leg.id if leg else None, filled(row, scene, offering=True)))
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
    rows = rows_of(command)
    leg = leg_of(snapshot, command)
    scene = Scene(snapshot, leg, actor, now)
    if not any(may(row, scene) for row in rows):
        message = f"您的角色或单位不能对本件“{command.action.label}”。"
        raise ForbiddenError(message)
    if command.expected_seq is not None and command.expected_seq != snapshot.seq:
        message = "本件刚被他人处理过，请刷新页面查看最新情况后再操作。"
        raise ConflictError(message)
    row = fitting_row(rows, scene)
    check_guard(command.action, scene)
    span = Span(leg.opened_at if leg else snapshot.received_at, now)
    plain = chosen_bodies(command)
    data = read_needs(filled(row, scene), plain, span)
    return build(Draft(scene, plain, data, new_id, extension_rule))
