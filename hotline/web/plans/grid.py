"""The duty matrix as a page shows it: a cell for each category and setting, gaps and overlaps said in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.routing.matrix import compile_plan, route
from hotline.routing.places import NATION
from hotline.routing.ranking import best, rank, why
from hotline.routing.taxonomy import OUT_OF_SCOPE, load_taxonomy

if TYPE_CHECKING:
    from datetime import date

    from hotline.records import Assignment
    from hotline.routing.agencies import Directory
    from hotline.routing.plan_records import Duty, Plan
    from hotline.routing.taxonomy import Category, Setting


@dataclass(frozen=True, slots=True)
class Cell:
    """Who acts where the text holds no goods word. `others` is how many more duties cover it."""

    category: str
    setting: str
    clause: str
    annex: bool
    lead: str
    today: str
    others: int
    by_words: bool

    @property
    def gap(self) -> bool:
        """Whether the plan is silent here: a person of the office assigns."""
        return not self.clause

    @property
    def tone(self) -> str:
        """The class that colours it; the words in the cell say the same."""
        return "gap" if self.gap else "overlap" if self.others else "single"

    @property
    def key(self) -> tuple[str, str, str]:
        """What two plans are compared by."""
        return (self.clause, self.lead, self.today)


@dataclass(frozen=True, slots=True)
class Row:
    """A category with its cells in the order of the settings."""

    category: Category
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """A duty that covers a cell, with the rule by which the winner came before it (empty for the winner)."""

    duty: Duty
    why: str
    words: str


def settings() -> tuple[Setting, ...]:
    """The columns."""
    return tuple(load_taxonomy().settings.values())


def grid(plan: Plan, directory: Directory, on: date, region: str = "") -> tuple[Row, ...]:
    """All cells of a plan, joined with its annex; `other` is not dispatched under any plan and has no row.

    The bodies of today are those at `region`, which is the plan's own place unless another is named.
    """
    taxonomy = load_taxonomy()
    return tuple(
        Row(category, tuple(_cell(plan, directory, (category.code, each), on, region) for each in taxonomy.settings))
        for category in taxonomy.categories.values()
        if category.code != OUT_OF_SCOPE
    )


def _cell(plan: Plan, directory: Directory, facets: tuple[str, str], on: date, region: str) -> Cell:
    category, setting = facets
    found = decide(plan, directory, facets, on, region)
    duty, lead = found.duty, found.lead
    compiled = compile_plan(plan, directory).cells[facets]
    return Cell(
        category=category,
        setting=setting,
        clause="" if duty is None else duty.clause if duty.seq == 1 else f"{duty.clause}第{duty.seq}项",
        annex=duty is not None and duty.plan != plan.id,
        lead=lead.name if lead else "",
        today=(lead.today or "") if lead else "",
        others=max(len(compiled.duties) - 1, 0) if duty else 0,
        by_words=compiled.by_words,
    )


def decide(plan: Plan, directory: Directory, facets: tuple[str, str], on: date, region: str = "") -> Assignment:
    """The route of a cell (category and setting) where the text holds no goods word."""
    place = region or plan.region
    return route(
        plan=plan,
        directory=directory,
        category=facets[0],
        setting=facets[1],
        text="",
        received_on=on,
        region=place if place != NATION else None,
    )


def tried(plan: Plan, directory: Directory, category: str, setting: str) -> tuple[Tried, ...]:
    """Every duty that covers a cell in the order in which they win where the text holds no goods word."""
    duties = compile_plan(plan, directory).cells[category, setting].duties
    ranked = best(rank(plan, duty, setting, "") for duty in duties)
    return tuple(
        Tried(each.duty, "" if number == 0 else why(ranked[0], each), "、".join(each.duty.goods))
        for number, each in enumerate(ranked)
    )
