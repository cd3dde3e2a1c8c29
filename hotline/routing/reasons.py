"""Why a text got its category: the terms for and against, in words that stand in the text."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hotline.records import Reason
from hotline.routing.segment import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hotline.routing.character_index import SmallArray
    from hotline.routing.features import FloatArray, Tables, Vocabulary

    Heavy = tuple[Sequence[int], Sequence[float]]  # places, and what each adds to the score

FOR_CHOSEN, AGAINST_CHOSEN, FOR_RUNNER_UP = 5, 2, 3
_SEEN = (16, 8)  # the heaviest columns looked at, of both classes; further down the weights say nothing to a person
_LIGHT = 1e-9  # what adds less is not looked at, even where a text has nothing heavier
_LEAST = 0.0001  # what a reason shows: a lighter one would read as nothing
_GAP = frozenset("*＊×#·•.．|\\/_~^+-—=▪●○☆★")  # what callers put between the characters of a word, beside blanks
_MOST_GAP = 3


class View(NamedTuple):
    """One text: as it came, prepared, and its words with their numbers."""

    text: str
    prepared: str
    tokens: Sequence[str]
    numbers: SmallArray


def heaviest(
    rows: FloatArray,
    weights: Sequence[float],
    groups: FloatArray,
    served: Tables,
    *,
    bounds: Sequence[int],
    pair: Sequence[int],
) -> Iterator[Heavy]:
    """What is heaviest for both classes of a pair: places, where groups come after the keys, and what each adds.

    Of equally heavy ones all are there.

    Args:
        rows: Those of the keys of all texts, as `features.score` has them.
        weights: What this text's rows of words and n-grams weigh.
        groups: This text's row of groups.
        served: The weights.
        bounds: Where this text's keys stand.
        pair: The chosen category and the runner-up.
    """
    begin, _, middle, end, _ = bounds
    (of_words, of_grams), words, terms = weights, middle - begin, end - begin
    shares = np.empty((len(pair), terms + len(groups)), dtype=np.float32)
    word_rows, gram_rows = rows[begin:middle], rows[middle:end]
    for side, label in zip(shares, pair, strict=True):
        np.multiply(word_rows[:, label], of_words, out=side[:words])
        np.multiply(gram_rows[:, label], of_grams, out=side[words:terms])
        np.multiply(groups, served.groups[:, label], out=side[terms:])
    sizes = np.abs(shares)
    ordered = np.sort(sizes)  # of so few numbers faster than a partition
    for side, size, order, most in zip(shares, sizes, ordered, _SEEN, strict=True):
        hits = (size >= max(order[-most], _LIGHT)).nonzero()[0]
        yield hits.tolist(), side.take(hits).tolist()


def _word_at(gram: str, seen: View, starts: Sequence[int]) -> str:
    """The word that holds the n-gram where it first stands; the n-gram itself where it is whole words; else nothing."""
    begin = seen.prepared.find(gram)
    after = bisect_right(starts, begin)
    end = begin + len(gram)
    if end <= starts[after]:
        return seen.tokens[after - 1]
    return gram if starts[after - 1] == begin and starts[after + 1] == end else ""


def _names(seen: View, vocabulary: Vocabulary, keys: SmallArray, places: Iterable[int]) -> Mapping[int, Sequence[str]]:
    """The words that each place stands for: an n-gram speaks for the word it is in, a group for those that touch it."""
    starts = [0, *accumulate(map(len, seen.tokens))]
    words, grams, count = vocabulary.words, vocabulary.grams, len(keys)
    first_gram, groups = vocabulary.index.first_gram + 1, vocabulary.index.tokens.group_count
    names: dict[int, Sequence[str]] = {}
    touched = []
    for place in places:
        if place >= count:
            touched.append(place)
        elif (key := keys.item(place)) < first_gram:
            names[place] = (words[key - 1],)
        else:
            names[place] = (_word_at(grams[key - first_gram], seen, starts),)
    if touched:
        of_group = {place: (place - count) % groups for place in touched}
        touching = vocabulary.index.tokens.touching(seen.tokens, seen.numbers, of_group.values())
        names.update({place: touching[group] for place, group in of_group.items()})
    return names


def _sums(names: Mapping[int, Sequence[str]], heavy: Heavy) -> Mapping[str, float]:
    """What each word adds to the score; a group's share is divided among its words."""
    sums: dict[str, float] = {}
    for place, share in zip(*heavy, strict=True):
        words = names[place]
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


def _standing(term: str, text: str) -> str | None:
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


def _pick(sums: Mapping[str, float], text: str, count: int, sign: int) -> Sequence[tuple[str, float]]:
    """The heaviest terms of one sign, none of which holds another; a single character only where nothing else is."""
    ranked = sorted([(-share * sign, term) for term, share in sums.items() if share * sign >= _LEAST])
    chosen: dict[str, float] = {}
    for weight, term in ranked:
        if len(term) == 1:
            continue
        for other in chosen:
            if term in other or other in term:
                break
        else:
            spelling = _standing(term, text)
            if spelling is not None:
                chosen[spelling] = -weight * sign
                if len(chosen) == count:
                    break
    if chosen:
        return tuple(chosen.items())
    placed = ((_standing(term, text), -weight * sign) for weight, term in ranked if len(term) == 1)
    return [(spelling, weight) for spelling, weight in placed if spelling is not None][:1]


def explain(
    seen: View, vocabulary: Vocabulary, keys: SmallArray, chosen: tuple[str, Heavy], runner_up: tuple[str, Heavy]
) -> tuple[Reason, ...]:
    """The terms for and against the chosen category, then those for the runner-up; for each its code and `heaviest`."""
    (code, heavy), (other, heavy_other) = chosen, runner_up
    names = _names(seen, vocabulary, keys, {*heavy[0], *heavy_other[0]})
    sums, text = _sums(names, heavy), seen.text
    picked = [(code, found) for found in _pick(sums, text, FOR_CHOSEN, 1)]
    picked += [(code, found) for found in _pick(sums, text, AGAINST_CHOSEN, -1)]
    picked += [(other, found) for found in _pick(_sums(names, heavy_other), text, FOR_RUNNER_UP, 1)]
    return tuple([Reason(term, round(weight, 4), label) for label, (term, weight) in picked])
