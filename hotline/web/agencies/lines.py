"""A leg in the queue as the page shows it: which deadline presses, and how much working time is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.clocks import OFFICE_HOURS, remaining_minutes
from hotline.errors import CalendarError
from hotline.store.queues import open_clocks
from hotline.vocabulary import LegState
from hotline.web.context import now, services

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlmodel import Session

    from hotline.records import Clock
    from hotline.store.lines import LegLine

MINUTES_A_WORKDAY = sum(end - start for start, end in OFFICE_HOURS)
MINUTES_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One row. `clock` is the one that presses, None where none runs; `more` says how many others run."""

    leg: LegLine
    clock: Clock | None
    more: int
    working: str
    unsigned: bool
    late: bool


def queue_lines(session: Session, body_id: str, legs: Sequence[LegLine]) -> tuple[QueueLine, ...]:
    """The rows of these legs, with their clocks read at once."""
    clocks = open_clocks(session, body_id, [leg.case.case_id for leg in legs])
    return tuple(_line(leg, clocks.get(leg.case.case_id, ())) for leg in legs)


def working_words(minutes: int) -> str:
    """Working time in days of seven hours: 2 个工作日 3 小时."""
    days, rest = divmod(abs(minutes), MINUTES_A_WORKDAY)
    hours, left = divmod(rest, MINUTES_AN_HOUR)
    parts = [f"{days} 个工作日"] if days else []
    parts += [f"{hours} 小时"] if hours else []
    parts += [f"{left} 分"] if left and not days else []
    return " ".join(parts) or "0 分"


def _line(leg: LegLine, clocks: Sequence[Clock]) -> QueueLine:
    mine = [clock for clock in clocks if _presses(leg, clock)]
    clock = next((each for each in mine if each.running()), mine[0] if mine else None)
    return QueueLine(
        leg=leg,
        clock=clock,
        more=max(len(mine) - 1, 0),
        working=_working(clock) if clock else "",
        unsigned=leg.state == LegState.QUEUED,
        late=any(each.running() and each.overdue(now()) for each in mine),
    )


def _presses(leg: LegLine, clock: Clock) -> bool:
    """The leg's own clocks, and while it is open the clock of the whole case that its body answers for."""
    if clock.leg_id is None:
        return leg.closed_at is None
    return clock.leg_id == leg.leg_id


def _working(clock: Clock) -> str:
    try:
        minutes = remaining_minutes(clock, now(), services().rulebook.calendar)
    except CalendarError:
        return ""
    words = working_words(minutes)
    if minutes == 0:
        # Clocks in hours run on through nights and weekends, when no working time passes.
        return "非工作时间照走" if clock.paused_since is None else "中止中"
    if clock.paused_since is not None:
        return f"中止中，余工作时间 {words}"
    return f"工作时间剩 {words}" if minutes > 0 else f"工作时间超 {words}"
