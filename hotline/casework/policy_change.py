"""A change of one hotline clock for an office or a region, from a day on: what a supervisor may adopt."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.policy import check_duration
from hotline.casework.transitions import ExtensionRule
from hotline.errors import PolicyError
from hotline.vocabulary import Unit, Urgency

if TYPE_CHECKING:
    from datetime import date

    from hotline.records import Office
    from hotline.vocabulary import Term

MOST = 999
PERCENT = 100


@dataclass(frozen=True, slots=True)
class NewTerms:
    """What a change says of a clock: how long, in which unit, what may be added, at what share left it warns.

    `urgency` None speaks of all three; `warn` None leaves the warning as it is; no `extension` allows none.
    """

    duration: int
    unit: Unit
    urgency: Urgency | None = None
    extension: ExtensionRule | None = None
    warn: int | None = None


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """One adopted version. `office_id` None serves every office in `region`; an empty region is the whole country."""

    version: int
    policy: str
    effective_from: date
    terms: NewTerms
    office_id: str | None = None
    region: str = ""

    def serves(self, office: Office) -> bool:
        """Whether it speaks of what this office receives."""
        if self.office_id is not None:
            return self.office_id == office.id
        return office.region.startswith(self.region.rstrip("0"))

    @property
    def rank(self) -> tuple[int, date, int]:
        """The order in which changes are laid over each other: an office's own last."""
        near = len(self.region.rstrip("0")) if self.office_id is None else 7
        return near, self.effective_from, self.version


def check_terms(policy_id: str, terms: NewTerms) -> None:
    """Refuse what no clock could follow.

    Raises:
        PolicyError: A number is negative, zero or far too large, or the warning is no share.
    """
    check_duration(policy_id, terms.duration, terms.unit)
    rule = terms.extension
    if rule is not None and not (1 <= rule.maximum <= MOST and 1 <= rule.times <= MOST):
        message = (
            f"时限策略 {policy_id} 的延期 {rule.maximum} {rule.unit.label}、{rule.times} 次不能用：都应是 1–{MOST}。"
        )
        raise PolicyError(message)
    if terms.duration > MOST:
        message = f"时限策略 {policy_id} 的时长 {terms.duration} 太大：最多 {MOST}。"
        raise PolicyError(message)
    if terms.warn is not None and not 0 < terms.warn < PERCENT:
        message = f"时限策略 {policy_id} 的预警比例 {terms.warn}% 不能用：应在 1 到 99 之间。"
        raise PolicyError(message)


def terms_document(terms: NewTerms) -> str:
    """The text that is kept."""
    rule = terms.extension
    kept = {
        "duration": terms.duration,
        "unit": terms.unit.value,
        "urgency": terms.urgency.value if terms.urgency else None,
        "extension": {"max": rule.maximum, "unit": rule.unit.value, "times": rule.times} if rule else None,
        "warn": terms.warn,
    }
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)


def read_terms(policy_id: str, content: str) -> NewTerms:
    """What `terms_document` wrote.

    Raises:
        PolicyError: It cannot be read, or no clock could follow it.
    """
    try:
        kept = json.loads(content)
        rule = kept.get("extension")
        terms = NewTerms(
            duration=int(kept["duration"]),
            unit=_unit(kept["unit"]),
            urgency=_urgency(kept.get("urgency")),
            extension=ExtensionRule(int(rule["max"]), _unit(rule["unit"]), int(rule["times"])) if rule else None,
            warn=kept.get("warn"),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"时限策略 {policy_id} 的新版本读不出来：{error}。请重新采用。"
        raise PolicyError(message) from error
    check_terms(policy_id, terms)
    return terms


def terms_words(terms: NewTerms) -> str:
    """In words: `一般：3 工作日，可延 10 工作日 1 次，剩 20% 预警`."""
    who = terms.urgency.label if terms.urgency else "各级"
    rule = terms.extension
    extra = f"可延 {rule.maximum} {rule.unit.label} {rule.times} 次" if rule else "不可延期"
    warn = f"，剩 {terms.warn}% 预警" if terms.warn else ""
    return f"{who}：{terms.duration} {terms.unit.label}，{extra}{warn}"


def _unit(code: object) -> Unit:
    return next(each for each in Unit if each == _known(code, list(Unit)))


def _urgency(code: object) -> Urgency | None:
    return next(each for each in Urgency if each == _known(code, list(Urgency))) if code else None


def _known(code: object, words: list[Unit] | list[Urgency]) -> Term:
    found = next((each for each in words if each == code), None)
    if found is None:
        message = f"{code} 不在词表中"
        raise ValueError(message)
    return found
