"""The sections of a plan file beside its duties: office, phases, reporting, provisions, focuses."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from hotline.routing.plan_fields import facets_of, quote_of
from hotline.routing.plan_records import Focus, Office, Phase, Provision, Reporting
from hotline.routing.plan_table import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from hotline.routing.plan_fields import T

PROVISION_TOPICS = ("移送", "督办", "奖励", "宣传", "销毁", "考核", "举报")
_TIME = re.compile(r"([01]\d|2[0-4]):[0-5]\d")


def each_section(
    name: str, top: Table, data: dict[str, object], lines: list[str], make: Callable[[Table], T]
) -> tuple[T, ...]:
    """The records of all sections of one name, each made of a table that knows its lines."""
    rows = data.get(name, [])
    rows = [rows] if isinstance(rows, dict) else rows
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        top.refuse(f"“{name}”应写成 [[{name}]]")
    headers = [n for n, line in enumerate(lines) if line.strip() in {f"[[{name}]]", f"[{name}]"}]
    if len(headers) != len(rows):
        top.refuse(f"每个“{name}”应单独写成 [[{name}]]")
    ends = [next((m for m in range(n + 1, len(lines)) if lines[m].startswith("[")), len(lines)) for n in headers]
    return tuple(
        make(Table(top.file, first + 1, tuple(lines[first:end]), row))
        for row, first, end in zip(rows, headers, ends, strict=True)
    )


def office_of(table: Table) -> Office:
    """The leading-group office."""
    table.only("name", "full_name", "seat", "clause", "quote")
    name = table.text("name")
    return Office(
        name,
        table.text("full_name", name),
        table.text("seat", ""),
        table.text("clause", ""),
        quote_of(table, required=False),
    )


def phase_of(table: Table) -> Phase:
    """A phase of the campaign."""
    table.only("name", "start", "end", "clause")
    phase = Phase(table.text("name"), table.take("start", date), table.take("end", date), table.text("clause"))
    if phase.end < phase.start:
        table.refuse("阶段的结束日期早于开始日期", "end")
    return phase


def reporting_of(table: Table) -> Reporting:
    """Who has to report what, to whom and when."""
    table.only("clause", "who", "what", "due", "to", "quote", "weekday", "time", "on")
    weekday = table.take("weekday", int) if "weekday" in table.values else None
    time = table.text("time", "")
    if weekday is not None and not 1 <= weekday <= 7:  # noqa: PLR2004 - a week has seven days
        table.refuse("“weekday”应为 1（周一）至 7（周日）", "weekday")
    if time and not _TIME.fullmatch(time):
        table.refuse("“time”应写成 12:00", "time")
    return Reporting(
        clause=table.text("clause"),
        who=table.words("who"),
        what=table.text("what"),
        due=table.text("due"),
        to=table.words("to"),
        quote=quote_of(table),
        weekday=weekday,
        time=time,
        on=table.day("on"),
    )


def provision_of(table: Table) -> Provision:
    """What the plan says on one of the topics."""
    table.only("topic", "clause", "quote")
    topic = table.text("topic")
    if topic not in PROVISION_TOPICS:
        table.refuse(f"“topic”应为{'、'.join(PROVISION_TOPICS)}之一", "topic")
    return Provision(topic, table.text("clause"), quote_of(table))


def focus_of(table: Table) -> Focus:
    """What the plan wants looked at first."""
    table.only("clause", "name", "quote", "categories", "settings", "goods")
    return Focus(table.text("clause"), table.text("name"), quote_of(table), *facets_of(table), table.words("goods"))
