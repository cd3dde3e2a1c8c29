"""The one who called and the case: answers, the code to follow it by, facts added, what is erased in the end."""

from __future__ import annotations

from hotline.casework.form_needs import one_of, says
from hotline.casework.needs import Need, NeedKind
from hotline.casework.transitions import DESK_OR_SYSTEM, Scope, Transition
from hotline.casework.unsealing import PROOFS
from hotline.vocabulary import DESK_ROLES, Action, CaseState, Role

_ALWAYS = frozenset(CaseState)
_NO_CLOCK = "不影响时限。"
_SYSTEM = frozenset({Role.SYSTEM})

CALLER_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.TELL,
        scope=Scope.CASE,
        cases=_ALWAYS,
        to=None,
        roles=DESK_ROLES,
        clock="不影响时限，不代替法定告知。",
        says="答复来电人：来电人凭查询码在“查进度”页看到，匿名的也能看到；不要写承办人员姓名和来电人身份。",
        needs=(says("答复内容"),),
    ),
    Transition(
        action=Action.ISSUE_CODE,
        scope=Scope.CASE,
        cases=_ALWAYS,
        to=None,
        roles=DESK_OR_SYSTEM,
        clock=_NO_CLOCK,
        says="发查询码：来电人凭编号和查询码查进度；重发后旧码作废。举报件由原登记人或督办员写明理由重发。",
        needs=(
            Need("again", "重发", NeedKind.BOOL, required=False),
            one_of("proof", "核实方式", *PROOFS, required=False),
            says("重发的理由", required=False),
        ),
        form=False,
    ),
    Transition(
        action=Action.ADD_FACTS,
        scope=Scope.CASE,
        cases=frozenset(),
        to=None,
        roles=_SYSTEM,
        clock=_NO_CLOCK,
        says="来电人补充：来电人在“查进度”页补充的情况，由该页写入。",
        form=False,
    ),
    Transition(
        action=Action.ERASE,
        scope=Scope.CASE,
        cases=frozenset(),
        to=None,
        roles=_SYSTEM,
        clock=_NO_CLOCK,
        says="到期删除：按保存期限真正删除身份、正文、证据，统计和事件保留；由到期删除任务写入。",
        form=False,
    ),
)
