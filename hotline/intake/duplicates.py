"""Likeness of two texts, for showing near-duplicates beside each other; candidates come from the bigram index."""

from __future__ import annotations

import re
from operator import add

from rapidfuzz import fuzz

_RUN = re.compile(r"[0-9A-Za-z\u3400-\u9fff]+")
_MAX = 8000
_MIN_SHARED = 3


def folded(text: str) -> str:
    """The text as it is compared: in small letters, and no more of it than anybody says."""
    return text.lower()[:_MAX]


def bigrams(text: str) -> tuple[str, ...]:
    """The pairs of neighbouring letters, digits and Chinese characters, each once, in order; punctuation divides."""
    found: list[str] = []
    for run in _RUN.findall(folded(text)):
        found += map(add, run, run[1:])
    return tuple(dict.fromkeys(found))


def similarity(a: str, b: str) -> float:
    """0 to 1. The better of the shared bigrams (Dice) and of the likeness of the whole, word order aside."""
    first, second = set(bigrams(a)), set(bigrams(b))
    if not first or not second:
        return 1.0 if a.strip() == b.strip() and a.strip() else 0.0
    dice = 2 * len(first & second) / (len(first) + len(second))
    return max(dice, fuzz.ratio(a[:_MAX].lower(), b[:_MAX].lower()) / 100)


def shared_words(a: str, b: str) -> tuple[str, ...]:
    """The stretches of three characters or more that both texts hold, longest first: why they are shown together."""
    theirs = set(bigrams(b))
    other = b.lower()
    found: dict[str, None] = {}
    for run in _RUN.findall(a.lower()[:_MAX]):
        for word in _stretches(run, theirs):
            if word in other:
                found[word] = None
    return tuple(sorted(found, key=len, reverse=True)[:10])


def _stretches(run: str, theirs: set[str]) -> list[str]:
    """The longest stretches of a run all of whose bigrams the other text has."""
    found, start = [], 0
    for end in range(1, len(run) + 1):
        if end == len(run) or run[end - 1 : end + 1] not in theirs:
            if end - start >= _MIN_SHARED:
                found.append(run[start:end])
            start = end
    return found
