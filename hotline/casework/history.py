"""A case's events with the case as it was after each: folded once, then carried along by whoever acts on the case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.state import evolve
from hotline.errors import TransitionError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hotline.records import CaseEvent, CaseSnapshot


@dataclass(frozen=True, slots=True)
class History:
    """What happened to one case, in order; `states[n]` is the case after `events[n]`."""

    events: tuple[CaseEvent, ...]
    states: tuple[CaseSnapshot, ...]

    @property
    def case(self) -> CaseSnapshot:
        """The case as it stands.

        Raises:
            TransitionError: There is no event.
        """
        if not self.states:
            message = "这件工单没有事件，请联系系统管理员核对数据。"
            raise TransitionError(message)
        return self.states[-1]

    @property
    def seen(self) -> tuple[tuple[datetime, CaseSnapshot], ...]:
        """The case after each event, with the event's time, as `stretches.cut` asks for it."""
        return tuple((event.at, state) for event, state in zip(self.events, self.states, strict=True))

    def then(self, events: Iterable[CaseEvent]) -> History:
        """The same with what happened next.

        Raises:
            TransitionError, ConflictError, InvalidInputError: See `state.evolve`.
        """
        more = tuple(events)
        states = list(self.states)
        for event in more:
            states.append(evolve(states[-1] if states else None, event))
        return History((*self.events, *more), tuple(states))


def history_of(events: Iterable[CaseEvent]) -> History:
    """The history that these events make; without events it is empty and has no `case`.

    Raises:
        TransitionError, ConflictError, InvalidInputError: See `state.evolve`.
    """
    return History((), ()).then(events)
