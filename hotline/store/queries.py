"""What pages, the API and reports read. Every function is one or few statements and returns small frozen rows.

The other read modules are gathered here, so that readers need to know one name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select

from hotline.store.announcements import announce
from hotline.store.clockstore import clocks_of
from hotline.store.due_clocks import DueClock, due_clocks
from hotline.store.figures import Count, OverdueCounts, due_soon_condition, overdue_condition, overdue_counts
from hotline.store.leg_lines import LegLine, leg_line_of, leg_lines
from hotline.store.lines import CaseLine, case_line_of, case_lines, read_cases
from hotline.store.notices import Notice, NoticeLine, add_notices, mark_read, notices, unread_count
from hotline.store.paging import PAGE, Page, cursor_of, paged
from hotline.store.quarantine import QuarantineLine, quarantine_list
from hotline.store.related import Related, related
from hotline.store.related_lines import RelatedLine
from hotline.store.searching import Hit, search
from hotline.store.tables import CASE, CLOCK, COMPLAINT, LEG
from hotline.store.visibility import visible_cases

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlmodel import Session

    from hotline.records import Actor
    from hotline.vocabulary import CaseState

__all__ = [
    "CaseFilters",
    "CaseLine",
    "Count",
    "DueClock",
    "Hit",
    "LegLine",
    "Notice",
    "NoticeLine",
    "OverdueCounts",
    "Page",
    "QuarantineLine",
    "Related",
    "RelatedLine",
    "add_notices",
    "agency_queue",
    "announce",
    "case_id_of",
    "case_id_of_complaint",
    "case_line",
    "case_list",
    "clocks_of",
    "due_clocks",
    "inbox",
    "mark_read",
    "notices",
    "overdue_counts",
    "quarantine_list",
    "related",
    "search",
    "unread_count",
]

DESK = ""
"""The body filter's and figures' key for clocks that the desk itself must keep."""


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """What a list of cases is narrowed by; what is left out does not narrow.

    With `overdue` or `due_soon`, `body_id` is the body whose clock it is (`DESK` for the desk's own), so that the
    list equals the figure it was opened from. Without, it is a body with a leg in the case.
    """

    states: tuple[CaseState, ...] = ()
    kind: str | None = None
    category: str | None = None
    channel: str | None = None
    body_id: str | None = None
    lead_body_id: str | None = None
    supervised: bool | None = None
    silent: bool | None = None
    overdue: bool = False
    due_soon: bool = False
    received_from: datetime | None = None
    received_until: datetime | None = None


def inbox(
    session: Session,
    office_id: str,
    states: Collection[CaseState],
    *,
    after: str | None = None,
    limit: int = PAGE,
) -> Page[CaseLine]:
    """The office's cases in these states, the longest waiting first.

    Each state is read by itself from its index and the pages are merged: asked for several states at once, a database
    may walk through all cases in the order of receipt, finished ones first.
    """
    moment, key = CASE.c.received_at, CASE.c.id
    found: list[CaseLine] = []
    more = False
    for state in states:
        statement = case_lines().where(CASE.c.office_id == office_id, CASE.c.state == str(state))
        page = paged(session, statement, case_line_of, moment=moment, key=key, after=after, limit=limit)
        found += page.lines
        more = more or page.next is not None
    found.sort(key=lambda line: (line.received_at, line.case_id))
    lines = tuple(found[:limit])
    more = more or len(found) > limit
    return Page(lines, cursor_of(lines[-1].received_at, lines[-1].case_id) if more else None)


def agency_queue(
    session: Session,
    body_id: str,
    *,
    after: str | None = None,
    limit: int = PAGE,
    open_only: bool = True,
) -> Page[LegLine]:
    """A body's legs, the nearest deadline first and those without one last; `open_only` leaves out the finished."""
    statement = leg_lines().where(LEG.c.body_id == body_id)
    if open_only:
        statement = statement.where(LEG.c.closed_at.is_(None))
        moment, key = LEG.c.due_at, LEG.c.id
        return paged(session, statement, leg_line_of, moment=moment, key=key, after=after, limit=limit)
    opened, key = LEG.c.opened_at, LEG.c.id
    return paged(session, statement, leg_line_of, moment=opened, key=key, after=after, limit=limit, newest_first=True)


def case_list(
    session: Session,
    actor: Actor,
    filters: CaseFilters,
    *,
    now: datetime,
    after: str | None = None,
    limit: int = PAGE,
) -> Page[CaseLine]:
    """The cases that the actor may see and the filters leave, the newest first."""
    statement = case_lines().where(visible_cases(actor), *_conditions(filters, now))
    moment, key = CASE.c.received_at, CASE.c.id
    return paged(session, statement, case_line_of, moment=moment, key=key, after=after, limit=limit, newest_first=True)


def case_line(session: Session, case_id: str, actor: Actor) -> CaseLine | None:
    """One case as a line, or None where there is none that the actor may see."""
    found = read_cases(session, case_lines().where(CASE.c.id == case_id, visible_cases(actor)))
    return found[0] if found else None


def case_id_of(session: Session, number: str, actor: Actor) -> str | None:
    """The case with this number, or None where there is none that the actor may see."""
    statement = select(CASE.c.id).where(CASE.c.number == number, visible_cases(actor))
    found: str | None = session.execute(statement).scalar()
    return found


def case_id_of_complaint(session: Session, complaint_id: str, *, office_id: str, channel: str) -> str | None:
    """The case of a complaint, or None where this channel of this office brought no such complaint."""
    own = (COMPLAINT.c.office_id == office_id) & (COMPLAINT.c.channel == channel)
    found: str | None = session.execute(select(COMPLAINT.c.case_id).where(COMPLAINT.c.id == complaint_id, own)).scalar()
    return found


def _conditions(filters: CaseFilters, now: datetime) -> list[ColumnElement[bool]]:
    equal = {
        "kind": filters.kind,
        "category": filters.category,
        "channel": filters.channel,
        "lead_body_id": filters.lead_body_id,
        "supervised": filters.supervised,
        "silent": filters.silent,
    }
    conditions: list[ColumnElement[bool]] = [
        CASE.c[name] == value for name, value in equal.items() if value is not None
    ]
    if filters.states:
        conditions.append(CASE.c.state.in_([str(state) for state in filters.states]))
    if filters.received_from is not None:
        conditions.append(CASE.c.received_at >= filters.received_from)
    if filters.received_until is not None:
        conditions.append(CASE.c.received_at < filters.received_until)
    return conditions + _by_body_and_time(filters, now)


def _by_body_and_time(filters: CaseFilters, now: datetime) -> list[ColumnElement[bool]]:
    body = filters.body_id
    wanted = [overdue_condition(now)] if filters.overdue else []
    wanted += [due_soon_condition(now)] if filters.due_soon else []
    if not wanted:
        return [] if body is None else [exists().where(LEG.c.case_id == CASE.c.id, LEG.c.body_id == body)]
    clock = exists().where(CLOCK.c.case_id == CASE.c.id, or_(*wanted))
    if body is not None:
        clock = clock.where(CLOCK.c.body_id.is_(None) if body == DESK else CLOCK.c.body_id == body)
    return [clock]
