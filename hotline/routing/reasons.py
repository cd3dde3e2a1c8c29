"""Why a text got its category: the terms for and against, in words that stand in the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np

from hotline.records import Reason
from hotline.routing.segment import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hotline.routing.features import FloatArray, Vocabulary
    from hotline.routing.term_index import IntArray, TokenIndex

FOR_CHOSEN, AGAINST_CHOSEN, FOR_RUNNER_UP = 5, 2, 3
_SEEN, _SEEN_RUNNER_UP = 16, 8  # the heaviest columns looked at; further down the weights say nothing to a person
_LEAST = 0.0001  # what a reason shows: a lighter one would read as nothing
_GAP = r"[\s*＊×#·•.．|\\/_~^+\-—=▪●○☆★]{0,3}"


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The term of each column: words, n-grams, then groups, which are spelt by the text's own words."""

    spelt: tuple[str, ...]
    words: int
    terms: int
    index: TokenIndex


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One text with its words: where each begins in the prepared text and where the last ends, those of each group."""

    text: str
    prepared: str
    tokens: Sequence[str]
    starts: Sequence[int]
    touching: Mapping[int, Sequence[str]]


def terms_of(vocabulary: Vocabulary) -> Terms:
    """What is needed to name columns."""
    spelt = (*vocabulary.words, *vocabulary.grams)
    return Terms(spelt, len(vocabulary.words), len(spelt), vocabulary.tokens)


def view(text: str, prepared: str, tokens: Sequence[str], terms: Terms) -> View:
    """Put together what `explain` needs of a text."""
    touching: dict[int, list[str]] = {}
    for token, groups in terms.index.touching(tokens):
        for group in groups:
            touching.setdefault(group, []).append(token)
    return View(text, prepared, tokens, (0, *accumulate(map(len, tokens))), touching)


def _word_at(gram: str, seen: View) -> str:
    """The word that holds the n-gram where it first stands; the n-gram itself where it is whole words; else nothing."""
    starts, begin = seen.starts, seen.prepared.find(gram)
    end = begin + len(gram)
    place = bisect_right(starts, begin) - 1
    if end <= starts[place + 1]:
        return seen.tokens[place]
    return gram if starts[place] == begin and starts[place + 2] == end else ""


def _names(column: int, seen: View, terms: Terms) -> Collection[str]:
    """The words that a column stands for: an n-gram speaks for the word it is in, a group for those that touch it."""
    if column < terms.words:
        return (terms.spelt[column],)
    if column < terms.terms:
        return (_word_at(terms.spelt[column], seen),)
    return seen.touching[(column - terms.terms) % terms.index.group_count]


def _spread(seen: View, terms: Terms, columns: IntArray, shares: FloatArray, most: int) -> list[tuple[str, float]]:
    """Each word with what it adds to the score, the heaviest first; a group's share is divided among its words."""
    heaviest = np.abs(shares).argpartition(-most)[-most:] if len(shares) > most else slice(None)
    sums: dict[str, float] = {}
    for column, share in zip(columns[heaviest].tolist(), shares[heaviest].tolist(), strict=True):
        names = _names(column, seen, terms)
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
            if weight * sign < _LEAST or (len(term) > 1) is not longer:
                continue
            if any(term in other or other in term for other, _ in chosen):
                continue
            spelling = _place(term, text)
            if spelling is not None:
                chosen.append((spelling, weight))
    return chosen


def explain(
    seen: View, terms: Terms, chosen: tuple[str, IntArray, FloatArray], runner_up: tuple[str, IntArray, FloatArray]
) -> tuple[Reason, ...]:
    """The terms for and against the chosen category, then those for the runner-up (a code, columns, their shares)."""
    found: list[Reason] = []
    for (code, columns, shares), most, parts in (
        (chosen, _SEEN, ((FOR_CHOSEN, 1), (AGAINST_CHOSEN, -1))),
        (runner_up, _SEEN_RUNNER_UP, ((FOR_RUNNER_UP, 1),)),
    ):
        ranked = _spread(seen, terms, columns, shares, most)
        for count, sign in parts:
            picked = _pick(ranked, seen.text, count, sign)
            found += [Reason(term, round(weight, 4), code) for term, weight in picked]
    return tuple(found)
