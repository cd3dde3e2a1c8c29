"""From checked data to events: what each action appends, and the checks that need both the case and the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hotline.casework.bond_events import demanded, linked, unlinked
from hotline.casework.dispatch_events import classified, dispatched, reassigned
from hotline.casework.event_draft import plain
from hotline.casework.extension_events import extension_answered, extension_asked
from hotline.casework.leg_events import and_told, given_back, notice, with_ground
from hotline.casework.privacy import look_fields
from hotline.casework.unsealing import decidable
from hotline.errors import ForbiddenError, InvalidInputError
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hotline.casework.event_draft import Draft
    from hotline.records import NewEvent


def build(draft: Draft) -> tuple[NewEvent, ...]:
    """The events of one action.

    Raises:
        InvalidInputError, TransitionError, ForbiddenError: The data does not fit the case; nothing is appended.
    """
    return _BUILDERS.get(draft.command.action, plain)(draft)


def _follow_up(draft: Draft) -> tuple[NewEvent, ...]:
    reopen = draft.data.get("reopen") is True
    if reopen and draft.data["satisfied"] != "no":
        message = "只有不满意的才能退回重办，请核对回访结果。"
        raise InvalidInputError(message, reopen="仅限不满意")
    return (draft.event(solved=draft.data.get("solved") is True, reopen=reopen),)


def _look(draft: Draft) -> tuple[NewEvent, ...]:
    scene = draft.scene
    wanted = set(cast("Sequence[str]", draft.data["fields"]))
    if not wanted <= look_fields(scene.snapshot, scene.leg, scene.actor, scene.now):
        message = "所选项目中有您无权查看的，请只选允许的项目。"
        raise ForbiddenError(message)
    return plain(draft)


def _decide_unseal(draft: Draft) -> tuple[NewEvent, ...]:
    scene = draft.scene
    if draft.data["unsealing_id"] not in {each.id for each in decidable(scene.snapshot, scene.actor)}:
        message = "启封须由申请人以外的人审批，请由另一位督办员办理。"
        raise ForbiddenError(message)
    return plain(draft)


_BUILDERS: Mapping[Action, Callable[[Draft], tuple[NewEvent, ...]]] = {
    Action.CLASSIFY: classified,
    Action.DISPATCH: dispatched,
    Action.REASSIGN: reassigned,
    Action.RULE: reassigned,
    Action.RETURN: given_back,
    Action.ACCEPT: and_told,
    Action.DECLINE: with_ground,
    Action.TERMINATE: with_ground,
    Action.NOT_FILE: with_ground,
    Action.NOTIFY: notice,
    Action.REQUEST_EXTEND: extension_asked,
    Action.EXTEND: extension_answered,
    Action.REFUSE_EXTEND: extension_answered,
    Action.FOLLOW_UP: _follow_up,
    Action.SUPERVISE: demanded,
    Action.REMIND: demanded,
    Action.LINK: linked,
    Action.UNLINK: unlinked,
    Action.LOOK: _look,
    Action.ASK_UNSEAL: lambda draft: (draft.event(unsealing_id=draft.new_id()),),
    Action.UNSEAL: _decide_unseal,
    Action.REFUSE_UNSEAL: _decide_unseal,
}
