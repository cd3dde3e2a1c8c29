"""三率 as a table, and the cells of that table with the cases that each number opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.reports.rates import DEFINITIONS, Rate, Rates, rate_selections
from hotline.reports.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from hotline.reports.labels import Labels
    from hotline.reports.rates import TwoPeriods
    from hotline.reports.report_period import Period
    from hotline.reports.selection import Selection

Piece = tuple[str, str]
"""A run of text and the address that it opens, empty for none."""
FIELDS = ("response", "solved", "satisfied")
_NONE = Rate(0, 0)


def rates_table(rates: TwoPeriods, labels: Labels) -> Table:
    """三率 by body, the total first, each beside the period before, with what each means."""
    columns = ["单位"]
    for name, _ in DEFINITIONS:
        columns += [name, f"{name}（上期）"]
    rows = tuple((_name(body, labels), *(rate.words for _, _, rate in _cells(rates, body))) for body in _bodies(rates))
    notes = tuple(f"{name}：{words}" for name, words in DEFINITIONS)
    return Table("三率", tuple(columns), rows, notes)


def rate_links(rates: TwoPeriods, link: Callable[[Selection], str]) -> dict[tuple[int, int], tuple[Piece, ...]]:
    """The pieces of each cell of `rates_table` that has a number, by row and column (heads are row 0)."""
    found: dict[tuple[int, int], tuple[Piece, ...]] = {}
    for row, body in enumerate(_bodies(rates), start=1):
        for column, (period, name, rate) in enumerate(_cells(rates, body), start=1):
            if rate.total:
                hits, total = rate_selections(period, body)[name]
                found[row, column] = (
                    (f"{rate.percent}（", ""),
                    (str(rate.hits), link(hits) if rate.hits else ""),
                    ("/", ""),
                    (str(rate.total), link(total)),
                    ("）", ""),
                )
    return found


def _bodies(rates: TwoPeriods) -> list[str]:
    """The total, then whoever has a rate in either period."""
    return list(dict.fromkeys(each.body_id for each in (*rates.this, *rates.last)))


def _cells(rates: TwoPeriods, body: str) -> list[tuple[Period, str, Rate]]:
    both = ((rates.period, rates.this), (rates.period.before(), rates.last))
    by_period = [(period, next((each for each in found if each.body_id == body), None)) for period, found in both]
    return [(period, name, _rate(found, name)) for name in FIELDS for period, found in by_period]


def _rate(found: Rates | None, name: str) -> Rate:
    rate: Rate = getattr(found, name) if found else _NONE
    return rate


def _name(body: str, labels: Labels) -> str:
    return labels.body(body) if body else "合计"
