"""The fold: what a case is, as its events make it. Pure, and the same whoever replays it.

The stream starts with REGISTER; every event that names a leg changes that leg (`leg_folds`); an action that changes
nothing visible (a note, a reminder) still moves `seq`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, cast

from hotline.casework import bonds, matters, unsealing
from hotline.casework.case_folds import classified, followed_up, registered, reworked, to_state, unchanged
from hotline.casework.leg_folds import noted, notified, returned, stepped
from hotline.casework.leg_time_folds import request_answered, requested, suspension
from hotline.casework.opening_legs import assigned, settled
from hotline.errors import ConflictError, TransitionError
from hotline.vocabulary import Action, CaseState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hotline.records import CaseEvent, CaseSnapshot


def replay(events: Iterable[CaseEvent]) -> CaseSnapshot:
    """The case that these events make.

    Raises:
        TransitionError: There is no event, or the first is no registration.
        ConflictError: The sequence has a gap or repeats.
    """
    snapshot = reduce(evolve, events, cast("CaseSnapshot | None", None))
    if snapshot is None:
        message = "这件工单没有事件，请联系系统管理员核对数据。"
        raise TransitionError(message)
    return snapshot


def evolve(snapshot: CaseSnapshot | None, event: CaseEvent) -> CaseSnapshot:
    """The case after one more event.

    Raises:
        TransitionError: The first event is no registration, or a later one is.
        ConflictError: `event.seq` does not follow the snapshot's.
        InvalidInputError: A code in the event is no word of the vocabulary.
    """
    if (snapshot is None) != (event.action is Action.REGISTER):
        message = "事件流须以登记开始，且只登记一次，请联系系统管理员核对数据。"
        raise TransitionError(message)
    if snapshot is None:
        return registered(event)
    if event.seq != snapshot.seq + 1:
        message = "事件的顺序不连续，请重新打开工单后再操作。"
        raise ConflictError(message)
    after = unsealing.seconded(noted(_FOLDS.get(event.action, unchanged)(snapshot, event), event), event)
    return replace(after, **settled(after, event), seq=event.seq)


_FOLDS: Mapping[Action, Callable[[CaseSnapshot, CaseEvent], CaseSnapshot]] = {
    Action.CLASSIFY: classified,
    Action.DISPATCH: assigned,
    Action.REASSIGN: assigned,
    Action.RULE: assigned,
    Action.HAND_ON: to_state(CaseState.HANDED_ON),
    Action.ANSWER: to_state(CaseState.ARCHIVED),
    Action.WITHDRAW: to_state(CaseState.WITHDRAWN),
    Action.SIGN: stepped,
    Action.RETURN: returned,
    Action.ACCEPT: stepped,
    Action.DECLINE: stepped,
    Action.TERMINATE: stepped,
    Action.FILE: stepped,
    Action.NOT_FILE: stepped,
    Action.RESOLVE: lambda snapshot, event: stepped(bonds.resolved(snapshot, event), event),
    Action.WAIVE: stepped,
    Action.NOTIFY: notified,
    Action.SUSPEND: suspension,
    Action.RESUME: suspension,
    Action.REQUEST_EXTEND: requested,
    Action.EXTEND: request_answered,
    Action.REFUSE_EXTEND: request_answered,
    Action.REVIEW: to_state(CaseState.FOLLOW_UP),
    Action.SEND_BACK: lambda snapshot, _event: reworked(snapshot),
    Action.FOLLOW_UP: followed_up,
    Action.SUPERVISE: bonds.demand,
    Action.RELEASE: bonds.release,
    Action.WITHHOLD: bonds.release,
    Action.REMIND: bonds.demand,
    Action.REPLY: bonds.reply,
    Action.LINK: bonds.link,
    Action.UNLINK: bonds.unlink,
    Action.SUPPLEMENT: bonds.supplement,
    Action.ASK_UNSEAL: unsealing.fold,
    Action.UNSEAL: unsealing.fold,
    Action.REFUSE_UNSEAL: unsealing.fold,
    Action.LIFT: unsealing.lifted,
    Action.TRANSFER: matters.fold,
    Action.JOINT: matters.fold,
    Action.COOPERATE: matters.fold,
}
