"""The plan file format: one TOML file a plan, refused with file, line and reason where it does not fit.

Structure and types are checked here; what the duties say is checked by `plan_lint`.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from typing import TYPE_CHECKING

from hotline.errors import PlanError
from hotline.routing.plan_duties import duty_of
from hotline.routing.plan_records import Plan
from hotline.routing.plan_sections import each_section, focus_of, office_of, phase_of, provision_of, reporting_of
from hotline.routing.plan_table import Table

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
_ADCODE = re.compile(r"\d{6}")
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
    offices = each_section("office", top, data, lines, office_of)
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
        phases=each_section("phase", top, data, lines, phase_of),
        reporting=each_section("reporting", top, data, lines, reporting_of),
        provisions=each_section("provision", top, data, lines, provision_of),
        focuses=each_section("focus", top, data, lines, focus_of),
        duties=each_section("duty", top, data, lines, lambda table: duty_of(table, plan_id, region)),
        file=top.file,
    )
