"""Is it the same matter? Two complaints judged by the rare pairs of characters they share, caller and respondent.

A dispute is one person's own claim: another caller with the same story is one of a group, each with a claim of their
own. A tip (举报) told by another caller is the same tip. Texts that name different respondents, or different long
numbers (order, contract, link), are not the same matter however alike they read: those are copied out.

The thresholds were chosen on one half of `tests/golden/duplicates.jsonl` and are measured on the other; the figures
stand in docs/duplicates.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING

from hotline.intake.duplicates import bigrams, folded
from hotline.intake.rarity import total_weight, weight
from hotline.intake.respondents import names_somebody, same_respondent
from hotline.records import Respondent
from hotline.vocabulary import Kind, Term

if TYPE_CHECKING:
    from collections.abc import Mapping

SAME_CALLER, ANY_CALLER = 0.20, 0.24
"""From this likeness on it is the same matter: told again by the same caller, and otherwise."""
COPIED = 0.6
"""From this likeness on the words were copied, also where the matter is another."""
_LONG_NUMBER = re.compile(r"[A-Za-z]*-?\d{4,}")


class Sameness(Term):
    """两件诉求的关系: what a person is shown, and may confirm by linking them."""

    SAME = "same", "可能重复"
    GROUP = "group", "群体诉求"
    COPY = "copy", "文字雷同"


@dataclass(frozen=True)
class Told:
    """What is compared of a complaint: its masked text, its kind, the one complained of."""

    text: str
    kind: Kind | None = None
    respondent: Respondent = field(default_factory=Respondent)

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """The text's pairs of characters with what each tells."""
        return {pair: weight(pair) for pair in bigrams(self.text)}

    @cached_property
    def total(self) -> float:
        """What all of them tell."""
        return total_weight(bigrams(self.text))

    @cached_property
    def folded(self) -> str:
        """The text as it is compared."""
        return folded(self.text)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Numbers of four digits and more, with the letters before them."""
        return frozenset(_LONG_NUMBER.findall(self.text))

    @cached_property
    def has_name(self) -> bool:
        """Whether the respondent's name says who it is."""
        return names_somebody(self.respondent)


def likeness(one: Told, other: Told) -> float:
    """0 to 1: the weight of the pairs that both texts hold, over the geometric mean of what each text's pairs weigh.

    Of many comparisons with one text, that text comes first: its weights are kept.
    """
    if not one.total or not other.total:
        return 0.0
    theirs = other.folded  # A pair is one of a text's pairs where the text holds it.
    return sum([told for pair, told in one.weights.items() if pair in theirs]) / sqrt(one.total * other.total)


def judge(one: Told, other: Told, *, same_caller: bool | None = None) -> tuple[Sameness | None, float]:
    """What two complaints are to each other, None where they are nothing, and their likeness.

    `same_caller` is None where one of them is anonymous.
    """
    score = likeness(one, other)
    if score < (SAME_CALLER if same_caller else ANY_CALLER):
        return None, score
    if _differ(one, other):
        return (Sameness.COPY if score >= COPIED else None), score
    group = same_caller is False and Kind.DISPUTE in {one.kind, other.kind}
    return (Sameness.GROUP if group else Sameness.SAME), score


def _differ(one: Told, other: Told) -> bool:
    """Whether they name different respondents, or long numbers of which none is the same."""
    if one.numbers and other.numbers and not one.numbers & other.numbers:
        return True
    if not (one.has_name and other.has_name):
        return False
    mine, theirs = one.respondent.name, other.respondent.name
    # 恒美家具 and 恒美家具城: too little to call them one, too much to call them two.
    return mine not in theirs and theirs not in mine and not same_respondent(one.respondent, other.respondent)
