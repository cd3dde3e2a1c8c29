"""Papers of a period: their figures, the rules they need, and what Word adds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from hotline.casework.policy_file import load_policies
from hotline.commands.installation import choose_office, offices_of, open_database
from hotline.commands.report_output import check_out, give
from hotline.environment import read_settings
from hotline.moments import utc_now
from hotline.reports.annex import annex, linker
from hotline.reports.labels import Labels
from hotline.reports.rates import rates_of
from hotline.reports.rates_paper import rates_table
from hotline.reports.weekly import weekly_report
from hotline.reports.weekly_paper import weekly_docx
from hotline.reports.weekly_tables import weekly_table
from hotline.routing.directory_file import load_directory
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy
from hotline.store.engine import read_transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlmodel import Session

    from hotline.casework.policy import Policy
    from hotline.reports.rates import TwoPeriods
    from hotline.reports.report_period import Period
    from hotline.reports.weekly import WeeklyReport
    from hotline.routing.agencies import Directory
    from hotline.routing.plan_records import Plan
    from hotline.routing.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class ReportRules:
    """The rules that papers need, without the model: a report need not wait for it."""

    plans: Mapping[str, Plan]
    directory: Directory
    taxonomy: Taxonomy
    policies: tuple[Policy, ...]


def period_paper(period: Period, office_id: str | None, form: str, out: str | None) -> None:
    """The report of a month or a year, its rates beside it, in the format asked for."""
    now, rules = utc_now(), report_rules()
    check_out(form, out)
    with open_database(read_settings()) as (engine, _):
        office = choose_office(offices_of(engine), office_id)
        with read_transaction(engine) as session:
            report = weekly_report(session, office, rules, now, period)
            rates = rates_of(session, report)
            word = word_paper(session, replace(report, duties=()), Labels(rules), form, rates)
    labels = Labels(rules)
    tables = [weekly_table(report, labels), rates_table(rates, labels)]
    span = {"from": period.since.isoformat(), "to": period.until.isoformat()}
    give(form, out, tables, word, {"office": office.id, **span})


def word_paper(
    session: Session, report: WeeklyReport, labels: Labels, form: str, rates: TwoPeriods
) -> Callable[[], bytes]:
    """The paper, its figures opened by addresses or by an annex; cases are listed only where Word is asked for."""
    link = linker(read_settings().base_url, report.made_at)
    lists = annex(session, report, labels) if form == "docx" and link is None else ()
    return partial(weekly_docx, report, labels, rates=rates, link=link, lists=lists)


def report_rules() -> ReportRules:
    """The rules that were shipped."""
    return ReportRules(load_plans(), load_directory(), load_taxonomy(), load_policies())
