"""The thresholds of crime as records, read from `crime_thresholds.toml` (sla-law §4)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from hotline.errors import PolicyError
from hotline.vocabulary import Term

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA = Path(__file__).with_name("crime_thresholds.toml")


class Measure(Term):
    """口径 (法释〔2025〕5号第28、29条): what a threshold is a sum or number of."""

    TURNOVER = "turnover", "经营（销售）数额"
    GAIN = "gain", "违法所得"
    LOSS = "loss", "损失"
    UNSOLD = "unsold", "未售货值"
    SOLD_UNSOLD = "sold_unsold", "已售加未售"
    SOLD3_UNSOLD = "sold3_unsold", "已售三倍加未售"
    QUANTITY = "quantity", "数量"


@dataclass(frozen=True, slots=True)
class Threshold:
    """One threshold, in yuan or in pieces; `repeat` and `grave` are 0 where there is none.

    `below`: a combined sum counts only while what was sold stays below this (the sum of its own suffices above it).
    """

    measure: Measure
    value: Decimal
    repeat: Decimal
    grave: Decimal
    below: Decimal
    label: str
    units: tuple[str, ...]
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CrimeRule:
    """A crime with its thresholds, or the acts or signs that suffice, for what was received between two days."""

    id: str
    crime: str
    article: str
    since: date
    until: date | None
    categories: frozenset[str]
    words: tuple[str, ...]
    thresholds: tuple[Threshold, ...]
    acts: tuple[str, ...]
    signs: tuple[str, ...]
    halves: bool

    def covers(self, category: str, day: date) -> bool:
        """Whether the rule was in force on the day and speaks of the category."""
        return category in self.categories and self.since <= day <= (self.until or day)


@lru_cache(maxsize=4)
def load_crime_rules(path: Path = DATA) -> tuple[CrimeRule, ...]:
    """The rules that ship with the program, in the order of the file.

    Raises:
        PolicyError: The file cannot be read or a rule cannot be used; the message names it.
    """
    try:
        rows = cast("list[Mapping[str, object]]", tomllib.loads(path.read_text(encoding="utf-8"))["rule"])
    except (OSError, ValueError, KeyError) as error:
        message = f"刑事门槛文件 {path.name} 不能用：{error}。请恢复随程序发布的文件。"
        raise PolicyError(message) from error
    return tuple(_rule(row) for row in rows)


def _rule(row: Mapping[str, object]) -> CrimeRule:
    limits = cast("list[Mapping[str, object]]", row.get("thresholds", []))
    try:
        rule = CrimeRule(
            id=str(row["id"]),
            crime=str(row["crime"]),
            article=str(row["article"]),
            since=date.fromisoformat(str(row["since"])),
            until=date.fromisoformat(str(row["until"])) if "until" in row else None,
            categories=frozenset(_words(row, "categories")),
            words=_words(row, "words"),
            thresholds=tuple(_threshold(each) for each in limits),
            acts=_words(row, "acts"),
            signs=_words(row, "signs"),
            halves=row.get("halves") is True,
        )
    except (KeyError, ValueError, ArithmeticError) as error:
        message = f"刑事门槛 {row.get('id', '（无编号）')} 有缺项或不能识别的值：{error}。请改正。"
        raise PolicyError(message) from error
    if not (rule.thresholds or rule.acts or rule.signs):
        message = f"刑事门槛 {rule.id} 没有数额、行为或迹象。请补上。"
        raise PolicyError(message)
    return rule


def _threshold(row: Mapping[str, object]) -> Threshold:
    measure = next((each for each in Measure if each == row["measure"]), None)
    value = Decimal(str(row["value"]))
    if measure is None or value <= 0:
        message = f"口径 {row['measure']} 或数额 {value}"
        raise ValueError(message)
    return Threshold(
        measure=measure,
        value=value,
        repeat=Decimal(str(row.get("repeat", 0))),
        grave=Decimal(str(row.get("grave", 0))),
        below=Decimal(str(row.get("below", 0))),
        label=str(row.get("label", measure.label)),
        units=_words(row, "units"),
        cues=_words(row, "cues"),
    )


def _words(row: Mapping[str, object], key: str) -> tuple[str, ...]:
    return tuple(str(word) for word in cast("list[object]", row.get(key, [])))
