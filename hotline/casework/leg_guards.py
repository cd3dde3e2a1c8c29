"""Conditions on what an agency does with its leg."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.bonds import lacking_of
from hotline.casework.completeness import words
from hotline.casework.legs import open_legs
from hotline.casework.scene import refuse
from hotline.vocabulary import Action, Kind, LegRole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hotline.casework.scene import Scene


def _return(scene: Scene) -> None:
    refuse(scene.snapshot.ruled, "承办单位已经裁定，不得再退单；如需延期请申请延期。")
    refuse(Action.RESOLVE in scene.facts, "本单位已经办结过，不能再退单，请重新办理。")


def _contact(scene: Scene) -> None:
    refuse(Action.CONTACT in scene.facts, "首次联系已经登记过，后续联系请用备注记录。")


def _accept(scene: Scene) -> None:
    _decline(scene)
    lacking = lacking_of(scene.snapshot)
    refuse(
        lacking,
        f"投诉还缺《市场监督管理投诉举报处理办法》第10条要求的{words(lacking)}，补齐前不能受理；"
        "请在“补充材料”里补上，线索可另作举报。",
    )


def _decline(scene: Scene) -> None:
    refuse(scene.facts & {Action.ACCEPT, Action.DECLINE}, "本件已经作出过是否受理的决定，请继续后面的步骤。")


def _terminate(scene: Scene) -> None:
    refuse(Action.ACCEPT not in scene.facts, "投诉还没有受理，不能终止调解；请先作出是否受理的决定。")
    refuse(Action.TERMINATE in scene.facts, "本件已经终止调解，请告知双方后办结。")


def _clue(scene: Scene) -> None:
    refuse(Action.CLUE in scene.facts, "本件已登记过线索，新的线索请另立举报。")


def _file(scene: Scene) -> None:
    refuse(scene.facts & {Action.FILE, Action.NOT_FILE}, "本件已经作出过是否立案的决定。")
    dispute = scene.snapshot.kind is Kind.DISPUTE
    refuse(dispute and Action.CLUE not in scene.facts, "投诉件须先登记“发现线索”，再决定是否立案。")


def _decide(scene: Scene) -> None:
    refuse(Action.FILE not in scene.facts, "还没有立案，不能登记处理决定。")
    refuse(Action.DECIDE in scene.facts, "处理决定已经登记过。")


def _notify(scene: Scene) -> None:
    refuse(not scene.snapshot.named, "来电人匿名，无法告知，请用备注说明。")


def _resolve(scene: Scene) -> None:
    if scene.leg and scene.leg.role is LegRole.LEAD:
        waiting = sum(leg.role is LegRole.CO for leg in open_legs(scene.snapshot))
        refuse(waiting, f"还有{waiting}个配合单位没有办结，请等其办结或由派单台免予协办。")


LEG_GUARDS: Mapping[Action, Callable[[Scene], None]] = {
    Action.RETURN: _return,
    Action.CONTACT: _contact,
    Action.ACCEPT: _accept,
    Action.DECLINE: _decline,
    Action.TERMINATE: _terminate,
    Action.CLUE: _clue,
    Action.FILE: _file,
    Action.NOT_FILE: _file,
    Action.DECIDE: _decide,
    Action.NOTIFY: _notify,
    Action.RESOLVE: _resolve,
}
