"""`hotline workdays …` and `hotline deadlines`: the working calendar and the clocks reckoned on it; no database."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hotline.casework.calendar_legal import lacking_feasts
from hotline.casework.calendar_years import load_with_years, year_document
from hotline.casework.deadlines import deadline_lines
from hotline.casework.policy_file import load_policies
from hotline.casework.workdays import (
    add_workdays,
    count_workdays,
    diff_year,
    load_calendar,
    parse_calendar_file,
    with_year,
)
from hotline.commands.own_channels import channel_named
from hotline.commands.streams import emit, member, parse_day, parse_moment, read_input, say
from hotline.environment import read_settings
from hotline.errors import InvalidInputError
from hotline.vocabulary import AgencyType, Kind, Urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from hotline.casework.calendars import Calendar, NoticeDay
    from hotline.clock_parts import DayTrace

T = TypeVar("T")
FIRST_YEAR, LAST_YEAR = 1990, 2099


@click.group("workdays")
def workdays_command() -> None:
    """工作日（国务院放假安排，含调休）：推算、计数、导入年度放假安排。不需要数据库。"""


@workdays_command.command("add")
@click.argument("day", metavar="DATE")
@click.argument("count", metavar="N", type=int)
def add_command(day: str, count: int) -> None:
    """DATE 之后的第 N 个工作日，DATE 当日不算，N ≥ 1。"""
    found = add_workdays(_calendar(), parse_day(day), count)
    emit({"date": found.date.isoformat(), "provisional": found.provisional, "trace": _trace(found.trace)})


@workdays_command.command("between")
@click.argument("first", metavar="A")
@click.argument("last", metavar="B")
def between_command(first: str, last: str) -> None:
    """A 之后至 B（含 B）有几个工作日。"""
    found = count_workdays(_calendar(), parse_day(first), parse_day(last))
    emit({"days": found.days, "provisional": found.provisional, "trace": _trace(found.trace)})


@workdays_command.command("import")
@click.argument("year", metavar="YEAR", type=click.IntRange(FIRST_YEAR, LAST_YEAR))
@click.argument("file", required=False)
def import_command(year: int, file: str | None) -> None:
    """导入一年的放假安排（CSV、JSON 或 TOML：date,type,name）。

    校验后在 stderr 列出缺少的法定放假日，以及与随程序发布的日历的差别，并写入
    HOTLINE_VAR/calendar/YEAR.toml；此后在同一数据目录运行的命令和服务按它推算，已在运行的服务几秒内换用。这里只存文件，不写数据库，也不重算已登记工单的时限。
    """
    folder = read_settings().calendar_years
    calendar, shipped = load_with_years(folder), load_calendar()
    days = parse_calendar_file(year, read_input(file))
    with_year(calendar, year, days)
    lacking = lacking_feasts(year, days)
    if lacking:
        say(f"请注意：{year} 年的清单缺少法定放假日：{lacking}。已照清单写入；请核对通知，列全后重新导入。")
    changes = diff_year(shipped, year, days)
    for line in changes:
        say(line)
    target = _store(folder, year, year_document(year, days))
    say(f"{year} 年：{len(days)} 天，与随程序发布的日历相差 {len(changes)} 天，已写入 {target}。")
    emit({"year": year, "days": len(days), **_compared(shipped, year, days), "provisional": False})


@click.command("deadlines")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in Kind]), help="性质。")
@click.option("--channel", required=True, help="渠道：12330、12315、12390、12365，或自设的渠道代码。")
@click.option("--received", required=True, metavar="TS", help="收件时间，ISO 8601；不写时区为北京时间。")
@click.option("--agency-type", type=click.Choice([kind.value for kind in AgencyType]), help="机关类型；不写按渠道。")
@click.option("--urgency", type=click.Choice([level.value for level in Urgency]), help="紧急程度；不写为一般。")
@click.option("--start", "starts", multiple=True, metavar="POLICY=TS", help="后续环节的起算时间，可重复。")
@click.option(
    "--extend", "extends", multiple=True, metavar="POLICY=N", help="已批准的延期，按该时限自己的单位，可重复。"
)
@click.option("--category", help="类别代码；只有专门规定（如假冒专利）用得到。")
def deadlines_command(
    *,
    kind: str,
    channel: str,
    received: str,
    agency_type: str | None,
    urgency: str | None,
    starts: Sequence[str],
    extends: Sequence[str],
    category: str | None,
) -> None:
    """一件诉求适用的全部时限，每行一个，含法律依据和逐日理由。不需要数据库。"""
    moment, begun = parse_moment(received), pairs("--start", starts, parse_moment)
    if category is not None:
        _check_category(category)
    early = [name for name, start in begun.items() if start < moment]
    if early:
        say(f"请注意：--start 早于收件时间：{'、'.join(early)}。请核对 --start 和 --received。")
    lines = deadline_lines(
        kind=member(Kind, kind),
        channel=channel_named(channel).code,
        received=moment,
        agency_type=member(AgencyType, agency_type) if agency_type else None,
        urgency=member(Urgency, urgency) if urgency else None,
        starts=begun,
        extends=pairs("--extend", extends, _amount),
        policies=load_policies(),
        calendar=_calendar(),
        category=category,
    )
    idle = begun.keys() - {line["policy"] for line in lines}
    if idle:
        say(f"请注意：--start 所列时限不适用于这件诉求，没有起算：{'、'.join(sorted(idle))}。请核对性质和日期。")
    for line in lines:
        emit(line)


def _check_category(code: str) -> None:
    """Refuse a category that the taxonomy does not have.

    Raises:
        InvalidInputError: There is none with this code.
    """
    from hotline.routing.taxonomy import load_taxonomy  # noqa: PLC0415 - read only where a category is given.

    known = load_taxonomy().categories
    if code not in known:
        message = f"没有类别“{code}”，可用：{'、'.join(known)}。"
        raise InvalidInputError(message)


def pairs(option: str, values: Iterable[str], read: Callable[[str], T]) -> dict[str, T]:
    """`POLICY=VALUE` options by policy.

    Raises:
        InvalidInputError: One is not of that form, or a policy stands twice.
    """
    found: dict[str, T] = {}
    for value in values:
        policy, sign, rest = value.partition("=")
        if not (policy and sign and rest):
            message = f"{option} 应写成 时限编号=值，现在是“{value}”。"
            raise InvalidInputError(message)
        if policy in found:
            message = f"{option} 对 {policy} 给了两次，请只写一次。"
            raise InvalidInputError(message)
        found[policy] = read(rest)
    return found


def _amount(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 6 and int(text) > 0):  # noqa: PLR2004 - five digits are far beyond any extension.
        message = f"--extend 的延期应是正整数，现在是“{text}”。"
        raise InvalidInputError(message)
    return int(text)


def _calendar() -> Calendar:
    """The shipped calendar with the years that were imported into this data folder."""
    return load_with_years(read_settings().calendar_years)


def _trace(steps: Iterable[DayTrace]) -> list[dict[str, Any]]:
    return [{"date": step.date.isoformat(), "counted": step.counted, "reason": step.reason} for step in steps]


def _compared(shipped: Calendar, year: int, days: Sequence[NoticeDay]) -> dict[str, list[str]]:
    """Days of the file that the shipped calendar does not have in the same role, and days it had that are gone."""
    known = {(day, False) for day in shipped.holidays if day.year == year}
    known |= {(day, True) for day in shipped.makeup if day.year == year}
    if year not in shipped.announced:
        known = {(day, False) for day in shipped.festivals.get(year, {})}
    given = {(day.date, day.makeup) for day in days}
    return {
        "added": [day.isoformat() for day, _ in sorted(given - known)],
        "removed": [day.isoformat() for day, _ in sorted(known - given)],
    }


def _store(folder: Path, year: int, document: str) -> Path:
    """Write the year's file whole or not at all.

    Raises:
        InvalidInputError: The folder cannot be written.
    """
    target = folder / f"{year}.toml"
    fresh = folder / f".{year}.toml.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with fresh.open("w", encoding="utf-8") as file:
            file.write(document)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except OSError as error:
        message = f"无法写入 {target}：{error.strerror}。请检查 HOTLINE_VAR 指的目录。"
        raise InvalidInputError(message) from error
    return target
