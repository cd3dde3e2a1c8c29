"""What a text says that thresholds are compared with: sums by their measure, numbers of things, words of repetition.

A text is read clause by clause, so that 库存货值12万元 is unsold stock and 已卖出4万元 is turnover. What the caller
wants back or claims is no sum of the offence. Of several sums of one measure the largest counts; nothing is added up,
since a caller often names the parts and the whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from hotline.casework.crime_rules import Measure
from hotline.intake.amounts import find_amounts
from hotline.intake.numbers import HAN_NUMERAL, to_decimal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CLAUSE = re.compile(r"[，。；！？、;!?\n]|,(?!\d)")
_CLAIM = ("赔偿", "索赔", "赔付", "退还", "退款", "罚款", "奖励")
_CUES = (
    (Measure.GAIN, ("违法所得", "非法所得", "获利", "盈利", "牟利", "赚", "利润")),
    (Measure.LOSS, ("损失", "减产", "绝收")),
    (Measure.UNSOLD, ("库存", "未售", "没卖", "尚未销售", "囤", "待售", "仓库")),
)
_AGAIN = ("再次被", "又被查", "屡次", "受过处罚", "处罚过", "被处罚后", "二次处罚", "再犯", "受过行政处罚")
_SEVERAL = ("两种以上", "多个品牌", "多种品牌", "多个商标", "多种商标", "各种品牌", "各大品牌", "两项专利", "多项专利")
CLAUSE_LIMIT = 40
_NOTHING = (Decimal(0), "")
_UNITS = "件册本张份枚个套盒瓶支条部人名次盘"
_COUNT = re.compile(rf"(?P<number>\d[\d,]*(?:\.\d+)?[百千万]*|[{HAN_NUMERAL}]{{1,12}})[多余]?(?P<unit>[{_UNITS}])")


@dataclass(frozen=True, slots=True)
class Count:
    """A number of things, with the clause it stands in."""

    value: Decimal
    unit: str
    clause: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The largest sum of each measure with its clause, all numbers of things; `again` and `several` are the words."""

    sums: tuple[tuple[Measure, tuple[Decimal, str]], ...] = ()
    counts: tuple[Count, ...] = ()
    again: str = ""
    several: str = ""

    def sum_of(self, measure: Measure) -> Decimal:
        """The largest sum of a measure, 0 where there is none."""
        return dict(self.sums).get(measure, _NOTHING)[0]

    def clause_of(self, measure: Measure) -> str:
        """The clause that names it, empty where none does."""
        return dict(self.sums).get(measure, _NOTHING)[1]


def read_facts(text: str, amounts: Iterable[Decimal] = ()) -> Facts:
    """The facts of a text; `amounts` are sums known besides (the form's own field), taken as turnover."""
    sums: dict[Measure, tuple[Decimal, str]] = {}
    counts: list[Count] = []
    for value in amounts:
        _keep(sums, Measure.TURNOVER, value, "")
    for clause in _CLAUSE.split(text):
        counts += _counts(clause)
        found = find_amounts(clause)
        if not found or any(word in clause for word in _CLAIM):
            continue
        measure = next((each for each, cues in _CUES if any(cue in clause for cue in cues)), Measure.TURNOVER)
        for money in found:
            _keep(sums, measure, money.value, clause.strip()[:CLAUSE_LIMIT])
    return Facts(tuple(sums.items()), tuple(counts), first_of(_AGAIN, text), first_of(_SEVERAL, text))


def first_of(words: Sequence[str], text: str) -> str:
    """The first of these words that stands in the text, else empty."""
    return next((word for word in words if word in text), "")


def _keep(sums: dict[Measure, tuple[Decimal, str]], measure: Measure, value: Decimal, clause: str) -> None:
    if value > sums.get(measure, _NOTHING)[0]:
        sums[measure] = (value, clause)


def _counts(clause: str) -> list[Count]:
    found = []
    for match in _COUNT.finditer(clause):
        value = to_decimal(match["number"].replace(",", ""))
        if value is not None:
            found.append(Count(value, match["unit"], clause))
    return found
