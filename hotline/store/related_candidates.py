"""Complaints that may have to do with another, read to be judged."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hotline.records import Respondent
from hotline.store.dialect import among_given, is_postgresql
from hotline.store.related_callers import found_by_caller
from hotline.store.tables import CASE, COMPLAINT, REPORTER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlmodel import Session

RESPONDENT, WORDS = "respondent", "words"
BY_CALLER = "by_caller"


def read_candidates(session: Session, ids: set[str]) -> list[Mapping[Any, Any]]:
    """The candidates with what they are judged by."""
    if not ids:
        return []
    statement = _candidates(on_postgresql=is_postgresql(session))
    return list(session.execute(statement, {"ids": list(ids)}).mappings())


@lru_cache(maxsize=2)
def _candidates(*, on_postgresql: bool) -> Select[Any]:
    respondent = (COMPLAINT.c[f"respondent_{name}"].label(name) for name in Respondent.__dataclass_fields__)
    return (
        select(
            *(COMPLAINT.c[name] for name in ("id", "case_id", "office_id", "masked_text")),
            CASE.c.kind,
            found_by_caller().label(BY_CALLER),
            *respondent,
            REPORTER.c.phone_index,
            REPORTER.c.id_index,
        )
        .select_from(
            COMPLAINT.join(REPORTER, REPORTER.c.complaint_id == COMPLAINT.c.id).join(
                CASE, CASE.c.id == COMPLAINT.c.case_id
            )
        )
        .where(among_given(COMPLAINT.c.id, "ids", on_postgresql=on_postgresql))
    )
