"""A channel tried on a sample of its files: what would be recognised, registered and refused. Nothing is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError, UnusableFileError
from hotline.intake.delimited import NO_TEXT_COLUMN
from hotline.intake.judge import Accepted, drafts
from hotline.intake.outcome import Refusal
from hotline.intake.readers import read_table, top_rows
from hotline.intake.submission import complaint_from_draft

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.intake.channels import Channel
    from hotline.intake.rows import Reading
    from hotline.records import Complaint

SHOWN = 5
LONGEST_NAME = 20
_NUMBER = re.compile(r"[0-9]{5}")
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
        UnusableFileError: The sample cannot be read.
        InvalidInputError: No column is known to hold the complaint; the message names the columns there are.
    """
    reading = _opened(content, channel)
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


def _opened(content: bytes, channel: Channel) -> Reading:
    try:
        return read_table(content, channel)
    except UnusableFileError as error:
        if error.message != NO_TEXT_COLUMN:
            raise
        names = "、".join(f"“{name}”" for name in _likely_header(top_rows(content)))
        seen = f"样例里的列：{names}。" if names else ""
        message = f"还认不出哪一列是诉求内容。{seen}请把那一列的列名填进“诉求内容”，再试读一次。"
        raise InvalidInputError(message, alias_text="填写样例里装诉求内容的那一列的列名") from None


def _likely_header(records: list[list[str]]) -> list[str]:
    """The first of the widest rows, without what is no column name but may be somebody's number, address or story."""
    widest = max((sum(1 for cell in cells if cell.strip()) for cells in records), default=0)
    first = next((cells for cells in records if sum(1 for cell in cells if cell.strip()) == widest), [])
    names = [cell.strip() for cell in first]
    return [name for name in names if name and len(name) <= LONGEST_NAME and not _NUMBER.search(name)]
