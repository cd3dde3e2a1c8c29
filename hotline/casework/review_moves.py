"""What the desk does with a result: 审核, 退回重办, 回访."""

from __future__ import annotations

from hotline.casework.form_needs import flag, one_of, says
from hotline.casework.transitions import Scope, Transition
from hotline.vocabulary import DESK_ROLES, Action, CaseState

REVIEW_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.REVIEW,
        scope=Scope.CASE,
        cases=frozenset({CaseState.RESOLVED}),
        to=CaseState.FOLLOW_UP,
        roles=DESK_ROLES,
        clock="不影响时限；回访时限自办结起算。",
        says="审核通过：办理结果合格，进入回访。",
        needs=(says("审核意见", required=False),),
    ),
    Transition(
        action=Action.SEND_BACK,
        scope=Scope.CASE,
        cases=frozenset({CaseState.RESOLVED}),
        to=CaseState.DISPATCHED,
        roles=DESK_ROLES,
        clock="工单办结时限自退回重新起算；没有办完的法定时限接着走，不重算；牵头单位恢复为已签收。",
        says="退回重办：审核不合格，退回牵头单位。",
        needs=(says("退回理由"),),
    ),
    Transition(
        action=Action.FOLLOW_UP,
        scope=Scope.CASE,
        cases=frozenset({CaseState.FOLLOW_UP}),
        to=None,
        roles=DESK_ROLES,
        clock="回访时限停；不满意而重办的，工单办结时限自此重新起算，没有办完的法定时限接着走。",
        says="回访：满意或联系不上的归档；不满意的可重办，否则归档。",
        needs=(
            one_of("satisfied", "是否满意", ("yes", "满意"), ("no", "不满意"), ("unreached", "联系不上")),
            flag("solved", "问题已解决"),
            flag("reopen", "退回重办（仅限不满意）"),
            says("回访记录", required=False),
        ),
    ),
)
