"""The two ways in which a column is narrowed: to a period, to a body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.reports.figure_words import DESK

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from sqlalchemy import ColumnElement

    Condition = ColumnElement[bool]


def within(column: ColumnElement[Any], since: datetime | None, until: datetime | None) -> list[Condition]:
    """The column's moment lies in the period."""
    return ([column >= since] if since else []) + ([column < until] if until else [])


def owner(column: ColumnElement[Any], body: str) -> list[Condition]:
    """The column names this body; `DESK` stands for none."""
    if not body:
        return []
    return [column.is_(None) if body == DESK else column == body]
