"""What a case gathers beside its steps: 补充材料, 备注, 证据, 查看身份."""

from __future__ import annotations

from hotline.casework.form_needs import EVIDENCE_NEEDS, SUPPLEMENT_CLOCK, SUPPLEMENT_NEEDS, one_of, says
from hotline.casework.needs import Need, NeedKind
from hotline.casework.privacy import IDENTITY_LABELS
from hotline.casework.transitions import Scope, Transition
from hotline.casework.unsealing import LOOK_WHYS
from hotline.vocabulary import AGENCY_ROLES, DESK_ROLES, OPEN_CASE_STATES, Action, CaseState

CASE_PAPER_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.SUPPLEMENT,
        scope=Scope.CASE,
        cases=OPEN_CASE_STATES,
        to=None,
        roles=DESK_ROLES,
        clock=SUPPLEMENT_CLOCK,
        says="补充材料：来电人、被投诉人、商品、请求和事实，缺什么补什么；事件只记补了哪几项、还缺什么。",
        needs=SUPPLEMENT_NEEDS,
        form=False,
    ),
    Transition(
        action=Action.NOTE,
        scope=Scope.CASE,
        cases=frozenset(CaseState),
        to=None,
        roles=DESK_ROLES | AGENCY_ROLES,
        clock="不影响时限。",
        says="备注：能看到本件的人都可以写。",
        needs=(says("备注内容"),),
    ),
    Transition(
        action=Action.EVIDENCE,
        scope=Scope.CASE,
        cases=OPEN_CASE_STATES,
        to=None,
        roles=DESK_ROLES,
        clock="不影响时限。",
        says="上传证据：坐席代来电人提交。",
        needs=EVIDENCE_NEEDS,
        form=False,
    ),
    Transition(
        action=Action.LOOK,
        scope=Scope.CASE,
        cases=frozenset(CaseState),
        to=None,
        roles=DESK_ROLES | AGENCY_ROLES,
        clock="不影响时限。",
        says="查看身份：写明理由，逐次留痕；举报须先由第二人同意启封。",
        needs=(
            Need("fields", "查看的项目", NeedKind.CHOICES, choices=tuple(IDENTITY_LABELS.items())),
            one_of("why", "查看的理由", *LOOK_WHYS),
        ),
        form=False,
    ),
)
