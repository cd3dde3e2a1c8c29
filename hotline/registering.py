"""Registration as every entry point does it: form, API and import all come through here.

Classifying comes before the transaction, the number in one of its own, and what cannot be used goes to quarantine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hotline.casework.desk import Registered, register
from hotline.casework.preparation import prepare
from hotline.errors import HotlineError, IdempotencyError
from hotline.intake.channels import get_channel
from hotline.intake.judge import Accepted, Refusal, drafts
from hotline.intake.readers import read_table
from hotline.intake.rows import raw_bytes
from hotline.intake.submission import MADE_ID, content_digest
from hotline.moments import SHANGHAI
from hotline.store.following import issue_code
from hotline.store.ids import new_id
from hotline.store.numbers import take_numbers
from hotline.store.quarantine import leave_quarantine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hotline.casework.preparation import Choice, Prepared
    from hotline.intake.submission import Draft
    from hotline.records import Actor
    from hotline.store.casestore import CaseStore
    from hotline.wiring import Services

BATCH = 250
"""Complaints in one write transaction of an import: a crash leaves whole batches, and no writer waits long."""


@dataclass
class ImportOutcome:
    """What an import did; it grows while the file is read."""

    accepted: int
    duplicates: int
    rejected: list[Refusal]


def prepare_draft(services: Services, draft: Draft, office_id: str, chosen: Choice | None = None) -> Prepared:
    """Normalise, classify and route; no transaction is open.

    Raises:
        InvalidInputError: The draft cannot be used.
    """
    return prepare(
        draft,
        office=services.office(office_id),
        rulebook=services.rulebook,
        now=services.now(),
        new_id=new_id,
        chosen=chosen,
    )


def register_prepared(
    services: Services, prepared: Prepared, actor: Actor, *, dispatch: bool, source: str
) -> Registered:
    """Register one prepared complaint durably.

    The same key with other content is refused and what came is kept in quarantine beside the first.

    Raises:
        IdempotencyError: The same (channel, external id) came before with other content.
    """
    desk, now = services.desk(actor.office_id), services.now()
    number = _numbers(services, actor.office_id, 1)[0]
    try:
        with services.write() as store:
            made = register(store, prepared, desk=desk, actor=actor, now=now, number=number, dispatch=dispatch)
            _leave_quarantine(services, store, [prepared], [made])
            return with_code(services, store, made, actor)
    except IdempotencyError as error:
        known = _known(services, prepared)
        if known is not None:
            return known
        keep(services, prepared, error.message, source=source)
        raise


def _leave_quarantine(
    services: Services, store: CaseStore, batch: Sequence[Prepared], results: Sequence[Registered]
) -> None:
    """What waited in quarantine under the ids of these new complaints is put right by them."""
    made: dict[tuple[str, str], dict[str, str]] = {}
    for prepared, result in zip(batch, results, strict=True):
        if result.created:
            made.setdefault((prepared.raw.office_id, prepared.raw.channel), {})[prepared.raw.external_id] = (
                result.complaint_id
            )
    for (office_id, channel), put_right in made.items():
        leave_quarantine(store.session, office_id, channel, put_right, services.now())


def with_code(services: Services, store: CaseStore, made: Registered, actor: Actor) -> Registered:
    """What was registered with a code to follow it by, where this deployment lets callers do so."""
    if not (services.settings.follow and made.created):
        return made
    who, at = actor.account_id, services.now()
    code = issue_code(store.session, services.keyring, made.case_id, made.complaint_id, by=who, at=at)
    return replace(made, follow_code=code)


def keep(
    services: Services,
    prepared: Prepared,
    reason: str,
    *,
    source: str,
    row: int | None = None,
    line: int | None = None,
) -> str:
    """Put what came into quarantine with the reason, and with its place where it came in a file."""
    raw = prepared.raw
    with services.write() as store:
        return store.quarantine(
            office_id=raw.office_id,
            channel=raw.channel,
            source=source,
            reason=reason,
            content=raw.content,
            at=services.now(),
            row=row,
            line=line,
            external_id=raw.external_id,
        )


def import_file(
    services: Services,
    content: bytes,
    channel: str,
    actor: Actor,
    *,
    source: str,
    progress: Callable[[int], None] = lambda _count: None,
) -> ImportOutcome:
    """Import a whole file in batches; refused rows go to quarantine as they came.

    Raises:
        InvalidInputError: The channel is unknown.
        UnusableFileError: The file cannot be used at all; nothing is changed.
    """
    known = get_channel(channel)
    office = services.office(actor.office_id)
    outcome = ImportOutcome(0, 0, [])
    found = drafts(
        read_table(content, known), known, now=services.now(), office_id=office.id, home_region=office.region
    )
    batch: list[Accepted] = []
    for each in found:
        if isinstance(each, Accepted):
            batch.append(_keyed(services, each))
        elif isinstance(each, Refusal):
            _refuse(services, each, channel, actor, source=source, outcome=outcome)
        else:
            outcome.duplicates += 1
        if len(batch) >= BATCH:
            _store(services, batch, actor, source, outcome)
            batch = []
            progress(outcome.accepted + outcome.duplicates + len(outcome.rejected))
    _store(services, batch, actor, source, outcome)
    progress(outcome.accepted + outcome.duplicates + len(outcome.rejected))
    return outcome


def _keyed(services: Services, each: Accepted) -> Accepted:
    """A record whose id was made of its content gets a keyed one: whoever has no key cannot try out what was said."""
    made = each.draft.external_id
    if not made.startswith(MADE_ID):
        return each
    keyed = services.keyring.sign(f"row|{made}".encode())[: len(made) - len(MADE_ID)]
    return replace(each, draft=replace(each.draft, external_id=f"{MADE_ID}{keyed}"))


def _store(services: Services, batch: Sequence[Accepted], actor: Actor, source: str, outcome: ImportOutcome) -> None:
    """Write one batch in one transaction; what is known already is counted, other content goes to quarantine."""
    fresh = list(_fresh(services, batch, actor, source, outcome))
    try:
        _write(services, [prepared for _, prepared in fresh], actor, outcome)
    except HotlineError:
        # One record spoils the batch (a race, a year without calendar): each is tried by itself.
        for each, prepared in fresh:
            try:
                _write(services, [prepared], actor, outcome)
            except HotlineError as error:
                refusal = Refusal(each.row, each.line, error.message, _raw_text(each.draft))
                _refuse(services, refusal, each.draft.channel, actor, source=source, outcome=outcome)


def _write(services: Services, batch: Sequence[Prepared], actor: Actor, outcome: ImportOutcome) -> None:
    """Register a batch in one transaction and count what it did."""
    if not batch:
        return
    numbers = _numbers(services, actor.office_id, len(batch))
    desk, now = services.desk(actor.office_id), services.now()
    dispatch = desk.office.auto_dispatch
    keys = [prepared.raw.external_id for prepared in batch]
    with services.write_many() as store:
        for channel in {prepared.raw.channel for prepared in batch}:
            store.expect(actor.office_id, channel, keys)
        results = [
            register(store, prepared, desk=desk, actor=actor, now=now, number=number, dispatch=dispatch)
            for prepared, number in zip(batch, numbers, strict=True)
        ]
        _leave_quarantine(services, store, batch, results)
    created = sum(1 for result in results if result.created)
    outcome.accepted += created
    outcome.duplicates += len(results) - created


def _fresh(
    services: Services, batch: Sequence[Accepted], actor: Actor, source: str, outcome: ImportOutcome
) -> Iterator[tuple[Accepted, Prepared]]:
    """What the database does not know yet, prepared; looked up before the model is asked."""
    with services.read() as store:
        known = _known_keys(store, batch, actor.office_id)
    for each in batch:
        draft = each.draft
        earlier = known.get((draft.channel, draft.external_id))
        if earlier is not None and earlier[2] == content_digest(draft):
            outcome.duplicates += 1
            continue
        try:
            prepared = prepare_draft(services, draft, actor.office_id)
        except HotlineError as error:
            refusal = Refusal(each.row, each.line, error.message, _raw_text(draft))
            _refuse(services, refusal, draft.channel, actor, source=source, outcome=outcome)
            continue
        if earlier is None:
            yield each, prepared
        else:
            reason = "同一编号以前登记过内容不同的诉求，先登记的一条已保留。请核对编号后改正。"
            keep(services, prepared, reason, source=source, row=each.row, line=each.line)
            outcome.rejected.append(Refusal(each.row, each.line, reason))


def _known_keys(
    store: CaseStore, batch: Sequence[Accepted], office_id: str
) -> dict[tuple[str, str], tuple[str, str, str]]:
    """What is known of a batch, by channel and external id."""
    by_channel: dict[str, list[str]] = {}
    for each in batch:
        by_channel.setdefault(each.draft.channel, []).append(each.draft.external_id)
    return {
        (channel, external_id): found
        for channel, ids in by_channel.items()
        for external_id, found in store.find_submissions(office_id, channel, ids).items()
    }


def _refuse(
    services: Services, refusal: Refusal, channel: str, actor: Actor, *, source: str, outcome: ImportOutcome
) -> None:
    outcome.rejected.append(refusal)
    with services.write() as store:
        store.quarantine(
            office_id=actor.office_id,
            channel=channel,
            source=source,
            reason=refusal.reason,
            content=raw_bytes(refusal.raw),
            at=services.now(),
            row=refusal.row,
            line=refusal.line,
            external_id=refusal.external_id or None,
        )


def _raw_text(draft: Draft) -> str:
    return draft.raw.decode("utf-8", "surrogateescape")


def _known(services: Services, prepared: Prepared) -> Registered | None:
    """The complaint that a racing request registered a moment ago with the same content, if that is what happened."""
    raw = prepared.raw
    with services.read() as store:
        earlier = store.find_submission(raw.office_id, raw.channel, raw.external_id)
    if earlier is None or earlier[2] != raw.digest:
        return None
    return Registered(earlier[0], earlier[1], created=False)


def _numbers(services: Services, office_id: str, count: int) -> tuple[str, ...]:
    prefix, year = services.office(office_id).number_prefix, services.now().astimezone(SHANGHAI).year
    return take_numbers(services.engine, prefix, year, count)
