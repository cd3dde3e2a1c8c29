"""The desk's way to an agency: 登记, 改类, 派单, 改派, 裁定."""

from __future__ import annotations

from hotline.casework.form_needs import line, one_of, says
from hotline.casework.needs import Need, NeedKind
from hotline.casework.state_groups import BEFORE_DISPATCH, DISPUTED, WITH_AGENCIES
from hotline.casework.transitions import DESK_OR_SYSTEM, SUPERVISOR, Scope, Transition
from hotline.vocabulary import DESK_ROLES, Action, CaseState, Kind, Urgency

_KIND = one_of("kind", "性质", *((kind.value, kind.label) for kind in Kind))
_URGENCY = one_of("urgency", "紧急程度", *((urgency.value, urgency.label) for urgency in Urgency))
_STATE = one_of(
    "state", "下一步", *((state.value, state.label) for state in (CaseState.READY, CaseState.TRIAGE)), required=False
)
_LEGS = (
    Need("lead", "牵头单位", NeedKind.BODY),
    Need("co", "配合单位", NeedKind.BODIES, required=False),
)
REASSIGN_WHYS = (
    ("returned", "退单有理，改派"),
    ("return_refused", "退单理由不成立，仍由原单位办理"),
    ("wrong_dispatch", "派单有误，收回改派"),
    ("add_co", "增加或调整配合单位"),
    ("successor", "单位撤并，由承继单位办理"),
)

DISPATCH_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.REGISTER,
        scope=Scope.CASE,
        cases=frozenset(),
        to=None,
        roles=DESK_OR_SYSTEM,
        clock="派单时限自收到诉求起算。",
        says="登记：工单的第一个事件，由登记用例写入；存疑的进待分拣，否则进待派单。",
        form=False,
    ),
    Transition(
        action=Action.CLASSIFY,
        scope=Scope.CASE,
        cases=BEFORE_DISPATCH | DISPUTED,
        to=None,
        roles=DESK_ROLES,
        clock="不影响已起的时限；按新的性质、紧急程度确定后续时限。",
        says="改类：人工确认类别、环节、性质和紧急程度；退单待处理的仍待处理。",
        needs=(one_of("category", "类别"), one_of("setting", "环节"), _KIND, _URGENCY, _STATE),
    ),
    Transition(
        action=Action.DISPATCH,
        scope=Scope.CASE,
        cases=BEFORE_DISPATCH,
        to=CaseState.DISPATCHED,
        roles=DESK_OR_SYSTEM,
        clock="派单时限停；各承办段的签收、退单、首次联系、法定时限和工单办结时限起算。",
        says="派单：交给牵头单位和配合单位；待分拣的须由人确认后派。",
        needs=(*_LEGS, line("plan", "依据方案", required=False), line("clause", "职责条目", required=False)),
    ),
    Transition(
        action=Action.REASSIGN,
        scope=Scope.CASE,
        cases=WITH_AGENCIES,
        to=CaseState.DISPATCHED,
        roles=DESK_OR_SYSTEM,
        clock="改派裁定时限停；收回的承办段时限终止，新的承办段重新起算；工单办结时限不重算。",
        says="改派：退单未满两次的，由派单台另行指定；办理中的也可收回改派。单位和角色不变的承办段照旧。",
        needs=(*_LEGS, one_of("why", "改派原因", *REASSIGN_WHYS)),
    ),
    Transition(
        action=Action.RULE,
        scope=Scope.CASE,
        cases=DISPUTED,
        to=CaseState.DISPATCHED,
        roles=SUPERVISOR,
        clock="改派裁定时限停；新的承办段时限起算；此后不得再退单。",
        says="裁定：退单两次的由领导小组办公室指定承办单位，为最终决定。",
        needs=(*_LEGS, says("裁定理由")),
    ),
)
