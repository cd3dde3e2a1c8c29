"""The weekly report in words: its title, its period, the totals in one sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.reports.figure_words import Figure
from hotline.reports.labels import moment
from hotline.reports.report_period import ONE_DAY, SEVEN_DAYS

if TYPE_CHECKING:
    from collections.abc import Callable

    from hotline.reports.rates_paper import Piece
    from hotline.reports.report_period import Period
    from hotline.reports.selection import Selection
    from hotline.reports.weekly import Row, WeeklyReport


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


def title_of(report: WeeklyReport) -> str:
    """The office's name and what the paper is by its length."""
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


def period_line(report: WeeklyReport) -> str:
    """The days and the moment up to which they were counted."""
    since, until = report.period.since.isoformat(), report.period.until.isoformat()
    return f"{since} 至 {until}（统计截至 {moment(report.made_at)}）"


def numbers_of(row: Row) -> list[int]:
    """The figures of a row, this period and last one after the other."""
    return [counts[figure] for figure in Figure for counts in (row.this, row.last)]
