"""Lists for other systems: a channel's complaints, a body's cases; the newest registered first, paged by id.

Ids sort by the time they were made, so that a page costs the same wherever it begins and nothing is skipped when
something new arrives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hotline.store.lines import CaseLine, case_line_of, case_lines
from hotline.store.tables import CASE, COMPLAINT, EVENT, LEG

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select
    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed by, and where the page begins."""

    state: str | None = None
    category: str | None = None
    kind: str | None = None
    updated_since: datetime | None = None
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A case in a list, when it last changed, and of a channel's list the complaint and its own key."""

    line: CaseLine
    updated_at: datetime
    complaint_id: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class ListedPage:
    """Some lines, and the id after which the next page begins, None on the last one."""

    lines: tuple[Listed, ...]
    next: str | None


def cases_of_body(session: Session, body_id: str, wanted: Wanted) -> ListedPage:
    """Cases in which the body has, or had, a leg."""
    key = LEG.c.case_id
    found = select(key).select_from(LEG.join(CASE, CASE.c.id == key)).where(LEG.c.body_id == body_id).distinct()
    if wanted.after is not None:
        found = found.where(key < wanted.after)
    ids = list(session.execute(_narrowed(found, wanted).order_by(key.desc()).limit(wanted.limit + 1)).scalars())
    shown = ids[: wanted.limit]
    by_id = {each.line.case_id: each for each in _listed(session, CASE.c.id.in_(shown))}
    return ListedPage(tuple(by_id[case_id] for case_id in shown), shown[-1] if len(ids) > wanted.limit else None)


def complaints_of_channel(session: Session, office_id: str, channel: str, wanted: Wanted) -> ListedPage:
    """Complaints that this channel of this office brought, each with its case."""
    key = COMPLAINT.c.id
    own = (COMPLAINT.c.office_id == office_id, COMPLAINT.c.channel == channel)
    found = select(key, COMPLAINT.c.case_id, COMPLAINT.c.external_id)
    found = found.select_from(COMPLAINT.join(CASE, CASE.c.id == COMPLAINT.c.case_id)).where(*own)
    if wanted.after is not None:
        found = found.where(key < wanted.after)
    rows = session.execute(_narrowed(found, wanted).order_by(key.desc()).limit(wanted.limit + 1)).all()
    shown = rows[: wanted.limit]
    by_id = {each.line.case_id: each for each in _listed(session, CASE.c.id.in_([row.case_id for row in shown]))}
    lines = tuple(
        Listed(by_id[row.case_id].line, by_id[row.case_id].updated_at, row.id, row.external_id) for row in shown
    )
    return ListedPage(lines, shown[-1].id if len(rows) > wanted.limit else None)


def updated_at(session: Session, case_id: str) -> datetime | None:
    """When the case last changed: its last event."""
    found = select(EVENT.c.recorded_at).select_from(_LAST).where(CASE.c.id == case_id)
    moment: datetime | None = session.execute(found).scalar()
    return moment


_LAST = CASE.join(EVENT, (EVENT.c.stream == CASE.c.id) & (EVENT.c.seq == CASE.c.seq))


def _narrowed(statement: Select[Any], wanted: Wanted) -> Select[Any]:
    for name in ("state", "category", "kind"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(CASE.c[name] == value)
    if wanted.updated_since is not None:
        last = (EVENT.c.stream == CASE.c.id) & (EVENT.c.seq == CASE.c.seq)
        statement = statement.where(
            select(EVENT.c.id).where(last, EVENT.c.recorded_at >= wanted.updated_since).exists()
        )
    return statement


def _listed(session: Session, condition: Any) -> list[Listed]:  # noqa: ANN401 - a condition of SQLAlchemy.
    last = (EVENT.c.stream == CASE.c.id) & (EVENT.c.seq == CASE.c.seq)
    statement = case_lines().add_columns(EVENT.c.recorded_at.label("updated_at")).join(EVENT, last).where(condition)
    return [Listed(case_line_of(row), row.updated_at) for row in session.execute(statement)]
