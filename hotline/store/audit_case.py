"""Whether the rows of one case are what its events make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hotline.casework.state import replay
from hotline.errors import HotlineError
from hotline.store.askept import unreadable
from hotline.store.audit_differences import Kept, case_faults, release_faults
from hotline.store.event_rows import case_event
from hotline.store.merging import ties_of
from hotline.store.tables import CASE, CLOCK, LEG, RELEASED_CASE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hotline.store.audit_differences import Reckon


def faults_of(
    case: Mapping[Any, Any], kept: Kept, reckon: Reckon | None, ties: dict[str, frozenset[str]]
) -> Iterator[str]:
    """What is wrong with one case; rows altered so that nothing can be made of them must not stop the walk."""
    for what, table, rows in (
        ("工单", CASE, [case]),
        ("承办段", LEG, kept.legs),
        ("时限", CLOCK, kept.clocks),
        ("公开名单", RELEASED_CASE, kept.released),
    ):
        if wrong := sorted({name for row in rows for name in unreadable(table, row)}):
            yield f"{what}数据无法读取：{'、'.join(wrong)}"
    if not kept.events:
        yield "工单没有事件：整条事件流被删除，或工单是手工插入的"
        return
    try:
        history = tuple(case_event(row) for row in kept.events)
        snapshot = replay(history)
    except HotlineError:
        yield "工单的事件不能重放：有事件被删除、调换或插入"
        return
    except Exception:  # noqa: BLE001 - an event altered by hand may break its reading in any way.
        yield "工单的事件不能重放：有事件被改得无法读取"
        return
    try:
        yield from case_faults(case, snapshot, history, kept, reckon)
        yield from release_faults(case, history, kept.released)
        if tied := ties_of(history):
            ties[snapshot.case_id] = tied
    except Exception as error:  # noqa: BLE001 - as above: what the event says may not fit where it is used.
        yield f"工单数据无法与事件比对：有内容被改得无法读取（{type(error).__name__}）"
