"""The breach cube: agency × category × channel × clock, and per cell how many cases have such a clock in each state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from hotline.reports.conditions import clock_conditions, plain_conditions, state_condition
from hotline.reports.selection import DESK, ClockState
from hotline.store.tables import CASE, CLOCK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlmodel import Session

    from hotline.reports.selection import Selection


class Side(StrEnum):
    """A dimension of the cube; the names are those of the selection's fields."""

    BODY = "body"
    CATEGORY = "category"
    CHANNEL = "channel"
    POLICY = "policy"


SIDES = tuple(Side)
_COLUMNS = {
    Side.BODY: CLOCK.c.body_id,
    Side.CATEGORY: CASE.c.category,
    Side.CHANNEL: CASE.c.channel,
    Side.POLICY: CLOCK.c.policy,
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `selection` is what it covers; `selection.with_clock(state)` are exactly the cases of one count."""

    selection: Selection
    counts: Mapping[ClockState, int]

    def count(self, state: ClockState) -> int:
        """The cases with a clock in this state."""
        return self.counts[state]


def breach_cube(
    session: Session,
    office_id: str,
    selection: Selection,
    now: datetime,
    *,
    by: Sequence[Side] = SIDES,
) -> tuple[Cell, ...]:
    """The cells that hold something, the most overdue first.

    Args:
        session: A reading unit of work.
        office_id: The office whose cases are counted.
        selection: The period (of the clocks' start) and whatever else narrows, but for its own `clock` and `figure`.
        now: The moment at which the clocks are looked at.
        by: The sides to tell apart; none gives the one cell of the total.
    """
    base = replace(selection, clock=None, figure=None, started=True)
    columns = [_COLUMNS[side].label(str(side)) for side in by]
    statement = (
        select(*columns, *[_counted(state, now) for state in ClockState])
        .select_from(CLOCK.join(CASE, CASE.c.id == CLOCK.c.case_id))
        .where(CASE.c.office_id == office_id, *plain_conditions(base), *clock_conditions(base, now))
    )
    rows = session.execute(statement.group_by(*[_COLUMNS[side] for side in by])).mappings()
    cells = [_cell(row, base, by) for row in rows]
    return tuple(sorted(cells, key=_rank))


def _counted(state: ClockState, now: datetime) -> Any:  # noqa: ANN401 - a labelled column of SQLAlchemy.
    return func.count(case((state_condition(state, now), CLOCK.c.case_id)).distinct()).label(f"n_{state}")


def _cell(row: Mapping[Any, Any], base: Selection, by: Sequence[Side]) -> Cell:
    # The desk's clocks have no body; in an address that needs a word.
    key: dict[str, Any] = {str(side): row[str(side)] or (DESK if side is Side.BODY else "") for side in by}
    return Cell(replace(base, **key), {state: int(row[f"n_{state}"]) for state in ClockState})


def _rank(cell: Cell) -> tuple[int, int, str, str, str, str]:
    chosen = cell.selection
    names = (chosen.body, chosen.category, chosen.channel, chosen.policy)
    return (-cell.count(ClockState.OVERDUE), -cell.count(ClockState.DUE_SOON), *names)
