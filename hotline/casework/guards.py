"""What the table cannot say: conditions on the case, asked before an action is offered and before it is done.

A guard raises TransitionError (the case does not allow it) or ForbiddenError (this person does not), or does nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.bonds import lacking_of, links_of, open_demands, released
from hotline.casework.completeness import words
from hotline.casework.privacy import look_fields, may_ask
from hotline.casework.state import facts_of, open_legs
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
from hotline.errors import ForbiddenError, TransitionError
from hotline.vocabulary import Action, CaseState, Kind, LegRole, NoticeSubject, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from hotline.records import Actor, CaseSnapshot, ExtensionRequest, Leg

OTHER = "other"
FINAL_RETURNS = 2
_HOTLINE_POLICY = "H-"
DECISIONS = {
    NoticeSubject.ACCEPTANCE: frozenset({Action.ACCEPT, Action.DECLINE}),
    NoticeSubject.TERMINATION: frozenset({Action.TERMINATE}),
    NoticeSubject.FILING: frozenset({Action.FILE, Action.NOT_FILE}),
}
"""Which decision a notice tells; a result, also an interim one, can always be told."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Who wants to act on what: the leg is None for an action of the case."""

    snapshot: CaseSnapshot
    leg: Leg | None
    actor: Actor
    now: datetime | None = None

    @property
    def facts(self) -> frozenset[Action]:
        """What has happened on the leg."""
        return facts_of(self.leg) if self.leg else frozenset()


def is_hotline_policy(policy: str) -> bool:
    """Whether a clock is the hotline's own (sla-law §2.6), not the law's."""
    return policy.startswith(_HOTLINE_POLICY)


def approves(actor: Actor, policy: str) -> bool:
    """Whether this role decides on more time: the office for a hotline clock, 负责人 of the body for the law's."""
    return actor.role is (Role.SUPERVISOR if is_hotline_policy(policy) else Role.RESPONSIBLE)


def requests_on(scene: Scene) -> tuple[ExtensionRequest, ...]:
    """The open requests for more time on this leg."""
    return tuple(item for item in scene.snapshot.extensions if scene.leg and item.leg_id == scene.leg.id)


def decided(scene: Scene, subject: NoticeSubject) -> bool:
    """Whether what the notice speaks of has been decided on this leg; a result, also an interim one, always."""
    return subject is NoticeSubject.RESULT or bool(DECISIONS[subject] & scene.facts)


def told(scene: Scene, subject: NoticeSubject) -> bool:
    """Whether the caller has had this notice; a result may be told again, an interim one first."""
    return subject is not NoticeSubject.RESULT and scene.leg is not None and subject.value in scene.leg.told


def _refuse(condition: object, message: str) -> None:
    if condition:
        raise TransitionError(message)


def _dispatch(scene: Scene) -> None:
    unconfirmed = scene.actor.role is Role.SYSTEM and scene.snapshot.state is CaseState.TRIAGE
    _refuse(unconfirmed, "待分拣的工单须由坐席确认后派单。")


def _reassign(scene: Scene) -> None:
    snapshot = scene.snapshot
    final = snapshot.state is CaseState.DISPUTED and snapshot.returns >= FINAL_RETURNS
    _refuse(final, "本件已退单两次，请由督办员裁定。")
    _refuse(snapshot.ruled and scene.actor.role is Role.OPERATOR, "承办单位已经裁定，如需改派请由督办员办理。")


def _rule(scene: Scene) -> None:
    _refuse(scene.snapshot.returns < FINAL_RETURNS, "退单未满两次，请由派单台改派。")


def _answer(scene: Scene) -> None:
    to_answer = scene.snapshot.kind is Kind.INQUIRY or scene.snapshot.category == OTHER
    _refuse(not to_answer, "只有咨询、表扬等可以直接答复，投诉举报请派单或转交。")


def _withdraw(scene: Scene) -> None:
    verifying = scene.snapshot.kind is Kind.REPORT and scene.snapshot.legs
    _refuse(verifying, "举报线索已经交办，不因举报人撤回而停止核查，请用备注记录其意愿。")


def _return(scene: Scene) -> None:
    _refuse(scene.snapshot.ruled, "承办单位已经裁定，不得再退单；如需延期请申请延期。")
    _refuse(Action.RESOLVE in scene.facts, "本单位已经办结过，不能再退单，请重新办理。")


def _contact(scene: Scene) -> None:
    _refuse(Action.CONTACT in scene.facts, "首次联系已经登记过，后续联系请用备注记录。")


def _accept(scene: Scene) -> None:
    _decline(scene)
    lacking = lacking_of(scene.snapshot)
    _refuse(
        lacking,
        f"投诉还缺《市场监督管理投诉举报处理办法》第10条要求的{words(lacking)}，补齐前不能受理；"
        "请在“补充材料”里补上，线索可另作举报。",
    )


def _decline(scene: Scene) -> None:
    _refuse(scene.facts & {Action.ACCEPT, Action.DECLINE}, "本件已经作出过是否受理的决定，请继续后面的步骤。")


def _terminate(scene: Scene) -> None:
    _refuse(Action.ACCEPT not in scene.facts, "投诉还没有受理，不能终止调解；请先作出是否受理的决定。")
    _refuse(Action.TERMINATE in scene.facts, "本件已经终止调解，请告知双方后办结。")


