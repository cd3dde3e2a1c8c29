"""What a candidate is: the same matter, one of a group, a copied text, or the same caller or respondent only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hotline.intake.likeness import SAME_CALLER, Sameness, Told, judge
from hotline.intake.respondents import same_respondent
from hotline.records import Respondent
from hotline.store.codec import term
from hotline.store.related_callers import index_of
from hotline.store.related_candidates import BY_CALLER, RESPONDENT, WORDS
from hotline.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with what speaks for it."""

    row: Mapping[Any, Any]
    reasons: tuple[str, ...]
    sameness: Sameness | None
    likeness: float


def judge_candidate(
    row: Mapping[Any, Any], told: Told, caller: Mapping[str, tuple[str, ...]], *, keyed: bool
) -> Judged:
    """What a candidate is; where it shares no key of the respondent, no respondent is compared without need."""
    respondent = Respondent(**{name: row[name] for name in Respondent.__dataclass_fields__})
    other = Told(row["masked_text"], term(Kind, row["kind"]), respondent)
    if not row[BY_CALLER]:
        caller = {}
    same = {reason: row[index_of(reason)] in indexes for reason, indexes in caller.items()}
    compared = any(indexes and row[index_of(reason)] for reason, indexes in caller.items())
    sameness, score = judge(told, other, same_caller=any(same.values()) if compared else None)
    reasons = [reason for reason, is_same in same.items() if is_same]
    like = sameness is not None or score >= SAME_CALLER
    if (keyed or like or reasons) and same_respondent(told.respondent, respondent):
        reasons.append(RESPONDENT)
    if like:
        reasons.append(WORDS)
    return Judged(row, tuple(reasons), sameness, score)
