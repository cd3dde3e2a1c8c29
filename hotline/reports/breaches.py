"""The breach cube: agency × category × channel × clock × cause, and per cell how many clocks stand in each state.

Closed clocks come from the summary (`store.tally`), open ones are read live by their index. A selection that asks what
the summary does not hold (kind, state, supervised, silent, focus) is counted over the clocks themselves.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from hotline.casework.holding import Part
from hotline.reports.clock_conditions import clock_conditions
from hotline.reports.clock_states import state_of_any
from hotline.reports.conditions import plain_conditions
from hotline.reports.figure_words import DESK, ClockState
from hotline.reports.selection import Selection
from hotline.reports.standing import STATES, open_rows
from hotline.reports.summary import closed_rows, summarised
from hotline.store.tables import CASE, CLOCK
from hotline.store.tally_entries import LATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlmodel import Session


class Side(StrEnum):
    """A dimension of the cube; the names are those of the selection's fields."""

    BODY = "body"
    CATEGORY = "category"
    CHANNEL = "channel"
    POLICY = "policy"
    CAUSE = "cause"


SIDES = (Side.BODY, Side.CATEGORY, Side.CHANNEL, Side.POLICY)
MINIMUM = 5
"""Below so many clocks a rate says nothing of an agency, and it is given no rank."""
_COLUMNS = {
    Side.BODY: CLOCK.c.body_id,
    Side.CATEGORY: CASE.c.category,
    Side.CHANNEL: CASE.c.channel,
    Side.POLICY: CLOCK.c.policy,
    Side.CAUSE: CLOCK.c.cause,
}
_ENDED = (ClockState.MET, ClockState.LATE)
_NONE = dict.fromkeys(ClockState, 0)

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `selection` is what it covers; `selection.with_clock(state)` are the cases and clocks of one count.

    `minutes` are working minutes from start to stop of the clocks that ended.
    """

    selection: Selection
    counts: Mapping[ClockState, int]
    minutes: int = 0

    def count(self, state: ClockState) -> int:
        """The clocks in this state."""
        return self.counts[state]

    @property
    def known(self) -> int:
        """Clocks whose outcome is known: ended, or overdue already."""
        return sum(self.counts[state] for state in (*_ENDED, ClockState.OVERDUE))

    @property
    def breached(self) -> int:
        """Clocks that were, or are, late."""
        return self.counts[ClockState.LATE] + self.counts[ClockState.OVERDUE]

    @property
    def rate(self) -> float | None:
        """The share of known clocks that are late; None below the minimum, where it would say nothing."""
        return self.breached / self.known if self.known >= MINIMUM else None


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
        office_id: The office whose clocks are counted.
        selection: The period (of the clocks' start) and whatever else narrows, but for its own `clock` and `figure`.
        now: The moment at which the clocks are looked at.
        by: The sides to tell apart; none gives the one cell of the total.
    """
    base = replace(selection, clock=None, figure=None, known=False, answer=None, spent=None, started=True)
    counts: dict[Key, dict[ClockState, int]] = defaultdict(_NONE.copy)
    minutes: dict[Key, int] = defaultdict(int)
    if not by:
        counts[()] = _NONE.copy()
    if summarised(base):
        for key, outcome, n, took in closed_rows(session, office_id, base, by):
            counts[key][ClockState.LATE if outcome == LATE else ClockState.MET] += n
            minutes[key] += took
        for key, standing in open_rows(session, office_id, base, now, by):
            cell = counts[key]
            for state, n in zip(STATES, standing, strict=True):
                cell[state] += n
    else:
        for key, state, n in _each(session, office_id, base, now, by):
            counts[key][state] += n
    held = {key: found for key, found in counts.items() if not by or any(found.values())}
    # Said once: copying a selection field by field for each of thousands of cells would take longer than counting.
    said = {each.name: getattr(base, each.name) for each in fields(base)}
    cells = [_cell(key, found, minutes[key], said, by) for key, found in held.items()]
    return tuple(sorted(cells, key=_rank))


def ranked(cells: Iterable[Cell]) -> tuple[tuple[Cell, int | None], ...]:
    """Cells with their rank by rate, the worst first; those with too few clocks come last and have none."""
    found = sorted(cells, key=lambda cell: (cell.rate is None, -(cell.rate or 0), -cell.breached, _rank(cell)))
    rates = sorted((cell.rate for cell in found if cell.rate is not None), reverse=True)
    return tuple((cell, None if cell.rate is None else rates.index(cell.rate) + 1) for cell in found)


def _each(
    session: Session, office_id: str, base: Selection, now: datetime, by: Sequence[Side]
) -> Iterable[tuple[Key, ClockState, int]]:
    """The clocks themselves, open and ended, where the selection asks of the case what no summary holds."""
    columns, state = [_COLUMNS[side] for side in by], state_of_any(now).label("found")
    asked = [CLOCK.c.office_id == office_id, *plain_conditions(base), *clock_conditions(base, now)]
    source = CLOCK.join(CASE, CASE.c.id == CLOCK.c.case_id)
    # By its label: written out again it would be another expression to PostgreSQL, with parameters of its own.
    statement = (
        select(*columns, state, func.count()).select_from(source).where(and_(*asked)).group_by(*columns, "found")
    )
    for *key, found, n in session.execute(statement):
        yield tuple(value or "" for value in key), ClockState(found), int(n)


def _cell(key: Key, counts: Mapping[ClockState, int], minutes: int, said: dict[str, Any], by: Sequence[Side]) -> Cell:
    named: dict[str, Any] = {}
    for side, value in zip(by, key, strict=True):
        if side is Side.CAUSE:
            named["cause"] = next((part for part in Part if part == value), None)
        else:
            # The desk's clocks have no body; in an address that needs a word.
            named[str(side)] = value or (DESK if side is Side.BODY else "")
    return Cell(Selection(**said | named), counts, minutes)


def _rank(cell: Cell) -> tuple[int, int, str, str, str, str, str]:
    chosen = cell.selection
    names = (chosen.body, chosen.category, chosen.channel, chosen.policy, str(chosen.cause or ""))
    return (-cell.count(ClockState.OVERDUE), -cell.count(ClockState.DUE_SOON), *names)
