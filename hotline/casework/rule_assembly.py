"""Adopted versions laid over what was shipped: the clock rules of a deployment, or of a candidate to be tried."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.casework.bands import parse_bands
from hotline.casework.calendar_file import parse_calendar_file
from hotline.casework.calendar_regions import with_bands, with_region_days
from hotline.casework.calendars import with_year
from hotline.casework.clock_rules import ClockRules, PolicyBook
from hotline.casework.policy_change import PolicyChange, read_terms
from hotline.casework.policy_file import parse_policies

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from hotline.casework.calendars import Calendar
    from hotline.casework.policy import Policy

CALENDAR, POLICY, BOOK = "calendar", "policy", "policies"
"""Kinds of versions: a year or the bands of the calendar, the change of one hotline clock, a whole file of policies."""
BANDS = "bands"
FILE = "file"


@dataclass(frozen=True, slots=True)
class StoredRule:
    """One version as it is kept. `subject` is a year, `bands`, the id of a policy, or `file`."""

    kind: str
    version: int
    subject: str
    office_id: str | None
    region: str
    effective_from: date
    content: str


def assemble(policies: tuple[Policy, ...], calendar: Calendar, stored: Iterable[StoredRule]) -> ClockRules:
    """The rules that these versions make of what was shipped.

    Raises:
        CalendarError, PolicyError: A version cannot be read, or a year between two is missing.
    """
    rules = sorted(stored, key=lambda each: each.version)
    return ClockRules(
        policies,
        _calendar(calendar, [each for each in rules if each.kind == CALENDAR]),
        tuple(_change(each) for each in rules if each.kind == POLICY),
        tuple(_book(each) for each in rules if each.kind == BOOK),
    )


def _calendar(calendar: Calendar, rules: list[StoredRule]) -> Calendar:
    """Years in their order, those of the country first; of several versions of a year the newest.

    Working bands are dated: every version serves from its day on until the next one's.
    """
    for rule in rules:
        if rule.subject == BANDS:
            calendar = with_bands(calendar, rule.region, parse_bands(rule.content), rule.effective_from)
    newest = {(each.region != "", each.subject, each.region): each for each in rules if each.subject != BANDS}
    for (regional, subject, region), rule in sorted(newest.items()):
        if regional:
            days = parse_calendar_file(int(subject), rule.content, regional=True) if rule.content else ()
            calendar = with_region_days(calendar, region, int(subject), days)
        else:
            calendar = with_year(calendar, int(subject), parse_calendar_file(int(subject), rule.content))
    return calendar


def _change(rule: StoredRule) -> PolicyChange:
    terms = read_terms(rule.subject, rule.content)
    return PolicyChange(rule.version, rule.subject, rule.effective_from, terms, rule.office_id, rule.region)


def _book(rule: StoredRule) -> PolicyBook:
    return PolicyBook(rule.version, rule.effective_from, _policies(rule.content))


@lru_cache(maxsize=16)
def _policies(content: str) -> tuple[Policy, ...]:
    """Parsed once: what is kept for a file of policies is kept as long as it is the same tuple."""
    return parse_policies(content).policies
