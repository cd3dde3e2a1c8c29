"""Registration as every entry point does it: form and API come through here, files through `importing`.

Classifying, clocks and rows come before the transaction, the number is taken in it, and what cannot be used goes to
quarantine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from hotline.casework.desk import Registered, register
from hotline.casework.preparation import prepare
from hotline.errors import ConflictError, IdempotencyError
from hotline.moments import SHANGHAI
from hotline.store.following import issue_code
from hotline.store.ids import new_id
from hotline.store.numbers import next_numbers, take_numbers
from hotline.store.quarantine import leave_quarantine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from sqlmodel import Session

    from hotline.casework.preparation import Choice, Prepared
    from hotline.intake.submission import Draft
    from hotline.records import Actor, CaseSnapshot
    from hotline.services import Services
    from hotline.sharing import Lane
    from hotline.store.batchstore import BatchStore
    from hotline.store.casestore import CaseStore

R = TypeVar("R", bound=Registered)
if TYPE_CHECKING:
    Then: TypeAlias = Callable[[CaseStore, Sequence["Opened"]], None]


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


@dataclass(frozen=True, slots=True)
class Wish:
    """A prepared complaint that waits to be registered."""

    prepared: Prepared
    actor: Actor
    dispatch: bool


@dataclass(frozen=True, slots=True)
class Opened(Registered):
    """The same with the case as it was opened; None where the complaint came before."""

    number: str = ""
    case: CaseSnapshot | None = None


def register_prepared(services: Services, prepared: Prepared, actor: Actor, *, dispatch: bool, source: str) -> Opened:
    """Register one prepared complaint durably; threads that register at the same moment share one transaction.

    The same key with other content is refused and what came is kept in quarantine beside the first.

    Raises:
        IdempotencyError: The same (channel, external id) came before with other content.
    """
    lane: Lane[Wish, Opened] = services.registrations
    try:
        return lane.share(Wish(prepared, actor, dispatch), partial(register_waiting, services))
    except IdempotencyError as error:
        keep(services, prepared, error.message, source=source)
        raise


def register_together(
    services: Services, batch: Sequence[Prepared], actor: Actor, *, dispatch: bool, then: Then
) -> tuple[Opened, ...]:
    """Register complaints that belong together, and do what follows from it, in one transaction: all of it or nothing.

    Raises:
        IdempotencyError: One of them came before with other content.
        HotlineError: What follows cannot be done.
    """
    wishes = [Wish(prepared, actor, dispatch) for prepared in batch]
    try:
        return _all_of(_register_once(services, wishes, then))
    except ConflictError:
        # Another process registered one of these keys since we looked (PostgreSQL); now it is found.
        return _all_of(_register_once(services, wishes, then))


def _all_of(answers: Sequence[Opened | Exception]) -> tuple[Opened, ...]:
    """The answers, where none of them is a refusal."""
    for each in answers:
        if isinstance(each, Exception):
            raise each
    return tuple(each for each in answers if isinstance(each, Opened))


def register_waiting(services: Services, wishes: Sequence[Wish]) -> list[Opened | Exception]:
    """Register what waits in one transaction; a key that came before with other content is that one's refusal.

    Everything is worked out before the lock is taken. Where that did not hold (another process has registered under one
    of these keys meanwhile, or against one of the respondents), it is worked out anew under the lock.

    Raises:
        HotlineError: One of them cannot be registered, and none was.
    """
    try:
        with services.write_many(partial(_take_numbers, services)) as store:
            return _register_all(services, store, wishes)
    except ConflictError:
        return _register_once(services, wishes)


def _register_once(services: Services, wishes: Sequence[Wish], then: Then | None = None) -> list[Opened | Exception]:
    """The same under the lock from the beginning: what is read holds until it commits.

    With `then`, a refusal of one is a refusal of all.
    """
    with services.write_new(partial(_take_numbers, services)) as store:
        return _register_all(services, store, wishes, then)


def _register_all(
    services: Services, store: BatchStore, wishes: Sequence[Wish], then: Then | None = None
) -> list[Opened | Exception]:
    """Work out all of them, then write them; the answers with numbers and codes."""
    _expect(store, wishes)
    answers: list[Opened | Exception] = []
    for wish in wishes:
        try:
            answers.append(_open(services, store, wish))
        except IdempotencyError as error:
            answers.append(error)
    pairs = zip(wishes, answers, strict=True)
    new = [(wish, each) for wish, each in pairs if isinstance(each, Opened) and each.created]
    put_right(services, store, [wish.prepared for wish, _ in new], [each for _, each in new])
    numbers = store.numbers
    answers = [
        replace(each, number=numbers[each.case_id]) if isinstance(each, Opened) and each.created else each
        for each in answers
    ]
    if then is not None:
        then(store, _all_of(answers))
    return [
        with_code(services, store, each, wish.actor) if isinstance(each, Opened) else each
        for wish, each in zip(wishes, answers, strict=True)
    ]


def _expect(store: BatchStore, wishes: Sequence[Wish]) -> None:
    """Look up the keys at once."""
    asked: dict[tuple[str, str], dict[str, None]] = {}
    for wish in wishes:
        raw = wish.prepared.raw
        asked.setdefault((raw.office_id, raw.channel), {})[raw.external_id] = None
    for (office_id, channel), ids in asked.items():
        store.expect(office_id, channel, list(ids))


def _open(services: Services, store: BatchStore, wish: Wish) -> Opened:
    """Register one, as yet without a number, and say how its case was opened."""
    desk, now = services.desk(wish.actor.office_id), services.now()
    made = register(store, wish.prepared, desk=desk, actor=wish.actor, now=now, number="", dispatch=wish.dispatch)
    opened = Opened(made.complaint_id, made.case_id, made.created)
    return replace(opened, case=store.history(made.case_id).case) if made.created else opened


def _take_numbers(services: Services, session: Session, office_id: str, count: int) -> Sequence[str]:
    return next_numbers(session, *_counter(services, office_id), count)


def put_right(services: Services, store: CaseStore, batch: Sequence[Prepared], results: Sequence[Registered]) -> None:
    """What waited in quarantine under the ids of these new complaints is put right by them."""
    made: dict[tuple[str, str], dict[str, str]] = {}
    for prepared, result in zip(batch, results, strict=True):
        if result.created:
            made.setdefault((prepared.raw.office_id, prepared.raw.channel), {})[prepared.raw.external_id] = (
                result.complaint_id
            )
    for (office_id, channel), cases in made.items():
        leave_quarantine(store.session, office_id, channel, cases, services.now())


def with_code(services: Services, store: CaseStore, made: R, actor: Actor) -> R:
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


def take_case_numbers(services: Services, office_id: str, count: int) -> tuple[str, ...]:
    """Numbers of new cases, in a transaction of their own."""
    return take_numbers(services.engine, *_counter(services, office_id), count)


def _counter(services: Services, office_id: str) -> tuple[str, int]:
    """What counts an office's numbers: its prefix and the year."""
    return services.office(office_id).number_prefix, services.now().astimezone(SHANGHAI).year
