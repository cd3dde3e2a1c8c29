"""The desk's unit of work for many new cases at once: their rows are gathered and written table by table.

It stores what `CaseStore` stores (a test compares every table), in a dozen statements a batch where that takes twenty a
case. Whoever asks for `session` finds everything gathered so far written, so that a statement that knows nothing of
batches is right here too, only slower. Clocks are reckoned once a case, from its last state, when it is written; the
write lock is taken only then (`engine.take_lock`).
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy.exc import IntegrityError

from hotline.casework.history import history_of
from hotline.errors import ConflictError
from hotline.store import event_rows, verdicts
from hotline.store import events as event_log
from hotline.store.answers import note_answers
from hotline.store.bulk import Ready, insert_ready, ready_for
from hotline.store.casestore import LEG_KEPT, CaseStore
from hotline.store.clockstore import LegKey, clock_row, keeps, nearest
from hotline.store.crime_marks import complaints_against, flag_rows
from hotline.store.engine import take_lock
from hotline.store.focus_marks import focus_rows
from hotline.store.gathered import Gathered, Row
from hotline.store.hooks import note_hooks
from hotline.store.known_keys import Found, find_submissions
from hotline.store.matters import matter_rows
from hotline.store.tables import CASE, COMPLAINT, DECISION, EVENT, EVENT_TEXT, RAW_SUBMISSION
from hotline.store.tally import tally_rows
from hotline.store.unsealings import note_unsealings
from hotline.store.upkeep import merging_held
from hotline.store.words import fold_name
from hotline.vocabulary import Action, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Table
    from sqlmodel import Session

    from hotline.casework.crime_flag import CrimeFlag
    from hotline.casework.history import History
    from hotline.casework.reckoning import Reckoning
    from hotline.casework.timeshare import Share
    from hotline.records import Actor, CaseEvent, CaseSnapshot, Classification, Clock, Complaint, NewEvent
    from hotline.routing.focus import FocusMark
    from hotline.store.crypto import Keyring

Numbering: TypeAlias = "Callable[[Session, str, int], Sequence[str]]"
"""Takes so many numbers of an office, in the transaction that writes their cases."""
_CLASH = "同一批中有诉求刚刚被别人登记。请重新导入，已经登记的不会重复。"


class BatchStore(CaseStore):
    """`CaseStore` for the registration of a batch; `flush` at its end, inside the transaction."""

    def __init__(self, session: Session, keyring: Keyring, numbering: Numbering | None = None) -> None:
        """Work in this session with these keys; `numbering` numbers cases that come without a number."""
        self._gathered = Gathered()
        self._ready: list[tuple[Gathered, list[Ready]]] = []
        self._found: dict[tuple[str, str], dict[str, Found]] = {}
        self._counted: dict[tuple[str, str], int] = {}
        self._numbering, self.numbers = numbering, dict[str, str]()
        super().__init__(session, keyring.held())

    @property
    def session(self) -> Session:
        """The session, after what was gathered has been written; it holds the lock."""
        self.flush()
        take_lock(self._session)
        return self._session

    @session.setter
    def session(self, value: Session) -> None:
        self._session = value

    def make_ready(self) -> None:
        """Work out the clocks of what was gathered and bring its rows into the driver's form; no lock is needed.

        Raises:
            CalendarError, PolicyError: The clocks of a case cannot be reckoned; roll back.
        """
        waiting, self._gathered.reckonings = self._gathered.reckonings, {}
        for case_id, (office_id, reckon) in waiting.items():
            made = reckon()
            self.save_clocks(case_id, office_id, made.clocks, made.spent, mark=made.mark)
        gathered, self._gathered = self._gathered, Gathered()
        if tables := gathered.tables():
            self._ready.append((gathered, [ready_for(self._session, table, rows) for table, rows in tables]))

    def flush(self) -> None:
        """Write what was gathered.

        Raises:
            ConflictError: One of the complaints was registered by somebody else a moment ago; roll back.
            CalendarError, PolicyError: The clocks of a case cannot be reckoned; roll back.
        """
        self.make_ready()
        waiting, self._ready = self._ready, []
        if waiting:
            take_lock(self._session)
            self._take_numbers(waiting)
            self._check_counts()
        try:
            for _, tables in waiting:
                for ready in tables:
                    insert_ready(self._session, ready)
            for gathered, _ in waiting:
                note_answers(self._session, gathered.answers)
                verdicts.note_verdicts(self._session, gathered.decided)
                note_unsealings(self._session, gathered.unsealings)
            appended = chain.from_iterable(gathered.events.values() for gathered, _ in waiting)
            note_hooks(self._session, [event for events in appended for event in events])
        except IntegrityError:
            raise ConflictError(_CLASH) from None

    def flush_unmerged(self) -> None:
        """`flush` in less time; whoever calls it has the index of words merged soon after (`upkeep`).

        Raises:
            ConflictError, CalendarError, PolicyError: As `flush` has it.
        """
        take_lock(self._session)
        with merging_held(self._session):
            self.flush()

    def _check_counts(self) -> None:
        """Refuse to write what was decided on how many had complained of a respondent, where that has changed since.

        Raises:
            ConflictError: Somebody else registered a complaint of the same respondent a moment ago; roll back.
        """
        counted, self._counted = self._counted, {}
        for (office_id, key), there in counted.items():
            if complaints_against(self._session, office_id, key, "") != there:
                raise ConflictError(_CLASH)

    def _take_numbers(self, waiting: Sequence[tuple[Gathered, list[Ready]]]) -> None:
        """Number the cases that came without a number: they are taken under the lock, in the order of the cases."""
        new: dict[str, list[str]] = {}
        for gathered, _ in waiting:
            for case_id, row in gathered.cases.items():
                if not row["number"]:
                    new.setdefault(row["office_id"], []).append(case_id)
        if self._numbering is None or not new:
            return
        for office_id, ids in sorted(new.items()):
            self.numbers |= zip(ids, self._numbering(self._session, office_id, len(ids)), strict=True)
        for gathered, tables in waiting:
            given = [row["number"] or self.numbers[case_id] for case_id, row in gathered.cases.items()]
            tables[:] = [ready.with_texts("number", given) if ready.table is CASE else ready for ready in tables]

    def expect(self, office_id: str, channel: str, external_ids: Collection[str]) -> None:
        """Look up at once which of these keys are known; `find_submission` then asks the database for no other."""
        found = find_submissions(self._session, self.keyring, office_id, channel, external_ids)
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
        rows, texts = event_rows.chain(case_id, new_events, last=head, keyring=self.keyring, **times)
        self._gathered.add(EVENT, rows)
        self._gathered.add(EVENT_TEXT, texts)
        self._gathered.began.setdefault(case_id, recorded_at)
        self._changed |= {case_id: recorded_at} if event_log.visible_change(new_events) else {}
        if rows:
            self._gathered.heads[case_id] = (rows[-1]["seq"], rows[-1]["hmac"])
        appended = tuple(event_rows.case_event(row) for row in rows)
        self._gathered.events[case_id] = self._gathered.events.get(case_id, ()) + appended
        if actor.role is not Role.SYSTEM and self._differs(case_id, appended):
            self._gathered.decided += appended
        answers = [event for event in appended if event.action is Action.FOLLOW_UP]
        self._gathered.answers += answers
        self._gathered.unsealings += [event for event in appended if event.data.get("unsealing_id")]
        if any(event.data.get("reopen") is True for event in answers):
            self.flush()  # The lead may change, and the answer is about the one there is now.
        return appended

    def events(self, case_id: str) -> tuple[CaseEvent, ...]:
        """As `CaseStore` has it."""
        return self._gathered.events.get(case_id) or super().events(case_id)

    def history(self, case_id: str) -> History:
        """As `CaseStore` has it, folding only what came since."""
        known, events = self._gathered.histories.get(case_id), self.events(case_id)
        if known is None:
            return history_of(events)
        return known if len(known.events) == len(events) else known.then(events[len(known.events) :])

    def save_reckoning(self, history: History, reckon: Callable[[], Reckoning]) -> None:
        """As `CaseStore` has it, but reckoned when it is written, and only the last."""
        case = history.case
        if case.case_id not in self._gathered.cases:
            super().save_reckoning(history, reckon)
            return
        self._gathered.histories[case.case_id] = history
        self._gathered.reckonings[case.case_id] = (case.office_id, reckon)

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

    def save_matters(self, snapshot: CaseSnapshot) -> None:
        """As `CaseStore` has it."""
        if snapshot.case_id in self._gathered.cases:
            self._gathered.matters[snapshot.case_id] = matter_rows(snapshot)
        else:
            super().save_matters(snapshot)

    def complaints_against(self, complaint: Complaint) -> int:
        """As `CaseStore` has it, counting what was gathered without writing it."""
        key = fold_name(complaint.respondent.name)
        if not key:
            return 0
        if self._ready:
            self.flush()
        here = self._gathered.against[complaint.office_id, key] - (complaint.id in self._gathered.complaints)
        there = complaints_against(self._session, complaint.office_id, key, complaint.id)
        self._counted[complaint.office_id, key] = there
        return here + there

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
        self._gathered.clocks[case_id] = [clock_row(clock, case, mark) for clock in clocks]
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
            self._gathered.against.update((row["office_id"], row["respondent_key"]) for row in rows)
        if table is DECISION:
            self._gathered.decisions |= {(row["case_id"], row["kind"]): row for row in rows}
        if table is RAW_SUBMISSION:
            for row in rows:
                # A second one with this key is looked up, and finds the first.
                self._found.get((row["office_id"], row["channel"]), {}).pop(row["external_id"], None)
        self._gathered.add(table, rows)

    def _newest(self, case_id: str, kind: str) -> dict[str, Any] | None:
        here = self._gathered.decisions.get((case_id, kind))
        return json.loads(here["body"]) if here else super()._newest(case_id, kind)

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
        # Only a registration that agrees says nothing; whoever classifies a case confirms or corrects.
        return any(
            event.action is Action.CLASSIFY
            or not verdicts.agrees(model, (str(event.data["category"]), str(event.data.get("setting", ""))))
            for event in events
            if "category" in event.data
        )
