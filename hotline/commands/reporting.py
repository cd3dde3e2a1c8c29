"""`hotline report …`: the breach cube, the reports of a week, month or year; table, CSV, XLSX, Word or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hotline.casework.calendar_years import load_with_years
from hotline.commands.installation import choose_office, offices_of, open_database
from hotline.commands.report_days import check_order, day_of, period_between, refuse_end
from hotline.commands.report_output import FORMATS, check_out, give
from hotline.commands.report_papers import period_paper, report_rules, word_paper
from hotline.commands.streams import say
from hotline.environment import read_settings
from hotline.moments import local_date, utc_now
from hotline.reports.breaches import SIDES, Side, breach_cube
from hotline.reports.exports import cube_table
from hotline.reports.labels import Labels
from hotline.reports.rates import rates_of
from hotline.reports.rates_paper import rates_table
from hotline.reports.rebuilding import rebuild
from hotline.reports.report_period import month_of, year_of
from hotline.reports.selection import Selection
from hotline.reports.table_paper import table_docx
from hotline.reports.weekly import weekly_report
from hotline.reports.weekly_tables import duty_table, weekly_table
from hotline.store.engine import read_transaction

if TYPE_CHECKING:
    from collections.abc import Callable

SAID_EVERY = 2_000


@click.group("report")
def report_command() -> None:
    """报表：时限情况（breaches）、周报（weekly）、月报（month）、年报（year）；rebuild 由事件重建汇总。"""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that both reports have."""
    for option in (
        click.option("--out", type=click.Path(dir_okay=False), help="写入文件；不写则输出到标准输出。"),
        click.option("--format", "form", type=click.Choice(FORMATS), default="table", help="输出格式，默认 table。"),
        click.option("--to", "until", metavar="日期", help="截止日期（含），如 2026-11-22。"),
        click.option("--from", "since", metavar="日期", help="起始日期（含），如 2026-11-16。"),
        click.option("--office", "office_id", metavar="ID", help="办公室；不写取代码最前的一个。"),
    ):
        command = option(command)
    return command


@report_command.command("breaches")
@_options
def breaches_command(
    *, office_id: str | None, since: str | None, until: str | None, form: str, out: str | None
) -> None:
    """时限情况：单位 × 类别 × 渠道 × 时限 × 原因，各有多少个时限；日期指时限起算日，不写为全部。"""
    chosen, now, rules = Selection(since=day_of(since), until=day_of(until), started=True), utc_now(), report_rules()
    check_order(chosen.since, chosen.until)
    check_out(form, out)
    with open_database(read_settings()) as (engine, _):
        office = choose_office(offices_of(engine), office_id)
        with read_transaction(engine) as session:
            cells = breach_cube(session, office.id, chosen, now, by=(*SIDES, Side.CAUSE))
    table = cube_table(cells, chosen, Labels(rules), now)
    give(form, out, [table], lambda: table_docx(table, office.name, now), {"office": office.id})


@report_command.command("weekly")
@_options
def weekly_command(*, office_id: str | None, since: str | None, until: str | None, form: str, out: str | None) -> None:
    """周报：各单位本期和上期的收到、派出、办结、发生逾期；不写日期为本周，只写 --from 为那一天所在的周。"""
    now, rules = utc_now(), report_rules()
    period = period_between(day_of(since), day_of(until), local_date(now))
    check_out(form, out)
    with open_database(read_settings()) as (engine, _):
        office = choose_office(offices_of(engine), office_id)
        with read_transaction(engine) as session:
            report = weekly_report(session, office, rules, now, period)
            rates = rates_of(session, report)
            word = word_paper(session, report, Labels(rules), form, rates)
    labels = Labels(rules)
    tables = [weekly_table(report, labels), rates_table(rates, labels)]
    tables += [duty_table(report, labels)] if report.duties else []
    span = {"from": period.since.isoformat(), "to": period.until.isoformat()}
    give(form, out, tables, word, {"office": office.id, **span})


@report_command.command("month")
@_options
def month_command(*, office_id: str | None, since: str | None, until: str | None, form: str, out: str | None) -> None:
    """月报：--from 那一天所在的月（不写为本月），旁列上月，附三率。"""
    refuse_end(until)
    period_paper(month_of(day_of(since) or local_date(utc_now())), office_id, form, out)


@report_command.command("year")
@_options
def year_command(*, office_id: str | None, since: str | None, until: str | None, form: str, out: str | None) -> None:
    """年报：--from 那一天所在的年（不写为今年），旁列上年，附三率。"""
    refuse_end(until)
    period_paper(year_of(day_of(since) or local_date(utc_now())), office_id, form, out)


@report_command.command("rebuild")
def rebuild_command() -> None:
    """由事件重建时限汇总、逾期原因和回访结果；可在使用中运行，期间报表的数字不完整。"""
    settings = read_settings()
    with open_database(settings) as (engine, _):
        calendar = load_with_years(settings.calendar_years)
        count = rebuild(engine, calendar, lambda done: say(f"已处理 {done} 件") if done % SAID_EVERY == 0 else None)
    say(f"已由事件重建 {count} 件工单的汇总。")
