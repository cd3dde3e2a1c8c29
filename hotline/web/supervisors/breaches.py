"""The breach cube on a page: agency × clock (and deeper), causes, weeks; each number opens its cases. CSV and XLSX."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Response, render_template, request

from hotline.casework.holding import Part
from hotline.moments import local_date
from hotline.reports.addresses import from_query, to_query
from hotline.reports.breaches import MINIMUM, SIDES, Side, breach_cube, ranked
from hotline.reports.exports import cube_table
from hotline.reports.figure_words import ClockState
from hotline.reports.report_period import ONE_DAY, SEVEN_DAYS, week_of
from hotline.reports.summary import time_by_part
from hotline.reports.tables import to_csv, to_xlsx
from hotline.vocabulary import Role
from hotline.web.access import roles
from hotline.web.charts import Bar, bars
from hotline.web.context import account, now, services
from hotline.web.supervisors.listing import CSV_TYPE, XLSX_TYPE, attachment
from hotline.web.supervisors.room import blueprint, cases_url, labels

if TYPE_CHECKING:
    from sqlmodel import Session

    from hotline.reports.breaches import Cell
    from hotline.reports.selection import Selection
    from hotline.reports.tables import Table
    from hotline.web.charts import Chart

WEEKS = 12


@blueprint.get("/breaches")
@roles(Role.SUPERVISOR)
def breaches() -> str:
    """The breach cube of a period as agency × clock; every count opens its cases, and a row its categories."""
    chosen = replace(from_query(request.args), asof=None)
    deep = bool(chosen.body)
    by = (Side.POLICY, Side.CATEGORY, Side.CHANNEL) if deep else (Side.BODY, Side.POLICY)
    office_id = account().office_id
    with services().read() as store:
        cells = breach_cube(store.session, office_id, chosen, now(), by=by)
        total = breach_cube(store.session, office_id, chosen, now(), by=())[0]
        bodies = () if deep else ranked(breach_cube(store.session, office_id, chosen, now(), by=(Side.BODY,)))
        causes = breach_cube(store.session, office_id, chosen, now(), by=(Side.CAUSE,))
        spent = time_by_part(store.session, office_id, chosen)
        weeks = _weeks(store.session, office_id, chosen)
    return render_template(
        "supervisors/breaches.html",
        chosen=chosen,
        cells=cells,
        total=total,
        bodies=bodies,
        causes=[cell for cell in causes if cell.selection.cause and cell.breached],
        cause_chart=_cause_chart({str(cell.selection.cause): cell.breached for cell in causes}),
        spent=spent,
        time_of=lambda part: _time_of(chosen, part),
        weeks=weeks,
        week_chart=_week_chart(weeks),
        states=tuple(ClockState),
        minimum=MINIMUM,
        labels=labels(),
        cases_url=cases_url,
        deep=deep,
        export={name: value for name, value in to_query(chosen).items() if name != "clock"},
    )


@blueprint.get("/breaches.csv")
@roles(Role.SUPERVISOR)
def breaches_csv() -> Response:
    """The whole cube of the same selection as CSV."""
    return attachment(to_csv(_table()), CSV_TYPE, "csv", "breaches")


@blueprint.get("/breaches.xlsx")
@roles(Role.SUPERVISOR)
def breaches_xlsx() -> Response:
    """The same as a workbook."""
    return attachment(to_xlsx([_table()]), XLSX_TYPE, "xlsx", "breaches")


def _table() -> Table:
    chosen = replace(from_query(request.args), asof=None)
    with services().read() as store:
        cells = breach_cube(store.session, account().office_id, chosen, now(), by=(*SIDES, Side.CAUSE))
    return cube_table(cells, chosen, labels(), now())


def _weeks(session: Session, office_id: str, chosen: Selection) -> list[Cell]:
    """The last weeks, by the clocks' start."""
    last = week_of(chosen.until or local_date(now()))
    found: list[Cell] = []
    for back in range(WEEKS - 1, -1, -1):
        since = last.since - back * SEVEN_DAYS
        week = replace(chosen, since=since, until=since + SEVEN_DAYS - ONE_DAY)
        found += breach_cube(session, office_id, week, now(), by=())
    return found


def _time_of(chosen: Selection, part: Part) -> Selection:
    """The closed cases whose time a part took, of those that the page counts: by the day of their receipt."""
    return replace(chosen, clock=None, policy="", started=False, known=False, figure=None, cause=None, spent=part)


def _week_chart(weeks: list[Cell]) -> Chart:
    return bars("近十二周逾期率", [_week_bar(cell) for cell in weeks], top=100)


def _week_bar(cell: Cell) -> Bar:
    rate = None if cell.rate is None else 100 * cell.rate
    label = f"{cell.selection.since:%m-%d}" if cell.selection.since else ""
    return Bar(label, rate, "" if rate is None else f"{rate:.0f}%", f"{cell.known} 个时限中 {cell.breached} 个逾期")


def _cause_chart(causes_by_part: dict[str, int]) -> Chart:
    counts = [(part, causes_by_part.get(str(part), 0)) for part in Part]
    return bars("逾期耗在哪里", [Bar(part.label, float(n), str(n), f"{n} 个逾期时限") for part, n in counts])
