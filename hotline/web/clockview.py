"""A clock as a page shows it: how long is left, until when, on what ground, and why that day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hotline.casework.clocks import LONG_UNITS, explain, window_open
from hotline.store.codec import plain
from hotline.web.context import now, services
from hotline.web.labels import agency
from hotline.web.times import day, moment, remaining, tag_class

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.records import Clock

DESK = "派单台"


@dataclass(frozen=True, slots=True)
class ClockView:
    """One clock in words; `why` is the trace, line by line. A `window` is a permission that ends and no deadline."""

    clock: Clock
    running: bool
    window: bool
    badge: str
    tag: str
    due: str
    whose: str
    why: tuple[str, ...]


def clock_views(clocks: Sequence[Clock]) -> tuple[ClockView, ...]:
    """All clocks of a case: those that run first, the nearest deadline at the top; then the ended ones."""
    views = [_view(clock) for clock in clocks]
    return tuple(sorted(views, key=lambda view: (not view.running, view.clock.due.due_at, view.clock.id)))


def clock_json(clock: Clock) -> dict[str, object]:
    """One clock for a program: the fields as they are kept, the approvers left out, and the words beside them."""
    kept: dict[str, Any] = plain(clock)
    extensions = [{name: value for name, value in each.items() if name != "approver"} for each in kept["extensions"]]
    return kept | {"extensions": extensions, "why": explain(clock)}


def _view(clock: Clock) -> ClockView:
    window = any(policy.window for policy in services().rulebook.policies if policy.id == clock.policy)
    running = window_open(clock, now()) if window else clock.stopped_at is None
    badge, tag = _badge(clock, running=running, window=window)
    whose = agency(clock.body_id) if clock.body_id else DESK
    return ClockView(clock, running, window, badge, tag, _due(clock), whose, tuple(explain(clock)))


def _badge(clock: Clock, *, running: bool, window: bool) -> tuple[str, str]:
    due = clock.due
    if clock.paused_since is not None and clock.stopped_at is None:
        return ("中止中，已逾期", "tag-late") if clock.overdue(now()) else ("中止中", "")
    if running:
        return remaining(due.due_at, due.breach_at), tag_class(due.due_at, due.breach_at, clock.warn_at)
    if window:
        return "窗口已过", ""
    return ("逾期完成", "tag-late") if clock.overdue(now()) else ("按期", "")


def _due(clock: Clock) -> str:
    due = clock.due
    if clock.unit not in LONG_UNITS:
        return moment(due.due_at)
    alternative = f"（遇休息日顺延则 {day(due.due_alt)}）" if due.due_alt else ""
    return f"{day(due.due)} 24:00{alternative}"
