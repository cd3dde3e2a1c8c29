"""Lists of cases behind any figure: filtered, page by page, in words, and as files without personal data."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from flask import Response, render_template, request, url_for

from hotline.casework.holding import Part
from hotline.errors import InvalidInputError
from hotline.intake.channels import load_channels
from hotline.moments import SHANGHAI, local_date
from hotline.reports.addresses import from_query, to_query
from hotline.reports.cases import (
    case_page,
    clocks_behind,
    count_cases,
    count_clocks,
    count_matters,
    every_case,
    policies_met,
)
from hotline.reports.exports import MAX_ROWS, case_table
from hotline.reports.figure_words import DESK, ClockState
from hotline.reports.labels import in_words
from hotline.reports.selection import Selection
from hotline.reports.tables import to_csv, to_xlsx
from hotline.store.crime_marks import marks_of
from hotline.store.focus_marks import focus_codes
from hotline.store.merging import merged_groups
from hotline.vocabulary import CaseState, Kind, Role
from hotline.web.access import roles
from hotline.web.context import account, actor, now, services
from hotline.web.supervisors.room import blueprint, cases_url, labels

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from flask.typing import ResponseReturnValue

    from hotline.reports.tables import Table

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/cases")
@roles(Role.SUPERVISOR)
def cases() -> ResponseReturnValue:
    """One page of the list; a filter that cannot be read shows the form again with what is wrong."""
    try:
        chosen = from_query(request.args)
    except InvalidInputError as error:
        return _page(Selection(), error.message, error.fields), 422
    return _page(chosen, "", {})


@blueprint.get("/export.csv")
@roles(Role.SUPERVISOR)
def export_csv() -> Response:
    """The same list as CSV."""
    return attachment(to_csv(_table()), CSV_TYPE, "csv", "cases")


@blueprint.get("/export.xlsx")
@roles(Role.SUPERVISOR)
def export_xlsx() -> Response:
    """The same list as XLSX."""
    return attachment(to_xlsx([_table()]), XLSX_TYPE, "xlsx", "cases")


def attachment(content: bytes, media_type: str, ending: str, name: str) -> Response:
    """A file to save, named by the moment it was made."""
    stamp = f"{now().astimezone(SHANGHAI):%Y%m%d-%H%M}"
    headers = {"Content-Disposition": f"attachment; filename={name}-{stamp}.{ending}"}
    return Response(content, headers=headers, mimetype=None, content_type=media_type)


def _page(chosen: Selection, problem: str, errors: dict[str, str]) -> str:
    query: dict[str, Any] = {**to_query(chosen)}
    with services().read() as store:
        total = count_cases(store.session, actor(), chosen, now())
        of_clocks = count_clocks(store.session, actor(), chosen, now()) if chosen.of_clocks else None
        page = case_page(store.session, actor(), chosen, now(), after=request.args.get("after") or None)
        clocks = clocks_behind(store.session, [line.case_id for line in page.lines], chosen, now())
        marks = marks_of(store.session, [line.case_id for line in page.lines])
        groups = merged_groups(store.session, actor(), [line.case_id for line in page.lines])
        matters = count_matters(store.session, actor(), chosen, now(), total)
        focuses = focus_codes(store.session, account().office_id)
        met = policies_met(store.session, account().office_id)
    return render_template(
        "supervisors/cases.html",
        chosen=chosen,
        words=in_words(chosen, labels()),
        total=total,
        of_clocks=of_clocks,
        lines=page.lines,
        marks=marks,
        groups=groups,
        matters=matters,
        clocks=clocks,
        following=url_for("supervisors.cases", **query, after=page.next) if page.next else None,
        query=query,
        here=cases_url(chosen),
        choices=_choices(focuses) | {"policy": _clocks(met)},
        typed=request.args,
        problem=problem,
        errors=errors,
    )


def _choices(focuses: Iterable[tuple[str, str, str]]) -> dict[str, list[tuple[str, str]]]:
    """What the filter offers: bodies of the office's place that exist today and the desk; focuses that cases have."""
    book, region, today = services().rulebook, services().office(account().office_id).region, local_date(now())
    bodies = [
        (body.id, body.name) for body in book.directory.bodies.values() if body.region == region and body.exists(today)
    ]
    return {
        "cause": [(str(part), part.label) for part in Part],
        "clock": [(str(state), f"时限{state.label}") for state in ClockState],
        "body": [*bodies, (DESK, labels().body(DESK))],
        "category": [(each.code, each.name) for each in book.taxonomy.categories.values()],
        "channel": [(each.code, each.name) for each in load_channels().values()],
        "focus": [(code, f"{name}（{labels().plan(plan)}）") for code, plan, name in focuses],
        "kind": [(str(kind), kind.label) for kind in Kind],
        "state": [(str(state), state.label) for state in CaseState],
    }


def _clocks(met: Collection[str]) -> list[tuple[str, str]]:
    """Clocks by title, the hotline's own first; two laws' clocks of one title also show their code."""
    policies = services().rulebook.policies
    found = {each.id: each for each in policies if each.id in met and not each.window}
    shared = Counter(each.title for each in found.values())
    ordered = sorted(found.values(), key=lambda each: (each.statutory, each.title, each.id))
    return [(each.id, f"{each.title}（{each.id}）" if shared[each.title] > 1 else each.title) for each in ordered]


def _table() -> Table:
    chosen = from_query(request.args)
    with services().read() as store:
        if count_cases(store.session, actor(), chosen, now()) > MAX_ROWS:
            message = f"符合条件的工单超过 {MAX_ROWS} 件，请缩小日期范围后再导出。"
            raise InvalidInputError(message, to="请缩小范围")
        lines = tuple(every_case(store.session, actor(), chosen, now()))
        clocks = {}
        for start in range(0, len(lines), 500):
            some = [line.case_id for line in lines[start : start + 500]]
            clocks.update(clocks_behind(store.session, some, chosen, now()))
    return case_table(lines, clocks, chosen, labels(), now())
