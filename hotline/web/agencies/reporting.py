"""The agency's own reports: what is due (page and CSV), and its submission of the week with figures filled in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Response, flash, redirect, render_template, request, url_for

from hotline.casework.policy_file import load_policies
from hotline.errors import HotlineError, InvalidInputError
from hotline.moments import local_date
from hotline.reports.addresses import from_query, to_query
from hotline.reports.cases import case_page, count_cases
from hotline.reports.due import due_list, due_table
from hotline.reports.figure_words import Figure
from hotline.reports.labels import Labels, in_words
from hotline.reports.submitting import standings
from hotline.reports.tables import to_csv
from hotline.reports.weekly import weekly_report
from hotline.store.notices import Notice, add_notices
from hotline.store.submissions import LONGEST, SubmissionKind, submissions, submit
from hotline.vocabulary import Role
from hotline.web.access import AGENCY, roles
from hotline.web.agencies.room import blueprint, own_body
from hotline.web.context import account, actor, now, services
from hotline.web.errors import STATUS
from hotline.web.weeks import rules_of, week_asked

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.reports.selection import Selection


@blueprint.get("/due")
@roles(*AGENCY)
def due() -> str:
    """The body's deadlines of today and those that have passed."""
    with services().read() as store:
        lines = due_list(store.session, own_body(), local_date(now()))
    policies = {policy.id: policy.title for policy in load_policies()}
    return render_template("agencies/due.html", lines=lines, day=local_date(now()), policies=policies, now=now())


@blueprint.get("/due.csv")
@roles(*AGENCY)
def due_csv() -> Response:
    """The same list as CSV."""
    day, body = local_date(now()), own_body()
    with services().read() as store:
        lines = due_list(store.session, body, day)
    table = due_table(lines, Labels(services().rulebook), body, day, now())
    headers = {"Content-Disposition": f"attachment; filename=due-{day.isoformat()}.csv"}
    return Response(to_csv(table), headers=headers, content_type="text/csv; charset=utf-8")


@blueprint.get("/figure")
@roles(*AGENCY)
def figure() -> str:
    """The cases behind one of the body's own figures; the body is always the reader's."""
    chosen = _own(from_query(request.args))
    query: dict[str, str] = to_query(chosen)
    with services().read() as store:
        total = count_cases(store.session, actor(), chosen, now())
        page = case_page(store.session, actor(), chosen, now(), after=request.args.get("after") or None)
    words = in_words(chosen, Labels(services().rulebook))
    following = url_for("agencies.figure", **query, after=page.next) if page.next else None  # type: ignore[arg-type]  # Names of parameters are ours.
    return render_template("agencies/figure.html", lines=page.lines, total=total, words=words, following=following)


@blueprint.get("/weekly")
@roles(*AGENCY)
def weekly() -> str:
    """The submission of one week: the body's figures beside last week's, what it has submitted, and the form."""
    return _weekly("", {}, "")


@blueprint.post("/weekly")
@roles(*AGENCY)
def send_weekly() -> ResponseReturnValue:
    """Submit the week's report, or an urgent matter at any time; the office is told of the latter at once."""
    urgent = request.form.get("kind") == SubmissionKind.URGENT
    kind = SubmissionKind.URGENT if urgent else SubmissionKind.WEEKLY
    text, office_id = request.form.get("text", ""), account().office_id
    try:
        with services().write() as store:
            sent = submit(store, office_id, week_asked().since, kind, text, by=actor(), now=now(), body_id=own_body())
            if urgent:
                to = Notice(
                    "submission", f"submission:urgent:{own_body()}", office_id=office_id, role=str(Role.SUPERVISOR)
                )
                add_notices(store.session, [replace(to, dedupe=f"submission|{sent}")], now())
    except InvalidInputError as error:
        return _weekly(error.message, error.fields, text), STATUS[type(error)]
    except HotlineError as error:
        return _weekly(error.message, {}, text), STATUS[type(error)]
    flash(f"{kind.label}已报送。")
    return redirect(url_for("agencies.weekly", week=week_asked().since.isoformat()))


def _weekly(problem: str, errors: dict[str, str], typed: str) -> str:
    office, body, period = services().office(account().office_id), own_body(), week_asked()
    rules = rules_of(office.id)
    with services().read() as store:
        report = weekly_report(store.session, office, rules, now(), period)
        hour, calendar = services().settings.office_weekly, services().rulebook.calendar
        owed = standings(store.session, office, rules, calendar, period, office_due=hour)
        sent = submissions(store.session, store.keyring, office.id, period.since, period.since)
    row = next((row for row in report.rows if row.body == body), None)
    return render_template(
        "agencies/weekly.html",
        period=period,
        before=period.before(),
        row=row,
        figures=tuple(Figure),
        owed=next((each for each in owed if each.body_id == body), None),
        sent=[each for each in sent if each.body_id == body],
        problem=problem,
        errors=errors,
        typed=typed,
        longest=LONGEST,
        now=now(),
        figure_url=_figure_url,
    )


def _figure_url(selection: Selection) -> str:
    query = {name: value for name, value in to_query(selection).items() if name != "body"}
    return url_for("agencies.figure", **query)  # type: ignore[arg-type]  # Names of parameters are ours.


def _own(chosen: Selection) -> Selection:
    return replace(chosen, body=own_body())
