"""How much of a text's vocabulary a model has never met: tokens that are none of its words.

Tokens with a digit do not count: what is a number in one text is masked in another.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hotline.routing.features import SPEC

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


def _counted(tokens: Iterable[str]) -> list[str]:
    return [token for token in tokens if not token.isspace() and not any(map(str.isdigit, token))]


def unknown_tokens(texts: Iterable[Sequence[str]], known: Collection[str]) -> tuple[int, int]:
    """How many tokens of these texts are no known word, and how many tokens there are."""
    unknown = total = 0
    for tokens in texts:
        counted = _counted(tokens)
        total += len(counted)
        unknown += sum(token not in known for token in counted)
    return unknown, total


def out_of_fold_share(texts: Sequence[tuple[str, Sequence[str]]], folds: Sequence[int]) -> float:
    """The share of tokens that a model of the other folds would not know: what to expect of texts by new hands."""
    counts: dict[int, Counter[str]] = {}
    for (_, tokens), fold in zip(texts, folds, strict=True):
        counts.setdefault(fold, Counter()).update(set(tokens))
    everywhere: Counter[str] = Counter()
    for each in counts.values():
        everywhere.update(each)
    least, unknown, total = SPEC["words"]["min_df"], 0, 0
    for fold, own in counts.items():
        known = {word for word, count in everywhere.items() if count - own[word] >= least}
        mine = (tokens for (_, tokens), place in zip(texts, folds, strict=True) if place == fold)
        found = unknown_tokens(mine, known)
        unknown, total = unknown + found[0], total + found[1]
    return unknown / total if total else 0.0
