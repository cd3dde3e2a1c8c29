"""可能涉罪: the prompt that a case may be one for the police. It asks a person to look, and decides nothing.

Compared are the sums and numbers that the text names with the thresholds of the day (sla-law §4): from 80 % on 接近,
from 100 % on 达到. Acts without a threshold (假药, 有毒有害食品) suffice by themselves; in IPR matters whose sums are
not known the signs of W30 (窝点, 批量, 跨省, 再犯) do (国务院令第310号第3条: 合理嫌疑).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.casework.crime_facts import CLAUSE_LIMIT, Facts, first_of, read_facts
from hotline.casework.crime_flag import CrimeFlag
from hotline.casework.crime_rules import CrimeRule, Measure, Threshold, load_crime_rules
from hotline.moments import local_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from hotline.casework.ports import Store
    from hotline.records import Complaint

NEAR, MET = 1, 2
NEAR_PERCENT, MET_PERCENT, HALF_PERCENT = 80, 100, 50
REPEATS = 2
"""From this many earlier complaints of the same respondent on, W30 takes it as 再犯 (ours, to be set by the office)."""


@dataclass(frozen=True, slots=True)
class _Hit:
    percent: int
    threshold: Threshold
    limit: Decimal
    found: Decimal
    words: tuple[str, ...]


def crime_flags(
    category: str,
    text: str,
    day: date,
    *,
    amounts: Sequence[Decimal] = (),
    repeats: int = 0,
    rules: Sequence[CrimeRule] | None = None,
) -> tuple[CrimeFlag, ...]:
    """What a complaint of this category, received on this day, may be as a crime, the gravest first.

    Args:
        category: The category as decided.
        text: The caller's words.
        day: The day of receipt, in Asia/Shanghai: it chooses the regime.
        amounts: Sums in yuan known besides the text.
        repeats: How many earlier complaints name the same respondent.
        rules: The thresholds; those that ship where left out.
    """
    every = _shipped(category, day) if rules is None else [rule for rule in rules if rule.covers(category, day)]
    asked = [rule for rule in every if not rule.words or first_of(rule.words, text)]
    facts = read_facts(text, amounts) if any(rule.thresholds for rule in asked) else Facts()
    found: list[CrimeFlag] = []
    suspicions: list[CrimeFlag] = []
    for rule in asked:
        flag = _by_act(rule, text) or _by_threshold(rule, facts, text)
        if flag is not None:
            found.append(flag)
        if suspicion := _by_sign(rule, text, repeats):
            suspicions.append(suspicion)
    if not any(flag.level == MET for flag in found):
        found += suspicions
    return tuple(sorted(found, key=lambda flag: (-flag.level, -flag.percent, flag.rule)))


def flags_of_complaint(store: Store, complaint: Complaint, category: str) -> tuple[CrimeFlag, ...]:
    """The flags of a complaint as it is kept; read from the masked text, so that no flag repeats who called."""
    return crime_flags(
        category,
        complaint.masked_text,
        local_date(complaint.received_at),
        amounts=(complaint.amount,) if complaint.amount else (),
        repeats=store.complaints_against(complaint) if _by_repeats(category) else 0,
    )


@lru_cache(maxsize=4096)
def _shipped(category: str, day: date) -> tuple[CrimeRule, ...]:
    """The rules that ship, as far as they are for this category on this day."""
    return tuple(rule for rule in load_crime_rules() if rule.covers(category, day))


@lru_cache(maxsize=256)
def _by_repeats(category: str) -> bool:
    """Whether a rule that ships asks how often somebody was complained of in this category."""
    return any(rule.signs and category in rule.categories for rule in load_crime_rules())


def _flag(rule: CrimeRule, level: int, threshold: str, found: str, words: tuple[str, ...]) -> CrimeFlag:
    return CrimeFlag(
        rule=rule.id,
        crime=rule.crime,
        article=rule.article,
        since=rule.since,
        until=rule.until,
        level=level,
        percent=0,
        threshold=threshold,
        found=found,
        words=words,
    )


def _by_act(rule: CrimeRule, text: str) -> CrimeFlag | None:
    words = tuple(word for word in rule.acts if word in text)
    return _flag(rule, MET, "无数额门槛，行为即提示", "、".join(words), words) if words else None


def _by_sign(rule: CrimeRule, text: str, repeats: int) -> CrimeFlag | None:
    """W30: 合理嫌疑 from signs, or from a respondent that was complained of again and again."""
    words = tuple(word for word in rule.signs if word in text)
    again = bool(rule.signs) and repeats >= REPEATS
    found = [*words, *([f"同一被投诉人另有 {repeats} 件"] if again else [])]
    return _flag(rule, MET, "数额不明，有合理嫌疑即提示", "、".join(found), words) if found else None


def _by_threshold(rule: CrimeRule, facts: Facts, text: str) -> CrimeFlag | None:
    """The threshold that is met most; two that are each half met count as one where the rule says so."""
    hits = sorted(_hits(rule, facts), key=lambda hit: -hit.percent)
    if not hits:
        return None
    best = hits[0]
    halves = [hit for hit in hits if hit.percent >= HALF_PERCENT]
    together = rule.halves and len({hit.threshold.label for hit in halves}) > 1
    if best.percent < NEAR_PERCENT and not together:
        return None
    shown = halves if together and best.percent < MET_PERCENT else [best]
    level = MET if together or best.percent >= MET_PERCENT else NEAR
    words = [word for hit in shown for word in hit.words]
    words += [first_of(rule.words, text)] if rule.words else []
    return CrimeFlag(
        rule=rule.id,
        crime=rule.crime,
        article=rule.article,
        since=rule.since,
        until=rule.until,
        level=level,
        percent=best.percent,
        threshold="；".join(f"{hit.threshold.label} {_number(hit.limit, hit.threshold)}" for hit in shown)
        + ("（两项各达一半）" if shown is halves else ""),
        found="；".join(f"{hit.threshold.label} {_number(hit.found, hit.threshold)}" for hit in shown),
        words=tuple(dict.fromkeys(words)),
        grave=any(hit.threshold.grave and hit.found >= hit.threshold.grave for hit in shown),
    )


def _hits(rule: CrimeRule, facts: Facts) -> Iterator[_Hit]:
    lower = facts.again or facts.several
    for threshold in rule.thresholds:
        found, words = _found(threshold, facts)
        low = bool(lower and threshold.repeat)
        limit = threshold.repeat if low else threshold.value
        if found:
            yield _Hit(int(found * 100 / limit), threshold, limit, found, (*words, *([lower] if low else [])))


def _found(threshold: Threshold, facts: Facts) -> tuple[Decimal, tuple[str, ...]]:
    """What the text names of a threshold's measure, with the clause where it is a number of things."""
    if threshold.measure is Measure.QUANTITY:
        counts = [count for count in facts.counts if _counts(threshold, count.unit, count.clause)]
        most = max(counts, key=lambda count: count.value, default=None)
        return (most.value, (most.clause.strip()[:CLAUSE_LIMIT],)) if most else (Decimal(0), ())
    sold, unsold = facts.sum_of(Measure.TURNOVER), facts.sum_of(Measure.UNSOLD)
    if threshold.measure in {Measure.SOLD_UNSOLD, Measure.SOLD3_UNSOLD}:
        times = 3 if threshold.measure is Measure.SOLD3_UNSOLD else 1
        counted = bool(sold and unsold) and sold < threshold.below
        total = sold * times + unsold if counted else Decimal(0)
        return total, _said(facts, Measure.TURNOVER, Measure.UNSOLD)
    return facts.sum_of(threshold.measure), _said(facts, threshold.measure)


def _said(facts: Facts, *measures: Measure) -> tuple[str, ...]:
    return tuple(clause for measure in measures if (clause := facts.clause_of(measure)))


def _counts(threshold: Threshold, unit: str, clause: str) -> bool:
    return unit in threshold.units and (not threshold.cues or bool(first_of(threshold.cues, clause)))


def _number(value: Decimal, threshold: Threshold) -> str:
    unit = "" if threshold.measure is Measure.QUANTITY else " 元"
    return f"{value.normalize():,f}{unit}"
