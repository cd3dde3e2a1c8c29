"""疑似重复: which earlier cases the records of a file likely repeat, looked up when all of them are registered.

Looking up one costs as much as registering several, so only the first records of a file are; every other one shows the
same on the page of its case. Records of one file find each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.state import replay
from hotline.casework.unsealing import guarded
from hotline.intake.judge import Accepted
from hotline.intake.outcome import Near, Repeat
from hotline.store.related import related_to
from hotline.store.respondent_members import number_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hotline.importing.writer import Writer
    from hotline.intake.judge import Duplicate
    from hotline.intake.outcome import Refusal
    from hotline.services import Services
    from hotline.store.casestore import CaseStore
    from hotline.store.known_keys import Found
    from hotline.store.related_lines import RelatedLine

SHOWN = 5
"""Near cases that are named for one record."""
_CHUNK = 200


@dataclass(frozen=True, slots=True)
class Noted:
    """A record of the file under the id that it is registered by."""

    row: int
    line: int
    external_id: str


def noting(
    found: Iterable[Accepted | Refusal | Duplicate], writer: Writer, noted: list[Noted], most: int
) -> Iterator[Accepted | Refusal | Duplicate]:
    """Hand on what a file holds, noting its first usable records."""
    for each in found:
        if isinstance(each, Accepted) and len(noted) < most:
            noted.append(Noted(each.row, each.line, writer.keyed(each).draft.external_id))
        yield each


def repeats_among(
    services: Services, office_id: str, channel: str, noted: Sequence[Noted], *, since: str
) -> Iterator[Repeat | None]:
    """What each noted record that was registered after the id `since` was made repeats; None where it is nothing."""
    for begin in range(0, len(noted), _CHUNK):
        chunk = noted[begin : begin + _CHUNK]
        with services.read() as store:
            known = store.find_submissions(office_id, channel, [each.external_id for each in chunk])
            for each in chunk:
                found = known.get(each.external_id)
                if found is not None and found[0] > since:
                    yield _repeat(store, each, found)


def _repeat(store: CaseStore, noted: Noted, found: Found) -> Repeat | None:
    """The near cases of one record: by who called only where its caller is not an informer."""
    complaint_id, case_id, _ = found
    sealed = guarded(replay(store.events(case_id)))
    near = related_to(store, store.complaint(complaint_id), of_caller=not sealed, limit=SHOWN).lines
    if not near:
        return None
    number = number_of(store.session, case_id) or ""
    return Repeat(noted.row, noted.line, case_id, number, tuple(_near(each) for each in near))


def _near(each: RelatedLine) -> Near:
    sameness = each.sameness.value if each.sameness else ""
    return Near(each.line.case_id, each.line.number, each.reasons, sameness, round(each.likeness, 2))
