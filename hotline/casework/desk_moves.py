"""The life of a case as the desk and the office lead it: rows of the lifecycle whose scope is the case."""

from __future__ import annotations

from hotline.casework.informer_moves import INFORMER_MOVES
from hotline.casework.needs import Need, NeedKind
from hotline.casework.privacy import IDENTITY_LABELS
from hotline.casework.transitions import (
    DEMAND,
    DISPUTE_ONLY,
    EVIDENCE_NEEDS,
    SUPPLEMENT_CLOCK,
    SUPPLEMENT_NEEDS,
    Scope,
    Transition,
    flag,
    line,
    one_of,
    says,
)
from hotline.casework.unsealing import LOOK_WHYS
from hotline.vocabulary import (
    AGENCY_ROLES,
    DESK_ROLES,
    OPEN_CASE_STATES,
    Action,
    CaseState,
    Kind,
    Relation,
    Role,
    Urgency,
)

_DESK_OR_SYSTEM = DESK_ROLES | {Role.SYSTEM}
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_BEFORE_DISPATCH = frozenset({CaseState.TRIAGE, CaseState.READY})
_WITH_AGENCIES = frozenset({CaseState.DISPATCHED, CaseState.DISPUTED})
_DISPUTED = frozenset({CaseState.DISPUTED})
_RELEASABLE = _WITH_AGENCIES | {CaseState.RESOLVED, CaseState.FOLLOW_UP, CaseState.ARCHIVED}

_KIND = one_of("kind", "性质", *((kind.value, kind.label) for kind in Kind))
_URGENCY = one_of("urgency", "紧急程度", *((urgency.value, urgency.label) for urgency in Urgency))
_STATE = one_of(
    "state", "下一步", *((state.value, state.label) for state in (CaseState.READY, CaseState.TRIAGE)), required=False
)
_LEGS = (
    Need("lead", "牵头单位", NeedKind.BODY),
    Need("co", "配合单位", NeedKind.BODIES, required=False),
)
_HAND_ON_TO = (
    ("12345", "12345政务服务便民热线"),
    ("acceptance_desk", "市场监管部门投诉受理台"),
    ("competent_body", "有权处理的部门（书面移交）"),
    ("named_to_caller", "告知来电人应向哪个部门提出"),
)
REASSIGN_WHYS = (
    ("returned", "退单有理，改派"),
    ("return_refused", "退单理由不成立，仍由原单位办理"),
    ("wrong_dispatch", "派单有误，收回改派"),
    ("add_co", "增加或调整配合单位"),
    ("successor", "单位撤并，由承继单位办理"),
)

WITHDRAW_WHYS = (
    ("settled", "双方自行和解"),
    ("other_way", "改走诉讼、仲裁等其他途径"),
    ("no_longer", "不再要求处理"),
    ("mistaken", "反映有误"),
    ("other", "其他"),
)
_LINKED = (one_of("case", "关联的工单"), line("number", "关联工单的编号"))

