"""The part of `hotline doctor` that looks at database, keys, seals and accounts; it creates nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from hotline.casework.calendar_years import load_with_years
from hotline.clock_keeping import ClockKeeper
from hotline.commands.findings import OK, WARNING, WRONG, Finding
from hotline.commands.installation import offices_of, reach, require_current
from hotline.errors import HotlineError, KeyringError, SchemaError
from hotline.learning.standing import standing
from hotline.serving import loopback
from hotline.store.accounts import has_demo_accounts
from hotline.store.crypto import load_keyring
from hotline.store.engine import read_transaction
from hotline.store.keycheck import check_keyring
from hotline.store.model_stream import model_events
from hotline.store.outbox_messages import given_up
from hotline.store.seal_file import read_seal_file
from hotline.store.tables import SEAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from hotline.casework.calendars import Calendar
    from hotline.settings import Settings


def examine_store(settings: Settings) -> Iterator[Finding]:
    """Database, keys, offices, seals and demo accounts; what needs the database is left out where it is unusable."""
    path = settings.sqlite_path
    if path is not None and not path.is_file():
        yield Finding("database", WARNING, f"还没有数据库（{path}）。hotline serve 或 hotline migrate 会建立。")
        return
    try:
        engine = reach(settings)
    except HotlineError as error:
        yield Finding("database", WRONG, error.message)
        return
    try:
        yield from _opened(engine, settings)
    finally:
        engine.dispose()


def calendar_in_force(settings: Settings) -> Calendar:
    """The calendar with what was imported and, where a database can be read, with what was adopted.

    Raises:
        CalendarError, PolicyError: Something that was adopted cannot be read by this program.
    """
    path = settings.sqlite_path
    if path is not None and not path.is_file():
        return load_with_years(settings.calendar_years)
    try:
        engine = reach(settings)
    except HotlineError:
        return load_with_years(settings.calendar_years)
    try:
        require_current(engine)
        return ClockKeeper(engine, settings).current().calendar
    except SchemaError:
        return load_with_years(settings.calendar_years)
    finally:
        engine.dispose()


def _opened(engine: Engine, settings: Settings) -> Iterator[Finding]:
    try:
        require_current(engine)
    except HotlineError as error:
        yield Finding("database", WRONG, error.message)
        return
    yield Finding("database", OK, f"{engine.dialect.name}，结构为最新")
    yield _keys(engine, settings)
    known = offices_of(engine)
    names = "、".join(f"{office.name}（{office.id}）" for office in known)
    yield Finding("offices", OK if known else WARNING, names or "还没有办公室，不能登记诉求。")
    yield _seals(engine, settings)
    yield _outbox(engine)
    yield _promoted(engine, settings)
    yield _demo(engine, settings)


def _keys(engine: Engine, settings: Settings) -> Finding:
    try:
        keyring = load_keyring(settings.keys, settings.cipher)
        with read_transaction(engine) as session:
            check_keyring(session, keyring)
    except KeyringError as error:
        return Finding("keys", WRONG, error.message)
    if settings.var in settings.keys.parents:
        return Finding(
            "keys", WARNING, "与数据库相符，但与数据放在一起。生产环境请用 HOTLINE_KEYS 放到别处并单独备份。"
        )
    return Finding("keys", OK, "与数据库相符")


def _seals(engine: Engine, settings: Settings) -> Finding:
    """Whether the file outside the database holds every seal; `audit verify` proves what they say."""
    with read_transaction(engine) as session:
        in_database = int(session.execute(select(func.count()).select_from(SEAL)).scalar_one())
    kept = read_seal_file(settings.seals)
    if any(line is None for line in kept):
        return Finding("seals", WRONG, f"封存文件 {settings.seals} 有读不出来的行。请运行 hotline audit verify。")
    # The last seal may be in the database only, after a crash; the scheduler writes it at its next start.
    if not in_database - 1 <= len(kept) <= in_database:
        detail = f"数据库有 {in_database} 次封存，文件有 {len(kept)} 次。请运行 hotline audit verify。"
        return Finding("seals", WRONG, detail)
    return Finding("seals", OK, f"{in_database} 次封存，文件齐全")


def _outbox(engine: Engine) -> Finding:
    """Messages that were tried to the end and did not arrive: somebody has to look at the address or the server."""
    with read_transaction(engine) as session:
        lost = given_up(session)
    if lost:
        return Finding("outbox", WARNING, f"{lost} 封邮件或推送已放弃。请在“发件箱”页面核对收件地址后重发。")
    return Finding("outbox", OK, "没有放弃的邮件或推送")


def _promoted(engine: Engine, settings: Settings) -> Finding:
    """Whether the model that was promoted is whole; where it is not, the installed one serves in its place."""
    with read_transaction(engine) as session:
        promoted = standing(model_events(session)).serving
    if promoted is None:
        return Finding("promoted_model", OK, "没有升级过，使用安装时的模型")
    try:
        from hotline.learning.folders import check, promoted_folder  # noqa: PLC0415 - numpy may be missing.

        check(promoted_folder(settings.models, promoted.version), version=promoted.version, digest=promoted.manifest)
    except (HotlineError, OSError, ValueError, KeyError, TypeError, ImportError) as error:
        why = error.message if isinstance(error, HotlineError) else f"读取出错（{type(error).__name__}）。"
        detail = f"已升级的模型 {promoted.version} 不能使用，服务中暂用安装时的模型：{why}"
        return Finding("promoted_model", WRONG, detail)
    return Finding("promoted_model", OK, f"使用升级的模型 {promoted.version}，校验和相符")


def _demo(engine: Engine, settings: Settings) -> Finding:
    if not has_demo_accounts(engine):
        return Finding("demo_accounts", OK, "没有")
    if loopback(settings.host):
        return Finding("demo_accounts", WARNING, "有演示账号，只能在本机使用。正式使用前请换数据目录。")
    return Finding("demo_accounts", WRONG, "有演示账号而监听地址不是本机，serve 会拒绝启动。请停用演示账号。")
