"""What happens to an account, as events of the stream `account:<id>`: they are chained and sealed like a case's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.records import NewEvent
from hotline.store.events import last_seq
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.records import Actor
    from hotline.store.accounts import Account
    from hotline.store.casestore import CaseStore

PREFIX = "account:"


def record(store: CaseStore, about: Account, what: str, at: datetime, *, by: Actor | None = None) -> None:
    """Append `what` (login, logout, password_changed, …) to the account's stream, done by itself unless `by` says else.

    Raises:
        ConflictError: Two events of the same account at the same moment; the caller's unit of work is rolled back.
    """
    stream = f"{PREFIX}{about.id}"
    event = NewEvent(Action.NOTE, {"what": what})
    seq = last_seq(store.session, stream)
    store.append(stream, [event], expected_seq=seq, actor=by or about.actor, at=at, recorded_at=at)
