"""退单 within its time: the return clock (H-RETURN) of a leg is a permission, and after its end there is no return.

Signing does not shorten it. Whoever was given what is not theirs and noticed too late asks the desk, which may take a
case back at any time (改派).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.reckoning import reckon_all
from hotline.errors import TransitionError
from hotline.moments import SHANGHAI
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hotline.casework.clock_rules import ClockRules
    from hotline.casework.history import History
    from hotline.casework.policy import Policy
    from hotline.records import Clock, Command, Office
    from hotline.routing.bodies import Body


def check_return(
    history: History,
    command: Command,
    *,
    office: Office,
    rules: ClockRules,
    bodies: Mapping[str, Body],
    now: datetime,
) -> None:
    """Refuse a return after the window's end; one that was told in time may be registered later, with its time.

    Raises:
        TransitionError: The window has closed.
    """
    if command.action is not Action.RETURN:
        return
    clocks = reckon_all(history, office=office, rules=rules, bodies=bodies).clocks
    closed = why_closed(clocks, command.leg_id, policies=rules.policies, moment=command.at or now)
    if closed:
        raise TransitionError(closed)


def why_closed(clocks: Iterable[Clock], leg_id: str | None, *, policies: Iterable[Policy], moment: datetime) -> str:
    """Why a leg cannot be returned at a moment any more, and what to do instead; empty while it can be."""
    windows = {policy.id for policy in policies if policy.window}
    ends = [clock.due.due_at for clock in clocks if clock.leg_id == leg_id and clock.policy in windows]
    if not ends or moment <= max(ends):
        return ""
    return (
        f"退单时限已于 {max(ends).astimezone(SHANGHAI):%Y-%m-%d %H:%M} 届满，不能再退单。"
        "确不属本单位职责的，请用备注写明依据，联系派单台收回改派。"
    )
