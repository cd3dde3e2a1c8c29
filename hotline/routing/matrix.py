"""The duty matrix: category and setting, under a plan, give the agency that must act, the clause and the reasons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.records import AgencyRef, Assignment, DutyRef, TraceStep
from hotline.routing import explain
from hotline.routing.agencies import resolve_today
from hotline.routing.ranking import Ranked, best, competence, covering, leaders, matter, rank
from hotline.routing.taxonomy import DELIVERY, OUT_OF_SCOPE, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from hotline.routing.agencies import Directory
    from hotline.routing.plan_records import Duty, Plan


@dataclass(frozen=True, slots=True)
class Cell:
    """The duties that cover one category in one setting, each with the pattern of its goods words."""

    duties: tuple[Duty, ...]
    patterns: tuple[re.Pattern[str] | None, ...]
    by_words: bool


@dataclass(frozen=True, slots=True, eq=False)
class CompiledPlan:
    """A plan made ready for routing: one cell for each category and setting. Compared by identity."""

    plan: Plan
    directory: Directory
    cells: Mapping[tuple[str, str], Cell]


@dataclass(frozen=True, slots=True)
class Facets:
    """What a route depends on: two complaints with the same facets go the same way."""

    category: str
    setting: str
    words: tuple[str, ...]
    received_on: date
    region: str | None


@lru_cache(maxsize=64)
def compile_plan(plan: Plan, directory: Directory) -> CompiledPlan:
    """Index a plan once; later calls with the same plan and directory give the same index."""
    taxonomy = load_taxonomy()
    patterns = {duty: _pattern(duty.goods) for duty in plan.duties}
    cells = {}
    for category in taxonomy.categories:
        for setting in taxonomy.settings:
            duties = covering(plan, category, setting)
            found = tuple(patterns[duty] for duty in duties)
            cells[category, setting] = Cell(duties, found, any(found))
    return CompiledPlan(plan, directory, cells)


def _pattern(goods: tuple[str, ...]) -> re.Pattern[str] | None:
    longest_first = sorted(goods, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE) if goods else None


def route(
    *,
    plan: Plan,
    directory: Directory,
    category: str,
    setting: str,
    text: str,
    received_on: date,
    region: str | None = None,
) -> Assignment:
    """Who must act on a complaint under a plan, and why (design §4 "Routing").

    `received_on` is the day in Asia/Shanghai; `region` the complaint's adcode where it is known, so that under a
    wider plan the body at the place is named. `InvalidInputError` for an unknown category or setting.
    """
    compiled = compile_plan(plan, directory)
    cell = compiled.cells.get((category, setting))
    if cell is None:
        taxonomy = load_taxonomy()
        taxonomy.category(category)
        taxonomy.setting(setting)
        raise KeyError(category, setting)
    words = tuple(_found(pattern, text) for pattern in cell.patterns) if cell.by_words else ()
    return _decide(compiled, Facets(category, setting, words, received_on, region))


def _found(pattern: re.Pattern[str] | None, text: str) -> str:
    hit = pattern.search(text) if pattern else None
    return hit[0] if hit else ""


@lru_cache(maxsize=4096)
def _decide(compiled: CompiledPlan, facets: Facets) -> Assignment:
    plan, cell = compiled.plan, compiled.cells[facets.category, facets.setting]
    words = facets.words or ("",) * len(cell.duties)
    ranked = best(rank(plan, duty, facets.setting, word) for duty, word in zip(cell.duties, words, strict=True))
    trace = [explain.facets(facets.category, facets.setting, words), explain.plan(plan)]
    if facets.category == OUT_OF_SCOPE:
        trace += [explain.out_of_scope(), explain.versions(plan, compiled.directory)]
        return _assignment(plan, None, None, (), trace)
    trace.append(explain.tried(ranked, facets.setting))
    lead = _lead(ranked, facets, compiled.directory)
    if not ranked or lead is None:
        return _to_office(compiled, facets, ranked, trace)
    return _to_duty(compiled, facets, ranked, lead, trace)


def _lead(ranked: list[Ranked], facets: Facets, directory: Directory) -> str | None:
    if not ranked:
        return None
    found = leaders(ranked[0], facets.category, facets.setting, directory)
    return found[0] if len(found) == 1 else None


def _to_duty(
    compiled: CompiledPlan, facets: Facets, ranked: list[Ranked], lead: str, trace: list[TraceStep]
) -> Assignment:
    duty, directory = ranked[0].duty, compiled.directory
    first = _ref(compiled, facets, duty.full(lead), duty.region)
    others = tuple(_ref(compiled, facets, duty.full(name), duty.region) for name in duty.agencies if name != lead)
    trace += explain.won(ranked)
    remit = competence(ranked[0], lead, facets.category, facets.setting, directory)
    trace.append(explain.led(duty, first.name, remit))
    trace += [explain.today((first, *others), facets.received_on), explain.versions(compiled.plan, directory)]
    reference = DutyRef(duty.plan, duty.clause, duty.seq, duty.quote, duty.mode)
    return _assignment(compiled.plan, reference, first, others, trace)


def _to_office(compiled: CompiledPlan, facets: Facets, ranked: list[Ranked], trace: list[TraceStep]) -> Assignment:
    """方案未列明: the plan's office, for a person to assign."""
    plan = compiled.plan
    lead = _ref(compiled, facets, plan.office.name, plan.region) if plan.office else None
    trace.append(explain.silent(plan, courier=facets.setting == DELIVERY, ranked=ranked))
    if lead:
        trace.append(explain.today((lead,), facets.received_on))
    trace.append(explain.versions(plan, compiled.directory))
    return _assignment(plan, None, lead, (), trace, silent=True)


def _ref(compiled: CompiledPlan, facets: Facets, name: str, region: str) -> AgencyRef:
    body = compiled.directory.find(name, region)
    if body is None:
        return AgencyRef(name)
    code = matter(facets.category, facets.setting)
    today = resolve_today(compiled.directory, body, code, facets.received_on, facets.region)
    return AgencyRef(name, body.id, today.name if today else None, today.id if today else None)


def _assignment(
    plan: Plan,
    duty: DutyRef | None,
    lead: AgencyRef | None,
    co: tuple[AgencyRef, ...],
    trace: list[TraceStep],
    *,
    silent: bool = False,
) -> Assignment:
    return Assignment(plan.id, plan.version, duty, lead, co, silent, tuple(trace))


def without_plan(category: str, setting: str, reason: str) -> Assignment:
    """The route where no plan is in force: nobody is named, and the trace says so."""
    trace = (explain.facets(category, setting, ()), TraceStep("方案", f"{reason}；请人工选择方案"))
    return Assignment(None, 0, None, None, (), silent=category != OUT_OF_SCOPE, trace=trace)


def lead_depends_on_setting(
    plan: Plan, directory: Directory, category: str, settings: Iterable[str], text: str = ""
) -> bool:
    """Whether a wrong setting among these would send a category to another lead (design §6 `needs_review`)."""
    compiled = compile_plan(plan, directory)
    leads = set()
    for setting in settings:
        cell = compiled.cells[category, setting]
        words = (_found(pattern, text) for pattern in cell.patterns)
        ranked = best(rank(plan, duty, setting, word) for duty, word in zip(cell.duties, words, strict=True))
        lead = None
        if ranked:
            found = leaders(ranked[0], category, setting, directory)
            lead = ranked[0].duty.full(found[0]) if len(found) == 1 else None
        leads.add(lead)
    return len(leads) > 1
