"""Conditions on what the desk and the office do with a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.bonds import links_of, open_demands, released
from hotline.casework.scene import FINAL_RETURNS, OTHER, refuse
from hotline.casework.unsealing import guarded
from hotline.vocabulary import Action, CaseState, Kind, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hotline.casework.scene import Scene


def _dispatch(scene: Scene) -> None:
    unconfirmed = scene.actor.role is Role.SYSTEM and scene.snapshot.state is CaseState.TRIAGE
    refuse(unconfirmed, "待分拣的工单须由坐席确认后派单。")


def _reassign(scene: Scene) -> None:
    snapshot = scene.snapshot
    final = snapshot.state is CaseState.DISPUTED and snapshot.returns >= FINAL_RETURNS
    refuse(final, "本件已退单两次，请由督办员裁定。")
    refuse(snapshot.ruled and scene.actor.role is Role.OPERATOR, "承办单位已经裁定，如需改派请由督办员办理。")


def _rule(scene: Scene) -> None:
    refuse(scene.snapshot.returns < FINAL_RETURNS, "退单未满两次，请由派单台改派。")


def _answer(scene: Scene) -> None:
    to_answer = scene.snapshot.kind is Kind.INQUIRY or scene.snapshot.category == OTHER
    refuse(not to_answer, "只有咨询、表扬等可以直接答复，投诉举报请派单或转交。")


def _withdraw(scene: Scene) -> None:
    verifying = scene.snapshot.kind is Kind.REPORT and scene.snapshot.legs
    refuse(verifying, "举报线索已经交办，不因举报人撤回而停止核查，请用备注记录其意愿。")


def _supervise(scene: Scene) -> None:
    waiting = any(demand.kind is Action.SUPERVISE for demand in open_demands(scene.snapshot))
    refuse(waiting, "本件已经列为督办件，牵头单位还没有回复；请等其回复，或用催办提醒。")


def _release(scene: Scene) -> None:
    refuse(released(scene.snapshot), "本件的进展已经公开。")
    refuse(guarded(scene.snapshot), "本件原为举报或由举报拆出，不能公开；须先由另一位督办员解除举报保护。")


def _withhold(scene: Scene) -> None:
    refuse(not released(scene.snapshot), "本件没有公开，不必停止。")


def _reply(scene: Scene) -> None:
    refuse(not open_demands(scene.snapshot), "本件没有等待回复的督办或催办。")


def _unlink(scene: Scene) -> None:
    refuse(not links_of(scene.snapshot), "本件没有关联，不需要解除；请刷新页面，看是否已被解除。")


def _supplement(scene: Scene) -> None:
    refuse(scene.snapshot.kind is Kind.INQUIRY, "咨询不需要补充材料。")


DESK_GUARDS: Mapping[Action, Callable[[Scene], None]] = {
    Action.DISPATCH: _dispatch,
    Action.REASSIGN: _reassign,
    Action.RULE: _rule,
    Action.ANSWER: _answer,
    Action.WITHDRAW: _withdraw,
    Action.SUPERVISE: _supervise,
    Action.REPLY: _reply,
    Action.RELEASE: _release,
    Action.WITHHOLD: _withhold,
    Action.SUPPLEMENT: _supplement,
    Action.UNLINK: _unlink,
}
