"""Complaints found by who called."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.store.dialect import among_given, is_postgresql
from hotline.store.tables import CASE, COMPLAINT, REPORTER

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select
    from sqlmodel import Session

PHONE, ID_NUMBER = "phone", "id_number"
OF_CALLER = 12


def of_caller(session: Session, reason: str, indexes: tuple[str, ...]) -> list[str]:
    """The newest complaints that may be found by who called, with one of these indexes."""
    if not indexes:
        return []
    newest = _newest_of(index_of(reason), on_postgresql=is_postgresql(session))
    return list(session.execute(newest, {"indexes": list(indexes)}).scalars())


@lru_cache(maxsize=4)
def _newest_of(column: str, *, on_postgresql: bool) -> Select[tuple[str]]:
    """This statement and those below are made once: to build one costs more than to run it."""
    wanted = unsealed_reporters().where(among_given(REPORTER.c[column], "indexes", on_postgresql=on_postgresql))
    return wanted.order_by(REPORTER.c.complaint_id.desc()).limit(OF_CALLER)


def unsealed_reporters() -> Select[tuple[str]]:
    """The complaints that may be found by who called (see `found_by_caller`)."""
    cases = REPORTER.join(COMPLAINT, COMPLAINT.c.id == REPORTER.c.complaint_id).join(
        CASE, CASE.c.id == COMPLAINT.c.case_id
    )
    return select(REPORTER.c.complaint_id).select_from(cases).where(found_by_caller())


def found_by_caller() -> ColumnElement[bool]:
    """None that is a 举报, ever was one or was split out of one: see `casework.unsealing.guarded`.

    Otherwise whoever types a number learns whether its owner has informed on somebody, without a second person: also
    by calling the report something else first.
    """
    return CASE.c.protected.is_(False)


def index_of(reason: str) -> str:
    """The column of the blind index by which this reason is found."""
    return "phone_index" if reason == PHONE else "id_index"
