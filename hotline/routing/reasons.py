"""Why a text got its category: the terms for and against, in words that stand in the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from hotline.records import Reason
from hotline.routing.features import PAIR
from hotline.routing.segment import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.routing.features import Features, FloatArray, Vocabulary

FOR_CHOSEN, AGAINST_CHOSEN, FOR_RUNNER_UP = 5, 2, 3
_SEEN = 20  # the heaviest columns that are looked at; further down the weights say nothing to a person
_GAP = r"[\s*＊×#·•.．|\\/_~^+\-—=▪●○☆★]{0,3}"


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The term of each column, for the columns of words and of n-grams; groups are spelt by the text's own words."""

    spelt: tuple[str, ...]
    groups: tuple[str, ...]
    grams_from: int


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One text with its words: where each begins in the prepared text, and where the last one ends."""

    text: str
    prepared: str
    row: Features
    starts: tuple[int, ...]


def terms_of(vocabulary: Vocabulary) -> Terms:
    """Turn the vocabulary round."""
    spelt = (*(word.replace(PAIR, "") for word in vocabulary.words), *vocabulary.grams)
    return Terms(spelt, tuple(vocabulary.groups), len(vocabulary.words))


def _word_at(gram: str, prepared: str, starts: Sequence[int]) -> str:
    """The word that holds the n-gram where it first stands; the n-gram itself where it is whole words; else nothing."""
    begin = prepared.find(gram)
    end = begin + len(gram)
    place = bisect_right(starts, begin) - 1
    if end <= starts[place + 1]:
        return prepared[starts[place] : starts[place + 1]]
    whole = starts[place] == begin and starts[bisect_right(starts, end) - 1] == end
    return gram if whole else ""


def _spread(seen: Seen, weights: FloatArray, terms: Terms) -> list[tuple[str, float]]:
    """Each term with what it adds to the score.

    An n-gram speaks for the word it stands in; a group's share is divided among the words that touch it.
    """
    shares = seen.row.values * weights
    sizes = np.abs(shares)
    heaviest = np.argpartition(sizes, -_SEEN)[-_SEEN:] if len(sizes) > _SEEN else np.arange(len(sizes))
    heaviest.sort()  # a fixed order, so that equal texts give equal sums
    sums: dict[str, float] = {}
    for column, share in zip(seen.row.columns[heaviest].tolist(), shares[heaviest].tolist(), strict=True):
        if column < terms.grams_from:
            names: Sequence[str] = (terms.spelt[column],)
        elif column < len(terms.spelt):
            names = (_word_at(terms.spelt[column], seen.prepared, seen.starts),)
        else:
            names = seen.row.touched[terms.groups[column - len(terms.spelt)]]
        for name in names:
            sums[name] = sums.get(name, 0.0) + share / len(names)
    sums.pop("", None)
    return sorted(sums.items(), key=lambda item: (-abs(item[1]), item[0]))


def _place(term: str, text: str) -> str | None:
    """The term as it stands in the text: the same, or with a sign or a blank between, or in the other script."""
    if term in text:
        return term
    lower = text.lower()
    begin = lower.find(term) if len(lower) == len(text) else -1
    if begin >= 0:
        return text[begin : begin + len(term)]
    plain = fold(text)
    found = re.search(_GAP.join(map(re.escape, term)), plain)
    if found is None or len(plain) != len(text):
        return None
    return text[found.start() : found.end()]


def _pick(ranked: Sequence[tuple[str, float]], text: str, count: int, sign: int) -> list[tuple[str, float]]:
    """The heaviest terms of one sign, none of which holds another; single characters only where nothing else is."""
    chosen: list[tuple[str, float]] = []
    for longer in (True, False):
        for term, weight in ranked:
            if len(chosen) >= count or (not longer and chosen):
                break
            if weight * sign <= 0 or (len(term) > 1) is not longer:
                continue
            if any(term in other or other in term for other, _ in chosen):
                continue
            spelling = _place(term, text)
            if spelling is not None:
                chosen.append((spelling, weight))
    return chosen


def see(text: str, prepared: str, tokens: Sequence[str], row: Features) -> Seen:
    """Put together what `explain` needs."""
    return Seen(text, prepared, row, (0, *accumulate(map(len, tokens))))


def explain(
    seen: Seen, terms: Terms, chosen: tuple[str, FloatArray], runner_up: tuple[str, FloatArray]
) -> tuple[Reason, ...]:
    """The terms for and against the chosen category, then those for the runner-up (each a code and its weights)."""
    found: list[Reason] = []
    for (code, weights), parts in (
        (chosen, ((FOR_CHOSEN, 1), (AGAINST_CHOSEN, -1))),
        (runner_up, ((FOR_RUNNER_UP, 1),)),
    ):
        ranked = _spread(seen, weights, terms)
        for count, sign in parts:
            picked = _pick(ranked, seen.text, count, sign)
            found += [Reason(term, round(weight, 4), code) for term, weight in picked]
    return tuple(found)
