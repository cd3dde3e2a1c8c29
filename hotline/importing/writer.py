"""What becomes of a stretch of a file: known records are counted, new ones prepared and registered in batches.

A batch is one transaction, so a crash leaves whole batches. Everything is worked out before the database is locked, and
the batch grows and shrinks so that nobody else waits long.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from hotline.casework.desk import register
from hotline.casework.preparation import Prepared, prepare_many
from hotline.errors import HotlineError
from hotline.intake.outcome import ImportOutcome, Refusal
from hotline.intake.rows import raw_bytes
from hotline.intake.submission import MADE_ID
from hotline.registering import put_right, take_case_numbers
from hotline.store.ids import new_id
from hotline.store.upkeep import copy_log, merge_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hotline.intake.judge import Accepted
    from hotline.records import Actor
    from hotline.services import Services

OTHER_CONTENT = "同一编号以前登记过内容不同的诉求，先登记的一条已保留。请核对编号后改正。"
BATCH = 30
"""Complaints in the first write transaction; how many follow depends on how long it took."""
SMALLEST, LARGEST = 10, 400
"""Fewer would hardly be written sooner, and each would cost more."""
SLOW, FAST = 0.080, 0.055
"""Seconds: a transaction longer than the first halves the next, one shorter than the second lets it grow."""
GROWTH = 1.25
COPIED_AFTER = 240
"""Complaints after which SQLite's log is copied into the database: some 4,000 pages, many of them written again."""

Turn = AbstractContextManager[object]


@dataclass
class Writer:
    """Registers records for one account; `turn` is held while the database is locked, `header` is the table's."""

    services: Services
    actor: Actor
    channel: str
    source: str
    turn: Turn
    header: Sequence[str] = ()
    size: int = 0
    longest: float = 0.0
    uncopied: int = 0

    def store(self, items: Sequence[Accepted]) -> ImportOutcome:
        """Do with a stretch of a file what has to be done, and say what that was.

        Raises:
            HotlineError: The installation cannot import at this moment.
        """
        outcome, refused = ImportOutcome(), list[Refusal]()
        unknown = self._unknown([self.keyed(each) for each in items], refused, outcome)
        fresh = list(self._prepared(unknown, refused))
        numbers = self._numbers(len(fresh))
        waiting = iter(zip(fresh, numbers, strict=True))
        while batch := list(islice(waiting, self.size or BATCH)):
            self._write(batch, refused, outcome)
        outcome.add(self.refuse(refused))
        if fresh:
            self._tidy(len(fresh))
        return outcome

    def _tidy(self, count: int) -> None:
        """Do between the batches what would make one of them long."""
        with self.turn, self.services.write() as store:
            merge_words(store.session)
        self.uncopied += count
        if self.uncopied < COPIED_AFTER:
            return
        self.uncopied = 0
        if copy_log(self.services.engine):
            with self.turn:
                copy_log(self.services.engine)

    def keyed(self, each: Accepted) -> Accepted:
        """An id that was made of the content is keyed: whoever has no key cannot try out what was said."""
        made = each.draft.external_id
        if not made.startswith(MADE_ID):
            return each
        keyed = self.services.keyring.sign(f"row|{made}".encode())[: len(made) - len(MADE_ID)]
        return replace(each, draft=replace(each.draft, external_id=f"{MADE_ID}{keyed}"))

    def _unknown(self, batch: Sequence[Accepted], refused: list[Refusal], outcome: ImportOutcome) -> Iterator[Accepted]:
        """What the database does not know yet; looked up before the model is asked."""
        with self.services.read() as store:
            ids = [each.draft.external_id for each in batch]
            known = store.find_submissions(self.actor.office_id, self.channel, ids)
        for each in batch:
            earlier = known.get(each.draft.external_id)
            if earlier is None:
                yield each
            elif earlier[2] == each.digest:
                outcome.duplicates += 1
            else:
                refused.append(_refusal(each, OTHER_CONTENT))

    def _prepared(self, fresh: Iterator[Accepted], refused: list[Refusal]) -> Iterator[tuple[Accepted, Prepared]]:
        """Normalised, classified and routed; what cannot be is refused."""
        batch = list(fresh)
        office = self.services.office(self.actor.office_id)
        found = prepare_many(
            batch, office=office, rulebook=self.services.rulebook, now=self.services.now(), new_id=new_id
        )
        for each, prepared in zip(batch, found, strict=True):
            if isinstance(prepared, Prepared):
                yield each, prepared
            else:
                refused.append(_refusal(each, prepared.message))

    def _numbers(self, count: int) -> tuple[str, ...]:
        if not count:
            return ()
        with self.turn:
            return take_case_numbers(self.services, self.actor.office_id, count)

    def _write(
        self, batch: Sequence[tuple[tuple[Accepted, Prepared], str]], refused: list[Refusal], outcome: ImportOutcome
    ) -> None:
        """Write one batch in one transaction."""
        try:
            self._register([(prepared, number) for (_, prepared), number in batch], outcome)
        except HotlineError:
            # One record spoils the batch (a race, a year without calendar): each is tried by itself.
            for (each, prepared), number in batch:
                try:
                    self._register([(prepared, number)], outcome)
                except HotlineError as error:
                    refused.append(_refusal(each, error.message))

    def _register(self, batch: Sequence[tuple[Prepared, str]], outcome: ImportOutcome) -> None:
        """Register a batch in one transaction and count what it did."""
        services, actor = self.services, self.actor
        desk, now = services.desk(actor.office_id), services.now()
        dispatch = desk.office.auto_dispatch
        with ExitStack() as held:
            with services.write_many() as store:
                store.expect(actor.office_id, self.channel, [prepared.raw.external_id for prepared, _ in batch])
                results = [
                    register(store, prepared, desk=desk, actor=actor, now=now, number=number, dispatch=dispatch)
                    for prepared, number in batch
                ]
                store.make_ready()
                held.enter_context(self.turn)
                begin = time.monotonic()
                store.flush_unmerged()
                put_right(services, store, [prepared for prepared, _ in batch], results)
            self._took(time.monotonic() - begin, len(batch))
        created = sum(1 for result in results if result.created)
        outcome.accepted += created
        outcome.duplicates += len(results) - created

    def _took(self, seconds: float, count: int) -> None:
        """Fit the next batch to how long the database was locked for this one."""
        self.longest = max(self.longest, seconds)
        size = self.size or BATCH
        if seconds > SLOW:
            self.size = max(SMALLEST, min(size, count) // 2)
        elif seconds < FAST and count >= size:
            self.size = min(LARGEST, int(size * GROWTH) + 1)

    def refuse(self, refused: Sequence[Refusal]) -> ImportOutcome:
        """Put refused records into quarantine as they came, a batch in a transaction."""
        outcome, waiting = ImportOutcome(), iter(refused)
        while batch := list(islice(waiting, self.size or BATCH)):
            with self.turn, self.services.write() as store:
                for refusal in batch:
                    store.quarantine(
                        office_id=self.actor.office_id,
                        channel=self.channel,
                        source=self.source,
                        reason=refusal.reason,
                        content=raw_bytes(refusal.raw),
                        at=self.services.now(),
                        row=refusal.row,
                        line=refusal.line,
                        external_id=refusal.external_id or None,
                        header=self.header,
                    )
            for refusal in batch:
                outcome.rejected.append(refusal)
        return outcome


def _refusal(each: Accepted, reason: str) -> Refusal:
    """A record that was judged usable and could not be registered after all."""
    draft = each.draft
    return Refusal(each.row, each.line, reason, draft.raw.decode("utf-8", "surrogateescape"), draft.external_id)
