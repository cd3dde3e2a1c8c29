"""Late arrivals in their order: a step told later may not have happened before the step that it follows on its leg.

A step may be registered later than it happened, with its own time (both are kept). Were it free, a notice could be
dated before its decision and stop a clock that nobody had kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.scene import DECISIONS
from hotline.errors import InvalidInputError
from hotline.moments import SHANGHAI
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hotline.records import CaseEvent, Command

AFTER = {
    Action.RESUME: frozenset({Action.SUSPEND}),
    Action.TERMINATE: frozenset({Action.ACCEPT}),
    Action.FILE: frozenset({Action.CLUE}),
    Action.NOT_FILE: frozenset({Action.CLUE}),
    Action.DECIDE: frozenset({Action.FILE}),
}
"""Which steps each follows; a 告知 follows the decision that it tells (`scene.DECISIONS`)."""


def check_order(events: Iterable[CaseEvent], command: Command) -> None:
    """Refuse a time before the step that this one follows; the last such step of the leg counts, to the minute.

    Raises:
        InvalidInputError: It would have happened first.
    """
    if command.at is None:
        return
    wanted = AFTER.get(command.action, frozenset())
    if command.action is Action.NOTIFY:
        wanted = next((found for subject, found in DECISIONS.items() if subject == command.data.get("subject")), wanted)
    earlier = [event for event in events if event.action in wanted and event.data.get("leg_id") == command.leg_id]
    last = max(earlier, key=lambda event: event.seq, default=None)
    # Forms take whole minutes or seconds, events more: the same minute is no contradiction.
    if last is None or command.at >= last.at.replace(second=0, microsecond=0):
        return
    message = (
        f"“{command.action.label}”的时间早于“{last.action.label}”的时间"
        f"（{last.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}），请核对实际发生时间。"
    )
    raise InvalidInputError(message, at=message)
