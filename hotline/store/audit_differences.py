"""What differs between the rows of a case and those that its events make: case, legs, clocks, release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hotline.casework.bonds import TIES
from hotline.records import Clock
from hotline.store.askept import UNREADABLE
from hotline.store.clockstore import clock_row
from hotline.store.codec import restore
from hotline.store.mapping import case_row, leg_row
from hotline.store.releases import release_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hotline.records import CaseEvent, CaseSnapshot

    Reckon = Callable[[Sequence[CaseEvent], CaseSnapshot], tuple[str, Sequence[Clock]]]


class Kept(NamedTuple):
    """The rows of one case."""

    events: Sequence[Mapping[Any, Any]]
    legs: Sequence[Mapping[Any, Any]]
    clocks: Sequence[Mapping[Any, Any]]
    released: Sequence[Mapping[Any, Any]]


_NOT_FROM_EVENTS = frozenset({"due_at", "announce_at", "needs_review", "doubt"})
_NO_FINGERPRINT = frozenset({"announce_at", "seq", "rules", "body"})
_WHILE_IT_RUNS = frozenset({"category", "channel"})
"""Clocks that had ended before these columns were made do not hold them; nobody reads them there."""


def case_faults(
    case: Mapping[Any, Any],
    snapshot: CaseSnapshot,
    events: Sequence[CaseEvent],
    kept: Kept,
    reckon: Reckon | None,
) -> Iterator[str]:
    """What is wrong with the rows of a case, its legs and its clocks."""
    changed = {"changed_at": next(event.recorded_at for event in reversed(events) if event.action not in TIES)}
    own = case_row(snapshot, None, None) | changed
    wrong = _differences(own, case)
    if wrong:
        yield f"工单数据与事件不符：{'、'.join(wrong)}"
    made = {leg.id: leg_row(leg, snapshot.case_id) | changed for leg in snapshot.legs}
    there = {row["id"]: row for row in kept.legs}
    if made.keys() != there.keys():
        yield "承办段与事件不符：有承办段被删除或插入"
    wrong = sorted({name for key in made.keys() & there.keys() for name in _differences(made[key], there[key])})
    if wrong:
        yield f"承办段数据与事件不符：{'、'.join(wrong)}"
    yield from _clock_faults(snapshot, own, events, kept.clocks, reckon)


def _clock_faults(
    snapshot: CaseSnapshot,
    case: Mapping[str, Any],
    events: Sequence[CaseEvent],
    rows: Sequence[Mapping[Any, Any]],
    reckon: Reckon | None,
) -> Iterator[str]:
    wrong: set[str] = set()
    for row in rows:
        try:
            own = clock_row(restore(Clock, row["body"]), case)
        except Exception:  # noqa: BLE001 - whatever a clock was altered to must not stop the walk.
            wrong.add("body")
            continue
        left_out = _NO_FINGERPRINT if row["stopped_at"] is None else _NO_FINGERPRINT | _WHILE_IT_RUNS
        wrong |= {name for name in own.keys() - left_out if _differ(own[name], row[name])}
    if wrong:
        yield f"时限数据与其推算结果不符：{'、'.join(sorted(wrong))}"
    if any(row["seq"] not in {0, snapshot.seq} for row in rows):
        yield "时限不是按最后一条事件推算的"
    if reckon is None:
        return
    mark, clocks = reckon(events, snapshot)
    if all(row["rules"] == mark for row in rows):
        again = {clock.id: (clock.started_at, clock.due.due_at, clock.stopped_at) for clock in clocks}
        if again != {row["id"]: (row["started_at"], row["due_at"], row["stopped_at"]) for row in rows}:
            yield "时限与按事件重新推算的不同"


def release_faults(
    case: Mapping[Any, Any], events: Sequence[CaseEvent], rows: Sequence[Mapping[Any, Any]]
) -> Iterator[str]:
    """The public list shows a case from its release until it is withheld, and no other."""
    made, kept = release_of(events, case["office_id"]), rows[0] if rows else None
    if made is None and kept is not None:
        yield "公开名单与事件不符：没有准予公开，却列在名单里"
    elif made is not None and kept is None:
        yield "公开名单与事件不符：已准予公开，名单里却没有"
    elif made is not None and kept is not None and (wrong := _differences(made, kept)):
        yield f"公开名单与事件不符：{'、'.join(wrong)}"


def _differences(made: Mapping[str, Any], kept: Mapping[Any, Any]) -> list[str]:
    return sorted(name for name, value in made.items() if name not in _NOT_FROM_EVENTS and _differ(value, kept[name]))


def _differ(made: object, kept: object) -> bool:
    """Whether they do; what cannot be read at all has been told of by itself."""
    return kept is not UNREADABLE and made != kept
