"""Two plans, or two versions of one, side by side: the cells that differ first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from flask import render_template, request

from hotline.errors import NotFoundError
from hotline.routing.export import diff
from hotline.web.access import DESK, roles
from hotline.web.context import services
from hotline.web.plans import grid
from hotline.web.plans.room import blueprint, choices, find_code, today

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

    from hotline.routing.taxonomy import Category
    from hotline.web.plans.grid import Cell
    from hotline.web.plans.room import Shown


@dataclass(frozen=True, slots=True)
class Pair:
    """A category in one or several settings that go the same way under each of the two plans."""

    category: Category
    settings: tuple[str, ...]
    one: Cell
    other: Cell

    @property
    def differs(self) -> bool:
        """Whether another body acts today, or one plan is silent."""
        left, right = (cell.today or cell.lead for cell in (self.one, self.other))
        return (left, self.one.gap) != (right, self.other.gap) if not (self.one.gap and self.other.gap) else False

    @property
    def reworded(self) -> bool:
        """Whether the same body leads under another clause."""
        return not self.differs and (self.one.clause, self.one.lead) != (self.other.clause, self.other.lead)


@blueprint.get("/compare")
@roles(*DESK)
def compare() -> ResponseReturnValue:
    """The comparison, or the form alone where nothing was chosen yet."""
    one, other, problem = None, None, ""
    first, second = request.args.get("a", ""), request.args.get("b", "")
    if first and second:
        try:
            one, other = find_code(first), find_code(second)
        except NotFoundError as error:
            problem = error.message
    pairs = sorted(_pairs(one, other), key=lambda pair: (not pair.differs, not pair.reworded)) if one and other else []
    page = render_template(
        "plans/compare.html",
        choices=choices(),
        one=one,
        other=other,
        problem=problem,
        pairs=pairs,
        differing=sum(len(pair.settings) for pair in pairs if pair.differs),
        total=sum(len(pair.settings) for pair in pairs),
        changes=diff(one.plan, other.plan) if one and other and one.plan.id == other.plan.id else None,
    )
    return page, 404 if problem else 200


def _pairs(one: Shown, other: Shown) -> Iterator[Pair]:
    """The cells of both plans at the more local one's place, settings that go the same way put together."""
    directory = services().rulebook.directory
    region = min(one.plan.region, other.plan.region, key=lambda adcode: len(adcode) - len(adcode.rstrip("0")))
    names = [each.name for each in grid.settings()]
    for left, right in zip(
        grid.grid(one.whole, directory, today(), region),
        grid.grid(other.whole, directory, today(), region),
        strict=True,
    ):
        both = sorted(
            zip(names, left.cells, right.cells, strict=True), key=lambda each: (*each[1].key, "", *each[2].key)
        )
        for _, same in groupby(both, key=lambda each: (each[1].key, each[2].key)):
            cells = list(same)
            together = tuple(name for name in names if name in {each[0] for each in cells})
            yield Pair(left.category, together, cells[0][1], cells[0][2])
