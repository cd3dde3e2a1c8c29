"""Lists page by page: each begins behind the last line's key and costs the same, however far one has gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import Integer, and_, bindparam, or_

from hotline.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import ColumnElement, Row, Select
    from sqlmodel import Session

L = TypeVar("L")
PAGE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[L]):
    """Some lines and the cursor of those that follow, None on the last page."""

    lines: tuple[L, ...]
    next: str | None


def paged(
    session: Session,
    statement: Select[Any],
    read: Callable[[Row[Any]], L],
    *,
    moment: ColumnElement[Any],
    key: ColumnElement[Any],
    after: str | None,
    limit: int,
    newest_first: bool = False,
) -> Page[L]:
    """One page in the order of (moment, key), beginning after the cursor; it costs the same on every page.

    Raises:
        InvalidInputError: The cursor is none of ours.
    """
    made = page_statement(statement, moment=moment, key=key, beyond=after is not None, newest_first=newest_first)
    return read_page(session, made, read, after=after, limit=limit)


def page_statement(
    statement: Select[Any], *, moment: ColumnElement[Any], key: ColumnElement[Any], beyond: bool, newest_first: bool
) -> Select[Any]:
    """The statement of one page, the first or one `beyond` a cursor; it may be kept, as its values are parameters."""
    if beyond:
        at, last = bindparam("cursor_at", type_=moment.type), bindparam("cursor_last", type_=key.type)
        farther = (moment < at, key < last) if newest_first else (moment > at, key > last)
        # Said twice, so that the index is entered at the moment and not only filtered by it.
        edge = moment <= at if newest_first else moment >= at
        statement = statement.where(edge, or_(farther[0], and_(moment == at, farther[1])))
    order = (moment.desc(), key.desc()) if newest_first else (moment, key)
    named = statement.add_columns(moment.label("cursor_moment"), key.label("cursor_key"))
    return named.order_by(*order).limit(bindparam("most_lines", type_=Integer))


def read_page(
    session: Session,
    statement: Select[Any],
    read: Callable[[Row[Any]], L],
    *,
    after: str | None,
    limit: int,
    given: Mapping[str, object] | None = None,
) -> Page[L]:
    """Run what `page_statement` made, with the statement's own parameters.

    Raises:
        InvalidInputError: The cursor is none of ours.
    """
    values: dict[str, object] = {**(given or {}), "most_lines": limit + 1}
    if after is not None:
        values["cursor_at"], values["cursor_last"] = _cursor(after)
    rows = session.execute(statement, values).all()
    lines = tuple(read(row) for row in rows[:limit])
    if len(rows) <= limit:
        return Page(lines, None)
    last_row = rows[limit - 1]
    return Page(lines, cursor_of(last_row.cursor_moment, last_row.cursor_key))


def cursor_of(moment: datetime, key: str) -> str:
    """The cursor that a page beginning after this line takes."""
    return f"{moment.isoformat()}~{key}"


def _cursor(text: str) -> tuple[datetime, str]:
    moment, _, key = text.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or not key:
        message = "翻页位置无效，请回到第一页重新翻。"
        raise InvalidInputError(message, after="翻页位置无效")
    return at, key
