"""The weekly report as a table and as a Word document."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from hotline.moments import SHANGHAI
from hotline.reports.labels import moment
from hotline.reports.rates import DEFINITIONS
from hotline.reports.rates_paper import rate_links, rates_table
from hotline.reports.selection import Figure
from hotline.reports.tables import Table
from hotline.reports.weekly import ONE_DAY, SEVEN_DAYS
from hotline.store.submissions import SubmissionKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from docx.document import Document as Paper
    from docx.table import _Cell as DocxCell
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

    from hotline.records import Scalar
    from hotline.reports.labels import Labels
    from hotline.reports.rates import TwoPeriods
    from hotline.reports.rates_paper import Piece
    from hotline.reports.selection import Selection
    from hotline.reports.weekly import Period, Row, WeeklyReport
    from hotline.store.submissions import Submission

NOTES = (
    (
        "收到：期间收到、由该单位牵头的工单（派单台一行为尚无牵头单位的）；派出：期间派到该单位的工单（含配合）；"
        "办结：期间该单位办结其承办段的工单；发生逾期：该单位有时限在期间届满而未完成的工单。"
    ),
    "各项按工单计，每件一次；一件涉及几个单位的，各单位分别计入，合计只计一次。",
)
LINKED = "带下划线的数字可以点开，看统计截至时对应的工单（须登录）；此后改派、延期、退回重办的，以系统现在的记录为准。"
NOT_LINKED = (
    "本系统没有设置访问地址（HOTLINE_BASE_URL），数字不能点开；合计各项对应的工单列在文后附表，"
    "各单位和三率的工单请在系统的“周报”页点开数字查看。"
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


def weekly_docx(
    report: WeeklyReport,
    labels: Labels,
    texts: Sequence[Submission] = (),
    rates: TwoPeriods | None = None,
    *,
    link: Callable[[Selection], str] | None = None,
    lists: Sequence[Table] = (),
) -> bytes:
    """The paper: title, period, totals, the table, the bodies' own texts, the reporting duties, what figures mean.

    Figures are hyperlinks to their cases where `link` makes addresses; where it cannot, the paper says so, and `lists`
    are an annex of cases.
    """
    paper = _blank(_title(report), report.office.name, report.made_at)
    paper.add_paragraph(_period(report)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_pieces(paper.add_paragraph(), summary_pieces(report, link))
    paper.add_paragraph(LINKED if link else NOT_LINKED)
    _add_table(paper, weekly_table(report, labels), _figure_links(report, link) if link else {})
    if rates:
        paper.add_paragraph()
        _add_table(paper, rates_table(rates, labels), rate_links(rates, link) if link else {})
        for name, words in DEFINITIONS:
            paper.add_paragraph(f"{name}：{words}")
    _add_texts(paper, labels, texts)
    if report.duties:
        paper.add_paragraph()
        paper.add_paragraph(f"按方案{report.clause}应于每周五 12 点前上报的单位：")
        _add_table(paper, duty_table(report, labels))
    paper.add_paragraph()
    for note in NOTES:
        paper.add_paragraph(note)
    for listed in lists:
        paper.add_paragraph().paragraph_format.page_break_before = listed is lists[0]
        paper.add_paragraph(listed.title).runs[0].bold = True
        _add_table(paper, listed)
        for note in listed.notes:
            paper.add_paragraph(note)
    return _saved(paper)


def _figure_links(report: WeeklyReport, link: Callable[[Selection], str]) -> dict[tuple[int, int], tuple[Piece, ...]]:
    """Each figure that is not nought with its address, by row and column of `weekly_table` (heads are row 0)."""
    periods = (report.period, report.period.before())
    found: dict[tuple[int, int], tuple[Piece, ...]] = {}
    for number, row in enumerate((*report.rows, report.total), start=1):
        cells = [(figure, period) for figure in Figure for period in periods]
        for column, ((figure, period), count) in enumerate(zip(cells, _numbers(row), strict=True), start=1):
            if count:
                found[number, column] = ((str(count), link(period.selection(figure, row.body))),)
    return found


def _add_texts(paper: Paper, labels: Labels, texts: Sequence[Submission]) -> None:
    """What the bodies submitted, in their own words: important matters first, then the weekly reports."""
    for kind in (SubmissionKind.URGENT, SubmissionKind.WEEKLY):
        found = [each for each in texts if each.kind is kind and each.body_id]
        if found:
            paper.add_paragraph()
            paper.add_paragraph("重要情况" if kind is SubmissionKind.URGENT else "各单位工作情况").runs[0].bold = True
        for each in found:
            paper.add_paragraph(f"{labels.body(each.body_id)}（{moment(each.at)} 报送）").runs[0].bold = True
            for line in each.text.split("\n"):
                paper.add_paragraph(line)


def table_docx(table: Table, author: str, made_at: datetime) -> bytes:
    """Any table as a paper of its own."""
    paper = _blank(table.title, author, made_at)
    for note in table.notes:
        paper.add_paragraph(note)
    _add_table(paper, table)
    return _saved(paper)


def summary(report: WeeklyReport) -> str:
    """The totals in one sentence, each beside the week before."""
    return "".join(text for text, _ in summary_pieces(report))


def summary_pieces(report: WeeklyReport, link: Callable[[Selection], str] | None = None) -> list[Piece]:
    """The same sentence, each number with the address of its cases."""

    def number(figure: Figure, period: Period, count: int) -> Piece:
        return str(count), link(period.selection(figure)) if link and count else ""

    pieces: list[Piece] = [("本期", "")]
    for index, figure in enumerate(Figure):
        pieces += [
            (f"{'，' if index else ''}{figure.label} ", ""),
            number(figure, report.period, report.total.this[figure]),
            (" 件（上期 ", ""),
            number(figure, report.period.before(), report.total.last[figure]),
            (" 件）", ""),
        ]
    return [*pieces, ("。", ""), *_merged_pieces(report, link)]


def _merged_pieces(report: WeeklyReport, link: Callable[[Selection], str] | None) -> list[Piece]:
    """How many matters the cases received are, where some are told by several callers."""
    pieces: list[Piece] = []
    periods = (("本期", report.period, report.merged[0]), ("上期", report.period.before(), report.merged[1]))
    for name, period, merged in periods:
        if merged.shared:
            shared = replace(period.selection(Figure.RECEIVED), merged=True)
            pieces += [
                (f"{name}收到的工单中，", ""),
                (str(merged.shared), link(shared) if link else ""),
                (f" 件与别的来电人反映同一事，合并重复后共 {merged.matters} 件事。", ""),
            ]
    return pieces


def _title(report: WeeklyReport) -> str:
    return f"{report.office.name}投诉举报工作{period_word(report)}"


def period_word(report: WeeklyReport) -> str:
    """周报, 月报, 年报, by the length of the period; any other is a 统计."""
    since, until = report.period.since, report.period.until
    after = until + ONE_DAY
    if until - since == SEVEN_DAYS - ONE_DAY:
        return "周报"
    if since.day == after.day == 1:
        months = (after.year - since.year) * 12 + after.month - since.month
        return {1: "月报", 12: "年报"}.get(months, "统计")
    return "统计"


def _period(report: WeeklyReport) -> str:
    since, until = report.period.since.isoformat(), report.period.until.isoformat()
    return f"{since} 至 {until}（统计截至 {moment(report.made_at)}）"


def _numbers(row: Row) -> list[int]:
    return [counts[figure] for figure in Figure for counts in (row.this, row.last)]


def _saved(paper: Paper) -> bytes:
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _add_pieces(paragraph: Paragraph, pieces: Iterable[Piece]) -> None:
    for text, url in pieces:
        run = paragraph.add_run(text)
        if url:
            _link(paragraph, run, url)


def _link(paragraph: Paragraph, run: Run, url: str) -> None:
    """Put a run into a hyperlink, for which the library has no function of its own."""
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run.font.underline = True
    run.font.color.rgb = RGBColor(0x0B, 0x4F, 0x9E)
    element.append(run._r)  # noqa: SLF001 - the library has no public way to move a run.
    paragraph._p.append(element)  # noqa: SLF001 - as above.


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


def _add_table(paper: Paper, table: Table, links: Mapping[tuple[int, int], Sequence[Piece]] | None = None) -> None:
    made = paper.add_table(rows=1 + len(table.rows), cols=len(table.columns), style="Table Grid")
    for number, (row, values) in enumerate(zip(made.rows, (table.columns, *table.rows), strict=True)):
        _fill(row.cells, values, {column: cell for (line, column), cell in (links or {}).items() if line == number})
    for cell in made.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True


def _fill(cells: Sequence[DocxCell], values: Sequence[Scalar], links: Mapping[int, Sequence[Piece]]) -> None:
    for column, (cell, value) in enumerate(zip(cells, values, strict=True)):
        paragraph = cell.paragraphs[0]
        _add_pieces(paragraph, links.get(column, ((str(value), ""),)))
        if isinstance(value, int):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
