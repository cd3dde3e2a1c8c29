"""One agency's stretch of a case: rows of the lifecycle whose scope is the leg.

Procedure after 121号令 (投诉) and 市场监督管理行政处罚程序规定 (举报); 20号令 for what was received before 2026-04-15.
"""

from __future__ import annotations

from hotline.casework.needs import Need, NeedKind
from hotline.casework.privacy import IDENTITY_LABELS, MEDIATION_FIELDS
from hotline.casework.transitions import (
    CO_ONLY,
    DEMAND,
    DISPUTE_ONLY,
    EVIDENCE_NEEDS,
    LEAD_ONLY,
    REPORT_ONLY,
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
    OPEN_LEG_STATES,
    Action,
    CaseState,
    LegState,
    NoticeSubject,
    Role,
)

_RUNNING = frozenset({CaseState.DISPATCHED, CaseState.DISPUTED})
_TELLING = _RUNNING | {CaseState.RESOLVED, CaseState.FOLLOW_UP}
_QUEUED = frozenset({LegState.QUEUED})
_SIGNED = frozenset({LegState.SIGNED})
_AT_WORK = OPEN_LEG_STATES - _QUEUED
_AMOUNT_LIMIT = 365
_GROUND = one_of("ground", "法定情形")
_EXPLAIN = says("说明（选“其他情形”时必填）", required=False)
_TOLD = flag("told", "已告知来电人")

PAUSE_REASONS = (
    ("appraisal", "鉴定、检测、检验"),
    ("inspection", "检疫、权利人辨认或鉴别"),
    ("hearing", "听证"),
    ("announcement", "公告"),
    ("stay", "案件中止"),
)
NOTICE_WAYS = (
    ("phone", "电话"),
    ("sms", "短信"),
    ("letter", "邮寄"),
    ("in_person", "当面"),
    ("platform", "平台、电子邮件"),
    ("announcement", "公告"),
)
NOTICE_RECEIVERS = (("caller", "来电人"), ("agent", "来电人的代理人"), ("both", "双方当事人"))
OUTCOMES = (
    ("settled", "达成和解或调解协议"),
    ("verified", "查实并处理"),
    ("unfounded", "查无实据"),
    ("penalised", "已作出行政处罚"),
    ("guided", "已释明并告知其他途径"),
    ("other", "其他"),
)


def _file_rows() -> tuple[Transition, ...]:
    """立案 and 不予立案: on a report they are the leg's state; in a dispute a fact beside the mediation (第27条)."""
    rows = []
    for action, needs in ((Action.FILE, ()), (Action.NOT_FILE, (_GROUND, _EXPLAIN))):
        verified = "查实立案" if action is Action.FILE else "写明情形，不予立案"
        rows += [
            Transition(
                action=action,
                scope=Scope.LEG,
                cases=_RUNNING,
                legs=_SIGNED,
                to=LegState.FILED if action is Action.FILE else LegState.NOT_FILED,
                roles=AGENCY_ROLES,
                kinds=REPORT_ONLY,
                clock="核查时限停；法律、法规、规章要求告知的，告知时限起算；立案的，办案时限起算。",
                says=f"{action.label}：举报线索经核查，{verified}。",
                needs=needs,
            ),
            Transition(
                action=action,
                scope=Scope.LEG,
                cases=_RUNNING,
                legs=_AT_WORK,
                to=None,
                roles=AGENCY_ROLES,
                kinds=DISPUTE_ONLY,
                clock="线索核查时限停；调解时限照走；立案的，办案时限起算。",
                says=f"{action.label}：调解中发现的违法线索经核查，{verified}；不影响调解。",
                needs=needs,
            ),
        ]
    return tuple(rows)


