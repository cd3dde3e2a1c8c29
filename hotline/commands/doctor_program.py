"""The part of `hotline doctor` that looks at the program: Python, libraries, model, plans, calendar, scheduler."""

from __future__ import annotations

import fcntl
import sys
from importlib.metadata import PackageNotFoundError, distribution, version
from re import match
from typing import TYPE_CHECKING

from hotline.commands.findings import OK, WARNING, WRONG, Finding
from hotline.moments import local_date, utc_now

if TYPE_CHECKING:
    from hotline.settings import Settings

LEAST_PYTHON = (3, 11)


def python_check() -> Finding:
    """Whether this Python is new enough."""
    running = ".".join(str(part) for part in sys.version_info[:3])
    fits = sys.version_info[:2] >= LEAST_PYTHON
    return Finding("python", OK if fits else WRONG, running if fits else f"{running}，需要 3.11 或更新")


def libraries_check() -> Finding:
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


def segmenter_check(_settings: Settings) -> Finding:
    """Which segmenter cuts the texts into words."""
    from hotline.routing.segment import engine  # noqa: PLC0415 - what is checked is imported inside its check.

    name = engine()
    if name == "jieba":
        return Finding("segmenter", WARNING, "用 jieba（结果相同，慢约三十倍）；装上 rjieba 即可加快。")
    return Finding("segmenter", OK, name)


def model_check(settings: Settings) -> Finding:
    """Whether the model is whole."""
    from hotline.routing.classifier import load_classifier  # noqa: PLC0415 - as above.

    return Finding("model", OK, f"校验和相符，版本 {load_classifier(settings.model).version}")


def plans_check(_settings: Settings) -> Finding:
    """Whether the plans can be read."""
    from hotline.routing.plans import load_plans  # noqa: PLC0415 - as above.

    return Finding("plans", OK, f"{len(load_plans())} 个方案通过检查：{'、'.join(load_plans())}")


def policies_check(_settings: Settings) -> Finding:
    """Whether the time limits can be read."""
    from hotline.casework.policy_file import load_policies  # noqa: PLC0415 - as above.

    return Finding("policies", OK, f"{len(load_policies())} 条时限策略")


def calendar_check(settings: Settings) -> Finding:
    """The years that are announced: shipped, imported as files, and adopted in the database where there is one."""
    from hotline.casework.calendar_notice import missing_notice  # noqa: PLC0415 - as above.
    from hotline.commands.doctor_store import calendar_in_force  # noqa: PLC0415 - as above.

    calendar, today = calendar_in_force(settings), local_date(utc_now())
    missing = missing_notice(calendar, today)
    if missing:
        how = "页面“时限 → 工作日历”，或 hotline rules calendar。"
        return Finding("calendar", WRONG if calendar.last_announced < today.year else WARNING, f"{missing}{how}")
    return Finding("calendar", OK, f"放假安排到 {calendar.last_announced} 年")


def scheduler_check(settings: Settings) -> Finding:
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
