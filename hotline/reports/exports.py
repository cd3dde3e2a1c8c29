"""Tables made of the figures. No personal data stands in them: no caller, no respondent, no text of the complaint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.reports.figure_words import ClockState
from hotline.reports.labels import deadline, in_words, moment, term
from hotline.reports.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from hotline.records import Scalar
    from hotline.reports.breaches import Cell
    from hotline.reports.cases import ClockLine
    from hotline.reports.labels import Labels
    from hotline.reports.selection import Selection
    from hotline.store.lines import CaseLine

CASE_COLUMNS = (
    "编号",
    "收到时间",
    "性质",
    "紧急程度",
    "渠道",
    "类别",
    "环节",
    "状态",
    "牵头单位",
    "依据方案",
    "职责条目",
    "方案未列明",
    "督办",
    "退单次数",
    "最近时限",
    "相关时限",
    "结案时间",
)
MAX_ROWS = 50_000
"""A file of more rows is of no use to a person and too much for the server at once; narrow the selection."""


def case_table(
    lines: Iterable[CaseLine],
    clocks: Mapping[str, Sequence[ClockLine]],
    selection: Selection,
    labels: Labels,
    now: datetime,
) -> Table:
    """The cases of a selection, one a row."""
    rows = tuple(_case_row(line, clocks.get(line.case_id, ()), labels, now) for line in lines)
    note = f"筛选：{in_words(selection, labels)}。导出时间：{moment(now)}。不含个人信息。"
    return Table("工单清单", CASE_COLUMNS, rows, (note,))


def cube_table(cells: Iterable[Cell], selection: Selection, labels: Labels, now: datetime) -> Table:
    """The breach cube, one cell a row."""
    rows = tuple(_cube_row(cell, labels) for cell in cells)
    columns = (
        "责任单位",
        "类别",
        "渠道",
        "时限",
        "时限代码",
        "原因",
        *(state.label for state in ClockState),
        "工作分钟",
    )
    about = "每格为时限数，一件工单可有几个时限；原因只记已经或正在逾期的和进行中的；工作分钟为已停时限自起算至停止"
    notes = (f"范围：{in_words(selection, labels)}。统计时间：{moment(now)}。{about}。",)
    return Table("时限情况", columns, rows, notes)


def clock_words(clock: ClockLine, labels: Labels, now: datetime) -> str:
    """One clock in a cell: its title, whose it is, and how it stands."""
    if clock.stopped_at is not None:
        stands = "逾期后完成" if clock.stopped_at > clock.breach_at else "按时完成"
    elif clock.paused_since is not None:
        stands = "中止计时"
    else:
        stands = "已逾期" if clock.breach_at < now else f"至 {deadline(clock.due_at)}"
    return f"{labels.policy(clock.policy)}（{labels.body(clock.body_id)}）{stands}"


def _cube_row(cell: Cell, labels: Labels) -> tuple[Scalar, ...]:
    chosen = cell.selection
    return (
        labels.body(chosen.body),
        labels.category(chosen.category),
        labels.channel(chosen.channel),
        labels.policy(chosen.policy),
        chosen.policy,
        chosen.cause.label if chosen.cause else "",
        *(cell.count(state) for state in ClockState),
        cell.minutes,
    )


def _yes(flag: bool) -> str:  # noqa: FBT001 - the value itself is what is put in words.
    return "是" if flag else "否"


def _case_row(line: CaseLine, clocks: Sequence[ClockLine], labels: Labels, now: datetime) -> tuple[Scalar, ...]:
    return (
        line.number,
        moment(line.received_at),
        term(line.kind),
        term(line.urgency),
        labels.channel(line.channel),
        labels.category(line.category),
        labels.setting(line.setting),
        term(line.state),
        labels.body(line.lead_body_id) if line.lead_body_id else "",
        labels.plan(line.plan),
        line.clause or "",
        _yes(line.silent),
        _yes(line.supervised),
        line.returns,
        deadline(line.due_at),
        "；".join(clock_words(clock, labels, now) for clock in clocks),
        moment(line.closed_at),
    )
