"""`hotline report …`: the breach cube, the reports of a week, month or year; table, CSV, XLSX, Word or JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hotline.casework.calendar_years import load_with_years
from hotline.casework.policies import load_policies
from hotline.commands.installation import choose_office, offices_of, open_database
from hotline.commands.streams import emit, parse_day, say, write_out
from hotline.errors import InvalidInputError
from hotline.moments import local_date, utc_now
from hotline.reports.annex import annex, linker
from hotline.reports.breaches import SIDES, Side, breach_cube
from hotline.reports.exports import cube_table
from hotline.reports.labels import Labels
from hotline.reports.rates import rates_of
from hotline.reports.rates_paper import rates_table
from hotline.reports.rebuilding import rebuild
from hotline.reports.selection import Selection
from hotline.reports.tables import Table, to_csv, to_records, to_text, to_xlsx
from hotline.reports.weekly import Period, month_of, week_of, weekly_report, year_of
from hotline.reports.weekly_paper import duty_table, table_docx, weekly_docx, weekly_table
from hotline.routing.agencies import load_directory
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy
from hotline.settings import read_settings
from hotline.store.engine import read_transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from sqlmodel import Session

    from hotline.casework.policy import Policy
    from hotline.reports.rates import TwoPeriods
    from hotline.reports.weekly import WeeklyReport
    from hotline.routing.agencies import Directory
    from hotline.routing.plan_records import Plan
    from hotline.routing.taxonomy import Taxonomy

FORMATS = ("table", "csv", "xlsx", "docx", "json")
_BINARY = frozenset({"xlsx", "docx"})
_NAMES = {"应报单位": "duties", "三率": "rates"}
SAID_EVERY = 2_000


@dataclass(frozen=True, slots=True)
class ReportRules:
    """The rules that papers need, without the model: a report need not wait for it."""

    plans: Mapping[str, Plan]
    directory: Directory
    taxonomy: Taxonomy
    policies: tuple[Policy, ...]


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
    chosen, now, rules = Selection(since=_day(since), until=_day(until), started=True), utc_now(), _rules()
    _check_order(chosen.since, chosen.until)
    _check_out(form, out)
    with open_database(read_settings()) as (engine, _):
        office = choose_office(offices_of(engine), office_id)
        with read_transaction(engine) as session:
            cells = breach_cube(session, office.id, chosen, now, by=(*SIDES, Side.CAUSE))
    table = cube_table(cells, chosen, Labels(rules), now)
    _give(form, out, [table], lambda: table_docx(table, office.name, now), {"office": office.id})


@report_command.command("weekly")
@_options
def weekly_command(*, office_id: str | None, since: str | None, until: str | None, form: str, out: str | None) -> None:
    """周报：各单位本期和上期的收到、派出、办结、发生逾期；不写日期为本周，只写 --from 为那一天所在的周。"""
    now, rules = utc_now(), _rules()
    period = _period(_day(since), _day(until), local_date(now))
    _check_out(form, out)
    with open_database(read_settings()) as (engine, _):
        office = choose_office(offices_of(engine), office_id)
        with read_transaction(engine) as session:
            report = weekly_report(session, office, rules, now, period)
            rates = rates_of(session, report)
            word = _word(session, report, Labels(rules), form, rates)
    labels = Labels(rules)
    tables = [weekly_table(report, labels), rates_table(rates, labels)]
    tables += [duty_table(report, labels)] if report.duties else []
    span = {"from": period.since.isoformat(), "to": period.until.isoformat()}
    _give(form, out, tables, word, {"office": office.id, **span})


@report_command.command("month")
@_options
def month_command(*, office_id: str | None, since: str | None, until: str | None, form: str, out: str | None) -> None:
    """月报：--from 那一天所在的月（不写为本月），旁列上月，附三率。"""
    _refuse_end(until)
    _period_paper(month_of(_day(since) or local_date(utc_now())), office_id, form, out)


@report_command.command("year")
@_options
def year_command(*, office_id: str | None, since: str | None, until: str | None, form: str, out: str | None) -> None:
    """年报：--from 那一天所在的年（不写为今年），旁列上年，附三率。"""
    _refuse_end(until)
    _period_paper(year_of(_day(since) or local_date(utc_now())), office_id, form, out)


@report_command.command("rebuild")
def rebuild_command() -> None:
    """由事件重建时限汇总、逾期原因和回访结果；可在使用中运行，期间报表的数字不完整。"""
    settings = read_settings()
    with open_database(settings) as (engine, _):
        calendar = load_with_years(settings.calendar_years)
        count = rebuild(engine, calendar, lambda done: say(f"已处理 {done} 件") if done % SAID_EVERY == 0 else None)
    say(f"已由事件重建 {count} 件工单的汇总。")


def _period_paper(period: Period, office_id: str | None, form: str, out: str | None) -> None:
    now, rules = utc_now(), _rules()
    _check_out(form, out)
    with open_database(read_settings()) as (engine, _):
        office = choose_office(offices_of(engine), office_id)
        with read_transaction(engine) as session:
            report = weekly_report(session, office, rules, now, period)
            rates = rates_of(session, report)
            word = _word(session, replace(report, duties=()), Labels(rules), form, rates)
    labels = Labels(rules)
    tables = [weekly_table(report, labels), rates_table(rates, labels)]
    span = {"from": period.since.isoformat(), "to": period.until.isoformat()}
    _give(form, out, tables, word, {"office": office.id, **span})


def _word(session: Session, report: WeeklyReport, labels: Labels, form: str, rates: TwoPeriods) -> Callable[[], bytes]:
    """The paper, its figures opened by addresses or by an annex; cases are listed only where Word is asked for."""
    link = linker(read_settings().base_url, report.made_at)
    lists = annex(session, report, labels) if form == "docx" and link is None else ()
    return partial(weekly_docx, report, labels, rates=rates, link=link, lists=lists)


def _refuse_end(until: str | None) -> None:
    if until is not None:
        message = "月报、年报只写 --from，截止日期由它推出。"
        raise InvalidInputError(message)


def _rules() -> ReportRules:
    return ReportRules(load_plans(), load_directory(), load_taxonomy(), load_policies())


def _day(text: str | None) -> date | None:
    return None if text is None else parse_day(text)


def _period(since: date | None, until: date | None, today: date) -> Period:
    """The week of `since` (or of today), or the days that both ends give."""
    if since is None:
        if until is not None:
            message = "写了 --to 就要写 --from。"
            raise InvalidInputError(message)
        return week_of(today)
    _check_order(since, until)
    return week_of(since) if until is None else Period(since, until)


def _check_order(since: date | None, until: date | None) -> None:
    if since and until and since > until:
        message = "--from 晚于 --to，请改正日期。"
        raise InvalidInputError(message)


def _check_out(form: str, out: str | None) -> None:
    if form in _BINARY and out is None and sys.stdout.isatty():
        message = f"{form} 是二进制文件，请用 --out 写明文件名。"
        raise InvalidInputError(message)


def _give(form: str, out: str | None, tables: list[Table], word: Callable[[], bytes], about: dict[str, str]) -> None:
    """Write the report in the format asked for, to the file or to stdout."""
    if form == "json" and out is None:
        emit(_object(tables, about))
        return
    content = _content(form, tables, word, about)
    if out is None:
        write_out(content)
        return
    try:
        Path(out).write_bytes(content)
    except OSError as error:
        message = f"无法写入 {out}：{error.strerror}。请核对路径和权限。"
        raise InvalidInputError(message) from error
    say(f"已写入 {out}（{len(content)} 字节）。")


def _content(form: str, tables: list[Table], word: Callable[[], bytes], about: dict[str, str]) -> bytes:
    if form == "docx":
        return word()
    if form == "xlsx":
        return to_xlsx(tables)
    if form == "csv":
        return to_csv(tables[0])
    if form == "json":
        return json.dumps(_object(tables, about), ensure_ascii=False).encode()
    return ("\n\n".join(to_text(table) for table in tables) + "\n").encode()


def _object(tables: list[Table], about: dict[str, str]) -> dict[str, object]:
    first, *rest = tables
    more = {_NAMES[table.title]: to_records(table) for table in rest}
    return {**about, "title": first.title, "notes": list(first.notes), "rows": to_records(first), **more}
