"""How a case ends that no agency resolves: 转交, 直接答复, 撤回."""

from __future__ import annotations

from hotline.casework.form_needs import line, one_of, says
from hotline.casework.needs import Need, NeedKind
from hotline.casework.state_groups import BEFORE_DISPATCH, DISPUTED, WITH_AGENCIES
from hotline.casework.transitions import Scope, Transition
from hotline.vocabulary import DESK_ROLES, Action, CaseState

_HAND_ON_TO = (
    ("12345", "12345政务服务便民热线"),
    ("acceptance_desk", "市场监管部门投诉受理台"),
    ("competent_body", "有权处理的部门（书面移交）"),
    ("named_to_caller", "告知来电人应向哪个部门提出"),
)
WITHDRAW_WHYS = (
    ("settled", "双方自行和解"),
    ("other_way", "改走诉讼、仲裁等其他途径"),
    ("no_longer", "不再要求处理"),
    ("mistaken", "反映有误"),
    ("other", "其他"),
)

LEAVING_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.HAND_ON,
        scope=Scope.CASE,
        cases=BEFORE_DISPATCH | DISPUTED,
        to=CaseState.HANDED_ON,
        roles=DESK_ROLES,
        clock="派单等热线时限停。",
        says="转交：不属本系统职责的，写明交给谁、怎样交、何时交。",
        needs=(
            one_of("where", "去向", *_HAND_ON_TO),
            line("to", "接收单位"),
            Need("handed_at", "转交时间", NeedKind.DATETIME),
            says("转交情况（交给谁、怎样交）"),
        ),
    ),
    Transition(
        action=Action.ANSWER,
        scope=Scope.CASE,
        cases=BEFORE_DISPATCH,
        to=CaseState.ARCHIVED,
        roles=DESK_ROLES,
        clock="派单时限停，不起其他时限。",
        says="直接答复：咨询、表扬等由坐席当场答复并归档。",
        needs=(says("答复内容"),),
    ),
    Transition(
        action=Action.WITHDRAW,
        scope=Scope.CASE,
        cases=BEFORE_DISPATCH | WITH_AGENCIES,
        to=CaseState.WITHDRAWN,
        roles=DESK_ROLES,
        clock="全部时限终止。",
        says="撤回：来电人要求撤回；举报交办后不因撤回而停止核查，投诉中的违法线索可以另立举报继续核查。",
        needs=(one_of("why", "撤回原因", *WITHDRAW_WHYS, required=False), says("撤回情况")),
    ),
)
