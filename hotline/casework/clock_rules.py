"""The policies and the calendar that reckon a case's clocks: chosen by the day received, the office and its region.

What a deployment adopts are versions that are never edited: a file of policies, or a change of one hotline clock for an
office or a region. Each serves what is received from its first day on. Statutory clocks change only by a file.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.casework.calendar_regions import calendar_at
from hotline.casework.policy_key import Same
from hotline.casework.policy_overrides import changed, with_overrides

if TYPE_CHECKING:
    from datetime import date

    from hotline.casework.calendars import Calendar
    from hotline.casework.policy import Policy
    from hotline.casework.policy_change import PolicyChange
    from hotline.records import Office


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """An adopted file of policies: it takes the place of the file before for what is received from its day on."""

    version: int
    effective_from: date
    policies: tuple[Policy, ...]


@dataclass(frozen=True, slots=True)
class ClockRules:
    """All versions at once; `policies` is the file that travels with the program, `books` are adopted ones."""

    policies: tuple[Policy, ...]
    calendar: Calendar
    changes: tuple[PolicyChange, ...] = ()
    books: tuple[PolicyBook, ...] = ()

    def policies_for(self, office: Office, received_on: date) -> tuple[Policy, ...]:
        """The policies for what an office received on a day.

        Raises:
            PolicyError: A change does not fit the file (the file dropped the policy, or made it statutory).
        """
        base = with_overrides(self._file(received_on), office.overrides)
        return _changed(Same(base), self.changes_for(office, received_on))

    def changes_for(self, office: Office, received_on: date) -> tuple[PolicyChange, ...]:
        """The changes that serve, the nearer laid over the wider, the later over the earlier."""
        mine = (each for each in self.changes if each.serves(office) and each.effective_from <= received_on)
        return tuple(sorted(mine, key=lambda each: each.rank))

    def calendar_for(self, office: Office) -> Calendar:
        """The calendar at the office's place."""
        return calendar_at(self.calendar, office.region)

    def mark(self, office: Office) -> str:
        """What stands with a clock to tell by which policies and calendar it was reckoned: equal marks, equal rules."""
        mine = tuple(each for each in self.changes if each.serves(office))
        books = tuple((each.version, each.effective_from, Same(each.policies)) for each in self.books)
        return _mark(Same(self.policies), self.calendar_for(office).version, mine, books, office.overrides)

    def _file(self, received_on: date) -> tuple[Policy, ...]:
        books = [book for book in self.books if book.effective_from <= received_on]
        return max(books, key=lambda book: (book.effective_from, book.version)).policies if books else self.policies


@lru_cache(maxsize=256)
def _changed(policies: Same, changes: tuple[PolicyChange, ...]) -> tuple[Policy, ...]:
    result = policies.value
    for each in changes:
        result = changed(result, each)
    return result


@lru_cache(maxsize=256)
def _mark(policies: Same, *rest: object) -> str:
    return hashlib.sha256(_canonical((policies, *rest)).encode()).hexdigest()[:16]


def _canonical(value: object) -> str:
    """The same text in every process: sets have no order of their own."""
    if isinstance(value, Same):
        return _canonical(value.value)
    if is_dataclass(value):
        return f"{type(value).__name__}({','.join(_canonical(getattr(value, each.name)) for each in fields(value))})"
    if isinstance(value, dict):
        return f"{{{','.join(sorted(f'{_canonical(key)}:{_canonical(inner)}' for key, inner in value.items()))}}}"
    if isinstance(value, frozenset):
        return f"{{{','.join(sorted(_canonical(each) for each in value))}}}"
    if isinstance(value, tuple):
        return f"({','.join(_canonical(each) for each in value)})"
    return str(value)
