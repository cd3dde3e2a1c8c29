"""An agency takes a leg up, or gives it back: 签收, 退单, 首次联系."""

from __future__ import annotations

from hotline.casework.form_needs import line, says
from hotline.casework.needs import Need, NeedKind
from hotline.casework.state_groups import AT_WORK, QUEUED, SIGNED, WITH_AGENCIES
from hotline.casework.transitions import LEAD_ONLY, Scope, Transition
from hotline.vocabulary import AGENCY_ROLES, DESK_ROLES, Action, LegState

SIGNING_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.SIGN,
        scope=Scope.LEG,
        cases=WITH_AGENCIES,
        legs=QUEUED,
        to=LegState.SIGNED,
        roles=AGENCY_ROLES,
        clock="签收时限停；法定时限不因签收早晚而变。",
        says="签收：承办单位收下本件。",
    ),
    Transition(
        action=Action.RETURN,
        scope=Scope.LEG,
        cases=WITH_AGENCIES,
        legs=QUEUED | SIGNED,
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
        cases=WITH_AGENCIES,
        legs=AT_WORK,
        to=None,
        roles=AGENCY_ROLES | DESK_ROLES,
        leg_roles=LEAD_ONLY,
        clock="首次联系时限停。",
        says="首次联系：已联系来电人；举报由派单台代为联系。",
        needs=(says("联系情况", required=False),),
    ),
)
