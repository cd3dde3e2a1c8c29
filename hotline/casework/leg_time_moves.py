"""How an agency's time is counted: 中止, 恢复, 延期的申请和批复."""

from __future__ import annotations

from hotline.casework.form_needs import one_of, says
from hotline.casework.needs import Need, NeedKind
from hotline.casework.state_groups import AT_WORK, WITH_AGENCIES
from hotline.casework.transitions import Scope, Transition
from hotline.vocabulary import AGENCY_ROLES, OPEN_LEG_STATES, Action, Role

PAUSE_REASONS = (
    ("appraisal", "鉴定、检测、检验"),
    ("inspection", "检疫、权利人辨认或鉴别"),
    ("hearing", "听证"),
    ("announcement", "公告"),
    ("stay", "案件中止"),
)
_AMOUNT_LIMIT = 365

LEG_TIME_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.SUSPEND,
        scope=Scope.LEG,
        cases=WITH_AGENCIES,
        legs=AT_WORK,
        to=None,
        roles=AGENCY_ROLES,
        clock="条文写明扣除的法定时限暂停；热线时限照走。",
        says="中止计时：检测鉴定等依法不计入期限的时间开始。",
        needs=(one_of("reason", "原因", *PAUSE_REASONS), says("说明", required=False)),
    ),
    Transition(
        action=Action.RESUME,
        scope=Scope.LEG,
        cases=WITH_AGENCIES,
        legs=AT_WORK,
        to=None,
        roles=AGENCY_ROLES,
        clock="暂停的时限恢复计算。",
        says="恢复计时：不计入期限的时间结束。",
        needs=(says("说明", required=False),),
    ),
    Transition(
        action=Action.REQUEST_EXTEND,
        scope=Scope.LEG,
        cases=WITH_AGENCIES,
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
        cases=WITH_AGENCIES,
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
        cases=WITH_AGENCIES,
        legs=OPEN_LEG_STATES,
        to=None,
        roles=frozenset({Role.SUPERVISOR, Role.RESPONSIBLE}),
        clock="时限不变。",
        says="不准延期：写明理由。",
        needs=(one_of("request_id", "延期申请"), says("不准的理由")),
    ),
)
