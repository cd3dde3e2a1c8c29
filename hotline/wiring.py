"""The composition root: opens database, keys and rules, refuses an installation that may not be served.

Web, scheduler and commands get everything from here; tests call the same functions on a temporary folder.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DatabaseError

from hotline.casework.calendar_years import load_with_years
from hotline.casework.calendars import load_calendar
from hotline.casework.desk import Desk
from hotline.casework.policies import load_policies
from hotline.casework.rulebook import Rulebook
from hotline.errors import KeyringError, NotFoundError, SchemaError
from hotline.moments import utc_now
from hotline.records import Actor
from hotline.reports.rebuilding import needs_rebuild, rebuild
from hotline.routing.agencies import load_directory
from hotline.routing.classifier import load_classifier
from hotline.routing.model_file import shipped_folder
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy
from hotline.rules import RuleKeeper, shipped_files
from hotline.sharing import Lane
from hotline.store.accounts import has_demo_accounts
from hotline.store.batchstore import BatchStore
from hotline.store.casestore import CaseStore
from hotline.store.crypto import create_keyring, load_keyring
from hotline.store.engine import late_write_transaction, open_engine, read_transaction, write_transaction
from hotline.store.ids import new_id
from hotline.store.keycheck import check_keyring, has_keys, remember_keyring
from hotline.store.migrate import state_of, upgrade
from hotline.store.offices import BodyLine, offices, save_bodies
from hotline.store.plan_versions import load_shipped
from hotline.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine

    from hotline.records import Office
    from hotline.settings import Settings
    from hotline.store.batchstore import Numbering
    from hotline.store.crypto import Keyring
    from hotline.store.migrate import State

__all__ = [
    "Services",
    "build_rulebook",
    "build_services",
    "directory_bodies",
    "has_demo_accounts",
    "migrate_store",
    "open_store",
    "prepare_store",
]

PROGRAM = Actor("program", Role.SYSTEM, "")
"""Who loads what travels with the program."""


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


def build_rulebook(model: Path | None = None, *, calendar_years: Path | None = None) -> Rulebook:
    """The rules that were shipped, without database, keys or settings; `calendar_years` is a folder of imported years.

    Raises:
        ModelError, PlanError, PolicyError, CalendarError: A shipped file is missing, altered or does not fit.
    """
    return Rulebook(
        classifier=load_classifier(model),
        plans=load_plans(),
        directory=load_directory(),
        taxonomy=load_taxonomy(),
        policies=load_policies(),
        calendar=load_with_years(calendar_years) if calendar_years else load_calendar(),
    )


@contextmanager
def open_store(settings: Settings) -> Iterator[Engine]:
    """An engine on the configured database, brought up to date where that is allowed, closed at the end.

    Raises:
        SchemaError, KeyringError: The database or the keys may not be used.
    """
    prepare_store(settings)
    engine = open_engine(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


def prepare_store(settings: Settings) -> None:
    """Create an empty database with its keys; copy aside and migrate an older SQLite one; refuse the rest.

    The plans that travel with the program become version 1 where the database has none of that name.

    Raises:
        SchemaError: An older PostgreSQL database (`hotline migrate` first) or one newer than this program.
        KeyringError: Keys are missing or do not fit the data.
    """
    if settings.sqlite_path is not None:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database_url)
    try:
        state = _state(engine)
        if state == "newer":
            message = "数据库由更新版本的程序建立，本版本不能使用。请升级程序。"
            raise SchemaError(message)
        if state == "older" and settings.sqlite_path is None:
            message = "数据库结构较旧。请先停机备份，再运行 hotline migrate。"
            raise SchemaError(message)
        keyring = _keys(settings, engine, fresh=state == "empty")
        if state != "current":
            upgrade(engine)
        with write_transaction(engine) as session:
            remember_keyring(session, keyring)
            save_bodies(session, directory_bodies())
            load_shipped(CaseStore(session, keyring), shipped_files(), by=PROGRAM, now=utc_now())
            uncounted = needs_rebuild(session)
        if uncounted:
            rebuild(engine, load_with_years(settings.calendar_years))
    finally:
        engine.dispose()


def directory_bodies() -> Iterator[BodyLine]:
    """The shipped directory as the store keeps it."""
    for body in load_directory().bodies.values():
        yield BodyLine(body.id, body.name, body.region, body.type.value, body.since, body.until)


def migrate_store(settings: Settings) -> Path | None:
    """Bring a database up to date because somebody asked for it; return the copy made of an older SQLite file.

    Raises:
        SchemaError: The database is newer than this program.
    """
    if settings.sqlite_path is not None:
        settings.sqlite_path.parent.mkdir(parents=True, exist_ok=True)
    engine = open_engine(settings.database_url)
    try:
        state = _state(engine)
        copy = upgrade(engine) if state == "older" else None
    finally:
        engine.dispose()
    prepare_store(settings)
    return copy


def _state(engine: Engine) -> State:
    """The state of the schema.

    Raises:
        SchemaError: The database cannot be opened, or the file is none.
    """
    try:
        return state_of(engine)
    except DatabaseError:
        message = "数据库打不开，或者文件不是数据库。请核对 HOTLINE_VAR、HOTLINE_DATABASE_URL 和磁盘，或从备份恢复。"
        # The error's own text may hold the address with its password.
        raise SchemaError(message) from None


def _keys(settings: Settings, engine: Engine, *, fresh: bool) -> Keyring:
    used = False
    if not fresh:
        with read_transaction(engine) as session:
            used = has_keys(session)
    if not settings.keys.exists() or not any(settings.keys.iterdir()):
        if used:
            message = f"密钥目录 {settings.keys} 是空的，而数据库里有加密数据。请从备份恢复密钥后再启动。"
            raise KeyringError(message)
        return create_keyring(settings.keys, settings.cipher)
    return load_keyring(settings.keys, settings.cipher)


def build_services(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> Services:
    """Everything for one process; the database must have been prepared.

    Raises:
        KeyringError, SchemaError, ModelError, PlanError: See `prepare_store` and `build_rulebook`.
    """
    engine = open_engine(settings.database_url)
    if _state(engine) != "current":
        engine.dispose()
        message = "数据库尚未就绪。请先运行 hotline migrate。"
        raise SchemaError(message)
    keyring = load_keyring(settings.keys, settings.cipher)
    with read_transaction(engine) as session:
        check_keyring(session, keyring)
    shipped = build_rulebook(settings.model, calendar_years=settings.calendar_years)
    services = Services(settings, engine, keyring, shipped, now)
    services.refresh_rules()
    return services
