"""The period of a report: days, both ends included; a week, a month, a year, and the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hotline.reports.selection import Selection

if TYPE_CHECKING:
    from hotline.reports.figure_words import Figure

SEVEN_DAYS = timedelta(days=7)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `since` to `until`, both included."""

    since: date
    until: date

    def before(self) -> Period:
        """The period just before: the month or year before a whole one, else as many days."""
        day = self.since - ONE_DAY
        for made in (month_of, year_of):
            if made(self.since) == self:
                return made(day)
        length = self.until - self.since + ONE_DAY
        return Period(self.since - length, self.since - ONE_DAY)

    def selection(self, figure: Figure, body: str = "") -> Selection:
        """The cases that a figure of this period counts."""
        return Selection(figure=figure, since=self.since, until=self.until, body=body)


def week_of(day: date) -> Period:
    """Monday to Sunday of the week that holds a day."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + SEVEN_DAYS - ONE_DAY)


def month_of(day: date) -> Period:
    """The calendar month that holds a day."""
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - ONE_DAY)


def year_of(day: date) -> Period:
    """The calendar year that holds a day."""
    return Period(date(day.year, 1, 1), date(day.year, 12, 31))
