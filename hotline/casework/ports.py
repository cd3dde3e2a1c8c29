"""What the desk needs from the outside: the store, as a protocol that `hotline.store` fulfils and tests can fake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from hotline.casework.crime_flag import CrimeFlag
    from hotline.casework.history import History
    from hotline.casework.reckoning import Reckoning
    from hotline.records import (
        Actor,
        Assignment,
        CaseEvent,
        CaseSnapshot,
        Classification,
        Complaint,
        NewEvent,
        RawSubmission,
    )
    from hotline.routing.focus import FocusMark


class Store(Protocol):
    """One unit of work: everything done through it commits or rolls back together."""

    def find_submission(self, office_id: str, channel: str, external_id: str) -> tuple[str, str, str] | None:
        """Complaint id, case id and content digest of what came first under this key."""

    def add_submission(self, raw: RawSubmission) -> None:
        """Keep what arrived, byte for byte."""

    def add_complaint(self, complaint: Complaint, case_id: str) -> None:
        """Keep the complaint with its reporter encrypted."""

    def save_supplement(self, complaint: Complaint) -> None:
        """Keep what was told since, the caller's encrypted, and the masked text that hides it."""

    def complaint(self, complaint_id: str) -> Complaint:
        """One complaint, decrypted."""

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

    def assignment(self, case_id: str) -> Assignment | None:
        """The newest assignment of a case."""

    def events(self, case_id: str) -> tuple[CaseEvent, ...]:
        """The case's events in order."""

    def history(self, case_id: str) -> History:
        """The same, folded."""

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
        """Append to the case's stream; a stale `expected_seq` is a ConflictError."""

    def save_case(
        self,
        snapshot: CaseSnapshot,
        *,
        number: str | None = None,
        assignment: Assignment | None = None,
        classification: Classification | None = None,
        doubt: str | None = None,
    ) -> None:
        """Write the rows that lists read, so that they equal the snapshot."""

    def save_flags(self, case_id: str, flags: Sequence[CrimeFlag]) -> None:
        """Keep the marks of possible crime, in place of those the case had."""

    def complaints_against(self, complaint: Complaint) -> int:
        """How many other complaints of the office name the same respondent."""

    def save_focuses(self, case_id: str, marks: Sequence[FocusMark]) -> None:
        """Keep the focuses that a case falls under, in place of those it had."""

    def save_reckoning(self, history: History, reckon: Callable[[], Reckoning]) -> None:
        """Replace the case's cached clocks, and the summary of closed ones, by what `reckon` makes of its history.

        Who writes many cases at once asks only for the last, when it is written.
        """
