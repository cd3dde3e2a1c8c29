"""The days a report is about, as the options name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.commands.streams import parse_day
from hotline.errors import InvalidInputError
from hotline.reports.report_period import Period, week_of

if TYPE_CHECKING:
    from datetime import date


def refuse_end(until: str | None) -> None:
    """Refuse an end where the beginning says it all.

    Raises:
        InvalidInputError: There is one.
    """
    if until is not None:
        message = "月报、年报只写 --from，截止日期由它推出。"
        raise InvalidInputError(message)


def day_of(text: str | None) -> date | None:
    """The day that an option names, if it does."""
    return None if text is None else parse_day(text)


def period_between(since: date | None, until: date | None, today: date) -> Period:
    """The week of `since` (or of today), or the days that both ends give."""
    if since is None:
        if until is not None:
            message = "写了 --to 就要写 --from。"
            raise InvalidInputError(message)
        return week_of(today)
    check_order(since, until)
    return week_of(since) if until is None else Period(since, until)


def check_order(since: date | None, until: date | None) -> None:
    """Refuse an end before the beginning.

    Raises:
        InvalidInputError: They are in the wrong order.
    """
    if since and until and since > until:
        message = "--from 晚于 --to，请改正日期。"
        raise InvalidInputError(message)
