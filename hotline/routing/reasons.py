"""Why a text got its category: the terms for and against, in words that stand in the text."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np

from hotline.records import Reason
from hotline.routing.segment import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from hotline.routing.features import FloatArray, Texts, Vocabulary
    from hotline.routing.term_index import IntArray, SmallArray, TokenIndex

    Heavy = tuple[Sequence[int], Sequence[float]]  # keys, and what each adds to the score

FOR_CHOSEN, AGAINST_CHOSEN, FOR_RUNNER_UP = 5, 2, 3
_SEEN, _SEEN_RUNNER_UP = 16, 8  # the heaviest columns looked at; further down the weights say nothing to a person
_LIGHT = 1e-9  # what adds less is not looked at, even where a text has nothing heavier
_LEAST = 0.0001  # what a reason shows: a lighter one would read as nothing
_GAP = frozenset("*＊×#·•.．|\\/_~^+-—=▪●○☆★")  # what callers put between the characters of a word, beside blanks
_MOST_GAP = 3


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The term of each key: words and n-grams; groups are spelt by the text's own words."""

    spelt: Sequence[str]
    words: int
    index: TokenIndex


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """One text: as it came, prepared, and its words with their numbers."""

    text: str
    prepared: str
    tokens: Sequence[str]
    numbers: SmallArray


def terms_of(vocabulary: Vocabulary) -> Terms:
    """What is needed to name keys."""
    index = vocabulary.index
    between = [""] * (index.first_gram - len(vocabulary.words))
    spelt = ("", *vocabulary.words, *between, *vocabulary.grams)
    return Terms(spelt, len(vocabulary.words), index.tokens)


def heaviest(
    found: Texts, weights: FloatArray, group_weights: FloatArray, pairs: Sequence[Sequence[int]]
) -> Iterator[tuple[Heavy, Heavy]]:
    """For each text what is heaviest for both classes of its pair: keys, where groups count down from -1, and shares.

    Of equally heavy ones all are there, so that it does not matter what stands beside a text.

    Args:
        found: The texts.
        weights: Those of all classes, by the keys as the texts have them.
        group_weights: The same, by group.
        pairs: For each text its chosen category and the runner-up.
    """
    keys, shares = _laid_out(found, weights, group_weights, np.asarray(pairs).T)
    sizes, length = np.abs(shares), shares.shape[2]
    ordered = np.sort(sizes)  # of so few numbers faster than a partition
    bounds = ordered[:, :, -_SEEN]
    bounds[1] = ordered[1, :, -_SEEN_RUNNER_UP]
    hits = (sizes >= np.maximum(bounds, _LIGHT)[:, :, None]).reshape(-1).nonzero()[0]
    ends = [0, *hits.searchsorted(np.arange(length, shares.size + 1, length)).tolist()]
    heavy_keys, heavy_shares = keys.take(hits, mode="wrap").tolist(), shares.take(hits).tolist()
    heavy = [(heavy_keys[begin:end], heavy_shares[begin:end]) for begin, end in pairwise(ends)]
    return zip(heavy[: len(pairs)], heavy[len(pairs) :], strict=True)


def _laid_out(
    found: Texts, weights: FloatArray, group_weights: FloatArray, pairs: IntArray
) -> tuple[IntArray, FloatArray]:
    """The keys of each text with its groups at the end, and what they add to the scores of both classes of its pair.

    A row a text, filled up with zeros to one length; the shares have such rows for the first class, then the second.
    """
    groups = group_weights.T[pairs] * found.groups
    names = np.arange(-1, -1 - len(group_weights), -1)
    if pairs.shape[1] == 1:
        shares = np.concatenate((weights.T[pairs[:, 0]] * found.values, groups[:, 0]), axis=1)
        return np.concatenate((found.terms.keys, names)), shares[:, None]
    lengths = np.asarray([end - begin for begin, *_, end in found.terms.bounds])
    length = int(lengths.max()) + len(names)
    keys = np.zeros((len(lengths), length), dtype=np.int64)
    shares = np.zeros((2, *keys.shape), dtype=np.float32)
    keys[:, length - len(names) :], shares[:, :, length - len(names) :] = names, groups
    places = np.arange(len(found.values))
    own = places + np.repeat(np.arange(len(lengths)) * length - (lengths.cumsum() - lengths), lengths)
    keys.reshape(-1)[own] = found.terms.keys
    for side, classes in zip(shares, pairs, strict=True):
        side.reshape(-1)[own] = weights.take(places * weights.shape[1] + np.repeat(classes, lengths)) * found.values
    return keys, shares


