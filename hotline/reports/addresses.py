"""A selection as the parameters of an address and back: a list's link, opened again."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import TYPE_CHECKING

from hotline.casework.holding import Part
from hotline.errors import InvalidInputError
from hotline.reports.address_values import code_of, day_of, moment_of, term_of
from hotline.reports.figure_words import Answer, ClockState, Figure
from hotline.reports.selection import Selection
from hotline.vocabulary import CaseState, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

YES = "1"
_URL_NAMES = {"since": "from", "until": "to"}


def to_query(selection: Selection) -> dict[str, str]:
    """The selection as parameters of an address; no personal data stands in one."""
    query = {}
    for each in fields(Selection):
        value = getattr(selection, each.name)
        if value:
            text = YES if value is True else value.isoformat() if isinstance(value, date) else str(value)
            query[_URL_NAMES.get(each.name, each.name)] = text
    return query


def from_query(query: Mapping[str, str]) -> Selection:
    """The selection that an address means.

    Raises:
        InvalidInputError: A date or a code cannot be read, or the period ends before it begins.
    """
    since, until = day_of(query, "from"), day_of(query, "to")
    if since and until and since > until:
        message = "起始日期晚于截止日期，请改正后再查。"
        raise InvalidInputError(message, to="早于起始日期")
    return Selection(
        clock=term_of(ClockState, query, "clock"),
        policy=code_of(query, "policy"),
        started=query.get("started") == YES,
        figure=term_of(Figure, query, "figure"),
        since=since,
        until=until,
        body=code_of(query, "body"),
        category=code_of(query, "category"),
        channel=code_of(query, "channel"),
        kind=term_of(Kind, query, "kind"),
        state=term_of(CaseState, query, "state"),
        supervised=query.get("supervised") == YES,
        silent=query.get("silent") == YES,
        focus=code_of(query, "focus"),
        cause=term_of(Part, query, "cause"),
        known=query.get("known") == YES,
        answer=term_of(Answer, query, "answer"),
        spent=term_of(Part, query, "spent"),
        asof=moment_of(query, term_of(ClockState, query, "clock")),
        merged=query.get("merged") == YES,
    )
