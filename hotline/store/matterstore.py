"""The part of the desk's unit of work that keeps matters and marks of possible crime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.matters import matters_of
from hotline.store import crime_marks, matters
from hotline.store.evidence import EvidenceStore
from hotline.store.words import fold_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.casework.crime_flag import CrimeFlag
    from hotline.records import CaseSnapshot, Complaint


class MatterStore(EvidenceStore):
    """Matters and marks of a case, beside its evidence."""

    def save_flags(self, case_id: str, flags: Sequence[CrimeFlag]) -> None:
        """Keep the marks of possible crime, in place of those the case had."""
        crime_marks.save_flags(self.session, case_id, flags)

    def complaints_against(self, complaint: Complaint) -> int:
        """How many other complaints of the office name the same respondent."""
        key = fold_name(complaint.respondent.name)
        if not key:
            return 0
        return crime_marks.complaints_against(self.session, complaint.office_id, key, complaint.id)

    def save_matters(self, snapshot: CaseSnapshot) -> None:
        """Write the case's matters so that they equal the snapshot."""
        if matters_of(snapshot):
            matters.save_matters(self.session, snapshot)
