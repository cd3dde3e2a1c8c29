"""A channel tried on a sample of its files: what would be recognised, registered and refused. Nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from hotline.intake.judge import Accepted, drafts
from hotline.intake.outcome import Refusal
from hotline.intake.readers import read_table
from hotline.intake.submission import complaint_from_draft

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.intake.channels import Channel
    from hotline.records import Complaint

SHOWN = 5
MOST_RECORDS = 10_000


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome: column name → our field or empty, the first complaints, the refused rows, and the counts."""

    form: str
    encoding: str
    columns: tuple[tuple[str, str], ...]
    complaints: tuple[Complaint, ...]
    refused: tuple[Refusal, ...]
    accepted: int
    duplicates: int


def try_channel(content: bytes, channel: Channel, *, now: datetime, office_id: str, home_region: str | None) -> Trial:
    """Read at most `MOST_RECORDS` records of a sample as an import would.

    Raises:
        UnusableFileError: The sample cannot be read, or no column holds the complaint.
    """
    reading = read_table(content, channel)
    found = list(islice(drafts(reading, channel, now=now, office_id=office_id, home_region=home_region), MOST_RECORDS))
    accepted = [each.draft for each in found if isinstance(each, Accepted)]
    refused = tuple(each for each in found if isinstance(each, Refusal))
    complaints = tuple(
        complaint_from_draft(
            draft, complaint_id="", submission_id="", office_id=office_id, home_region=home_region, channel=channel
        )
        for draft in accepted[:SHOWN]
    )
    columns = tuple((name, channel.field_of(name) or "") for name in reading.header if name.strip())
    return Trial(
        reading.form,
        reading.encoding,
        columns,
        complaints,
        refused,
        len(accepted),
        len(found) - len(accepted) - len(refused),
    )
