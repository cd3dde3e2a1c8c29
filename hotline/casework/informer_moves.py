"""Rows of the lifecycle about the one who called: unsealing by two, following by a code, what is erased in the end."""

from __future__ import annotations

from hotline.casework.needs import Need, NeedKind
from hotline.casework.transitions import ALL_KINDS, REPORT_ONLY, Scope, Transition, one_of, says
from hotline.casework.unsealing import LOOK_WHYS, PROOFS
from hotline.vocabulary import AGENCY_ROLES, DESK_ROLES, Action, CaseState, Role

_ALWAYS = frozenset(CaseState)
_NO_CLOCK = "不影响时限。"
_SYSTEM = frozenset({Role.SYSTEM})
_REQUEST = one_of("unsealing_id", "哪一次申请")

INFORMER_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.ASK_UNSEAL,
        scope=Scope.CASE,
        cases=_ALWAYS,
        to=None,
        roles=DESK_ROLES | AGENCY_ROLES,
        kinds=REPORT_ONLY,
        clock=_NO_CLOCK,
        says="申请启封：举报人身份密封，确需联系的写明理由，由另一位督办员审批；同意后 24 小时内可以查看。",
        needs=(one_of("why", "启封的理由", *LOOK_WHYS), says("具体说明")),
    ),
    Transition(
        action=Action.UNSEAL,
        scope=Scope.CASE,
        cases=_ALWAYS,
        to=None,
        roles=frozenset({Role.SUPERVISOR}),
        kinds=REPORT_ONLY,
        clock=_NO_CLOCK,
        says="同意启封：只能由申请人以外的督办员同意，只对申请人有效，24 小时后失效。",
        needs=(_REQUEST, says("审批意见", required=False)),
    ),
    Transition(
        action=Action.REFUSE_UNSEAL,
        scope=Scope.CASE,
        cases=_ALWAYS,
        to=None,
        roles=frozenset({Role.SUPERVISOR}),
        kinds=REPORT_ONLY,
        clock=_NO_CLOCK,
        says="不同意启封：写明理由。",
        needs=(_REQUEST, says("不同意的理由")),
    ),
    Transition(
        action=Action.LIFT,
        scope=Scope.CASE,
        cases=_ALWAYS,
        to=None,
        roles=frozenset({Role.SUPERVISOR}),
        kinds=ALL_KINDS - REPORT_ONLY,
        clock=_NO_CLOCK,
        says="解除举报保护：本件曾为举报或由举报拆出，经核实不是举报的，由改类、拆分以外的督办员写明理由解除；"
        "此后可按来电人查到。再改为举报的，重新保护。",
        needs=(says("解除的理由"),),
    ),
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
        roles=DESK_ROLES | _SYSTEM,
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
