"""The plan file format: one TOML file a plan, refused with file, line and reason where it does not fit.

Structure and types are checked here; what the duties say is checked by `plan_lint`.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from hotline.errors import PlanError
from hotline.routing.plan_records import Basis, Duty, Focus, Office, Phase, Plan, Provision, Reporting
from hotline.routing.plan_table import Table
from hotline.routing.taxonomy import load_taxonomy
from hotline.vocabulary import Mode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")
FORMAT = 1
QUOTE_LIMIT = 200
PROVISION_TOPICS = ("移送", "督办", "奖励", "宣传", "销毁", "考核", "举报")
MODE_WITH_LEAD = Mode.LEAD_ASSIST
_ADCODE = re.compile(r"\d{6}")
_TIME = re.compile(r"([01]\d|2[0-4]):[0-5]\d")
_TOML_LINE = re.compile(r"at line (\d+)")
_TOP = re.compile(r"(?m)^\s*\[")


_SECTIONS = ("office", "phase", "reporting", "provision", "focus", "duty")
_PLAN_TEXTS = ("id", "title", "number", "issuer", "region", "region_name", "extends", "source")
_PLAN_LISTS = ("hotlines", "key_rights", "key_goods", "key_areas", "key_fields")
_PLAN_DATES = ("issued_on", "period_start", "period_end", "withdrawn_on")


def parse_plan(content: str, file: str) -> Plan:
    """Read one plan; `PlanError` with file, line and reason where it does not fit the format."""
    try:
        data = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        found = _TOML_LINE.search(str(error))
        reason = "日期或语法有误" if "date" in str(error) else "不是有效的 TOML"
        message = f"{file}:{found[1] if found else 1}: {reason}（{error}）。请改正后重新载入"
        raise PlanError(message) from error
    lines = content.split("\n")
    opening = _TOP.search(content)
    head = content[: opening.start()].count("\n") + 1 if opening else len(lines)
    top = Table(file, 1, tuple(lines[:head]), {k: v for k, v in data.items() if k not in _SECTIONS})
    top.only("format", "version", *_PLAN_TEXTS, *_PLAN_LISTS, *_PLAN_DATES)
    if top.take("format", int) != FORMAT:
        top.refuse(f"格式版本应为 {FORMAT}", "format")
    return _plan(top, data, lines)


def read_plan(path: Path) -> Plan:
    """Read a plan file, which must be UTF-8."""
    try:
        content = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        message = f"{path.name}:1: 文件不是 UTF-8 编码。请另存为 UTF-8 后重新载入"
        raise PlanError(message) from error
    return parse_plan(content, path.name)


def _plan(top: Table, data: dict[str, object], lines: list[str]) -> Plan:
    region = top.text("region")
    if not _ADCODE.fullmatch(region):
        top.refuse("“region”应为六位行政区划代码", "region")
    offices = _each("office", top, data, lines, _office)
    plan_id = top.text("id")
    return Plan(
        id=plan_id,
        version=top.take("version", int),
        title=top.text("title"),
        number=top.text("number", ""),
        issuer=top.text("issuer", ""),
        issued_on=top.day("issued_on") if "period_start" in top.values else top.take("issued_on", date),
        region=region,
        region_name=top.text("region_name"),
        extends=top.text("extends", ""),
        source=top.text("source"),
        period_start=top.day("period_start"),
        period_end=top.day("period_end"),
        withdrawn_on=top.day("withdrawn_on"),
        office=offices[0] if offices else None,
        hotlines=top.words("hotlines"),
        key_rights=top.words("key_rights"),
        key_goods=top.words("key_goods"),
        key_areas=top.words("key_areas"),
        key_fields=top.words("key_fields"),
        phases=_each("phase", top, data, lines, _phase),
        reporting=_each("reporting", top, data, lines, _reporting),
        provisions=_each("provision", top, data, lines, _provision),
        focuses=_each("focus", top, data, lines, _focus),
        duties=_each("duty", top, data, lines, lambda table: _duty(table, plan_id, region)),
        file=top.file,
    )


def _each(
    name: str, top: Table, data: dict[str, object], lines: list[str], make: Callable[[Table], T]
) -> tuple[T, ...]:
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


def _office(table: Table) -> Office:
    table.only("name", "full_name", "seat", "clause", "quote")
    name = table.text("name")
    return Office(
        name,
        table.text("full_name", name),
        table.text("seat", ""),
        table.text("clause", ""),
        _quote(table, required=False),
    )


def _phase(table: Table) -> Phase:
    table.only("name", "start", "end", "clause")
    phase = Phase(table.text("name"), table.take("start", date), table.take("end", date), table.text("clause"))
    if phase.end < phase.start:
        table.refuse("阶段的结束日期早于开始日期", "end")
    return phase


def _reporting(table: Table) -> Reporting:
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
        quote=_quote(table),
        weekday=weekday,
        time=time,
        on=table.day("on"),
    )


def _provision(table: Table) -> Provision:
    table.only("topic", "clause", "quote")
    topic = table.text("topic")
    if topic not in PROVISION_TOPICS:
        table.refuse(f"“topic”应为{'、'.join(PROVISION_TOPICS)}之一", "topic")
    return Provision(topic, table.text("clause"), _quote(table))


def _focus(table: Table) -> Focus:
    table.only("clause", "name", "quote", "categories", "settings", "goods")
    return Focus(table.text("clause"), table.text("name"), _quote(table), *_facets(table), table.words("goods"))


def _duty(table: Table, plan: str, region: str) -> Duty:
    table.only(
        "clause", "seq", "quote", "agencies", "agencies_full", "lead", "mode", "subject",
        "complaint_relevant", "categories", "settings", "goods", "basis",
    )  # fmt: skip
    mode = _coded(table, "mode", {mode.value: mode for mode in Mode})
    agencies = table.words("agencies")
    full = table.words("agencies_full") or agencies
    if len(full) != len(agencies):
        table.refuse("“agencies_full”应与“agencies”一一对应", "agencies_full")
    lead = _lead(table, mode, agencies)
    categories, settings = _facets(table)
    seq = table.take("seq", int)
    if seq < 1:
        table.refuse("“seq”从 1 开始", "seq")
    return Duty(
        plan=plan,
        region=region,
        clause=table.text("clause"),
        seq=seq,
        quote=_quote(table),
        agencies=agencies,
        agencies_full=full,
        lead=lead,
        co=tuple(agency for agency in agencies if lead and agency not in lead),
        mode=mode,
        subject=table.text("subject"),
        complaint_relevant=table.take("complaint_relevant", bool),
        categories=categories,
        settings=settings,
        goods=table.words("goods"),
        basis=_coded(table, "basis", {basis.name.lower(): basis for basis in Basis}, "matter"),
        line=table.first,
    )


def _lead(table: Table, mode: Mode, agencies: tuple[str, ...]) -> tuple[str, ...]:
    """Who leads by the words of the clause: given for 牵头配合, follows from the mode in all others."""
    given = table.words("lead")
    if (mode is Mode.NONE) != (not agencies):
        table.refuse("“mode”为 none 时不列单位，其余必须列出单位", "mode")
    if mode is Mode.SOLE and len(agencies) != 1:
        table.refuse("单独负责（sole）只能有一个单位，这里有两个牵头", "agencies")
    if mode is not MODE_WITH_LEAD:
        expected = agencies if mode in {Mode.SOLE, Mode.LEAD} else ()
        if given and given != expected:
            table.refuse("“lead”与“mode”不符：只有 lead+assist 需要写明牵头单位", "lead")
        return expected
    if not given or not set(given) < set(agencies):
        table.refuse("lead+assist 须写明牵头单位，且另有配合单位", "lead")
    return given


def _facets(table: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    taxonomy = load_taxonomy()
    categories, settings = table.words("categories"), table.words("settings")
    for code in categories:
        if code not in taxonomy.categories:
            table.refuse(f"没有类别“{code}”", "categories")
    for code in settings:
        if code not in taxonomy.settings:
            table.refuse(f"没有环节“{code}”", "settings")
    return categories, settings


def _quote(table: Table, *, required: bool = True) -> str:
    quote = table.text("quote", None if required else "")
    if len(quote) > QUOTE_LIMIT or "\n" in quote:
        table.refuse(f"引文应连成一行，不超过 {QUOTE_LIMIT} 字", "quote")
    return quote


def _coded(table: Table, key: str, codes: dict[str, T], default: str | None = None) -> T:
    code = table.text(key, default)
    if code not in codes:
        table.refuse(f"“{key}”应为{'、'.join(codes)}之一", key)
    return codes[code]
