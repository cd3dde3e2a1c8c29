"""The week that a page is about, and the rules of an office on this day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from flask import request

from hotline.errors import InvalidInputError
from hotline.moments import local_date
from hotline.reports.report_period import month_of, week_of, year_of
from hotline.web.context import now, services

if TYPE_CHECKING:
    from hotline.casework.rulebook import Rulebook
    from hotline.reports.report_period import Period


SPANS = {"week": week_of, "month": month_of, "year": year_of}


def rules_of(office_id: str) -> Rulebook:
    """The rules with the plans in force today at this office."""
    book = services().rulebook
    return replace(book, plans=book.plans_on(local_date(now()), office_id))


def week_asked() -> Period:
    """The week that holds the day asked for, by default the present one.

    Raises:
        InvalidInputError: The day cannot be read, or lies ahead.
    """
    return _asked("week")


def span_asked() -> str:
    """Whether a week, month or year is asked for; what is unknown means a week."""
    span = request.values.get("span", "week")
    return span if span in SPANS else "week"


def period_asked() -> Period:
    """The week, month or year that holds the day asked for, by default the present one.

    Raises:
        InvalidInputError: The day cannot be read, or lies ahead.
    """
    return _asked(span_asked())


def _asked(span: str) -> Period:
    typed = request.values.get("week", "").strip()
    if not typed:
        return SPANS[span](local_date(now()))
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = date.min
    if not date(1990, 1, 1) <= day <= local_date(now()):
        message = "周报的日期无法识别或在将来，请写成 2026-11-16 的样子。"
        raise InvalidInputError(message, week="日期无效")
    return SPANS[span](day)
