"""三率: 响应率, 解决率, 满意率 (北京市接诉即办工作条例第32条), by body and in all, each with its definition.

响应率 is taken from clocks (H-FIRST-CONTACT, 首次联系), by the day they began; the other two from the callers' answers
at follow-up, by the day of the answer. Who could not be reached is in neither.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from hotline.reports.breaches import Side, breach_cube
from hotline.reports.figure_conditions import answer_condition
from hotline.reports.figure_words import DESK, Answer, ClockState
from hotline.reports.narrowing import within
from hotline.reports.selection import Selection
from hotline.store.tables import FOLLOW_UP_ANSWER

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from hotline.reports.report_period import Period
    from hotline.reports.weekly import WeeklyReport

FIRST_CONTACT = "H-FIRST-CONTACT"
DEFINITIONS = (
    ("响应率", "期间起算的首次联系时限中，按时联系的占已有结果（按时、逾期后完成、逾期中）的比例。"),
    ("解决率", "期间回访中，来电人说已解决的占作了回答的比例；联系不上的不计。"),
    ("满意率", "期间回访中，来电人满意的占满意与不满意之和的比例；联系不上的不计。"),
)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many; `share` is None where there were none."""

    hits: int
    total: int

    @property
    def share(self) -> float | None:
        """From 0 to 1."""
        return self.hits / self.total if self.total else None

    @property
    def percent(self) -> str:
        """93.3%, or a dash."""
        return "—" if self.share is None else f"{100 * self.share:.1f}%"

    @property
    def words(self) -> str:
        """93.3%（14/15）, or a dash."""
        return f"{self.percent}（{self.hits}/{self.total}）" if self.total else "—"


@dataclass(frozen=True, slots=True)
class Rates:
    """The three rates of one body; an empty body is the total."""

    body_id: str
    response: Rate
    solved: Rate
    satisfied: Rate


@dataclass(frozen=True, slots=True)
class TwoPeriods:
    """The rates of a period and, beside it, of the one before; the total first in each."""

    period: Period
    this: tuple[Rates, ...]
    last: tuple[Rates, ...]


def rates_of(session: Session, report: WeeklyReport) -> TwoPeriods:
    """The rates that stand in a report, as of the moment it was made."""
    both = (report.period, report.period.before())
    this, last = (three_rates(session, report.office.id, each, report.made_at) for each in both)
    return TwoPeriods(report.period, this, last)


def rate_selections(period: Period, body: str) -> dict[str, tuple[Selection, Selection]]:
    """Of each rate the cases (and clocks) of its hits and of its total; the keys are the fields of `Rates`."""
    asked = Selection(since=period.since, until=period.until, body=body)
    contact = replace(asked, policy=FIRST_CONTACT)
    return {
        "response": (contact.with_clock(ClockState.MET), replace(contact, known=True)),
        "solved": (replace(asked, answer=Answer.SOLVED), replace(asked, answer=Answer.SOLVED_ASKED)),
        "satisfied": (replace(asked, answer=Answer.SATISFIED), replace(asked, answer=Answer.SATISFIED_ASKED)),
    }


def three_rates(session: Session, office_id: str, period: Period, now: datetime) -> tuple[Rates, ...]:
    """The total first, then each body that has a figure."""
    chosen = Selection(policy=FIRST_CONTACT, since=period.since, until=period.until)
    contacts: dict[str, Rate] = {}
    for cell in breach_cube(session, office_id, chosen, now, by=(Side.BODY,)):
        contacts[cell.selection.body] = Rate(cell.count(ClockState.MET), cell.known)
    answers = _answers(session, office_id, period)
    bodies = sorted({*contacts, *answers} - {""})
    none = (Rate(0, 0), Rate(0, 0))
    lines = [Rates(body, contacts.get(body, Rate(0, 0)), *answers.get(body, none)) for body in bodies]
    total = Rates(
        "",
        Rate(sum(each.hits for each in contacts.values()), sum(each.total for each in contacts.values())),
        Rate(sum(each.solved.hits for each in lines), sum(each.solved.total for each in lines)),
        Rate(sum(each.satisfied.hits for each in lines), sum(each.satisfied.total for each in lines)),
    )
    return (total, *lines)


def _answers(session: Session, office_id: str, period: Period) -> dict[str, tuple[Rate, Rate]]:
    answer = FOLLOW_UP_ANSWER
    span = Selection(since=period.since, until=period.until).span()
    columns = [func.count(case((answer_condition(each), 1))) for each in Answer]
    asked = (answer.c.office_id == office_id, *within(answer.c.at, *span))
    rows = session.execute(select(answer.c.body_id, *columns).where(*asked).group_by(answer.c.body_id))
    return {body or DESK: (Rate(a, b), Rate(c, d)) for body, a, b, c, d in rows}
