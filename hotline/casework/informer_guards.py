"""Conditions on who may learn who called, and who may let others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.privacy import look_fields, may_ask
from hotline.casework.scene import refuse
from hotline.casework.unsealing import (
    NEEDS_ANOTHER,
    closed_to,
    decidable,
    guarded,
    may_lift,
    may_open,
    may_reissue,
    sealed,
    waiting,
)
from hotline.errors import ForbiddenError
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hotline.casework.scene import Scene


def _look(scene: Scene) -> None:
    if not look_fields(scene.snapshot, scene.leg, scene.actor, scene.now):
        message = "您无权查看来电人身份，如确需联系，请通过派单台。"
        if sealed(scene.snapshot):
            message = "举报人身份已密封：请先申请启封，由另一位督办员同意后，在时限内查看。"
        elif closed_to(scene.snapshot, scene.actor):
            message = NEEDS_ANOTHER
        raise ForbiddenError(message)


def _ask_unseal(scene: Scene) -> None:
    if not may_ask(scene.snapshot, scene.actor):
        message = "只有派单台和办理中的牵头单位可以申请启封。"
        raise ForbiddenError(message)
    own = any(each.asker == scene.actor.account_id for each in waiting(scene.snapshot))
    refuse(own, "您的启封申请还在等待审批，请勿重复申请。")
    still = scene.now is not None and may_open(scene.snapshot, scene.actor, scene.now)
    refuse(still, "您的启封申请已经同意，还在有效时间内，可以直接查看。")


def _decide_unseal(scene: Scene) -> None:
    refuse(not waiting(scene.snapshot), "本件没有待批的启封申请。")
    if not decidable(scene.snapshot, scene.actor):
        message = "启封须由申请人以外的人审批，请由另一位督办员办理。"
        raise ForbiddenError(message)


def _lift(scene: Scene) -> None:
    refuse(not guarded(scene.snapshot), "本件不是举报，也没有按举报登记过，不需要解除举报保护。")
    if not may_lift(scene.snapshot, scene.actor):
        message = "改类或拆分的人不能自己解除举报保护，请由另一位督办员办理。"
        raise ForbiddenError(message)


def _issue_code(scene: Scene) -> None:
    if not may_reissue(scene.snapshot, scene.actor):
        message = "举报件的查询码只能由原登记人或督办员写明理由重发，请转请办理。"
        raise ForbiddenError(message)


INFORMER_GUARDS: Mapping[Action, Callable[[Scene], None]] = {
    Action.LOOK: _look,
    Action.ASK_UNSEAL: _ask_unseal,
    Action.UNSEAL: _decide_unseal,
    Action.REFUSE_UNSEAL: _decide_unseal,
    Action.LIFT: _lift,
    Action.ISSUE_CODE: _issue_code,
}
