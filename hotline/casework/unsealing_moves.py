"""Who called behind a 举报: unsealing asked by one and decided by another, protection lifted."""

from __future__ import annotations

from hotline.casework.form_needs import one_of, says
from hotline.casework.transitions import ALL_KINDS, REPORT_ONLY, SUPERVISOR, Scope, Transition
from hotline.casework.unsealing import LOOK_WHYS
from hotline.vocabulary import AGENCY_ROLES, DESK_ROLES, Action, CaseState

_ALWAYS = frozenset(CaseState)
_NO_CLOCK = "不影响时限。"
_REQUEST = one_of("unsealing_id", "哪一次申请")

UNSEALING_MOVES: tuple[Transition, ...] = (
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
        roles=SUPERVISOR,
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
        roles=SUPERVISOR,
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
        roles=SUPERVISOR,
        kinds=ALL_KINDS - REPORT_ONLY,
        clock=_NO_CLOCK,
        says="解除举报保护：本件曾为举报或由举报拆出，经核实不是举报的，由改类、拆分以外的督办员写明理由解除；"
        "此后可按来电人查到。再改为举报的，重新保护。",
        needs=(says("解除的理由"),),
    ),
)
