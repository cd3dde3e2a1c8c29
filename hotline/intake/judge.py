"""What an import would do with a file, judged on the file alone: no database, no settings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError
from hotline.intake.channels import get_channel
from hotline.intake.readers import RefusedRow, read_table
from hotline.intake.submission import content_digest, draft_from_row, stable_id

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hotline.intake.channels import Channel
    from hotline.intake.readers import Reading
    from hotline.intake.submission import Draft

OTHER_CONTENT = "同一编号在文件中已出现过，但内容不同。请核对编号；先出现的一条已保留。"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that was refused: `row` counts data records from 1, `raw` is its original content for quarantine."""

    row: int
    line: int
    reason: str
    raw: str = ""
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A record that can be registered, and where it stands in the file."""

    row: int
    line: int
    draft: Draft


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A record met again in the file with the same content."""

    row: int
    line: int
    external_id: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome for a whole file."""

    accepted: int
    duplicates: int
    rejected: list[Refusal]
    drafts: list[Draft]

    def as_json(self) -> dict[str, object]:
        """What `hotline import --json` prints."""
        rejected = [{"row": each.row, "line": each.line, "reason": each.reason} for each in self.rejected]
        return {"accepted": self.accepted, "duplicates": self.duplicates, "rejected": rejected}


def drafts(
    reading: Reading, channel: Channel, *, now: datetime, office_id: str = "", home_region: str | None = None
) -> Iterator[Accepted | Refusal | Duplicate]:
    """Each record of a file in turn. The memory used grows with the ids of the file, not with its texts."""
    seen: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for row in reading.records:
        if isinstance(row, RefusedRow):
            yield Refusal(row.row, row.line, row.reason, row.raw)
            continue
        try:
            draft = draft_from_row(row, channel, office_id=office_id, now=now, home_region=home_region)
        except InvalidInputError as error:
            yield Refusal(row.row, row.line, error.message, row.raw, row.fields.get("external_id", "").strip())
            continue
        digest = content_digest(draft)
        if not draft.external_id:
            counts[digest] += 1
            named = replace(draft, external_id=stable_id(channel.code, digest, counts[digest]))
            yield Accepted(row.row, row.line, named)
        elif draft.external_id not in seen:
            seen[draft.external_id] = digest
            yield Accepted(row.row, row.line, draft)
        elif seen[draft.external_id] == digest:
            yield Duplicate(row.row, row.line, draft.external_id)
        else:
            yield Refusal(row.row, row.line, OTHER_CONTENT, row.raw, draft.external_id)


def judge_file(content: bytes, channel: str, *, now: datetime) -> Judgement:
    """Judge a whole file.

    Raises:
        InvalidInputError: The channel is unknown.
        UnusableFileError: The file cannot be used at all.
    """
    known = get_channel(channel)
    found = list(drafts(read_table(content, known), known, now=now))
    accepted = [each.draft for each in found if isinstance(each, Accepted)]
    rejected = [each for each in found if isinstance(each, Refusal)]
    return Judgement(len(accepted), len(found) - len(accepted) - len(rejected), rejected, accepted)
