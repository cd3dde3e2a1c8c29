"""What an import would do with a file, judged on the file alone: no database, no settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hotline.errors import HotlineError
from hotline.intake.channels import get_channel
from hotline.intake.outcome import ImportOutcome, Refusal
from hotline.intake.readers import RefusedRow, read_table
from hotline.intake.seen import Seen, word
from hotline.intake.submission import check_received, content_digest, draft_from_row, stable_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from typing import IO

    from hotline.intake.channels import Channel
    from hotline.intake.readers import Reading
    from hotline.intake.submission import Draft

    Check = Callable[[Draft], None]

TELL = 200
"""Records between two tellings of the progress."""
OTHER_CONTENT = "同一编号在文件中已出现过，但内容不同。请核对编号；先出现的一条已保留。"


def _nothing_more(draft: Draft) -> None:
    """Where only the row itself is judged."""
    del draft


@dataclass(frozen=True, slots=True)
class Accepted:
    """A record that can be registered, and where it stands in the file."""

    row: int
    line: int
    draft: Draft
    digest: str = ""
    """The draft's content digest."""


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
    reading: Reading,
    channel: Channel,
    *,
    now: datetime,
    office_id: str = "",
    home_region: str | None = None,
    check: Check = _nothing_more,
) -> Iterator[Accepted | Refusal | Duplicate]:
    """Each record of a file in turn. Of those before it digests are kept on the disk, and no text.

    `check` raises a `HotlineError` for a draft that could not be registered although its row can be read.
    """
    seen, counts = Seen(), Seen()
    for row in reading.records:
        if isinstance(row, RefusedRow):
            yield Refusal(row.row, row.line, row.reason, row.raw)
            continue
        try:
            draft = draft_from_row(row, channel, office_id=office_id, now=now, home_region=home_region)
            check_received(draft.received_at, now)
            check(draft)
        except HotlineError as error:
            yield Refusal(row.row, row.line, error.message, row.raw, row.fields.get("external_id", "").strip())
            continue
        digest = content_digest(draft)
        content = word(digest)
        if not draft.external_id:
            count = counts.get(content) + 1
            counts.put(content, count)
            named = replace(draft, external_id=stable_id(channel.code, digest, count))
            yield Accepted(row.row, row.line, named, digest)
            continue
        name = word(draft.external_id)
        earlier = seen.get(name)
        if not earlier:
            seen.put(name, content)
            yield Accepted(row.row, row.line, draft, digest)
        elif earlier == content:
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


def dry_run(
    content: bytes | IO[bytes],
    channel: str,
    *,
    now: datetime,
    progress: Callable[[int], None] = lambda _count: None,
    check: Check = _nothing_more,
) -> ImportOutcome:
    """Only count what an import would do with a file on its own; no record is kept. `check` is as for `drafts`.

    Raises:
        InvalidInputError: The channel is unknown.
        UnusableFileError: The file cannot be used at all.
    """
    known, outcome = get_channel(channel), ImportOutcome()
    for each in drafts(read_table(content, known), known, now=now, check=check):
        if isinstance(each, Accepted):
            outcome.accepted += 1
        elif isinstance(each, Refusal):
            outcome.rejected.append(each)
        else:
            outcome.duplicates += 1
        if outcome.read % TELL == 0:
            progress(outcome.read)
    return outcome
