"""The weekly report on a page and as files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from flask import render_template, request

from hotline.errors import InvalidInputError
from hotline.moments import local_date
from hotline.reports.selection import Figure
from hotline.reports.tables import to_csv, to_xlsx
from hotline.reports.weekly import ONE_DAY, week_of, weekly_report
from hotline.reports.weekly_paper import NOTES, duty_table, summary, weekly_docx, weekly_table
from hotline.vocabulary import Role
from hotline.web.access import roles
from hotline.web.context import account, now, services
from hotline.web.supervisors.listing import CSV_TYPE, XLSX_TYPE, attachment
from hotline.web.supervisors.room import blueprint, cases_url, labels

if TYPE_CHECKING:
    from flask import Response

    from hotline.reports.weekly import Period, WeeklyReport

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/weekly")
@roles(Role.SUPERVISOR)
def weekly() -> str:
    """The report of one week, with links to the weeks around it."""
    report = _report()
    following = week_of(report.period.until + ONE_DAY)
    return render_template(
        "supervisors/weekly.html",
        report=report,
        figures=tuple(Figure),
        labels=labels(),
        cases_url=cases_url,
        summary=summary(report),
        notes=NOTES,
        before=report.period.before(),
        following=following if following.since <= local_date(now()) else None,
    )


@blueprint.get("/weekly.docx")
@roles(Role.SUPERVISOR)
def weekly_word() -> Response:
    """The report as a Word document."""
    return attachment(weekly_docx(_report(), labels()), DOCX_TYPE, "docx", "weekly")


@blueprint.get("/weekly.xlsx")
@roles(Role.SUPERVISOR)
def weekly_sheet() -> Response:
    """The report as a workbook."""
    report = _report()
    tables = [weekly_table(report, labels())] + ([duty_table(report, labels())] if report.duties else [])
    return attachment(to_xlsx(tables), XLSX_TYPE, "xlsx", "weekly")


@blueprint.get("/weekly.csv")
@roles(Role.SUPERVISOR)
def weekly_text() -> Response:
    """The figures as CSV."""
    return attachment(to_csv(weekly_table(_report(), labels())), CSV_TYPE, "csv", "weekly")


def _report() -> WeeklyReport:
    with services().read() as store:
        office = services().office(account().office_id)
        book = services().rulebook
        rules = replace(book, plans=book.plans_on(local_date(now()), office.id))
        return weekly_report(store.session, office, rules, now(), _week())


def _week() -> Period:
    """The week that holds the day asked for, by default the present one.

    Raises:
        InvalidInputError: The day cannot be read.
    """
    typed = request.args.get("week", "").strip()
    if not typed:
        return week_of(local_date(now()))
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = date.min
    if not date(1990, 1, 1) <= day <= local_date(now()):
        message = "周报的日期无法识别或在将来，请写成 2026-11-16 的样子。"
        raise InvalidInputError(message, week="日期无效")
    return week_of(day)
