"""Lines of lists: a case, or one body's stretch of it, as a small frozen row, and paging by the last line's key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import Integer, and_, bindparam, false, func, or_, select, true

from hotline.errors import InvalidInputError
from hotline.store.tables import BODY, CASE, COMPLAINT, LEG
from hotline.store.types import FAR
from hotline.vocabulary import AGENCY_ROLES, DESK_ROLES, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import ColumnElement, Row, Select
    from sqlmodel import Session

    from hotline.records import Actor

L = TypeVar("L")
PAGE = 50
SUMMARY_CHARACTERS = 160


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list. `summary` is the beginning of the masked text; `due_at` the nearest running deadline."""

    case_id: str
    number: str
    office_id: str
    complaint_id: str
    state: str
    kind: str
    urgency: str
    channel: str
    category: str
    setting: str
    needs_review: bool
    doubt: str
    plan: str | None
    clause: str | None
    silent: bool
    supervised: bool
    returns: int
    lead_body_id: str | None
    lead_name: str | None
    respondent: str
    summary: str
    received_at: datetime
    closed_at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class LegLine:
    """A leg in its body's queue, with its case."""

    leg_id: str
    role: str
    state: str
    opened_at: datetime
    signed_at: datetime | None
    closed_at: datetime | None
    suspended: bool
    due_at: datetime | None
    case: CaseLine


@dataclass(frozen=True, slots=True)
class Page(Generic[L]):
    """Some lines and the cursor of those that follow, None on the last page."""

    lines: tuple[L, ...]
    next: str | None


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """The condition on `case_file` that the actor may see it: `casework.privacy.visible`, said to the database."""
    if actor.role is Role.SYSTEM:
        return true()
    if actor.role in DESK_ROLES:
        return CASE.c.office_id == actor.office_id
    if actor.role in AGENCY_ROLES and actor.body_id is not None:
        return CASE.c.id.in_(select(LEG.c.case_id).where(LEG.c.body_id == actor.body_id))
    return false()


SUMMARY = func.substr(COMPLAINT.c.masked_text, 1, SUMMARY_CHARACTERS + 1).label("summary")
"""What `cut` is given; one character more than is shown tells that there are more."""
_LINE = (
    CASE.c.id.label("case_id"),
    CASE.c.number,
    CASE.c.office_id,
    CASE.c.complaint_id,
    CASE.c.state,
    CASE.c.kind,
    CASE.c.urgency,
    CASE.c.channel,
    CASE.c.category,
    CASE.c.setting,
    CASE.c.needs_review,
    CASE.c.doubt,
    CASE.c.plan,
    CASE.c.clause,
    CASE.c.silent,
    CASE.c.supervised,
    CASE.c.returns,
    CASE.c.lead_body_id,
    BODY.c.name.label("lead_name"),
    COMPLAINT.c.respondent_name.label("respondent"),
    SUMMARY,
    CASE.c.received_at,
    CASE.c.closed_at,
    CASE.c.due_at,
)
_CASE_COLUMNS = len(_LINE)
_CASES = CASE.join(COMPLAINT, COMPLAINT.c.id == CASE.c.complaint_id).outerjoin(BODY, BODY.c.id == CASE.c.lead_body_id)
_LEG_COLUMNS = (
    LEG.c.id.label("leg_id"),
    *(LEG.c[name].label(f"leg_{name}") for name in ("role", "state", "opened_at", "signed_at", "closed_at")),
    *(LEG.c[name].label(f"leg_{name}") for name in ("suspended", "due_at")),
)


def case_lines() -> Select[Any]:
    """The select of case lines, to be narrowed and ordered."""
    return select(*_LINE).select_from(_CASES)


def leg_lines() -> Select[Any]:
    """The select of leg lines, to be narrowed and ordered."""
    return select(*_LEG_COLUMNS, *_LINE).select_from(LEG.join(_CASES, CASE.c.id == LEG.c.case_id))


def read_cases(session: Session, statement: Select[Any]) -> tuple[CaseLine, ...]:
    """Run a select of case lines."""
    return tuple(case_line_of(row) for row in session.execute(statement))


def case_line_of(row: Row[Any]) -> CaseLine:
    """A case line from a row of `case_lines`, whose first columns stand in the order of the fields."""
    return _case_line(row[:_CASE_COLUMNS])


def leg_line_of(row: Row[Any]) -> LegLine:
    """A leg line from a row of `leg_lines`."""
    own = row[: len(_LEG_COLUMNS)]
    case = _case_line(row[len(_LEG_COLUMNS) : len(_LEG_COLUMNS) + _CASE_COLUMNS])
    values: list[Any] = [*own[:-1], near(own[-1]), case]
    return LegLine(*values)


def _case_line(row: tuple[Any, ...]) -> CaseLine:
    summary, received_at, closed_at, due_at = row[-4:]
    values: list[Any] = [*row[:-4], cut(summary), received_at, closed_at, near(due_at)]
    return CaseLine(*values)


def cut(summary: str) -> str:
    """The beginning of a text as a list shows it."""
    return summary if len(summary) <= SUMMARY_CHARACTERS else summary[: SUMMARY_CHARACTERS - 1] + "…"


def near(due_at: datetime) -> datetime | None:
    """A deadline as people read it: None where the ordering column says that there is none."""
    return None if due_at == FAR else due_at


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
