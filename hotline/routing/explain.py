"""The route in Chinese words: facets, plan, duties tried, the one that won and why, runner-up, bodies, versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.records import AgencyRef, TraceStep
from hotline.routing.ranking import Ranked, why
from hotline.routing.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hotline.routing.agencies import Directory
    from hotline.routing.bodies import Remit
    from hotline.routing.plan_records import Duty, Plan

SILENT = "方案未列明"


def facets(category: str, setting: str, words: Sequence[str]) -> TraceStep:
    """The facets looked at, and the goods words found in the text."""
    taxonomy = load_taxonomy()
    found = "、".join(dict.fromkeys(word for word in words if word))
    detail = f"类别“{taxonomy.category(category).name}”，环节“{taxonomy.setting(setting).name}”"
    return TraceStep("分面", f"{detail}，文中商品词：{found}" if found else detail)


def plan(chosen: Plan) -> TraceStep:
    """The plan that serves."""
    number = f"（{chosen.number}）" if chosen.number else ""
    return TraceStep("方案", f"{chosen.region_name}：《{chosen.title}》{number}")


def tried(ranked: Sequence[Ranked], setting: str) -> TraceStep:
    """Every duty that covers the complaint, in the order in which they rank."""
    lines = [f"{item.duty.label} {item.duty.subject}（{_fit(item, setting)}）" for item in ranked]
    return TraceStep("比对条目", "；".join(lines) if lines else "没有条目覆盖这一类别")


def _fit(item: Ranked, setting: str) -> str:
    settings = load_taxonomy().settings
    named = "、".join(settings[code].name for code in item.duty.settings)
    fit = ("写明本环节", "未限环节", "属一般流通", "写明其他环节")[item.key[2]]
    if setting == "unknown" and item.key[2] == 0:
        fit = "未说明环节，按一般流通"
    fit = f"{fit}：{named}" if named else fit
    return f"{fit}；商品词“{item.word}”" if item.word else fit


def won(ranked: Sequence[Ranked]) -> list[TraceStep]:
    """The duty that won with its words, and by which rule it came before the runner-up."""
    first = ranked[0]
    steps = [TraceStep("适用条目", f"{first.duty.label}：“{first.duty.quote}”")]
    if len(ranked) == 1:
        return [*steps, TraceStep("理由", "只有这一条目覆盖该类别")]
    second = ranked[1]
    reason = why(first, second) or "两条目无从区分，按方案中的先后"
    return [*steps, TraceStep("理由", f"{reason}；次选 {second.duty.label} {second.duty.subject}")]


def led(duty: Duty, lead: str, remit: Remit | None) -> TraceStep:
    """Why this agency leads."""
    if len(duty.lead) == 1:
        return TraceStep("牵头", f"{lead}：条款写明（{duty.mode.label}）")
    reason = f"：{remit.reason}" if remit else ""
    return TraceStep("牵头", f"{lead}：条款未定牵头（{duty.mode.label}），按职权范围确定{reason}")


def silent(chosen: Plan, *, courier: bool, ranked: Sequence[Ranked]) -> TraceStep:
    """Why the case goes to the office for a person to assign."""
    if ranked:
        why_silent = f"{ranked[0].duty.label}所列单位的职权无法确定唯一牵头"
    elif courier:
        why_silent = "投诉对象是寄递企业，方案没有列寄递监管部门"
    else:
        why_silent = "方案没有条目覆盖这一类别"
    office = chosen.office.name if chosen.office else "（文件未设办公室）"
    return TraceStep(SILENT, f"{why_silent}，转{office}人工分派")


def out_of_scope() -> TraceStep:
    """The category `other` is not dispatched under the plan."""
    return TraceStep("不派单", "不属于本系统：由坐席确认后转交，并记明去向")


def today(agencies: Sequence[AgencyRef], on: date) -> TraceStep:
    """Each agency as the plan names it, and the body that does its work on the day received."""
    lines = [f"{item.name} → {item.today}" if item.today else f"{item.name} → 现机构未知" for item in agencies]
    return TraceStep("现机构", f"按收件日 {on.isoformat()}：{'；'.join(lines)}")


def versions(chosen: Plan, directory: Directory) -> TraceStep:
    """What made this route, so that it can be made again."""
    detail = (
        f"方案 {chosen.id} 第{chosen.version}版，机构名录第{directory.version}版，分类表第{load_taxonomy().version}版"
    )
    return TraceStep("版本", detail)
