"""What every entry point works with: settings, database, keys, the rules in force and the offices."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hotline.casework.desk import Desk
from hotline.errors import NotFoundError
from hotline.routing.model_file import shipped_folder
from hotline.rules import RuleKeeper
from hotline.sharing import Lane
from hotline.store.batchstore import BatchStore
from hotline.store.casestore import CaseStore
from hotline.store.engine import late_write_transaction, read_transaction, write_transaction
from hotline.store.ids import new_id
from hotline.store.offices import offices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine

    from hotline.casework.rulebook import Rulebook
    from hotline.records import Office
    from hotline.settings import Settings
    from hotline.store.batchstore import Numbering
    from hotline.store.crypto import Keyring


@dataclass(frozen=True)
class Services:
    """What every entry point needs, built once per process."""

    settings: Settings
    engine: Engine
    keyring: Keyring
    shipped: Rulebook
    now: Callable[[], datetime]

    @property
    def rulebook(self) -> Rulebook:
        """The rules in force: what was shipped under the versions that the database holds, never minutes old."""
        return self._rules.current()

    def refresh_rules(self) -> Rulebook:
        """Take up at once what this process has just changed; the others see it within seconds."""
        return self._rules.refresh()

    @property
    def model_problem(self) -> str:
        """Why the promoted model does not serve, in Chinese; empty where nothing is wrong."""
        return self._rules.model_problem

    @property
    def shipped_model(self) -> Path:
        """The folder of the model that this deployment was installed with."""
        return self.settings.model or shipped_folder()

    @cached_property
    def _rules(self) -> RuleKeeper:
        return RuleKeeper(self.engine, self.settings, self.shipped)

    @cached_property
    def registrations(self) -> Lane[Any, Any]:
        """Where this process's threads wait to register complaints together (`registering.register_prepared`)."""
        return Lane()

    @contextmanager
    def read(self) -> Iterator[CaseStore]:
        """A view of the database at one moment; it never takes the write lock."""
        with read_transaction(self.engine) as session:
            yield CaseStore(session, self.keyring)

    @contextmanager
    def write(self) -> Iterator[CaseStore]:
        """One unit of work: it commits when the block ends well and rolls back when it raises."""
        with write_transaction(self.engine) as session:
            yield CaseStore(session, self.keyring)

    @contextmanager
    def write_many(self, numbering: Numbering | None = None) -> Iterator[BatchStore]:
        """The same for the registration of new cases, whose rows are written table by table at its end.

        The write lock is taken when writing begins, so that other writers do not wait while cases are decided.
        """
        with late_write_transaction(self.engine) as session:
            store = BatchStore(session, self.keyring, numbering)
            yield store
            store.flush()

    @contextmanager
    def write_new(self, numbering: Numbering) -> Iterator[BatchStore]:
        """The same for a few new cases, with the lock from the start: what is read in it holds until it commits."""
        with write_transaction(self.engine) as session:
            store = BatchStore(session, self.keyring, numbering)
            yield store
            store.flush()

    @cached_property
    def offices(self) -> dict[str, Office]:
        """Every office of this deployment by id."""
        with read_transaction(self.engine) as session:
            return {office.id: office for office in offices(session)}

    def office(self, office_id: str) -> Office:
        """One office.

        Raises:
            NotFoundError: There is none with this id.
        """
        if office_id not in self.offices:
            message = "没有这个办公室，请联系管理员。"
            raise NotFoundError(message)
        return self.offices[office_id]

    def desk(self, office_id: str) -> Desk:
        """The desk of one office, as the use cases want it."""
        return Desk(self.office(office_id), self.rulebook, new_id)
