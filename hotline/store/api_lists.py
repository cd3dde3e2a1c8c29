"""Lists for other systems: a channel's complaints, a body's cases.

A plain list has the newest registered first, paged by id: ids sort by the time they were made, so that a page costs the
same wherever it begins and nothing is skipped when something new arrives. What changed since a moment comes in the
order of the changes, the earliest first, from an index: what changes meanwhile moves to the end and is met there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hotline.errors import InvalidInputError
from hotline.store.lines import CaseLine, case_line_of, case_lines
from hotline.store.paging import cursor_of, paged
from hotline.store.tables import CASE, COMPLAINT, LEG

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Column, Row, Select
    from sqlmodel import Session

_ID_LENGTH = 32
_EPOCH, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
WRONG_PAGE = "翻页位置不是这个查询的，请不写 after，从第一页重新翻"


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
    """Cases in which the body has, or had, a leg.

    Raises:
        InvalidInputError: The cursor is none of this list.
    """
    key = LEG.c.case_id
    found = select(key.label("case_id")).select_from(LEG.join(CASE, CASE.c.id == key)).where(LEG.c.body_id == body_id)
    rows, following = _page(session, found.distinct(), wanted, key=key, changed=LEG.c.changed_at)
    known = _lines(session, rows)
    return ListedPage(tuple(known[row.case_id] for row in rows), following)


def complaints_of_channel(session: Session, office_id: str, channel: str, wanted: Wanted) -> ListedPage:
    """Complaints that this channel of this office brought, each with its case.

    Raises:
        InvalidInputError: The cursor is none of this list.
    """
    key = COMPLAINT.c.id
    own = (COMPLAINT.c.office_id == office_id, COMPLAINT.c.channel == channel)
    if wanted.updated_since is not None:
        own = (CASE.c.office_id == office_id, CASE.c.channel == channel)
    found = select(key.label("complaint_id"), COMPLAINT.c.case_id, COMPLAINT.c.external_id)
    found = found.select_from(COMPLAINT.join(CASE, CASE.c.complaint_id == key)).where(*own)
    changed: Column[Any] = CASE.c.changed_at
    rows, following = _page(session, found, wanted, key=key, changed=changed)
    known = _lines(session, rows)
    lines = tuple(
        Listed(known[row.case_id].line, known[row.case_id].updated_at, row.complaint_id, row.external_id)
        for row in rows
    )
    return ListedPage(lines, following)


def updated_at(session: Session, case_id: str) -> datetime | None:
    """When the case last changed: its last event."""
    moment: datetime | None = session.execute(select(CASE.c.changed_at).where(CASE.c.id == case_id)).scalar()
    return moment


def _page(
    session: Session, found: Select[Any], wanted: Wanted, *, key: Column[Any], changed: Column[Any]
) -> tuple[Sequence[Row[Any]], str | None]:
    """The rows of one page, and where the next begins."""
    for name in ("state", "category", "kind"):
        value = getattr(wanted, name)
        if value is not None:
            found = found.where(CASE.c[name] == value)
    if wanted.updated_since is not None:
        since = found.where(changed >= wanted.updated_since)
        after = None if wanted.after is None else cursor_of(*_moment_of(wanted.after))
        page = paged(session, since, lambda row: row, moment=changed, key=key, after=after, limit=wanted.limit)
        last = page.lines[-1] if page.next is not None else None
        return page.lines, last and _cursor(last.cursor_moment, last.cursor_key)
    if wanted.after is not None:
        if len(wanted.after) != _ID_LENGTH:
            raise InvalidInputError(WRONG_PAGE, after=WRONG_PAGE)
        found = found.where(key < wanted.after)
    named = found.add_columns(key.label("cursor_key"))
    rows = session.execute(named.order_by(key.desc()).limit(wanted.limit + 1)).all()
    shown = rows[: wanted.limit]
    return shown, shown[-1].cursor_key if len(rows) > wanted.limit else None


def _cursor(moment: datetime, key: str) -> str:
    """The id after its moment in microseconds: plain hex, so that nobody has to encode it for an address."""
    return f"{(moment - _EPOCH) // _TICK:016x}{key}"


def _moment_of(cursor: str) -> tuple[datetime, str]:
    """What `_cursor` made.

    Raises:
        InvalidInputError: It is the cursor of a list in another order, or none.
    """
    moment, key = cursor[:-_ID_LENGTH], cursor[-_ID_LENGTH:]
    try:
        return _EPOCH + int(moment, 16) * _TICK, key
    except (ValueError, OverflowError):
        raise InvalidInputError(WRONG_PAGE, after=WRONG_PAGE) from None


def _lines(session: Session, rows: Sequence[Row[Any]]) -> Mapping[str, Listed]:
    """The cases of these rows, by id."""
    wanted = CASE.c.id.in_([row.case_id for row in rows])
    statement = case_lines().add_columns(CASE.c.changed_at.label("updated_at")).where(wanted)
    found = [Listed(case_line_of(row), row.updated_at) for row in session.execute(statement)]
    return {each.line.case_id: each for each in found}
