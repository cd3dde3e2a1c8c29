"""Which cases a figure counts: one record that makes the figure, the list behind it, its address and its words.

Figures of a period count cases, each once; the breach cube counts clocks, and the list it opens says how many cases and
how many clocks it holds. With a clock's state, a
clock or a period of clocks, `body` is the body whose clock it is; with a figure of the week it is the body the figure
is about; otherwise a body with a leg in the case. Days are days in Asia/Shanghai, both ends included.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hotline.casework.day_bounds import end_of, start_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from hotline.casework.holding import Part
    from hotline.reports.figure_words import Answer, ClockState, Figure
    from hotline.vocabulary import CaseState, Kind

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list is narrowed by; what is left out does not narrow.

    `since` and `until` bound the figure's moment, or the start of the clocks where `clock`, `policy` or `started` says
    that clocks are meant, or the follow-up where an `answer` is asked, else the receipt of the case. `known` are clocks
    that ended or are overdue; `spent` are closed cases of whose time this part (and, where named, `body`) took some.
    `merged` are cases that are one matter with others.
    `asof` counts what had happened by that moment: a paper that was printed on Friday opens Friday's cases.
    """

    clock: ClockState | None = None
    policy: str = ""
    started: bool = False
    figure: Figure | None = None
    since: date | None = None
    until: date | None = None
    body: str = ""
    category: str = ""
    channel: str = ""
    kind: Kind | None = None
    state: CaseState | None = None
    supervised: bool = False
    silent: bool = False
    focus: str = ""
    cause: Part | None = None
    known: bool = False
    answer: Answer | None = None
    spent: Part | None = None
    asof: datetime | None = None
    merged: bool = False

    @property
    def of_clocks(self) -> bool:
        """Whether cases are chosen by their clocks."""
        return self.figure is None and bool(self.clock or self.policy or self.started or self.cause or self.known)

    def with_clock(self, state: ClockState) -> Selection:
        """The same, narrowed to one state of the clock."""
        return replace(self, clock=state)

    def span(self) -> tuple[datetime | None, datetime | None]:
        """The first moment of the period and the first after it, never later than just after `asof`."""
        ends = [end_of(self.until)] if self.until else []
        ends += [self.asof + INSTANT] if self.asof else []
        return start_of(self.since) if self.since else None, min(ends, default=None)

    def seen_at(self, now: datetime) -> datetime:
        """The moment by which deadlines are judged."""
        return min(now, self.asof) if self.asof else now
