"""Reads `policies.toml` and refuses what no clock could follow."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from hotline.casework.policy import LEAD, LEG, Policy, Scope, Tier, check_duration
from hotline.casework.transitions import ExtensionRule
from hotline.errors import PolicyError
from hotline.vocabulary import Action, AgencyType, CaseState, Holder, Kind, NoticeSubject, Unit, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.vocabulary import Term

DATA = Path(__file__).with_name("policies.toml")
ID = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)+")
T = TypeVar("T", bound="Term")
Row = dict[str, object]
FIELDS = frozenset(
    {
        *("id", "title", "kinds", "agency_types", "except_types", "since", "until", "basis", "also", "region"),
        *(
            "trigger",
            "starts",
            "states",
            "stop",
            "stop_actions",
            "stop_notices",
            "holder",
            "named_only",
            "reachable_only",
            "window",
        ),
        *("duration", "unit", "tiers", "urgency", "pauses", "extension", "article", "confidence", "statutory"),
        *("enabled", "fallback", "answers", "condition", "replaces", "node"),
    }
)


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """The policies of one file and its version."""

    version: str
    policies: tuple[Policy, ...]


def load_policies(path: Path = DATA) -> tuple[Policy, ...]:
    """The policies that ship with the program, in the order of the file.

    Raises:
        PolicyError: The file cannot be read or a row may not be used; the message names the row.
    """
    return load_policy_file(path).policies


def load_policy_file(path: Path = DATA) -> PolicyFile:
    """Like `load_policies`, with the version."""
    try:
        return parse_policies(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"时限策略文件 {path.name} 读不出来：{error}。请恢复随程序发布的文件。"
        raise PolicyError(message) from error


def parse_policies(text: str) -> PolicyFile:
    """The policies of a TOML text.

    Raises:
        PolicyError: It is no TOML, a row may not be used, or two rows of one id claim the same case.
    """
    try:
        document = tomllib.loads(text)
        version = str(document["version"])
        rows = cast("list[Row]", document["policy"])
    except (ValueError, KeyError, AttributeError) as error:
        message = f"时限策略文件格式不对：{error}。请改正后重试。"
        raise PolicyError(message) from error
    policies = tuple(_policy(number, row) for number, row in enumerate(rows, start=1))
    _check_versions(policies)
    return PolicyFile(version, policies)


def _policy(number: int, row: Row) -> Policy:
    name = str(row.get("id", f"第 {number} 条"))
    try:
        _check_row(name, row)
        return _built(row)
    except KeyError as error:
        message = f"时限策略 {name} 缺少 {error}。请补上。"
        raise PolicyError(message) from error
    except (ValueError, TypeError) as error:
        message = f"时限策略 {name} 有不能识别的值：{error}。请改正。"
        raise PolicyError(message) from error


def _check_row(name: str, row: Row) -> None:
    unknown = row.keys() - FIELDS
    if unknown or not ID.fullmatch(name):
        message = f"时限策略 {name} 的编号或字段不对：{'、'.join(sorted(unknown)) or name}。"
        raise PolicyError(message)


def _built(row: Row) -> Policy:
    name, unit = str(row["id"]), _word(Unit, row["unit"])
    duration = cast("int", row["duration"])
    check_duration(name, duration, unit)
    return Policy(
        id=name,
        title=str(row["title"]),
        kinds=_terms(Kind, row, "kinds"),
        scopes=_scopes(name, row),
        by_event=row.get("basis") == "event",
        trigger=str(row["trigger"]),
        starts=_starts(row),
        states=_terms(CaseState, row, "states"),
        stop=str(row["stop"]),
        stop_actions=_terms(Action, row, "stop_actions"),
        stop_notices=_terms(NoticeSubject, row, "stop_notices"),
        holder=_word(Holder, row["holder"]),
        duration=duration,
        unit=unit,
        pauses=frozenset(_words(row, "pauses")),
        extension=_extension(name, row.get("extension")),
        article=str(row["article"]),
        confidence=str(row["confidence"]),
        statutory=_flag(row, "statutory", default=True),
        enabled=_flag(row, "enabled", default=True),
        named_only=_flag(row, "named_only"),
        reachable_only=_flag(row, "reachable_only"),
        window=_flag(row, "window"),
        fallback=_flag(row, "fallback"),
        answers=_flag(row, "answers"),
        condition=str(row.get("condition", "")),
        replaces=frozenset(_words(row, "replaces")),
        tiers=_tiers(name, row),
        node=str(row.get("node", "")),
        region=str(row.get("region", "")),
        urgency=_word(Urgency, row["urgency"]) if "urgency" in row else None,
    )


def _flag(row: Row, key: str, *, default: bool = False) -> bool:
    value = row.get(key, default)
    if not isinstance(value, bool):
        message = f"{key} 应是 true 或 false"
        raise TypeError(message)
    return value


def _words(row: Row, key: str) -> list[str]:
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        message = f"{key} 应是文字列表"
        raise TypeError(message)
    return value


def _word(words: type[T], code: object) -> T:
    for member in words:
        if member == code:
            return member
    message = f"{code} 不在词表中"
    raise ValueError(message)


def _terms(words: type[T], row: Row, key: str) -> frozenset[T]:
    return frozenset(_word(words, word) for word in _words(row, key))


def _starts(row: Row) -> frozenset[str]:
    return frozenset(word if word in {LEG, LEAD} else _word(Action, word) for word in _words(row, "starts"))


def _scopes(name: str, row: Row) -> tuple[Scope, ...]:
    since, until = _day(row, "since"), _day(row, "until")
    but = _terms(AgencyType, row, "except_types")
    scopes = [Scope(_word(AgencyType, word), since, until, but=but) for word in _words(row, "agency_types")]
    scopes += [
        Scope(
            _word(AgencyType, extra["agency_type"]),
            _day(extra, "since"),
            _day(extra, "until"),
            frozenset(_words(extra, "channels")),
            frozenset(_words(extra, "categories")),
        )
        for extra in cast("Sequence[Row]", row.get("also", ()))
    ]
    if not scopes or any(scope.since and scope.until and scope.until < scope.since for scope in scopes):
        message = f"时限策略 {name} 没有机关类型，或止日早于起日。请改正。"
        raise PolicyError(message)
    return tuple(scopes)


def _day(row: Row, key: str) -> date | None:
    value = row.get(key)
    return date.fromisoformat(str(value)) if value is not None else None


def _extension(name: str, value: object) -> ExtensionRule | None:
    if value is None:
        return None
    rule = cast("Mapping[str, int]", value)
    unit = _word(Unit, cast("Row", value)["unit"])
    check_duration(name, rule["max"], unit)
    if rule["max"] < 1 or rule["times"] < 1:
        message = f"时限策略 {name} 的延期数额或次数不能用：应是正整数。"
        raise PolicyError(message)
    return ExtensionRule(rule["max"], unit, rule["times"])


def _tiers(name: str, row: Row) -> dict[Urgency, Tier]:
    tiers = {}
    for urgency, value in cast("Mapping[str, Row]", row.get("tiers", {})).items():
        unit = _word(Unit, value["unit"])
        duration = cast("int", value["duration"])
        check_duration(name, duration, unit)
        tiers[_word(Urgency, urgency)] = Tier(duration, unit, _extension(name, value.get("extension")))
    return tiers


def _check_versions(policies: Sequence[Policy]) -> None:
    """Refuse two versions of one id that would both run for the same case."""
    by_id: dict[str, list[Policy]] = {}
    for policy in policies:
        by_id.setdefault(policy.id, []).append(policy)
    for name, rows in by_id.items():
        for one, other in combinations(rows, 2):
            if any(_overlap(a, b) for a in one.scopes for b in other.scopes):
                message = f"时限策略 {name} 有两条在同一机关类型、同一时段生效。请分开日期。"
                raise PolicyError(message)


def _overlap(one: Scope, other: Scope) -> bool:
    meet = one.names(other.agency_type) or other.names(one.agency_type)
    starts = max(one.since or date.min, other.since or date.min)
    return meet and starts <= min(one.until or date.max, other.until or date.max)
