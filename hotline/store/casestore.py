"""The desk's unit of work over one session: what is done through it commits or rolls back together.

It fulfils `casework.ports.Store`. Every personal or free text goes through the keyring on its way in and out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from hotline.casework.history import history_of
from hotline.errors import IdempotencyError, NotFoundError
from hotline.records import Assignment, Classification
from hotline.store import events as event_log
from hotline.store import free_texts, mapping, quarantine, verdicts
from hotline.store.answers import note_answers
from hotline.store.clockstore import save_clocks
from hotline.store.codec import restore, written
from hotline.store.crypto import binding
from hotline.store.dialect import upsert
from hotline.store.focus_marks import save_focuses
from hotline.store.hooks import note_hooks
from hotline.store.ids import new_id
from hotline.store.known_keys import find_submissions
from hotline.store.matterstore import MatterStore
from hotline.store.merging import note_merges
from hotline.store.releases import note_releases
from hotline.store.tables import (
    CASE,
    COMPLAINT,
    DECISION,
    EVENT,
    LEG,
    QUARANTINE,
    RAW_SUBMISSION,
    REPORTER,
    RESPONDENT_KEY,
    SEARCH_DOC,
    TEXT_GRAM,
)
from hotline.store.tally import count_case
from hotline.store.text_grams import forget_text
from hotline.store.types import FAR
from hotline.store.unsealings import note_unsealings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Table
    from sqlmodel import Session

    from hotline.casework.history import History
    from hotline.casework.reckoning import Reckoning
    from hotline.casework.timeshare import Share
    from hotline.records import Actor, CaseEvent, CaseSnapshot, Clock, Complaint, NewEvent, RawSubmission
    from hotline.routing.focus import FocusMark
    from hotline.store.crypto import Keyring

CLASSIFICATION = "classification"
ASSIGNMENT = "assignment"
LEG_KEPT = ("case_id", "due_at", "opened_at")
_KEPT_CASE = ("number", "created_at", "due_at", "complaint_id", "office_id", "received_at")


class CaseStore(MatterStore):
    """One unit of work over a session of `engine.write_transaction` or, for the reading half, `read_transaction`."""

    def __init__(self, session: Session, keyring: Keyring) -> None:
        """Work in this session with these keys."""
        super().__init__(session, keyring)
        self._changed: dict[str, datetime] = {}

    # ---- what arrives ------------------------------------------------------------------------

    def find_submission(self, office_id: str, channel: str, external_id: str) -> tuple[str, str, str] | None:
        """Complaint id, case id and content digest of what came first under this key."""
        return self.find_submissions(office_id, channel, [external_id]).get(external_id)

    def find_submissions(
        self, office_id: str, channel: str, external_ids: Collection[str]
    ) -> dict[str, tuple[str, str, str]]:
        """The same of many keys of one channel, by external id; keys that are new are left out."""
        return find_submissions(self.session, self.keyring, office_id, channel, external_ids)

    def add_submission(self, raw: RawSubmission) -> None:
        """Keep what arrived, byte for byte.

        The digest is sealed too: with the masked text beside it, a plain one would give away a phone in few guesses.

        Raises:
            IdempotencyError: Another request brought the same key a moment ago; roll back and look it up.
        """
        content = self.keyring.seal(raw.content, binding("raw_submission", "content", raw.id))
        digest = self.keyring.seal(raw.digest, binding("raw_submission", "digest", raw.id)).hex()
        row = {name: getattr(raw, name) for name in _RAW} | {"content": content, "digest": digest}
        try:
            self._insert(RAW_SUBMISSION, [row])
        except IntegrityError:
            message = "同一渠道的这个编号刚刚已经登记过。请用该编号查询，不要重复提交。"
            raise IdempotencyError(message, external_id="已经登记过") from None

    def raw_content(self, submission_id: str) -> bytes:
        """The submission as it came.

        Raises:
            NotFoundError: There is none with this id.
        """
        statement = select(RAW_SUBMISSION.c.content).where(RAW_SUBMISSION.c.id == submission_id)
        sealed = self.session.execute(statement).scalar()
        if sealed is None:
            raise NotFoundError(_NO_COMPLAINT)
        return self.keyring.open(sealed, binding("raw_submission", "content", submission_id))

    def add_complaint(self, complaint: Complaint, case_id: str) -> None:
        """Keep the complaint with its reporter sealed, and make its masked text searchable."""
        self._insert(COMPLAINT, [mapping.complaint_row(complaint, case_id, self.keyring)])
        self._insert(REPORTER, [mapping.reporter_row(complaint, self.keyring)])
        self._insert(SEARCH_DOC, [mapping.search_row(complaint)])
        found_by = {RESPONDENT_KEY: mapping.respondent_rows(complaint), TEXT_GRAM: mapping.text_gram_rows(complaint)}
        for table, keys in found_by.items():
            if keys:
                self._insert(table, keys)

    def save_supplement(self, complaint: Complaint) -> None:
        """Keep what was told since, the caller's sealed; the masked text, its words and keys are made anew."""
        forget_text(self.session, complaint.id)
        changed = mapping.complaint_row(complaint, "", self.keyring)
        kept = {name: value for name, value in changed.items() if _SUPPLEMENTED.fullmatch(name)}
        self.session.execute(update(COMPLAINT).where(COMPLAINT.c.id == complaint.id).values(**kept))
        caller = mapping.reporter_row(complaint, self.keyring)
        told = update(REPORTER).where(REPORTER.c.complaint_id == complaint.id)
        self.session.execute(told.values(**{name: caller[name] for name in caller if name != "complaint_id"}))
        self.session.execute(delete(SEARCH_DOC).where(SEARCH_DOC.c.complaint_id == complaint.id))
        self._insert(SEARCH_DOC, [mapping.search_row(complaint)])
        self.session.execute(delete(RESPONDENT_KEY).where(RESPONDENT_KEY.c.complaint_id == complaint.id))
        found_by = {RESPONDENT_KEY: mapping.respondent_rows(complaint), TEXT_GRAM: mapping.text_gram_rows(complaint)}
        for table, keys in found_by.items():
            if keys:
                self._insert(table, keys)

    def complaint(self, complaint_id: str) -> Complaint:
        """One complaint, decrypted.

        Raises:
            NotFoundError: There is none with this id.
        """
        joined = COMPLAINT.join(REPORTER, REPORTER.c.complaint_id == COMPLAINT.c.id)
        reporter = [column.label(f"reporter_{column.name}") for column in REPORTER.c]
        statement = select(COMPLAINT, *reporter).select_from(joined).where(COMPLAINT.c.id == complaint_id)
        row = self.session.execute(statement).mappings().first()
        if row is None:
            raise NotFoundError(_NO_COMPLAINT)
        return mapping.complaint_of(row, self.keyring)

    def quarantine(
        self,
        *,
        office_id: str,
        channel: str,
        source: str,
        reason: str,
        content: bytes,
        at: datetime,
        row: int | None = None,
        line: int | None = None,
        external_id: str | None = None,
        header: Sequence[str] = (),
    ) -> str:
        """Keep a refused record as it came, with the reason, and return its id; the same record is kept once.

        `header` are the column names of the table that it came from.
        """
        known = {"office_id": office_id, "channel": channel, "source": source, "reason": reason, "created_at": at}
        place = {"row": row, "line": line, "external_id": external_id}
        return quarantine.keep(self.session, self.keyring, known | place, content, header)

    def quarantined(self, quarantine_id: str) -> bytes:
        """A refused record as it came.

        Raises:
            NotFoundError: There is none with this id.
        """
        return quarantine.content_of(self.session, self.keyring, quarantine_id)

    def quarantined_header(self, quarantine_id: str) -> tuple[str, ...]:
        """The column names of the table that a refused record came from; empty where they are not known."""
        return quarantine.header_of(self.session, self.keyring, quarantine_id)

    def resolve_quarantine(self, quarantine_id: str, complaint_id: str | None, at: datetime) -> None:
        """Note that a refused record was put right (and became this complaint) or was dismissed."""
        changed = update(QUARANTINE).where(QUARANTINE.c.id == quarantine_id)
        self.session.execute(changed.values(resolved_at=at, complaint_id=complaint_id))

    # ---- decisions ---------------------------------------------------------------------------

    def add_decision(
        self,
        case_id: str,
        complaint_id: str,
        *,
        classification: Classification | None,
        assignment: Assignment | None,
        at: datetime,
    ) -> None:
        """Keep an explanation with the decision it explains."""
        common: dict[str, Any] = {"case_id": case_id, "complaint_id": complaint_id, "at": at}
        empty = {"model_version": None, "plan": None, "plan_version": None}
        rows: list[dict[str, Any]] = []
        if classification is not None:
            made: dict[str, Any] = {"kind": CLASSIFICATION, "model_version": classification.model_version}
            rows.append({"id": new_id(), **common, **empty, **made, "body": written(classification)})
        if assignment is not None:
            made = {"kind": ASSIGNMENT, "plan": assignment.plan, "plan_version": assignment.plan_version}
            rows.append({"id": new_id(), **common, **empty, **made, "body": written(assignment)})
        if rows:
            self._insert(DECISION, rows)
        if classification is not None:
            self._note_guess(case_id, complaint_id, classification, at)

    def assignment(self, case_id: str) -> Assignment | None:
        """The newest assignment of a case."""
        body = self._newest(case_id, ASSIGNMENT)
        return None if body is None else restore(Assignment, body)

    def classification(self, case_id: str) -> Classification | None:
        """The newest classification of a case."""
        body = self._newest(case_id, CLASSIFICATION)
        return None if body is None else restore(Classification, body)

    def _newest(self, case_id: str, kind: str) -> dict[str, Any] | None:
        statement = select(DECISION.c.body).where(DECISION.c.case_id == case_id, DECISION.c.kind == kind)
        newest: dict[str, Any] | None = self.session.execute(statement.order_by(DECISION.c.id.desc()).limit(1)).scalar()
        return newest

    # ---- events ------------------------------------------------------------------------------

    def events(self, case_id: str) -> tuple[CaseEvent, ...]:
        """The case's events in order."""
        return event_log.read_events(self.session, case_id)

    def history(self, case_id: str) -> History:
        """The case's events with the case as it was after each; empty where there is no such case."""
        return history_of(self.events(case_id))

    def event_texts(self, case_id: str) -> dict[str, str]:
        """The free texts of the case's events by event id, decrypted."""
        return free_texts.read_texts(self.session, case_id, self.keyring)

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
        """Append to the case's stream.

        Raises:
            ConflictError: `expected_seq` is stale: somebody else acted first.
        """
        appended = event_log.append(
            self.session,
            case_id,
            new_events,
            expected_seq=expected_seq,
            actor=actor,
            at=at,
            recorded_at=recorded_at,
            keyring=self.keyring,
        )
        self._changed |= {case_id: recorded_at} if event_log.visible_change(appended) else {}
        verdicts.note_verdicts(self.session, appended)
        note_answers(self.session, appended)
        note_unsealings(self.session, appended)
        note_hooks(self.session, appended)
        note_releases(self.session, appended)
        note_merges(self.session, appended)
        return appended

    # ---- the rows that lists read ------------------------------------------------------------

    def save_case(
        self,
        snapshot: CaseSnapshot,
        *,
        number: str | None = None,
        assignment: Assignment | None = None,
        classification: Classification | None = None,
        doubt: str | None = None,
    ) -> None:
        """Write the case and its legs so that they equal the snapshot.

        Args:
            snapshot: The case as its events make it.
            number: The case's number; needed the first time.
            assignment: Written beside it where it is new.
            classification: Likewise, its doubt with it.
            doubt: Why the case waits for a person, in the desk's words, where that is more than the model's doubt.
        """
        row = mapping.case_row(snapshot, assignment, classification) | self._touched(snapshot.case_id)
        if doubt is not None:
            row["doubt"] = doubt
        if number is None:
            kept = {name: value for name, value in row.items() if name not in _KEPT_CASE}
            self._update_case(snapshot.case_id, kept)
        else:
            created_at = self._first_recorded(snapshot.case_id) or snapshot.received_at
            new = {"number": number, "created_at": created_at, "changed_at": created_at, "due_at": FAR}
            self._insert(CASE, [mapping.NEW_CASE | new | row])
        self.save_legs(snapshot)
        self.save_matters(snapshot)

    def save_legs(self, snapshot: CaseSnapshot) -> None:
        """Write the legs of the snapshot; their deadlines come from `save_clocks`."""
        touched = self._touched(snapshot.case_id)
        self._upsert_legs([mapping.leg_row(leg, snapshot.case_id) | touched for leg in snapshot.legs])

    def _touched(self, case_id: str) -> dict[str, datetime]:
        """When the case last changed, as this unit of work has written it."""
        return {"changed_at": self._changed[case_id]} if case_id in self._changed else {}

    def save_reckoning(self, history: History, reckon: Callable[[], Reckoning]) -> None:
        """Replace what is reckoned from a case's history; see `save_clocks`."""
        made, case = reckon(), history.case
        self.save_clocks(case.case_id, case.office_id, made.clocks, made.spent, mark=made.mark)

    def save_clocks(
        self,
        case_id: str,
        office_id: str,
        clocks: Sequence[Clock],
        spent: Sequence[Share] | None = None,
        *,
        mark: tuple[int, str] = (0, ""),
    ) -> None:
        """Replace the case's cached clocks, the deadlines that lists are ordered by, and what the summary counts.

        `spent` tells whose time a closed case took, is empty for one that runs, and None where that has not changed.
        `mark` is the fingerprint: the seq of the last event and the mark of the rules.
        """
        save_clocks(self.session, case_id, clocks, mark)
        count_case(self.session, case_id, office_id, clocks, spent)

    def save_focuses(self, case_id: str, marks: Sequence[FocusMark]) -> None:
        """Keep the focuses that a case falls under, in place of those it had."""
        save_focuses(self.session, case_id, marks)

    # ---- how rows are written: one by one here, many at once in `batchstore` -------------------

    def _insert(self, table: Table, rows: list[dict[str, Any]]) -> None:
        self.session.execute(insert(table), rows)

    def _note_guess(self, case_id: str, complaint_id: str, classification: Classification, at: datetime) -> None:
        verdicts.note_guess(self.session, case_id, complaint_id, classification, at)

    def _first_recorded(self, case_id: str) -> datetime | None:
        first = select(func.min(EVENT.c.recorded_at)).where(EVENT.c.stream == case_id)
        return self.session.execute(first).scalar()

    def _update_case(self, case_id: str, values: dict[str, Any]) -> None:
        self.session.execute(update(CASE).where(CASE.c.id == case_id).values(values))

    def _upsert_legs(self, rows: list[dict[str, Any]]) -> None:
        upsert(self.session, LEG, rows, key=("id",), keep=LEG_KEPT)


_SUPPLEMENTED = re.compile("masked_text|named|anonymous|goods|details|respondent_.*")
_RAW = ("id", "office_id", "channel", "external_id", "received_at")
_NO_COMPLAINT = "没有这条诉求，或者您无权查看。请核对编号。"
