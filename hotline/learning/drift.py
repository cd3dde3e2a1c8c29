"""Whether what callers say has moved away from what the model was trained on.

Class shares are compared by the population stability index: the sum over the classes of (a - e) · ln(a / e), `a` the
share now and `e` the share expected. Below 0.1 nothing has moved, above 0.25 much has (the usual bounds of credit
scoring). Few cases make a large index by chance alone, about (classes - 1) / cases: while that is 0.1 or more, no
judgement is passed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hotline.moments import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

SOME, MUCH = 0.1, 0.25
PRIOR = 0.5  # cases added to each class, so that one that did not occur has a logarithm
RISE = 1.5  # times the share of unknown tokens at training
LEAST_TOKENS = 2_000
FEW, STEADY, MOVED, FAR = "few", "steady", "moved", "far"


@dataclass(frozen=True, slots=True)
class Week:
    """What was seen of one week: the model's categories, and tokens of a sample of texts."""

    begin: datetime
    counts: Mapping[str, int]
    unknown: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Shift:
    """An index with what it is worth: how many cases, and one of `FEW`, `STEADY`, `MOVED`, `FAR`."""

    index: float
    cases: int
    judgement: str


@dataclass(frozen=True, slots=True)
class WeekDrift:
    """One week beside training and beside the weeks before it; None where there is nothing to compare with."""

    begin: datetime
    cases: int
    unknown_share: float | None
    tokens: int
    words: str
    from_training: Shift | None
    from_before: Shift | None


def week_begins(now: datetime, weeks: int) -> tuple[datetime, ...]:
    """Monday 0:00 in Asia/Shanghai of the last weeks, the oldest first; the last is the present week."""
    local = now.astimezone(SHANGHAI)
    monday = datetime(local.year, local.month, local.day, tzinfo=SHANGHAI) - timedelta(days=local.weekday())
    return tuple(monday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1))


def stability(expected: Mapping[str, float], seen: Mapping[str, int], classes: Collection[str]) -> Shift:
    """The population stability index of counts against expected shares."""
    cases, size = sum(seen.values()), max(len(classes), 1)
    whole = sum(expected.get(code, 0.0) for code in classes) or 1.0
    index = 0.0
    for code in classes:
        now = (seen.get(code, 0) + PRIOR) / (cases + PRIOR * size)
        # The same prior on both sides: it alone must move nothing.
        then = (expected.get(code, 0.0) / whole * cases + PRIOR) / (cases + PRIOR * size)
        index += (now - then) * math.log(now / then)
    return Shift(index, cases, _judged(index, cases, size))


def _judged(index: float, cases: int, classes: int) -> str:
    if not cases or (classes - 1) / cases >= SOME:
        return FEW
    return FAR if index > MUCH else MOVED if index > SOME else STEADY


def training_shares(manifest: Mapping[str, Any]) -> dict[str, float]:
    """How much of the training texts each category had."""
    classes = manifest.get("metrics", {}).get("category", {}).get("classes", {})
    total = sum(row["texts"] for row in classes.values())
    return {code: row["texts"] / total for code, row in classes.items()} if total else {}


def drift(
    weeks: Sequence[Week], trained: Mapping[str, float], unknown_at_training: float | None, classes: Collection[str]
) -> tuple[WeekDrift, ...]:
    """Each week beside training and beside all weeks before it, the newest first."""
    found = []
    before: dict[str, int] = {}
    for week in weeks:
        total = sum(before.values())
        earlier = {code: count / total for code, count in before.items()} if total else {}
        share = week.unknown / week.tokens if week.tokens else None
        found.append(
            WeekDrift(
                begin=week.begin,
                cases=sum(week.counts.values()),
                unknown_share=share,
                tokens=week.tokens,
                words=_words(share, week.tokens, unknown_at_training),
                from_training=stability(trained, week.counts, classes) if trained else None,
                from_before=stability(earlier, week.counts, classes) if earlier else None,
            )
        )
        for code, count in week.counts.items():
            before[code] = before.get(code, 0) + count
    return tuple(reversed(found))


def _words(share: float | None, tokens: int, trained: float | None) -> str:
    """Whether a week's share of unknown tokens is judged far from that of training."""
    if share is None or trained is None or tokens < LEAST_TOKENS:
        return FEW
    return MOVED if share > RISE * trained else STEADY
