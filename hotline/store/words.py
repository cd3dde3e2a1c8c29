"""Search words of a Chinese text: overlapping pairs of characters (bigrams), and whole words of letters and digits.

Pairs find 路灯 in 路灯不亮, where a word segmenter may have cut elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from operator import add

MAX_QUERY_WORDS = 40
_RUN = re.compile(r"[a-z0-9]+|[^\W_a-z0-9]+")


def index_words(text: str) -> tuple[str, ...]:
    """The distinct words under which a text is found, in order of appearance."""
    words: list[str] = []
    for run in _RUN.findall(_folded(text)):
        if run.isascii() or len(run) == 1:
            words.append(run)
        else:
            words += map(add, run, run[1:])
    return tuple(dict.fromkeys(words))


def query_words(query: str) -> tuple[str, ...]:
    """The words a document must hold to match; empty where the query is too short (one Chinese character)."""
    found = [word for word in index_words(query) if len(word) > 1]
    return tuple(found[:MAX_QUERY_WORDS])


def fold_name(name: str) -> str:
    """A respondent's name without case, width, spaces and punctuation, for comparing and for prefixes."""
    return "".join(_RUN.findall(_folded(name)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