AGENCY_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.SIGN,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=_QUEUED,
        to=LegState.SIGNED,
        roles=AGENCY_ROLES,
        clock="签收时限停；法定时限不因签收早晚而变。",
        says="签收：承办单位收下本件。",
    ),
    Transition(
        action=Action.RETURN,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=_QUEUED | _SIGNED,
        to=LegState.RETURNED,
        roles=AGENCY_ROLES,
        clock="本承办段时限终止；牵头单位退单的，改派裁定时限起算。",
        says="退单：在退单时限内写明有异议的职责条目和应当承办的单位，退回派单台；不得自行移送。",
        needs=(
            line("clause", "有异议的职责条目"),
            Need("owner", "应当承办的单位", NeedKind.BODY),
            says("退单理由"),
        ),
    ),
    Transition(
        action=Action.CONTACT,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=_AT_WORK,
        to=None,
        roles=AGENCY_ROLES | DESK_ROLES,
        leg_roles=LEAD_ONLY,
        clock="首次联系时限停。",
        says="首次联系：已联系来电人；举报由派单台代为联系。",
        needs=(says("联系情况", required=False),),
    ),
    Transition(
        action=Action.ACCEPT,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=_SIGNED,
        to=LegState.ACCEPTED,
        roles=AGENCY_ROLES,
        kinds=DISPUTE_ONLY,
        leg_roles=LEAD_ONLY,
        clock="调解时限起算；受理时限到告知来电人为止。",
        says="受理：投诉符合受理条件。",
        needs=(_TOLD,),
    ),
    Transition(
        action=Action.DECLINE,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=_SIGNED,
        to=LegState.DECLINED,
        roles=AGENCY_ROLES,
        kinds=DISPUTE_ONLY,
        leg_roles=LEAD_ONLY,
        clock="受理时限到告知来电人理由和其他途径为止。",
        says="不予受理：写明收件日有效规章的法定情形。",
        needs=(_GROUND, _EXPLAIN, _TOLD),
    ),
    Transition(
        action=Action.TERMINATE,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=frozenset({LegState.SIGNED, LegState.ACCEPTED}),
        to=LegState.TERMINATED,
        roles=AGENCY_ROLES,
        kinds=DISPUTE_ONLY,
        leg_roles=LEAD_ONLY,
        clock="调解时限停；终止告知时限起算。",
        says="终止调解：写明法定情形；退回重办的，以前受理过的也可以终止。",
        needs=(_GROUND, _EXPLAIN, _TOLD),
    ),
    Transition(
        action=Action.CLUE,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=_AT_WORK,
        to=None,
        roles=AGENCY_ROLES,
        kinds=DISPUTE_ONLY,
        clock="线索核查时限起算，到立案或不予立案为止。",
        says="发现线索：调解中发现涉嫌违法。",
        needs=(says("线索情况", required=False),),
    ),
    *_file_rows(),
    Transition(
        action=Action.DECIDE,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=_AT_WORK,
        to=None,
        roles=AGENCY_ROLES,
        clock="办案时限停。",
        says="作出处理决定：立案案件已有处理决定。",
        needs=(says("决定内容", required=False),),
    ),
    Transition(
        action=Action.NOTIFY,
        scope=Scope.LEG,
        cases=_TELLING,
        legs=_AT_WORK | {LegState.RESOLVED},
        to=None,
        roles=AGENCY_ROLES | DESK_ROLES,
        leg_roles=LEAD_ONLY,
        clock="所告知事项的时限停。",
        says="告知：把是否受理、终止调解、是否立案或处理结果告诉来电人；举报由派单台代为告知。",
        needs=(
            one_of("subject", "告知事项", *((subject.value, subject.label) for subject in NoticeSubject)),
            one_of("how", "告知方式", *NOTICE_WAYS, required=False),
            one_of("whom", "告知对象", *NOTICE_RECEIVERS, required=False),
            says("告知情况", required=False),
        ),
    ),
    Transition(
        action=Action.SUSPEND,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=_AT_WORK,
        to=None,
        roles=AGENCY_ROLES,
        clock="条文写明扣除的法定时限暂停；热线时限照走。",
        says="中止计时：检测鉴定等依法不计入期限的时间开始。",
        needs=(one_of("reason", "原因", *PAUSE_REASONS), says("说明", required=False)),
    ),
    Transition(
        action=Action.RESUME,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=_AT_WORK,
        to=None,
        roles=AGENCY_ROLES,
        clock="暂停的时限恢复计算。",
        says="恢复计时：不计入期限的时间结束。",
        needs=(says("说明", required=False),),
    ),
    Transition(
        action=Action.REQUEST_EXTEND,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=OPEN_LEG_STATES,
        to=None,
        roles=AGENCY_ROLES,
        clock="批准前时限照走。",
        says="申请延期：法定时限由本单位负责人批准，热线时限由办公室批准。",
        needs=(
            Need("policy", "时限", NeedKind.POLICY),
            Need("amount", "延长多少（按该时限的单位）", NeedKind.NUMBER, limit=_AMOUNT_LIMIT),
            says("延期理由"),
        ),
    ),
    Transition(
        action=Action.EXTEND,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=OPEN_LEG_STATES,
        to=None,
        roles=frozenset({Role.SUPERVISOR, Role.RESPONSIBLE}),
        clock="该时限按批准的数额延长。",
        says="批准延期。",
        needs=(one_of("request_id", "延期申请"), says("意见", required=False)),
    ),
    Transition(
        action=Action.REFUSE_EXTEND,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=OPEN_LEG_STATES,
        to=None,
        roles=frozenset({Role.SUPERVISOR, Role.RESPONSIBLE}),
        clock="时限不变。",
        says="不准延期：写明理由。",
        needs=(one_of("request_id", "延期申请"), says("不准的理由")),
    ),
    Transition(
        action=Action.RESOLVE,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=_AT_WORK,
        to=LegState.RESOLVED,
        roles=AGENCY_ROLES,
        clock="本承办段的时限停；牵头单位办结的，工单办结时限停，回访时限起算。",
        says="办结：写明结果和答复；牵头单位须在配合单位办结或免予协办之后。",
        needs=(one_of("outcome", "办理结果", *OUTCOMES), says("答复内容")),
    ),
    Transition(
        action=Action.WAIVE,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=OPEN_LEG_STATES,
        to=LegState.WAIVED,
        roles=DESK_ROLES,
        leg_roles=CO_ONLY,
        clock="该配合单位的时限终止。",
        says="免予协办：不再需要该配合单位，写明理由。",
        needs=(says("免予协办的理由"),),
    ),
    Transition(
        action=Action.REPLY,
        scope=Scope.LEG,
        cases=_TELLING,
        legs=OPEN_LEG_STATES | {LegState.RESOLVED},
        to=None,
        roles=AGENCY_ROLES,
        leg_roles=LEAD_ONLY,
        clock="督办报告或催办答复时限停。",
        says="回复督办、催办：写明办到哪一步、为什么、何时办结。",
        needs=(DEMAND, says("回复内容")),
    ),
    Transition(
        action=Action.SUPPLEMENT,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=_AT_WORK,
        to=None,
        roles=AGENCY_ROLES,
        kinds=DISPUTE_ONLY,
        leg_roles=LEAD_ONLY,
        clock=SUPPLEMENT_CLOCK,
        says="补充材料：牵头单位联系投诉人时问到的，补空缺的项目；已登记的由派单台更正。",
        needs=SUPPLEMENT_NEEDS,
        form=False,
    ),
    Transition(
        action=Action.EVIDENCE,
        scope=Scope.LEG,
        cases=_TELLING,
        legs=OPEN_LEG_STATES | {LegState.RESOLVED},
        to=None,
        roles=AGENCY_ROLES,
        clock="不影响时限。",
        says="上传证据：承办单位提交。",
        needs=EVIDENCE_NEEDS,
        form=False,
    ),
    Transition(
        action=Action.LOOK,
        scope=Scope.LEG,
        cases=_RUNNING,
        legs=OPEN_LEG_STATES,
        to=None,
        roles=AGENCY_ROLES,
        kinds=DISPUTE_ONLY,
        leg_roles=LEAD_ONLY,
        clock="不影响时限。",
        says="查看身份：牵头单位为调解所必需，查看投诉人姓名、电话，逐次留痕（121号令第37条）。",
        needs=(
            Need(
                "fields",
                "查看的项目",
                NeedKind.CHOICES,
                choices=tuple((code, label) for code, label in IDENTITY_LABELS.items() if code in MEDIATION_FIELDS),
            ),
            one_of("why", "查看的理由", *LOOK_WHYS),
        ),
        form=False,
    ),
)