def _clue(scene: Scene) -> None:
    _refuse(Action.CLUE in scene.facts, "本件已登记过线索，新的线索请另立举报。")


def _file(scene: Scene) -> None:
    _refuse(scene.facts & {Action.FILE, Action.NOT_FILE}, "本件已经作出过是否立案的决定。")
    dispute = scene.snapshot.kind is Kind.DISPUTE
    _refuse(dispute and Action.CLUE not in scene.facts, "投诉件须先登记“发现线索”，再决定是否立案。")


def _decide(scene: Scene) -> None:
    _refuse(Action.FILE not in scene.facts, "还没有立案，不能登记处理决定。")
    _refuse(Action.DECIDE in scene.facts, "处理决定已经登记过。")


def _notify(scene: Scene) -> None:
    _refuse(not scene.snapshot.named, "来电人匿名，无法告知，请用备注说明。")


def _suspend(scene: Scene) -> None:
    _refuse(scene.leg and scene.leg.suspended, "计时已经中止，请先恢复。")


def _resume(scene: Scene) -> None:
    _refuse(scene.leg and not scene.leg.suspended, "计时没有中止，不需要恢复。")


def _resolve(scene: Scene) -> None:
    if scene.leg and scene.leg.role is LegRole.LEAD:
        waiting = sum(leg.role is LegRole.CO for leg in open_legs(scene.snapshot))
        _refuse(waiting, f"还有{waiting}个配合单位没有办结，请等其办结或由派单台免予协办。")


def _answer_request(scene: Scene) -> None:
    requests = requests_on(scene)
    _refuse(not requests, "本承办段没有待批的延期申请。")
    if not any(approves(scene.actor, item.policy) for item in requests):
        message = "法定时限的延期由承办单位负责人批准，热线时限的延期由办公室督办员批准。"
        raise ForbiddenError(message)


def _supervise(scene: Scene) -> None:
    waiting = any(demand.kind is Action.SUPERVISE for demand in open_demands(scene.snapshot))
    _refuse(waiting, "本件已经列为督办件，牵头单位还没有回复；请等其回复，或用催办提醒。")


def _release(scene: Scene) -> None:
    _refuse(released(scene.snapshot), "本件的进展已经公开。")
    _refuse(guarded(scene.snapshot), "本件原为举报或由举报拆出，不能公开；须先由另一位督办员解除举报保护。")


def _withhold(scene: Scene) -> None:
    _refuse(not released(scene.snapshot), "本件没有公开，不必停止。")


def _reply(scene: Scene) -> None:
    _refuse(not open_demands(scene.snapshot), "本件没有等待回复的督办或催办。")


def _unlink(scene: Scene) -> None:
    _refuse(not links_of(scene.snapshot), "本件没有关联，不需要解除；请刷新页面，看是否已被解除。")


def _supplement(scene: Scene) -> None:
    _refuse(scene.snapshot.kind is Kind.INQUIRY, "咨询不需要补充材料。")


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
    _refuse(own, "您的启封申请还在等待审批，请勿重复申请。")
    still = scene.now is not None and may_open(scene.snapshot, scene.actor, scene.now)
    _refuse(still, "您的启封申请已经同意，还在有效时间内，可以直接查看。")


def _decide_unseal(scene: Scene) -> None:
    _refuse(not waiting(scene.snapshot), "本件没有待批的启封申请。")
    if not decidable(scene.snapshot, scene.actor):
        message = "启封须由申请人以外的人审批，请由另一位督办员办理。"
        raise ForbiddenError(message)


def _lift(scene: Scene) -> None:
    _refuse(not guarded(scene.snapshot), "本件不是举报，也没有按举报登记过，不需要解除举报保护。")
    if not may_lift(scene.snapshot, scene.actor):
        message = "改类或拆分的人不能自己解除举报保护，请由另一位督办员办理。"
        raise ForbiddenError(message)


def _issue_code(scene: Scene) -> None:
    if not may_reissue(scene.snapshot, scene.actor):
        message = "举报件的查询码只能由原登记人或督办员写明理由重发，请转请办理。"
        raise ForbiddenError(message)


GUARDS: Mapping[Action, Callable[[Scene], None]] = {
    Action.DISPATCH: _dispatch,
    Action.REASSIGN: _reassign,
    Action.RULE: _rule,
    Action.ANSWER: _answer,
    Action.WITHDRAW: _withdraw,
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
    Action.SUSPEND: _suspend,
    Action.RESUME: _resume,
    Action.RESOLVE: _resolve,
    Action.EXTEND: _answer_request,
    Action.REFUSE_EXTEND: _answer_request,
    Action.SUPERVISE: _supervise,
    Action.REPLY: _reply,
    Action.RELEASE: _release,
    Action.WITHHOLD: _withhold,
    Action.SUPPLEMENT: _supplement,
    Action.UNLINK: _unlink,
    Action.LOOK: _look,
    Action.ASK_UNSEAL: _ask_unseal,
    Action.UNSEAL: _decide_unseal,
    Action.REFUSE_UNSEAL: _decide_unseal,
    Action.LIFT: _lift,
    Action.ISSUE_CODE: _issue_code,
}
