"""How alike the hands of a corpus are, and how its words grow with it."""

from __future__ import annotations

from itertools import combinations
from statistics import median
from typing import TYPE_CHECKING

from hotline.routing.cards import share
from hotline.routing.segment import cut, prepare

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hotline.routing.corpus import Example
    from hotline.routing.hands import Hands

OVERLAP = 5  # characters of an n-gram shared between hands
GROWTH = (0.25, 0.5, 0.75, 1.0)
SHOWN_PAIRS = 10


def _grams(texts: Iterable[str]) -> set[str]:
    """The character n-grams of `OVERLAP` characters."""
    return {text[start : start + OVERLAP] for text in texts for start in range(len(text) - OVERLAP + 1)}


def overlaps(groups: Hands) -> tuple[float, list[Sequence[object]]]:
    """The median share of 5-grams that two hands have in common, and the pairs that have most."""
    grams = {hand: _grams(prepare(row.text) for row in examples) for hand, examples in groups.items()}
    shares = {
        (left, right): len(grams[left] & grams[right]) / max(1, min(len(grams[left]), len(grams[right])))
        for left, right in combinations(grams, 2)
    }
    most = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_PAIRS]
    rows: list[Sequence[object]] = [(f"{left} / {right}", share(value)) for (left, right), value in most]
    return (median(shares.values()) if shares else 0.0), rows


def growth(examples: Sequence[Example]) -> list[Sequence[object]]:
    """How many different words the first quarter of the texts has, the first half, and so on, in the order of ids.

    Ids are sorted by their number first, so that each part holds texts of every hand.
    """
    ordered = sorted(examples, key=lambda row: (row.id.partition("-")[2], row.id))
    words: set[str] = set()
    rows: list[Sequence[object]] = []
    done = 0
    for part in GROWTH:
        end, before = int(len(ordered) * part), len(words)
        for row in ordered[done:end]:
            words.update(cut(prepare(row.text)))
        rows.append((share(part), end, len(words), f"+{len(words) - before}"))
        done = end
    return rows
