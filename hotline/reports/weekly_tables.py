"""The weekly report as tables: the figures by body, who has to report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.reports.figure_words import Figure
from hotline.reports.tables import Table
from hotline.reports.weekly_words import numbers_of, period_line, title_of

if TYPE_CHECKING:
    from hotline.records import Scalar
    from hotline.reports.labels import Labels
    from hotline.reports.weekly import WeeklyReport

NOTES = (
    (
        "收到：期间收到、由该单位牵头的工单（派单台一行为尚无牵头单位的）；派出：期间派到该单位的工单（含配合）；"
        "办结：期间该单位办结其承办段的工单；发生逾期：该单位有时限在期间届满而未完成的工单。"
    ),
    "各项按工单计，每件一次；一件涉及几个单位的，各单位分别计入，合计只计一次。",
)


def weekly_table(report: WeeklyReport, labels: Labels) -> Table:
    """Figures by body, this week and last, the total at the end."""
    columns = ["单位"]
    for figure in Figure:
        columns += [f"{figure.label}（本期）", f"{figure.label}（上期）"]
    rows: list[tuple[Scalar, ...]] = [(labels.body(row.body), *numbers_of(row)) for row in report.rows]
    rows.append(("合计", *numbers_of(report.total)))
    return Table(title_of(report), tuple(columns), tuple(rows), (period_line(report), *NOTES))


def duty_table(report: WeeklyReport, labels: Labels) -> Table:
    """Who has to report this week, for which agencies of the plan, and by when."""
    rows = tuple(
        (labels.body(duty.body), "、".join(duty.answers_for), f"{duty.due_on.isoformat()} {duty.due_time}")
        for duty in report.duties
    )
    return Table("应报单位", ("单位", "方案所列单位", "上报截止"), rows, (f"{report.clause}：{report.quote}",))
