"""Use cases over two cases at once: linking them and undoing it, one act for several.

All of it happens in the caller's unit of work: both cases change or neither.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.casework.bonds import links_of
from hotline.casework.desk import act
from hotline.casework.state import replay
from hotline.casework.ties import shown_ties
from hotline.casework.unsealing import guarded
from hotline.errors import ConflictError, HotlineError, InvalidInputError, TransitionError
from hotline.records import Command
from hotline.vocabulary import Action, Kind, Relation

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from hotline.casework.desk import Desk
    from hotline.casework.ports import Store
    from hotline.records import Actor, CaseSnapshot, Json, Leg

COPIED = frozenset(
    {
        Action.SIGN,
        Action.ACCEPT,
        Action.DECLINE,
        Action.TERMINATE,
        Action.CLUE,
        Action.FILE,
        Action.NOT_FILE,
        Action.DECIDE,
        Action.RESOLVE,
        Action.NOTE,
        Action.REMIND,
        Action.SUPERVISE,
        Action.REVIEW,
    }
)
"""What may be done to linked cases at once. Contacting and calling back are owed to each caller by itself."""
TOLD_EACH = frozenset({Action.NOTIFY})
"""What may be done as well where every caller was told: each case has its own event and its own notice."""


def link(
    store: Store,
    one: tuple[str, str],
    other: tuple[str, str],
    relation: Relation,
    *,
    desk: Desk,
    actor: Actor,
    now: datetime,
    text: str = "",
    token: str = "",
    out_of_report: bool = False,
) -> None:
    """Link two cases of one office, each given as (case id, number): an event on both.

    With `out_of_report` the other one was split out of a 举报, and says so: see `unsealing.closed_to`.

    Raises:
        InvalidInputError: They are the same case.
        TransitionError: They are linked already.
        ConflictError: One of them belongs to another office.
    """
    for mine, theirs in ((one, other), (other, one)):
        data: dict[str, Json] = {"case": theirs[0], "number": theirs[1], "relation": relation.value}
        if out_of_report and mine is other:
            data["out_of_report"] = True
        command = Command(Action.LINK, None, data, text, token=token)
        act(store, mine[0], command, desk=desk, actor=actor, now=now)


def unlink(
    store: Store,
    one: tuple[str, str],
    other: tuple[str, str],
    *,
    desk: Desk,
    actor: Actor,
    now: datetime,
    text: str,
    token: str = "",
) -> None:
    """Undo a link; what was done to both stays done.

    Raises:
        TransitionError: They are not linked.
        InvalidInputError: No reason is given.
    """
    for mine, theirs in ((one, other), (other, one)):
        command = Command(Action.UNLINK, None, {"case": theirs[0], "number": theirs[1]}, text, token=token)
        act(store, mine[0], command, desk=desk, actor=actor, now=now)


def copy_act(
    store: Store,
    snapshot: CaseSnapshot,
    command: Command,
    others: Collection[str],
    *,
    desk: Desk,
    actor: Actor,
    now: datetime,
    told_each: bool = False,
) -> tuple[CaseSnapshot, ...]:
    """Do to linked cases what was done to `snapshot`, each on the leg of the same body and role.

    Duplicates of duplicates are linked too. A notice is owed to each caller by itself, so `told` is left out and a
    telling refused, unless the actor says that every one of these callers was told (`told_each`).

    Raises:
        InvalidInputError: A case is not linked, or the action is none that may be copied.
        HotlineError: One of the cases refuses; the message names it, and the caller's unit of work is to be undone.
    """
    if others and command.action not in (COPIED | TOLD_EACH if told_each else COPIED):
        message = f"“{command.action.label}”要对每位来电人分别办理，不能一并登记。"
        raise InvalidInputError(message, also="请逐件办理")
    shown = shown_ties(store, snapshot, store.events(snapshot.case_id), actor, now) if others else frozenset()
    linked = {each.case_id: each.number for each in links_of(snapshot) if each.case_id in shown}
    if any(other not in linked for other in others):
        linked |= duplicates_of(store, snapshot)
    if any(other not in linked for other in others):
        message = "所选工单没有与本件关联，请刷新页面后再操作。"
        raise InvalidInputError(message, also="没有关联")
    done = []
    for other in others:
        target = replay(store.events(other))
        leg_id = _same_leg(snapshot, target, command, linked[other])
        data = {name: value for name, value in command.data.items() if name != "told" or told_each}
        copied = replace(command, leg_id=leg_id, data=data, expected_seq=None)
        try:
            done.append(act(store, other, copied, desk=desk, actor=actor, now=now))
        except HotlineError as error:
            message = f"关联的 {linked[other]} 不能一并办理：{error.message}全部没有登记。"
            raise type(error)(message, **error.fields) from error
    return tuple(done)


def duplicates_of(store: Store, snapshot: CaseSnapshot) -> dict[str, str]:
    """Every other case of the same matter, as number by id: the duplicates, theirs, and so on.

    A 投诉 and a 举报 are never taken together here: that both are one matter would tell who reports.
    """
    found: dict[str, str] = {}
    waiting = [snapshot]
    while waiting:
        for each in links_of(waiting.pop()):
            if each.relation is Relation.DUPLICATE and each.case_id not in {*found, snapshot.case_id}:
                other = replay(store.events(each.case_id))
                if guarded(other) is guarded(snapshot):
                    found[each.case_id] = each.number
                    waiting.append(other)
    return found


def _same_leg(mine: CaseSnapshot, target: CaseSnapshot, command: Command, number: str) -> str | None:
    leg = mine.leg(command.leg_id) if command.leg_id else None
    if leg is None:
        return None
    found: Leg | None = next(
        (each for each in reversed(target.legs) if (each.body_id, each.role) == (leg.body_id, leg.role)), None
    )
    if found is None:
        message = f"关联的 {number} 没有由同一单位承办，不能一并办理。全部没有登记。"
        raise TransitionError(message)
    return found.id


def related_kind(kind: Kind) -> Kind:
    """The kind that is split off: the report out of a dispute, the dispute out of a report.

    Raises:
        ConflictError: A question holds neither.
    """
    if kind is Kind.INQUIRY:
        message = "咨询没有可以拆分的内容；请先改类。"
        raise ConflictError(message)
    return Kind.REPORT if kind is Kind.DISPUTE else Kind.DISPUTE
