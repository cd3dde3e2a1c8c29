"""The daily list to each agency: its deadlines that fall on a day, and those that have passed before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.casework.day_bounds import end_of
from hotline.reports.clock_conditions import no_window
from hotline.reports.labels import deadline, moment, term
from hotline.reports.tables import Table
from hotline.store.figures import running_condition
from hotline.store.tables import CASE, CLOCK, COMPLAINT

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlmodel import Session

    from hotline.reports.labels import Labels

MOST = 2_000


@dataclass(frozen=True, slots=True)
class DueLine:
    """One running clock of the body. The respondent is for the body's own page and goes into no file or mail."""

    case_id: str
    number: str
    office_id: str
    kind: str
    category: str
    respondent: str
    policy: str
    statutory: bool
    due_at: datetime
    breach_at: datetime


def due_list(session: Session, body: str, day: date) -> tuple[DueLine, ...]:
    """What this body has to do by the end of a day: due that day or overdue, the oldest first, at most `MOST`."""
    names = ("case_id", "office_id", "policy", "statutory", "due_at", "breach_at")
    of_case = (CASE.c.number, CASE.c.kind, CASE.c.category, COMPLAINT.c.respondent_name.label("respondent"))
    columns = (*(CLOCK.c[name] for name in names), *of_case)
    statement = (
        select(*columns)
        .select_from(
            CLOCK.join(CASE, CASE.c.id == CLOCK.c.case_id).join(COMPLAINT, COMPLAINT.c.id == CASE.c.complaint_id)
        )
        .where(CLOCK.c.body_id == body, running_condition(), no_window(), CLOCK.c.due_at <= end_of(day))
        .order_by(CLOCK.c.due_at, CLOCK.c.id)
        .limit(MOST)
    )
    return tuple(DueLine(**row) for row in session.execute(statement).mappings())


def due_table(lines: tuple[DueLine, ...], labels: Labels, body: str, day: date, now: datetime) -> Table:
    """The list as a table for files and mail."""
    rows = tuple(
        (
            line.number,
            term(line.kind),
            labels.category(line.category),
            labels.policy(line.policy),
            "法定" if line.statutory else "热线",
            deadline(line.due_at),
            "已逾期" if line.breach_at < now else "未到期",
        )
        for line in lines
    )
    note = f"{labels.body(body)}，{day.isoformat()} 当日到期和此前已逾期的时限；生成于 {moment(now)}。不含个人信息。"
    return Table("到期清单", ("编号", "性质", "类别", "时限", "种类", "截止", "情况"), rows, (note,))
