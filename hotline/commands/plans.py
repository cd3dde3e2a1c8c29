"""`hotline plans …`: the shipped duty plans, read, compared, checked and chosen; no database."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hotline.commands.streams import REFUSED, emit, parse_day, read_input, say
from hotline.errors import InvalidInputError, PlanError
from hotline.intake.regions import all_regions, find_region, namesakes
from hotline.moments import local_date, utc_now
from hotline.records import Region
from hotline.routing.directory_file import load_directory
from hotline.routing.export import coverage, diff, export_plan, plan_object
from hotline.routing.places import NATION, plan_for
from hotline.routing.plan_format import read_plan
from hotline.routing.plan_lint import ERROR, Finding, lint
from hotline.routing.plans import SHIPPED, find_plan, load_plans, with_annex
from hotline.routing.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COUNTRY = Region(NATION, "全国", "country")


NO_DATABASE = frozenset({"list", "show", "export", "coverage", "diff", "resolve"})
"""Commands that read plans and know only the shipped ones, which they say on stderr."""


@click.group("plans")
@click.pass_context
def plans_command(context: click.Context) -> None:
    """职责分工方案：列出、查看、导出、检查、覆盖情况、比较、按地点查找、采用新版本。

    用随程序发布的方案（第 1 版），不需要数据库；adopt 例外，它把新版本采用到数据库里。
    """
    if context.invoked_subcommand in NO_DATABASE:
        say("用的是随程序发布的方案（第 1 版）；本部署采用的后续版本请在网页“方案”中查看。")


@plans_command.command("list")
def list_plans() -> None:
    """每行一个方案。"""
    for plan in load_plans().values():
        emit(plan_object(plan))


@plans_command.command("show")
@click.argument("plan_id", metavar="ID")
def show_plan(plan_id: str) -> None:
    """一个方案的全部内容，含每条职责（entries）。"""
    plan = find_plan(load_plans(), plan_id)
    emit(plan_object(plan) | {"entries": list(export_plan(plan))})


@plans_command.command("export")
@click.argument("plan_id", metavar="ID")
def export_command(plan_id: str) -> None:
    """每行一条职责，按文件中的次序；所转发文件的条目在其自己的方案里。"""
    for duty in export_plan(find_plan(load_plans(), plan_id)):
        emit(duty)


@plans_command.command("lint")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--sources", metavar="DIR", help="方案原文所在目录；给出时逐条核对引文。")
def lint_command(files: Sequence[str], sources: str | None) -> None:
    """检查方案文件（不写则检查随程序发布的全部方案），每行一个发现；有错误时退出码为 1。"""
    paths = [Path(name) for name in files] or sorted(SHIPPED.glob("*.toml"))
    missing = [str(path) for path in paths if not path.is_file()]
    if missing:
        message = f"没有这个方案文件：{'、'.join(missing)}。请核对路径。"
        raise InvalidInputError(message)
    found = [finding for path in paths for finding in _findings(path, sources)]
    for finding in found:
        emit(finding)
    wrong = sum(1 for finding in found if finding["level"] == ERROR)
    say(f"检查了 {len(paths)} 个方案：错误 {wrong} 处，提示 {len(found) - wrong} 处。")
    if wrong:
        raise click.exceptions.Exit(REFUSED)


@plans_command.command("coverage")
@click.argument("plan_id", metavar="ID")
def coverage_command(plan_id: str) -> None:
    """类别 × 环节各格由哪一条管（连同所转发的方案）；null 为方案未列明，转领导小组办公室。"""
    plans = load_plans()
    plan = find_plan(plans, plan_id)
    grid = coverage(with_annex(plan, plans))
    covered = sum(1 for row in grid.values() for clause in row.values() if clause)
    total = sum(len(row) for row in grid.values())
    emit({"plan": plan.id, "version": plan.version, "covered": covered, "cells": total, "grid": grid})
    empty = [load_taxonomy().category(code).name for code, row in grid.items() if not any(row.values())]
    say(f"{plan.title}：{total} 格中 {covered} 格有条目；完全未列明的类别：{'、'.join(empty) or '无'}。")


@plans_command.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
def diff_command(first: str, second: str) -> None:
    """两个方案的差别：抬头、增删改的条目、去向改变的格。"""
    plans = load_plans()
    emit(diff(find_plan(plans, first), find_plan(plans, second)))


@plans_command.command("resolve")
@click.argument("region", metavar="REGION")
@click.option("--on", "day", metavar="DATE", help="哪一天（YYYY-MM-DD）；不写为今天。")
def resolve_command(region: str, day: str | None) -> None:
    """某地某日适用哪个方案；REGION 是六位行政区划代码或全名。"""
    place = place_of(region)
    on = parse_day(day) if day else local_date(utc_now())
    choice = plan_for(place.adcode, on, load_plans())
    office = choice.plan.office if choice.plan else None
    emit(
        {
            "plan": choice.plan.id if choice.plan else None,
            "office": office.name if office else None,
            "region": place.adcode,
            "region_name": place.name,
            "on": on.isoformat(),
            "chain": list(choice.chain),
            "reason": choice.reason,
        }
    )


@plans_command.command("adopt")
@click.argument("file")
@click.option("--effective", required=True, metavar="DATE", help="自哪一天起生效（YYYY-MM-DD），不早于今天。")
@click.option("--reason", required=True, help="采用的理由，随版本保存。")
@click.option("--office", "office_id", metavar="ID", help="哪个办公室采用；不写则为唯一的一个，或代码最小的一个。")
@click.option("--source", metavar="FILE", help="方案原文；给出时逐条核对引文。")
@click.option("--replay", "count", type=click.IntRange(1, 100_000), default=1_000, help="重放最近多少件（默认 1000）。")
@click.option("--dry-run", is_flag=True, help="只检查和重放，不采用。")
def adopt_command(*, file: str, effective: str, reason: str, dry_run: bool, **chosen: Any) -> None:  # noqa: ANN401 - click's options.
    """检查方案文件，在最近的工单上重放，然后采用为新版本（新方案为第 1 版）；需要数据库。

    每个发现一行，最后一行是方案、版本号、生效日期和会改变去向的工单；文件有错误时退出码为 1，什么都不改。
    """
    from hotline.commands.adopting import adopt_file  # noqa: PLC0415 - the other commands wait for no database.

    adopt_file(file, parse_day(effective), reason, dry_run=dry_run, **chosen)


def place_of(text: str) -> Region:
    """The place of an adcode or a name.

    Raises:
        InvalidInputError: There is none, or several bear the name; the message lists them.
    """
    if text.strip() in {NATION, "全国", "中国"}:
        return COUNTRY
    found = find_region(text)
    if found is not None:
        return found
    several = [f"{all_regions()[code].name}（{code}）" for code in namesakes(text.strip())]
    if several:
        message = f"“{text}”有多处：{'、'.join(several)}。请写全名或六位代码。"
    else:
        message = f"没有找到行政区划“{text}”。请写六位代码（110102）或全名（北京市西城区）。"
    raise InvalidInputError(message)


def _findings(path: Path, sources: str | None) -> Iterator[dict[str, Any]]:
    """What is wrong with one file; one that cannot be read at all is one finding."""
    try:
        plan = read_plan(path)
    except PlanError as error:
        line = _line_of(error.message)
        yield asdict(Finding(ERROR, "format", "", path.name, line, "", error.message))
        return
    except OSError as error:
        message = f"无法读取方案文件 {path}：{error.strerror}。请核对权限。"
        raise InvalidInputError(message) from error
    text = None
    if sources is not None and plan.source:
        text = read_input(str(Path(sources) / plan.source)).decode("utf-8", "replace")
    for finding in lint(plan, load_taxonomy(), load_directory(), text):
        yield asdict(finding)


def _line_of(message: str) -> int:
    """The line that a message `file:line: reason` names, 1 where it names none."""
    parts = message.split(":", 2)
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 1
