"""Rulebooks under what the database holds: versions of plans, of the calendar and of policies."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.routing.plan_format import parse_plan
from hotline.routing.plan_versions import PlanVersion, known_plans
from hotline.routing.plans import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from hotline.casework.clock_rules import ClockRules
    from hotline.casework.rulebook import Rulebook
    from hotline.routing.plan_records import Plan
    from hotline.store.plan_versions import StoredVersion


def with_versions(book: Rulebook, stored: Iterable[StoredVersion]) -> Rulebook:
    """A rulebook whose plans are the versions of the database.

    Raises:
        PlanError: A version cannot be read by this program.
    """
    versions = tuple(
        PlanVersion(each.plan_id, each.version, each.office_id, each.effective_from, _plan(each)) for each in stored
    )
    return replace(book, versions=versions, plans=known_plans(versions)) if versions else book


def with_clock_rules(book: Rulebook, rules: ClockRules) -> Rulebook:
    """A rulebook whose calendar and policies are these."""
    return replace(book, calendar=rules.calendar, changes=rules.changes, books=rules.books)


def shipped_files() -> Iterator[tuple[str, str, date]]:
    """Id, text and first day of each plan that travels with the program."""
    for path in sorted(SHIPPED.glob("*.toml")):
        content = path.read_text(encoding="utf-8")
        plan = _parsed(content, path.name, 1)
        yield plan.id, content, plan.begins


def shipped_text(plan_id: str) -> str:
    """The text of the shipped file of a plan, empty where none was shipped."""
    return next((content for known, content, _ in shipped_files() if known == plan_id), "")


def _plan(stored: StoredVersion) -> Plan | None:
    if not stored.content:
        return None
    return _parsed(stored.content, f"{stored.plan_id}@{stored.version}.toml", stored.version)


@lru_cache(maxsize=128)
def _parsed(content: str, file: str, version: int) -> Plan:
    """One version, parsed once: what is indexed for a plan is kept as long as the plan is the same record."""
    return replace(parse_plan(content, file), version=version)
