"""可能涉罪: the rules that cases meet or come near to, kept with the decision that made them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select

from hotline.casework.crime_flag import CrimeFlag
from hotline.store.codec import plain, restore
from hotline.store.dialect import among_given, is_postgresql
from hotline.store.kept import ask
from hotline.store.tables import CASE_FLAG, COMPLAINT

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlmodel import Session


def save_flags(session: Session, case_id: str, flags: Sequence[CrimeFlag]) -> None:
    """Write the flags of a case in place of those it had."""
    session.execute(delete(CASE_FLAG).where(CASE_FLAG.c.case_id == case_id))
    rows = flag_rows(case_id, flags)
    if rows:
        session.execute(insert(CASE_FLAG), rows)


def flag_rows(case_id: str, flags: Sequence[CrimeFlag]) -> list[dict[str, Any]]:
    """The rows of a case's flags."""
    return [
        {"case_id": case_id, "rule": flag.rule, "level": flag.level, "mark": flag.mark, "body": plain(flag)}
        for flag in flags
    ]


def flags_of(session: Session, case_id: str) -> tuple[CrimeFlag, ...]:
    """The flags of a case, the gravest first."""
    statement = select(CASE_FLAG.c.body).where(CASE_FLAG.c.case_id == case_id)
    ordered = statement.order_by(CASE_FLAG.c.level.desc(), CASE_FLAG.c.mark, CASE_FLAG.c.rule)
    return tuple(restore(CrimeFlag, body) for body in session.execute(ordered).scalars())


def marks_of(session: Session, case_ids: Collection[str]) -> dict[str, tuple[int, str]]:
    """The gravest mark of each of these cases (level, crime in words), by case id; cases without one are left out."""
    found = session.execute(_MARKS[is_postgresql(session)], {"cases": list(case_ids)})
    return {case_id: (int(mark[0]), mark[1:]) for case_id, mark in found}


_MARKS = {
    on_postgresql: select(CASE_FLAG.c.case_id, func.max(CASE_FLAG.c.mark))
    .where(among_given(CASE_FLAG.c.case_id, "cases", on_postgresql=on_postgresql))
    .group_by(CASE_FLAG.c.case_id)
    for on_postgresql in (False, True)
}


def complaints_against(session: Session, office_id: str, key: str, but: str) -> int:
    """How many other complaints of the office name this respondent (`mapping`'s folded name)."""
    ((count,),) = ask(session, _AGAINST, {"office_id": office_id, "key": key, "but": but})
    return int(count)


_AGAINST = (
    select(func.count())
    .select_from(COMPLAINT)
    .where(
        COMPLAINT.c.office_id == bindparam("office_id"),
        COMPLAINT.c.respondent_key == bindparam("key"),
        COMPLAINT.c.id != bindparam("but"),
    )
)
