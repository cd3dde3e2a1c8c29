"""What an agency tells, and how it ends: 告知, 办结, 免予协办, 回复督办和催办."""

from __future__ import annotations

from hotline.casework.form_needs import DEMAND, one_of, says
from hotline.casework.state_groups import AT_WORK, TELLING, WITH_AGENCIES
from hotline.casework.transitions import CO_ONLY, LEAD_ONLY, Scope, Transition
from hotline.vocabulary import AGENCY_ROLES, DESK_ROLES, OPEN_LEG_STATES, Action, LegState, NoticeSubject

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

NOTICE_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.NOTIFY,
        scope=Scope.LEG,
        cases=TELLING,
        legs=AT_WORK | {LegState.RESOLVED},
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
)

CLOSING_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.RESOLVE,
        scope=Scope.LEG,
        cases=WITH_AGENCIES,
        legs=AT_WORK,
        to=LegState.RESOLVED,
        roles=AGENCY_ROLES,
        clock="本承办段的时限停；牵头单位办结的，工单办结时限停，回访时限起算。",
        says="办结：写明结果和答复；牵头单位须在配合单位办结或免予协办之后。",
        needs=(one_of("outcome", "办理结果", *OUTCOMES), says("答复内容")),
    ),
    Transition(
        action=Action.WAIVE,
        scope=Scope.LEG,
        cases=WITH_AGENCIES,
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
        cases=TELLING,
        legs=OPEN_LEG_STATES | {LegState.RESOLVED},
        to=None,
        roles=AGENCY_ROLES,
        leg_roles=LEAD_ONLY,
        clock="督办报告或催办答复时限停。",
        says="回复督办、催办：写明办到哪一步、为什么、何时办结。",
        needs=(DEMAND, says("回复内容")),
    ),
)
