"""The weekly report as a table and as a Word document."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from hotline.moments import SHANGHAI
from hotline.reports.labels import moment
from hotline.reports.selection import Figure
from hotline.reports.tables import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from docx.document import Document as Paper
    from docx.table import _Cell as DocxCell

    from hotline.records import Scalar
    from hotline.reports.labels import Labels
    from hotline.reports.weekly import Row, WeeklyReport

NOTES = (
    (
        "收到：期间收到、由该单位牵头的工单（派单台一行为尚无牵头单位的）；派出：期间派到该单位的工单（含配合）；"
        "办结：期间该单位办结其承办段的工单；发生逾期：该单位有时限在期间届满而未完成的工单。"
    ),
    "各项按工单计，每件一次；一件涉及几个单位的，各单位分别计入，合计只计一次。",
)
_BODY_FONT, _TITLE_FONT = "仿宋", "黑体"


def weekly_table(report: WeeklyReport, labels: Labels) -> Table:
    """Figures by body, this week and last, the total at the end."""
    columns = ["单位"]
    for figure in Figure:
        columns += [f"{figure.label}（本期）", f"{figure.label}（上期）"]
    rows: list[tuple[Scalar, ...]] = [(labels.body(row.body), *_numbers(row)) for row in report.rows]
    rows.append(("合计", *_numbers(report.total)))
    return Table(_title(report), tuple(columns), tuple(rows), (_period(report), *NOTES))


def duty_table(report: WeeklyReport, labels: Labels) -> Table:
    """Who has to report this week, for which agencies of the plan, and by when."""
    rows = tuple(
        (labels.body(duty.body), "、".join(duty.answers_for), f"{duty.due_on.isoformat()} {duty.due_time}")
        for duty in report.duties
    )
    return Table("应报单位", ("单位", "方案所列单位", "上报截止"), rows, (f"{report.clause}：{report.quote}",))


def weekly_docx(report: WeeklyReport, labels: Labels) -> bytes:
    """The paper: title, period, a sentence with the totals, the table, the reporting duties, what each figure means."""
    paper = _blank(_title(report), report.office.name, report.made_at)
    paper.add_paragraph(_period(report)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    paper.add_paragraph(summary(report))
    _add_table(paper, weekly_table(report, labels))
    if report.duties:
        paper.add_paragraph()
        paper.add_paragraph(f"按方案{report.clause}应于每周五 12 点前上报的单位：")
        _add_table(paper, duty_table(report, labels))
    paper.add_paragraph()
    for note in NOTES:
        paper.add_paragraph(note)
    return _saved(paper)


def table_docx(table: Table, author: str, made_at: datetime) -> bytes:
    """Any table as a paper of its own."""
    paper = _blank(table.title, author, made_at)
    for note in table.notes:
        paper.add_paragraph(note)
    _add_table(paper, table)
    return _saved(paper)


def summary(report: WeeklyReport) -> str:
    """The totals in one sentence, each beside the week before."""
    parts = [
        f"{figure.label} {report.total.this[figure]} 件（上期 {report.total.last[figure]} 件）" for figure in Figure
    ]
    return f"本期{'，'.join(parts)}。"


def _title(report: WeeklyReport) -> str:
    return f"{report.office.name}投诉举报工作周报"


def _period(report: WeeklyReport) -> str:
    since, until = report.period.since.isoformat(), report.period.until.isoformat()
    return f"{since} 至 {until}（统计截至 {moment(report.made_at)}）"


def _numbers(row: Row) -> list[int]:
    return [counts[figure] for figure in Figure for counts in (row.this, row.last)]


def _saved(paper: Paper) -> bytes:
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _blank(name: str, author: str, made_at: datetime) -> Paper:
    """A landscape page with its title, in the fonts of official papers."""
    paper = Document()
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(2)
    style = paper.styles["Normal"]
    style.font.size, style.font.name = Pt(11), _BODY_FONT
    _east_asian(style.element, _BODY_FONT)
    # The library's own template says python-docx and 2013; local time without a zone is what Word expects here.
    made = made_at.astimezone(SHANGHAI).replace(tzinfo=None)
    properties = paper.core_properties
    properties.author, properties.title, properties.comments = author, name, ""
    properties.created = properties.modified = made
    title = paper.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(name)
    run.bold, run.font.size, run.font.name = True, Pt(18), _TITLE_FONT
    _east_asian(run.element, _TITLE_FONT)
    return paper


def _east_asian(element: Any, name: str) -> None:  # noqa: ANN401 - the library's own XML element.
    """Set the font of Chinese letters, which Word keeps apart from the Latin ones."""
    element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _add_table(paper: Paper, table: Table) -> None:
    made = paper.add_table(rows=1 + len(table.rows), cols=len(table.columns), style="Table Grid")
    for row, values in zip(made.rows, (table.columns, *table.rows), strict=True):
        _fill(row.cells, values)
    for cell in made.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True


def _fill(cells: Sequence[DocxCell], values: Sequence[Scalar]) -> None:
    for cell, value in zip(cells, values, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.add_run(str(value))
        if isinstance(value, int):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
