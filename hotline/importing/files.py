"""Import of a whole file, as the command, the page, the watched folder and the pull do it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from hotline.importing.crew import Alone, Several, may_fork
from hotline.importing.repeats import Noted, noting, repeats_among
from hotline.importing.writer import Writer
from hotline.intake.channels import get_channel
from hotline.intake.judge import Duplicate, drafts
from hotline.intake.outcome import ImportOutcome, Refusal
from hotline.intake.readers import read_table
from hotline.store.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import IO

    from hotline.importing.crew import Crew
    from hotline.importing.writer import Turn
    from hotline.intake.judge import Accepted
    from hotline.records import Actor
    from hotline.services import Services

MOST_REFUSED = 200
"""Refused records that wait to be put into quarantine together."""


def import_file(
    services: Services,
    content: bytes | IO[bytes],
    channel: str,
    actor: Actor,
    *,
    source: str,
    progress: Callable[[int], None] = lambda _count: None,
    processes: int = 1,
    repeats: int = 0,
) -> ImportOutcome:
    """Import a whole file in batches; refused rows go to quarantine as they came.

    Memory does not grow with the file beyond sixteen bytes a row; a workbook is held whole. With several `processes`
    they write while this one reads; rows and events are the same, case numbers may stand in another order. Of the first
    `repeats` records that were registered the outcome says what they likely repeat.

    Raises:
        InvalidInputError: The channel is unknown.
        UnusableFileError: The file cannot be used at all; nothing is changed.
        HotlineError: The installation cannot import at this moment; whole batches are in, the rest follows by a rerun.
    """
    known = get_channel(channel)
    office = services.office(actor.office_id)
    reading = read_table(content, known)
    found = drafts(reading, known, now=services.now(), office_id=office.id, home_region=office.region)

    def writer(turn: Turn) -> Writer:
        return Writer(services, actor, channel, source, turn, reading.header)

    own = writer(nullcontext())
    crew: Crew = Alone(own)
    if processes > 1 and may_fork():
        services.engine.dispose()  # A connection must not be open on both sides of a fork.
        crew = Several(processes, writer, one_at_a_time=services.engine.dialect.name == "sqlite")
    noted, since = list[Noted](), new_id()
    try:
        outcome = _sorted_out(noting(found, own, noted, repeats), crew, own, progress)
    finally:
        crew.close()
    outcome.rejected = outcome.rejected.in_order()
    looked_up = list(repeats_among(services, office.id, known.code, noted, since=since))
    outcome.repeats = tuple(each for each in looked_up if each is not None)
    outcome.unchecked = outcome.accepted - len(looked_up)
    return outcome


def _sorted_out(
    found: Iterable[Accepted | Refusal | Duplicate], crew: Crew, own: Writer, progress: Callable[[int], None]
) -> ImportOutcome:
    """Every record to where it belongs.

    Refused ones go to quarantine when all before them are registered and none after: who comes later with the id of a
    refused one takes it out of quarantine.
    """
    outcome, refused = ImportOutcome(), list[Refusal]()

    def count(parts: Iterable[ImportOutcome]) -> None:
        for part in parts:
            outcome.add(part)
            progress(outcome.read)

    def settle() -> None:
        count(crew.rest())
        count([own.refuse(refused)])
        refused.clear()

    for each in found:
        if isinstance(each, Duplicate):
            outcome.duplicates += 1
        elif isinstance(each, Refusal):
            refused.append(each)
            if len(refused) >= MOST_REFUSED:
                settle()
        else:
            if refused and _put_right(refused, each):
                settle()
            count(crew.add(each))
    settle()
    return outcome


def _put_right(refused: Sequence[Refusal], each: Accepted) -> bool:
    """Whether a record has the id of one that was refused before it: that one leaves quarantine by it."""
    return any(refusal.external_id == each.draft.external_id for refusal in refused)
