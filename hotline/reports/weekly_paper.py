"""The weekly report as a Word document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH

from hotline.reports.figure_words import Figure
from hotline.reports.labels import moment
from hotline.reports.paper import blank, saved
from hotline.reports.paper_writing import add_pieces, add_table
from hotline.reports.rates import DEFINITIONS
from hotline.reports.rates_paper import rate_links, rates_table
from hotline.reports.weekly_tables import NOTES, duty_table, weekly_table
from hotline.reports.weekly_words import numbers_of, period_line, summary_pieces, title_of
from hotline.store.submissions import SubmissionKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from docx.document import Document as Paper

    from hotline.reports.labels import Labels
    from hotline.reports.rates import TwoPeriods
    from hotline.reports.rates_paper import Piece
    from hotline.reports.selection import Selection
    from hotline.reports.tables import Table
    from hotline.reports.weekly import WeeklyReport
    from hotline.store.submissions import Submission

LINKED = "带下划线的数字可以点开，看统计截至时对应的工单（须登录）；此后改派、延期、退回重办的，以系统现在的记录为准。"
NOT_LINKED = (
    "本系统没有设置访问地址（HOTLINE_BASE_URL），数字不能点开；合计各项对应的工单列在文后附表，"
    "各单位和三率的工单请在系统的“周报”页点开数字查看。"
)


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
    paper = blank(title_of(report), report.office.name, report.made_at)
    paper.add_paragraph(period_line(report)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_pieces(paper.add_paragraph(), summary_pieces(report, link))
    paper.add_paragraph(LINKED if link else NOT_LINKED)
    add_table(paper, weekly_table(report, labels), _figure_links(report, link) if link else {})
    if rates:
        paper.add_paragraph()
        add_table(paper, rates_table(rates, labels), rate_links(rates, link) if link else {})
        for name, words in DEFINITIONS:
            paper.add_paragraph(f"{name}：{words}")
    _add_texts(paper, labels, texts)
    if report.duties:
        paper.add_paragraph()
        paper.add_paragraph(f"按方案{report.clause}应于每周五 12 点前上报的单位：")
        add_table(paper, duty_table(report, labels))
    paper.add_paragraph()
    for note in NOTES:
        paper.add_paragraph(note)
    for listed in lists:
        paper.add_paragraph().paragraph_format.page_break_before = listed is lists[0]
        paper.add_paragraph(listed.title).runs[0].bold = True
        add_table(paper, listed)
        for note in listed.notes:
            paper.add_paragraph(note)
    return saved(paper)


def _figure_links(report: WeeklyReport, link: Callable[[Selection], str]) -> dict[tuple[int, int], tuple[Piece, ...]]:
    """Each figure that is not nought with its address, by row and column of `weekly_table` (heads are row 0)."""
    periods = (report.period, report.period.before())
    found: dict[tuple[int, int], tuple[Piece, ...]] = {}
    for number, row in enumerate((*report.rows, report.total), start=1):
        cells = [(figure, period) for figure in Figure for period in periods]
        for column, ((figure, period), count) in enumerate(zip(cells, numbers_of(row), strict=True), start=1):
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