def _word_at(gram: str, seen: View, starts: Sequence[int]) -> str:
    """The word that holds the n-gram where it first stands; the n-gram itself where it is whole words; else nothing."""
    begin = seen.prepared.find(gram)
    end = begin + len(gram)
    after = bisect_right(starts, begin)
    if end <= starts[after]:
        return seen.tokens[after - 1]
    return gram if starts[after - 1] == begin and starts[after + 1] == end else ""


def _names(seen: View, terms: Terms, keys: Iterable[int]) -> Mapping[int, Collection[str]]:
    """The words that each key stands for: an n-gram speaks for the word it is in, a group for those that touch it."""
    starts = (0, *accumulate(map(len, seen.tokens)))
    touching: Mapping[int, Collection[str]] = {}
    names: dict[int, Collection[str]] = {}
    for key in keys:
        if key < 0:
            touching = touching or terms.index.touching(seen.tokens, seen.numbers)
            names[key] = touching[(-1 - key) % terms.index.group_count]
        elif key <= terms.words:
            names[key] = (terms.spelt[key],)
        else:
            names[key] = (_word_at(terms.spelt[key], seen, starts),)
    return names


def _sums(names: Mapping[int, Collection[str]], heavy: Heavy) -> Mapping[str, float]:
    """What each word adds to the score; a group's share is divided among its words."""
    sums: dict[str, float] = {}
    for key, share in zip(*heavy, strict=True):
        words = names[key]
        part = share / len(words)
        for word in words:
            sums[word] = sums.get(word, 0.0) + part
    sums.pop("", None)
    return sums


def _spaced(term: str, plain: str) -> tuple[int, int] | None:
    """Where a term stands with signs or blanks between its characters."""
    begin = -1
    while (begin := plain.find(term[0], begin + 1)) >= 0:
        end = begin + 1
        for char in term[1:]:
            place = plain.find(char, end, end + _MOST_GAP + 1)
            if place < 0 or not all(sign in _GAP or sign.isspace() for sign in plain[end:place]):
                break
            end = place + 1
        else:
            return begin, end
    return None


def _place(term: str, text: str) -> str | None:
    """A term as it stands in the text: the same, or with a sign or a blank between, or in the other script."""
    if term in text:
        return term
    lower = text.lower()
    begin = lower.find(term) if len(lower) == len(text) else -1
    if begin >= 0:
        return text[begin : begin + len(term)]
    plain = fold(text)
    found = _spaced(term, plain) if len(plain) == len(text) else None
    return text[found[0] : found[1]] if found else None


def _overlaps(term: str, others: Iterable[str]) -> bool:
    """Whether a term is in one of the others, or one of them in it."""
    for other in others:  # noqa: SIM110 - a generator in `any` would take twice as long.
        if term in other or other in term:
            return True
    return False


def _pick(sums: Mapping[str, float], text: str, count: int, sign: int) -> Sequence[tuple[str, float]]:
    """The heaviest terms of one sign, none of which holds another; a single character only where nothing else is."""
    ranked = sorted([(-share * sign, term) for term, share in sums.items() if share * sign >= _LEAST])
    chosen: dict[str, float] = {}
    for weight, term in ranked:
        if len(term) > 1 and not _overlaps(term, chosen):
            spelling = _place(term, text)
            if spelling is not None:
                chosen[spelling] = -weight * sign
                if len(chosen) == count:
                    break
    if chosen:
        return tuple(chosen.items())
    placed = ((_place(term, text), -weight * sign) for weight, term in ranked if len(term) == 1)
    return [(spelling, weight) for spelling, weight in placed if spelling is not None][:1]


def explain(seen: View, terms: Terms, chosen: tuple[str, Heavy], runner_up: tuple[str, Heavy]) -> tuple[Reason, ...]:
    """The terms for and against the chosen category, then those for the runner-up; for each its code and `heaviest`."""
    names = _names(seen, terms, {*chosen[1][0], *runner_up[1][0]})
    sums, others = _sums(names, chosen[1]), _sums(names, runner_up[1])
    return tuple(
        Reason(term, round(weight, 4), code)
        for code, words, count, sign in (
            (chosen[0], sums, FOR_CHOSEN, 1),
            (chosen[0], sums, AGAINST_CHOSEN, -1),
            (runner_up[0], others, FOR_RUNNER_UP, 1),
        )
        for term, weight in _pick(words, seen.text, count, sign)
    )
