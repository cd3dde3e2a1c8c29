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
    from collections.abc import Mapping
    from datetime import datetime

    from hotline.casework.clock_rules import ClockRules
    from hotline.casework.history import History
    from hotline.records import Command, Office
    from hotline.routing.agencies import Body


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
    windows = {policy.id for policy in rules.policies if policy.window}
    clocks = reckon_all(history, office=office, rules=rules, bodies=bodies).clocks
    ends = [clock.due.due_at for clock in clocks if clock.leg_id == command.leg_id and clock.policy in windows]
    if ends and (command.at or now) > max(ends):
        end = max(ends).astimezone(SHANGHAI)
        message = (
            f"退单时限已于 {end:%Y-%m-%d %H:%M} 届满，不能再退单。"
            "确不属本单位职责的，请用备注写明依据，联系派单台收回改派。"
        )
        raise TransitionError(message)
