"""The desk's unit of work for many new cases at once: their rows are gathered and written table by table.

It stores what `CaseStore` stores (a test compares every table), in a dozen statements a batch where that takes twenty a
case. Whoever asks for `session` finds everything gathered so far written, so that a statement that knows nothing of
batches is right here too, only slower.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from hotline.errors import ConflictError
from hotline.store import events as event_log
from hotline.store import verdicts
from hotline.store.answers import note_answers
from hotline.store.casestore import LEG_KEPT, CaseStore
from hotline.store.clockstore import LegKey, clock_row, keeps, nearest
from hotline.store.crime_marks import complaints_against, flag_rows
from hotline.store.focus_marks import focus_rows
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
    MODEL_GUESS,
    RAW_SUBMISSION,
    REPORTER,
    RESPONDENT_KEY,
    SEARCH_DOC,
    TALLY_CHANGE,
)
from hotline.store.tally import tally_rows
from hotline.store.words import fold_name
from hotline.vocabulary import Action, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Table
    from sqlmodel import Session

    from hotline.casework.crime import CrimeFlag
    from hotline.casework.timeshare import Share
    from hotline.records import Actor, CaseEvent, Classification, Clock, Complaint, NewEvent
    from hotline.routing.focus import FocusMark
    from hotline.store.crypto import Keyring

Row = dict[str, Any]
Found = tuple[str, str, str]

_ORDER = (
    RAW_SUBMISSION,
    COMPLAINT,
    REPORTER,
    SEARCH_DOC,
    RESPONDENT_KEY,
    CASE,
    LEG,
    DECISION,
    MODEL_GUESS,
    CASE_FOCUS,
    CASE_FLAG,
    CLOCK,
    EVENT,
    EVENT_TEXT,
    CASE_TALLY,
    TALLY_CHANGE,
)
_CLASH = "同一批中有诉求刚刚被别人登记。请重新导入，已经登记的不会重复。"


@dataclass(slots=True)
class _Gathered:
    """Rows to be written; those that change before they are written are found by their key."""

    rows: dict[Table, list[Row]] = field(default_factory=dict)
    cases: dict[str, Row] = field(default_factory=dict)
    legs: dict[str, dict[str, Row]] = field(default_factory=dict)
    clocks: dict[str, list[Row]] = field(default_factory=dict)
    focuses: dict[str, list[Row]] = field(default_factory=dict)
    flags: dict[str, list[Row]] = field(default_factory=dict)
    guesses: dict[str, Row] = field(default_factory=dict)
    offices: dict[str, str] = field(default_factory=dict)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    began: dict[str, datetime] = field(default_factory=dict)
    events: dict[str, tuple[CaseEvent, ...]] = field(default_factory=dict)
    answers: list[CaseEvent] = field(default_factory=list)
    decided: list[CaseEvent] = field(default_factory=list)
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
            CASE_TALLY: [row for kept, _ in self.tallies.values() for row in kept],
            TALLY_CHANGE: [row for _, changes in self.tallies.values() for row in changes],
        }
        order = dict.fromkeys((*_ORDER, *self.rows))
        every = {table: [*self.rows.get(table, ()), *keyed.get(table, ())] for table in order}
        return [(table, rows) for table, rows in every.items() if rows]


class BatchStore(CaseStore):
    """`CaseStore` for the registration of a batch; `flush` at its end, inside the transaction."""

    def __init__(self, session: Session, keyring: Keyring) -> None:
        """Work in this session with these keys."""
        self._gathered = _Gathered()
        self._found: dict[tuple[str, str], dict[str, Found]] = {}
        super().__init__(session, keyring)

    @property
    def session(self) -> Session:
        """The session, after what was gathered has been written."""
        self.flush()
        return self._session

    @session.setter
    def session(self, value: Session) -> None:
        self._session = value

    def flush(self) -> None:
        """Write what was gathered.

        Raises:
            ConflictError: One of the complaints was registered by somebody else a moment ago; roll back.
        """
        gathered, self._gathered = self._gathered, _Gathered()
        try:
            for table, rows in gathered.tables():
                self._session.execute(insert(table), rows)
            note_answers(self._session, gathered.answers)
            verdicts.note_verdicts(self._session, gathered.decided)
        except IntegrityError:
            raise ConflictError(_CLASH) from None

    def expect(self, office_id: str, channel: str, external_ids: Collection[str]) -> None:
        """Look up at once which of these keys are known; `find_submission` then asks the database for no other."""
        found = self.find_submissions(office_id, channel, external_ids)
        fresh: dict[str, Found] = dict.fromkeys(external_ids, ("", "", ""))
        self._found[office_id, channel] = fresh | found

    def find_submission(self, office_id: str, channel: str, external_id: str) -> Found | None:
        """As `CaseStore` has it, without a statement where the key was expected."""
        found = self._found.get((office_id, channel), {}).get(external_id)
        if found is None:
            return super().find_submission(office_id, channel, external_id)
        return found if found[0] else None

    def append(
        self,
        case_id: str,
        new_events: Sequence[NewEvent],
        *,
        expected_seq: int,
        actor: Actor,
        at: datetime,
        recorded_at: datetime,
    ) -> tuple[CaseEvent, ...]:
        """As `CaseStore` has it; a new stream is not looked up, as its id was made a moment ago.

        Raises:
            ConflictError: `expected_seq` is stale.
        """
        times: dict[str, Any] = {"actor": actor, "at": at, "recorded_at": recorded_at}
        head = self._gathered.heads.get(case_id, (0, ""))
        if head[0] != expected_seq:
            return super().append(case_id, new_events, expected_seq=expected_seq, **times)
        rows, texts = event_log.chain(case_id, new_events, last=head, keyring=self.keyring, **times)
        self._gathered.add(EVENT, rows)
        self._gathered.add(EVENT_TEXT, texts)
        self._gathered.began.setdefault(case_id, recorded_at)
        if rows:
            self._gathered.heads[case_id] = (rows[-1]["seq"], rows[-1]["hmac"])
        appended = tuple(event_log.case_event(row) for row in rows)
        self._gathered.events[case_id] = self._gathered.events.get(case_id, ()) + appended
        if actor.role is not Role.SYSTEM and self._differs(case_id, appended):
            self._gathered.decided += appended
        self._gathered.answers += [event for event in appended if event.action is Action.FOLLOW_UP]
        if any(event.data.get("reopen") is True for event in self._gathered.answers):
            self.flush()  # The lead may change, and the answer is about the one there is now.
        return appended

    def events(self, case_id: str) -> tuple[CaseEvent, ...]:
        """As `CaseStore` has it."""
        return self._gathered.events.get(case_id) or super().events(case_id)

    def add_complaint(self, complaint: Complaint, case_id: str) -> None:
        """As `CaseStore` has it."""
        super().add_complaint(complaint, case_id)
        self._gathered.complaints[complaint.id] = complaint

    def complaint(self, complaint_id: str) -> Complaint:
        """As `CaseStore` has it."""
        return self._gathered.complaints.get(complaint_id) or super().complaint(complaint_id)

    def save_focuses(self, case_id: str, marks: Sequence[FocusMark]) -> None:
        """As `CaseStore` has it."""
        if case_id in self._gathered.cases:
            self._gathered.focuses[case_id] = focus_rows(case_id, marks)
        else:
            super().save_focuses(case_id, marks)

    def save_flags(self, case_id: str, flags: Sequence[CrimeFlag]) -> None:
        """As `CaseStore` has it."""
        if case_id in self._gathered.cases:
            self._gathered.flags[case_id] = flag_rows(case_id, flags)
        else:
            super().save_flags(case_id, flags)

    def complaints_against(self, complaint: Complaint) -> int:
        """As `CaseStore` has it, counting what was gathered without writing it."""
        key = fold_name(complaint.respondent.name)
        if not key:
            return 0
        here = (row for row in self._gathered.rows.get(COMPLAINT, ()) if row["respondent_key"] == key)
        gathered: int = sum(row["office_id"] == complaint.office_id and row["id"] != complaint.id for row in here)
        return gathered + complaints_against(self._session, complaint.office_id, key, complaint.id)

    def save_clocks(
        self,
        case_id: str,
        office_id: str,
        clocks: Sequence[Clock],
        spent: Sequence[Share] | None = None,
        *,
        mark: tuple[int, str] = (0, ""),
    ) -> None:
        """As `CaseStore` has it."""
        case = self._gathered.cases.get(case_id)
        if case is None:
            super().save_clocks(case_id, office_id, clocks, spent, mark=mark)
            return
        self._gathered.tallies[case_id] = tally_rows(case, clocks, spent or ())
        self._gathered.clocks[case_id] = [clock_row(clock, case_id, office_id, mark) for clock in clocks]
        running = [clock for clock in clocks if clock.running()]
        case["due_at"] = nearest(running)
        for row in self._gathered.legs.get(case_id, {}).values():
            leg = LegKey(row["id"], row["body_id"], row["closed_at"])
            row["due_at"] = nearest(clock for clock in running if keeps(leg, clock))

    # ---- how rows are written ------------------------------------------------------------------

    def _insert(self, table: Table, rows: list[Row]) -> None:
        if table is CASE:
            self._gathered.cases |= {row["id"]: row for row in rows}
            return
        if table is COMPLAINT:
            self._gathered.offices |= {row["id"]: row["office_id"] for row in rows}
        if table is RAW_SUBMISSION:
            for row in rows:
                # A second one with this key is looked up, and finds the first.
                self._found.get((row["office_id"], row["channel"]), {}).pop(row["external_id"], None)
        self._gathered.add(table, rows)

    def _note_guess(self, case_id: str, complaint_id: str, classification: Classification, at: datetime) -> None:
        office_id = self._gathered.offices.get(complaint_id)
        if office_id is None:
            super()._note_guess(case_id, complaint_id, classification, at)
        else:
            self._gathered.guesses[case_id] = verdicts.guess_row(case_id, office_id, classification, at)

    def _first_recorded(self, case_id: str) -> datetime | None:
        return self._gathered.began.get(case_id) or super()._first_recorded(case_id)

    def _update_case(self, case_id: str, values: Row) -> None:
        case = self._gathered.cases.get(case_id)
        if case is None:
            super()._update_case(case_id, values)
        else:
            case |= values

    def _upsert_legs(self, rows: list[Row]) -> None:
        if not rows:
            return
        case_id = rows[0]["case_id"]
        if case_id not in self._gathered.cases:
            super()._upsert_legs(rows)
            return
        known = self._gathered.legs.setdefault(case_id, {})
        for row in rows:
            kept = {name: known[row["id"]][name] for name in LEG_KEPT} if row["id"] in known else {}
            known[row["id"]] = row | kept

    def _differs(self, case_id: str, events: Sequence[CaseEvent]) -> bool:
        """Whether these events say something else than the model's guess; where it is not at hand, they may."""
        guess = self._gathered.guesses.get(case_id)
        if guess is None:
            return True
        model = (guess["category"], guess["setting"])
        return any(
            "category" in event.data
            and not verdicts.agrees(model, (str(event.data["category"]), str(event.data.get("setting", ""))))
            for event in events
        )
