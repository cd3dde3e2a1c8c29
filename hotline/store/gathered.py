"""What a batch of new cases has gathered before anything of it is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from hotline.store.tables import (
    CASE,
    CASE_FLAG,
    CASE_FOCUS,
    CASE_TALLY,
    CLOCK,
    COMPLAINT,
    DECISION,
    EVENT,
    EVENT_TEXT,
    LEG,
    MATTER,
    MATTER_PARTY,
    MODEL_GUESS,
    RAW_SUBMISSION,
    REPORTER,
    RESPONDENT_KEY,
    SEARCH_DOC,
    TALLY_CHANGE,
    TEXT_GRAM,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Table

    from hotline.casework.history import History
    from hotline.casework.reckoning import Reckoning
    from hotline.records import CaseEvent, Complaint

Row = dict[str, Any]

_ORDER = (
    RAW_SUBMISSION,
    COMPLAINT,
    REPORTER,
    SEARCH_DOC,
    RESPONDENT_KEY,
    TEXT_GRAM,
    CASE,
    LEG,
    DECISION,
    MODEL_GUESS,
    CASE_FOCUS,
    CASE_FLAG,
    MATTER,
    MATTER_PARTY,
    CLOCK,
    EVENT,
    EVENT_TEXT,
    CASE_TALLY,
    TALLY_CHANGE,
)


@dataclass(slots=True)
class Gathered:
    """Rows to be written; those that change before they are written are found by their key."""

    rows: dict[Table, list[Row]] = field(default_factory=dict)
    cases: dict[str, Row] = field(default_factory=dict)
    legs: dict[str, dict[str, Row]] = field(default_factory=dict)
    clocks: dict[str, list[Row]] = field(default_factory=dict)
    focuses: dict[str, list[Row]] = field(default_factory=dict)
    flags: dict[str, list[Row]] = field(default_factory=dict)
    guesses: dict[str, Row] = field(default_factory=dict)
    matters: dict[str, tuple[list[Row], list[Row]]] = field(default_factory=dict)
    offices: dict[str, str] = field(default_factory=dict)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    began: dict[str, datetime] = field(default_factory=dict)
    events: dict[str, tuple[CaseEvent, ...]] = field(default_factory=dict)
    histories: dict[str, History] = field(default_factory=dict)
    reckonings: dict[str, tuple[str, Callable[[], Reckoning]]] = field(default_factory=dict)
    decisions: dict[tuple[str, str], Row] = field(default_factory=dict)
    against: Counter[tuple[str, str]] = field(default_factory=Counter)
    answers: list[CaseEvent] = field(default_factory=list)
    decided: list[CaseEvent] = field(default_factory=list)
    unsealings: list[CaseEvent] = field(default_factory=list)
    complaints: dict[str, Complaint] = field(default_factory=dict)
    tallies: dict[str, tuple[list[Row], list[Row]]] = field(default_factory=dict)

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Gather rows of a table."""
        self.rows.setdefault(table, []).extend(rows)

    def tables(self) -> list[tuple[Table, list[Row]]]:
        """Everything, in an order in which no row comes before one that it names."""
        keyed = {
            CASE: list(self.cases.values()),
            LEG: [row for legs in self.legs.values() for row in legs.values()],
            CLOCK: [row for clocks in self.clocks.values() for row in clocks],
            CASE_FOCUS: [row for marks in self.focuses.values() for row in marks],
            CASE_FLAG: [row for marks in self.flags.values() for row in marks],
            MODEL_GUESS: list(self.guesses.values()),
            MATTER: [row for rows, _ in self.matters.values() for row in rows],
            MATTER_PARTY: [row for _, parties in self.matters.values() for row in parties],
            CASE_TALLY: [row for kept, _ in self.tallies.values() for row in kept],
            # In the order of their key, so that pages of a large index are touched once.
            TEXT_GRAM: sorted(self.rows.pop(TEXT_GRAM, ()), key=itemgetter("gram", "complaint_id")),
            TALLY_CHANGE: [row for _, changes in self.tallies.values() for row in changes],
        }
        order = dict.fromkeys((*_ORDER, *self.rows))
        every = {table: [*self.rows.get(table, ()), *keyed.get(table, ())] for table in order}
        return [(table, rows) for table, rows in every.items() if rows]
