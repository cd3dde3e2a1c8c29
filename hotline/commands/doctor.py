"""`hotline doctor`: what is wrong with this installation, each check for itself, nothing changed."""

from __future__ import annotations

import fcntl
import sys
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, distribution, version
from re import match
from typing import TYPE_CHECKING

import click

from hotline.commands.findings import OK, WARNING, WRONG, Finding
from hotline.commands.streams import REFUSED, emit, show
from hotline.errors import HotlineError
from hotline.moments import local_date, utc_now
from hotline.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hotline.settings import Settings

MARKS = {OK: "正常", WARNING: "注意", WRONG: "有误"}
LEAST_PYTHON = (3, 11)


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 对象。")
def doctor_command(*, as_json: bool) -> None:
    """逐项检查本机安装：程序、模型、方案、日历、数据库、密钥、封存、调度进程。没有错误时退出码为 0，否则为 1。"""
    found = list(examine())
    well = all(finding.status != WRONG for finding in found)
    if as_json:
        emit({"ok": well, "checks": [asdict(finding) for finding in found]})
    else:
        for finding in found:
            show(f"[{MARKS[finding.status]}] {finding.check}：{finding.detail}")
    if not well:
        raise click.exceptions.Exit(REFUSED)


def examine() -> Iterator[Finding]:
    """Every check in turn; one that fails does not keep the next from being tried."""
    yield _python()
    yield _libraries()
    try:
        settings = read_settings()
    except HotlineError as error:
        yield Finding("settings", WRONG, error.message)
        return
    yield Finding("settings", OK, f"数据目录 {settings.var}")
    checks: tuple[tuple[str, Callable[[Settings], Finding]], ...] = (
        ("segmenter", _segmenter),
        ("model", _model),
        ("plans", _plans),
        ("policies", _policies),
        ("calendar", _calendar),
        ("scheduler", _scheduler),
    )
    for name, check in checks:
        yield _tried(name, check, settings)
    from hotline.commands.doctor_store import examine_store  # noqa: PLC0415 - the database's libraries may be missing.

    yield from examine_store(settings)


def _tried(name: str, check: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return check(settings)
    except HotlineError as error:
        return Finding(name, WRONG, error.message)
    except Exception as error:  # noqa: BLE001 - a broken installation may fail in any way; the others are still checked.
        return Finding(name, WRONG, f"检查时出错（{type(error).__name__}）。请重新安装程序，或把此行交给维护人员。")


def _python() -> Finding:
    running = ".".join(str(part) for part in sys.version_info[:3])
    fits = sys.version_info[:2] >= LEAST_PYTHON
    return Finding("python", OK if fits else WRONG, running if fits else f"{running}，需要 3.11 或更新")


def _libraries() -> Finding:
    """Whether what the package asks for is installed; versions are locked by the requirement files."""
    try:
        required = distribution("hotline").requires or []
    except PackageNotFoundError:
        return Finding("libraries", WARNING, "程序没有作为包安装，无法核对依赖。请运行 make install。")
    names = [found[0] for line in required if "extra ==" not in line and (found := match(r"[\w.-]+", line))]
    missing = [name for name in names if not _installed(name)]
    if missing:
        return Finding("libraries", WRONG, f"缺少：{'、'.join(missing)}。请运行 make install。")
    return Finding("libraries", OK, f"{len(names)} 个依赖齐全")


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _segmenter(_settings: Settings) -> Finding:
    from hotline.routing.segment import engine  # noqa: PLC0415 - what is checked is imported inside its check.

    name = engine()
    if name == "jieba":
        return Finding("segmenter", WARNING, "用 jieba（结果相同，慢约三十倍）；装上 rjieba 即可加快。")
    return Finding("segmenter", OK, name)


def _model(settings: Settings) -> Finding:
    from hotline.routing.classifier import load_classifier  # noqa: PLC0415 - as above.

    return Finding("model", OK, f"校验和相符，版本 {load_classifier(settings.model).version}")


def _plans(_settings: Settings) -> Finding:
    from hotline.routing.plans import load_plans  # noqa: PLC0415 - as above.

    return Finding("plans", OK, f"{len(load_plans())} 个方案通过检查：{'、'.join(load_plans())}")


def _policies(_settings: Settings) -> Finding:
    from hotline.casework.policies import load_policies  # noqa: PLC0415 - as above.

    return Finding("policies", OK, f"{len(load_policies())} 条时限策略")


def _calendar(settings: Settings) -> Finding:
    """The years that are announced: shipped, imported as files, and adopted in the database where there is one."""
    from hotline.casework.calendar_notice import missing_notice  # noqa: PLC0415 - as above.
    from hotline.commands.doctor_store import calendar_in_force  # noqa: PLC0415 - as above.

    calendar, today = calendar_in_force(settings), local_date(utc_now())
    missing = missing_notice(calendar, today)
    if missing:
        how = "页面“时限 → 工作日历”，或 hotline rules calendar。"
        return Finding("calendar", WRONG if calendar.last_announced < today.year else WARNING, f"{missing}{how}")
    return Finding("calendar", OK, f"放假安排到 {calendar.last_announced} 年")


def _scheduler(settings: Settings) -> Finding:
    """Whether a scheduler holds its lock; the lock is tried and given back at once."""
    path = settings.var / "scheduler.lock"
    stopped = Finding("scheduler", WARNING, "调度进程没有运行：不会预警和封存。hotline serve 会启动它。")
    if not path.is_file():
        return stopped
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return Finding("scheduler", OK, "调度进程在运行")
    return stopped
