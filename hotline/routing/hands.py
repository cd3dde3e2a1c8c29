"""The hands that wrote a corpus: how many texts, how long, how varied."""

from __future__ import annotations

from collections import Counter
from statistics import median
from typing import TYPE_CHECKING

from hotline.routing.cards import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hotline.routing.corpus import Example

OPENING = 6  # characters
BANDS = ((0, 40), (40, 80), (80, 160), (160, 350), (350, 100_000))
Hands = dict[str, list["Example"]]


def by_hand(examples: Iterable[Example]) -> Hands:
    """The texts of each hand, hands in order."""
    groups: Hands = {}
    for row in sorted(examples, key=lambda row: row.hand):
        groups.setdefault(row.hand, []).append(row)
    return groups


def _hand_rows(groups: Hands) -> list[Sequence[object]]:
    """Per hand: texts, lengths, and how varied characters and openings are."""
    rows: list[Sequence[object]] = []
    for hand, examples in groups.items():
        lengths = [len(row.text) for row in examples]
        bands = [sum(low <= length < high for length in lengths) for low, high in BANDS]
        most = Counter(row.text[:OPENING] for row in examples).most_common(1)[0]
        characters = len({char for row in examples for char in row.text})
        rows.append(
            (hand, len(examples), min(lengths), int(median(lengths)), max(lengths), *bands, characters, f"{most[1]} 次")
        )
    return rows


def lengths(groups: Hands) -> str:
    """The table of `_hand_rows`."""
    bands = [f"{low}–{high - 1} 字" if high < BANDS[-1][1] else f"{low} 字以上" for low, high in BANDS]
    return table(("执笔人", "条数", "最短", "中位", "最长", *bands, "不同的字", "最常见开头"), _hand_rows(groups))