DESK_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.REGISTER,
        scope=Scope.CASE,
        cases=frozenset(),
        to=None,
        roles=_DESK_OR_SYSTEM,
        clock="派单时限自收到诉求起算。",
        says="登记：工单的第一个事件，由登记用例写入；存疑的进待分拣，否则进待派单。",
        form=False,
    ),
    Transition(
        action=Action.CLASSIFY,
        scope=Scope.CASE,
        cases=_BEFORE_DISPATCH | _DISPUTED,
        to=None,
        roles=DESK_ROLES,
        clock="不影响已起的时限；按新的性质、紧急程度确定后续时限。",
        says="改类：人工确认类别、环节、性质和紧急程度；退单待处理的仍待处理。",
        needs=(one_of("category", "类别"), one_of("setting", "环节"), _KIND, _URGENCY, _STATE),
    ),
    Transition(
        action=Action.DISPATCH,
        scope=Scope.CASE,
        cases=_BEFORE_DISPATCH,
        to=CaseState.DISPATCHED,
        roles=_DESK_OR_SYSTEM,
        clock="派单时限停；各承办段的签收、退单、首次联系、法定时限和工单办结时限起算。",
        says="派单：交给牵头单位和配合单位；待分拣的须由人确认后派。",
        needs=(*_LEGS, line("plan", "依据方案", required=False), line("clause", "职责条目", required=False)),
    ),
    Transition(
        action=Action.REASSIGN,
        scope=Scope.CASE,
        cases=_WITH_AGENCIES,
        to=CaseState.DISPATCHED,
        roles=_DESK_OR_SYSTEM,
        clock="改派裁定时限停；收回的承办段时限终止，新的承办段重新起算；工单办结时限不重算。",
        says="改派：退单未满两次的，由派单台另行指定；办理中的也可收回改派。单位和角色不变的承办段照旧。",
        needs=(*_LEGS, one_of("why", "改派原因", *REASSIGN_WHYS)),
    ),
    Transition(
        action=Action.RULE,
        scope=Scope.CASE,
        cases=_DISPUTED,
        to=CaseState.DISPATCHED,
        roles=_SUPERVISOR,
        clock="改派裁定时限停；新的承办段时限起算；此后不得再退单。",
        says="裁定：退单两次的由领导小组办公室指定承办单位，为最终决定。",
        needs=(*_LEGS, says("裁定理由")),
    ),
    Transition(
        action=Action.HAND_ON,
        scope=Scope.CASE,
        cases=_BEFORE_DISPATCH | _DISPUTED,
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
        cases=_BEFORE_DISPATCH,
        to=CaseState.ARCHIVED,
        roles=DESK_ROLES,
        clock="派单时限停，不起其他时限。",
        says="直接答复：咨询、表扬等由坐席当场答复并归档。",
        needs=(says("答复内容"),),
    ),
    Transition(
        action=Action.WITHDRAW,
        scope=Scope.CASE,
        cases=_BEFORE_DISPATCH | _WITH_AGENCIES,
        to=CaseState.WITHDRAWN,
        roles=DESK_ROLES,
        clock="全部时限终止。",
        says="撤回：来电人要求撤回；举报交办后不因撤回而停止核查，投诉中的违法线索可以另立举报继续核查。",
        needs=(one_of("why", "撤回原因", *WITHDRAW_WHYS, required=False), says("撤回情况")),
    ),
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
    Transition(
        action=Action.SUPERVISE,
        scope=Scope.CASE,
        cases=OPEN_CASE_STATES,
        to=None,
        roles=_SUPERVISOR,
        clock="不改变法定时限；督办报告时限起算，到牵头单位回复或办结为止。",
        says="督办：列为督办件，要求限期报告；回复后仍可再次督办。",
        needs=(
            Need("days", "几日内报告（不填按督办报告时限）", NeedKind.NUMBER, required=False, limit=365),
            says("督办要求", required=False),
        ),
    ),
    Transition(
        action=Action.REMIND,
        scope=Scope.CASE,
        cases=_WITH_AGENCIES,
        to=None,
        roles=DESK_ROLES,
        clock="不改变其他时限；催办答复时限起算，到牵头单位回复或办结为止。",
        says="催办：提醒承办单位；前一次催办还没有回复的，只再提醒，不另起时限。",
        needs=(says("催办内容"),),
    ),
    Transition(
        action=Action.REPLY,
        scope=Scope.CASE,
        cases=OPEN_CASE_STATES,
        to=None,
        roles=DESK_ROLES,
        clock="督办报告或催办答复时限停。",
        says="登记回复：承办单位在系统外回复的，由派单台登记。",
        needs=(DEMAND, says("回复内容")),
    ),
    Transition(
        action=Action.RELEASE,
        scope=Scope.CASE,
        cases=_RELEASABLE,
        to=None,
        roles=_SUPERVISOR,
        kinds=DISPUTE_ONLY,
        clock="不影响任何时限。",
        says="公开进展：经公众查询接口（Open311）公开本件的类别、地区、状态和日期；不公开内容、来电人和被投诉人。",
    ),
    Transition(
        action=Action.WITHHOLD,
        scope=Scope.CASE,
        cases=_RELEASABLE,
        to=None,
        roles=_SUPERVISOR,
        clock="不影响任何时限。",
        says="停止公开：公众查询接口不再列出本件。",
    ),
    Transition(
        action=Action.LINK,
        scope=Scope.CASE,
        cases=frozenset(CaseState),
        to=None,
        roles=_DESK_OR_SYSTEM,
        clock="不影响时限：各件的时限、告知和回访各自照走。",
        says="关联：与另一件工单关联（拆分、重复、相关），可以解除。",
        needs=(
            *_LINKED,
            one_of("relation", "关系", *((relation.value, relation.label) for relation in Relation)),
            Need("out_of_report", "由举报拆出", NeedKind.BOOL, required=False),
            says("说明", required=False),
        ),
        form=False,
    ),
    Transition(
        action=Action.UNLINK,
        scope=Scope.CASE,
        cases=frozenset(CaseState),
        to=None,
        roles=DESK_ROLES,
        clock="不影响时限。",
        says="解除关联：关联有误的，写明理由解除；关联期间已办的不变。",
        needs=(*_LINKED, says("解除的理由")),
        form=False,
    ),
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
    *INFORMER_MOVES,
)
