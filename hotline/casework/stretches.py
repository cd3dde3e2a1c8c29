"""A case's life cut into stretches in one holder's hands, without gap or overlap between its events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.holding import holder_of
from hotline.casework.state import evolve
from hotline.vocabulary import OPEN_CASE_STATES, LegRole, LegState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hotline.casework.holding import Part
    from hotline.records import CaseEvent, CaseSnapshot


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a case's life in one holder's hands; `body_id` None is the desk, `end` None is still going on."""

    part: Part
    body_id: str | None
    start: datetime
    end: datetime | None


def stretches(events: Sequence[CaseEvent]) -> tuple[Stretch, ...]:
    """The life of a case as stretches without gap or overlap, from its receipt to its closing.

    Raises:
        TransitionError, ConflictError: These are not the events of one case.
    """
    snapshot: CaseSnapshot | None = None
    seen: list[tuple[datetime, CaseSnapshot]] = []
    for event in events:
        snapshot = evolve(snapshot, event)
        seen.append((event.at, snapshot))
    return cut(seen)


def cut(seen: Sequence[tuple[datetime, CaseSnapshot]]) -> tuple[Stretch, ...]:
    """The same from the case as it was after each event."""
    if not seen:
        return ()
    final = seen[-1][1]
    returned = {leg.id for leg in final.legs if leg.role is LegRole.LEAD and leg.state is LegState.RETURNED}
    start = min(final.received_at, seen[0][0])
    made: list[Stretch] = []
    for index, (at, snapshot) in enumerate(seen):
        if snapshot.state not in OPEN_CASE_STATES:
            continue
        # Times of events may be entered later; a stretch never ends before it begins.
        begin = start if index == 0 else max(at, start)
        end = max(seen[index + 1][0], begin) if index + 1 < len(seen) else None
        start = end or begin
        _add(made, Stretch(*holder_of(snapshot, returned), begin, end))
    return tuple(made)


def _add(made: list[Stretch], new: Stretch) -> None:
    """Join with the stretch before where nothing changed hands."""
    last = made[-1] if made else None
    if last and (last.part, last.body_id, last.end) == (new.part, new.body_id, new.start):
        made[-1] = Stretch(last.part, last.body_id, last.start, new.end)
    elif new.end is None or new.end > new.start or not made:
        made.append(new)
