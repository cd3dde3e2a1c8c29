"""The reports of a week, a month or a year, on a page and as files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.errors import InvalidInputError
from hotline.moments import local_date
from hotline.reports.annex import annex, linker
from hotline.reports.figure_words import Figure
from hotline.reports.rates import DEFINITIONS, rate_selections, rates_of
from hotline.reports.rates_paper import rates_table
from hotline.reports.report_period import ONE_DAY
from hotline.reports.submitting import recipients, standings
from hotline.reports.tables import to_csv, to_xlsx
from hotline.reports.weekly import weekly_report
from hotline.reports.weekly_paper import weekly_docx
from hotline.reports.weekly_tables import NOTES, duty_table, weekly_table
from hotline.reports.weekly_words import period_word, summary
from hotline.store.submissions import SubmissionKind, submissions, submit
from hotline.vocabulary import Role
from hotline.web.access import roles
from hotline.web.context import account, actor, now, services
from hotline.web.supervisors.listing import CSV_TYPE, XLSX_TYPE, attachment
from hotline.web.supervisors.room import blueprint, cases_url, labels
from hotline.web.weeks import SPANS, period_asked, rules_of, span_asked, week_asked

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

    from hotline.reports.rates import TwoPeriods
    from hotline.reports.submitting import Standing
    from hotline.reports.tables import Table
    from hotline.reports.weekly import WeeklyReport
    from hotline.store.submissions import Submission

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/weekly")
@roles(Role.SUPERVISOR)
def weekly() -> str:
    """The report of one week, month or year, with links to the periods around it."""
    report, span = _report(), span_asked()
    following = SPANS[span](report.period.until + ONE_DAY)
    owed, sent = _sent(report)
    rates = _rates(report)
    return render_template(
        "supervisors/weekly.html",
        report=report,
        span=span,
        word=period_word(report),
        owed=owed,
        sent=sent,
        rates=rates.this,
        rates_before={each.body_id: each for each in rates.last},
        definitions=DEFINITIONS,
        rate_selections=rate_selections,
        now=now(),
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
    report = _report()
    link = linker(services().settings.base_url, report.made_at)
    lists: tuple[Table, ...] = ()
    if link is None:
        with services().read() as store:
            lists = annex(store.session, report, labels())
    paper = weekly_docx(report, labels(), _sent(report)[1], _rates(report), link=link, lists=lists)
    return attachment(paper, DOCX_TYPE, "docx", _file_name())


@blueprint.get("/weekly.xlsx")
@roles(Role.SUPERVISOR)
def weekly_sheet() -> Response:
    """The report as a workbook."""
    report = _report()
    tables = [weekly_table(report, labels()), rates_table(_rates(report), labels())]
    tables += [duty_table(report, labels())] if report.duties else []
    return attachment(to_xlsx(tables), XLSX_TYPE, "xlsx", _file_name())


@blueprint.get("/weekly.csv")
@roles(Role.SUPERVISOR)
def weekly_text() -> Response:
    """The figures as CSV."""
    return attachment(to_csv(weekly_table(_report(), labels())), CSV_TYPE, "csv", _file_name())


@blueprint.post("/weekly")
@roles(Role.SUPERVISOR)
def send_weekly() -> ResponseReturnValue:
    """Note that the office has submitted the week's report to one of its recipients."""
    office, period = services().office(account().office_id), week_asked()
    to = request.form.get("recipient", "")
    if to not in recipients(office, rules_of(office.id)):
        message = "请从列出的收件单位中选择。"
        raise InvalidInputError(message, recipient=message)
    text = request.form.get("text", "").strip() or f"已向{to}报送。"
    with services().write() as store:
        submit(store, office.id, period.since, SubmissionKind.WEEKLY, text, by=actor(), now=now(), recipient=to)
    flash(f"已登记向{to}报送。")
    return redirect(url_for("supervisors.weekly", week=period.since.isoformat()))


def _sent(report: WeeklyReport) -> tuple[tuple[Standing, ...], tuple[Submission, ...]]:
    """Who owes what, and what came, for the report's week; a month or a year is owed by nobody."""
    if span_asked() != "week":
        return (), ()
    office, period = report.office, report.period
    with services().read() as store:
        rules, calendar = rules_of(office.id), services().rulebook.calendar
        hour = services().settings.office_weekly
        owed = standings(store.session, office, rules, calendar, period, office_due=hour)
        return owed, submissions(store.session, store.keyring, office.id, period.since, period.since)


def _report() -> WeeklyReport:
    with services().read() as store:
        office = services().office(account().office_id)
        report = weekly_report(store.session, office, rules_of(office.id), now(), period_asked())
        return report if span_asked() == "week" else replace(report, duties=())


def _file_name() -> str:
    return {"week": "weekly", "month": "monthly", "year": "yearly"}[span_asked()]


def _rates(report: WeeklyReport) -> TwoPeriods:
    with services().read() as store:
        return rates_of(store.session, report)
