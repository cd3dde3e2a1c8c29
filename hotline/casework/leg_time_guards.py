"""Conditions on how a leg's time is counted: suspended, resumed, extended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.scene import approves, refuse, requests_on
from hotline.errors import ForbiddenError
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hotline.casework.scene import Scene


def _suspend(scene: Scene) -> None:
    refuse(scene.leg and scene.leg.suspended, "计时已经中止，请先恢复。")


def _resume(scene: Scene) -> None:
    refuse(scene.leg and not scene.leg.suspended, "计时没有中止，不需要恢复。")


def _answer_request(scene: Scene) -> None:
    requests = requests_on(scene)
    refuse(not requests, "本承办段没有待批的延期申请。")
    if not any(approves(scene.actor, item.policy) for item in requests):
        message = "法定时限的延期由承办单位负责人批准，热线时限的延期由办公室督办员批准。"
        raise ForbiddenError(message)


LEG_TIME_GUARDS: Mapping[Action, Callable[[Scene], None]] = {
    Action.SUSPEND: _suspend,
    Action.RESUME: _resume,
    Action.EXTEND: _answer_request,
    Action.REFUSE_EXTEND: _answer_request,
}
