"""The installation as commands find it: settings, database and keys, or a clear refusal that names the next step."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from hotline.errors import InvalidInputError, SchemaError
from hotline.store.crypto import load_keyring
from hotline.store.engine import open_engine, read_transaction
from hotline.store.keycheck import check_keyring
from hotline.store.migrate import state_of
from hotline.store.offices import offices

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Engine

    from hotline.records import Office
    from hotline.settings import Settings
    from hotline.store.crypto import Keyring

CONSOLE = "console"
"""The account id under which the command line acts: whoever may log in to the machine."""


@contextmanager
def open_database(settings: Settings) -> Iterator[tuple[Engine, Keyring]]:
    """The configured database and its keys, without the model and the rules; closed at the end.

    Raises:
        SchemaError: There is no database, it cannot be reached, or its schema is not the current one.
        KeyringError: The keys are missing or do not fit.
    """
    engine = reach(settings)
    try:
        require_current(engine)
        keyring = load_keyring(settings.keys, settings.cipher)
        with read_transaction(engine) as session:
            check_keyring(session, keyring)
        yield engine, keyring
    finally:
        engine.dispose()


def reach(settings: Settings) -> Engine:
    """An engine on a database that answers; a missing SQLite file is never created here.

    Raises:
        SchemaError: There is none, or it does not answer.
    """
    path = settings.sqlite_path
    if path is not None and not path.is_file():
        message = f"还没有数据库（{path}）。请先运行 hotline migrate 建立，或核对 HOTLINE_VAR 和 HOTLINE_DATABASE_URL。"
        raise SchemaError(message)
    engine = open_engine(settings.database_url)
    try:
        with engine.connect():
            pass
    except SQLAlchemyError as error:
        engine.dispose()
        # The error's own text may hold the address with its password.
        message = f"数据库连接失败（{type(error).__name__}）。请核对 HOTLINE_DATABASE_URL，并确认数据库已启动。"
        raise SchemaError(message) from None
    return engine


def require_current(engine: Engine) -> None:
    """Refuse a database that this program may not read.

    Raises:
        SchemaError: Its schema is empty, older or newer.
    """
    state = state_of(engine)
    if state == "newer":
        message = "数据库由更新版本的程序建立，本版本不能使用。请升级程序。"
        raise SchemaError(message)
    if state != "current":
        message = "数据库尚未就绪。请先运行 hotline migrate。"
        raise SchemaError(message)


def offices_of(engine: Engine) -> tuple[Office, ...]:
    """All offices by id."""
    with read_transaction(engine) as session:
        return offices(session)


def choose_office(known: Iterable[Office], wanted: str | None) -> Office:
    """The office that was named, else the only one, else the one whose case numbers begin with the lowest digit.

    That is the office a deployment began with; the order of the codes would be chance.

    Raises:
        InvalidInputError: There is none of this name, or none at all.
    """
    by_id = {office.id: office for office in sorted(known, key=lambda office: (office.number_prefix, office.id))}
    if not by_id:
        message = "数据库里还没有办公室。请先建立办公室（演示可运行 hotline demo）。"
        raise InvalidInputError(message)
    if wanted is None:
        return next(iter(by_id.values()))
    if wanted not in by_id:
        message = f"没有办公室“{wanted}”。现有：{'、'.join(by_id)}。"
        raise InvalidInputError(message)
    return by_id[wanted]
