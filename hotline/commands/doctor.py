"""`hotline doctor`: what is wrong with this installation, each check for itself, nothing changed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from hotline.commands.doctor_program import (
    calendar_check,
    libraries_check,
    model_check,
    plans_check,
    policies_check,
    python_check,
    scheduler_check,
    segmenter_check,
)
from hotline.commands.findings import OK, WARNING, WRONG, Finding
from hotline.commands.streams import REFUSED, emit, show
from hotline.environment import read_settings
from hotline.errors import HotlineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hotline.settings import Settings

MARKS = {OK: "正常", WARNING: "注意", WRONG: "有误"}


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
    yield python_check()
    yield libraries_check()
    try:
        settings = read_settings()
    except HotlineError as error:
        yield Finding("settings", WRONG, error.message)
        return
    yield Finding("settings", OK, f"数据目录 {settings.var}")
    checks: tuple[tuple[str, Callable[[Settings], Finding]], ...] = (
        ("segmenter", segmenter_check),
        ("model", model_check),
        ("plans", plans_check),
        ("policies", policies_check),
        ("calendar", calendar_check),
        ("scheduler", scheduler_check),
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
