"""`hotline report …`: the breach cube and the weekly report as table, CSV, XLSX, Word document or JSON."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hotline.casework.policies import load_policies
from hotline.commands.installation import choose_office, offices_of, open_database
from hotline.commands.streams import emit, parse_day, say
from hotline.errors import InvalidInputError
from hotline.moments import local_date, utc_now
from hotline.reports.breaches import breach_cube
from hotline.reports.exports import cube_table
from hotline.reports.labels import Labels
from hotline.reports.selection import Selection
from hotline.reports.tables import Table, to_csv, to_records, to_text, to_xlsx
from hotline.reports.weekly import Period, week_of, weekly_report
from hotline.reports.weekly_paper import duty_table, table_docx, weekly_docx, weekly_table
from hotline.routing.agencies import load_directory
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy
from hotline.settings import read_settings
from hotline.store.engine import read_transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from hotline.casework.policy import Policy
    from hotline.routing.agencies import Directory
    from hotline.routing.plan_records import Plan
    from hotline.routing.taxonomy import Taxonomy

FORMATS = ("table", "csv", "xlsx", "docx", "json")
_BINARY = frozenset({"xlsx", "docx"})


@dataclass(frozen=True, slots=True)
class ReportRules:
    """The rules that papers need, without the model: a report need not wait for it."""

    plans: Mapping[str, Plan]
    directory: Directory
    taxonomy: Taxonomy
    policies: tuple[Policy, ...]


@click.group("report")
def report_command() -> None:
    """报表：时限情况（breaches）和周报（weekly），只读。"""


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
    """时限情况：单位 × 类别 × 渠道 × 时限，各有多少工单；日期指时限起算日，不写为全部。"""
    chosen, now, rules = Selection(since=_day(since), until=_day(until), started=True), utc_now(), _rules()
    _check_order(chosen.since, chosen.until)
    _check_out(form, out)
    with open_database(read_settings()) as (engine, _):
        office = choose_office(offices_of(engine), office_id)
        with read_transaction(engine) as session:
            cells = breach_cube(session, office.id, chosen, now)
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
    labels = Labels(rules)
    tables = [weekly_table(report, labels)] + ([duty_table(report, labels)] if report.duties else [])
    span = {"from": period.since.isoformat(), "to": period.until.isoformat()}
    _give(form, out, tables, lambda: weekly_docx(report, labels), {"office": office.id, **span})


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
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
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
    more = {"duties": to_records(rest[0])} if rest else {}
    return {**about, "title": first.title, "notes": list(first.notes), "rows": to_records(first), **more}
