"""A dispute at the agency that leads: 受理, 不予受理, 终止调解 (121号令；2026-04-15 前收到的为 20号令)."""

from __future__ import annotations

from hotline.casework.form_needs import GROUND_NEEDS, flag
from hotline.casework.state_groups import SIGNED, WITH_AGENCIES
from hotline.casework.transitions import DISPUTE_ONLY, LEAD_ONLY, Scope, Transition
from hotline.vocabulary import AGENCY_ROLES, Action, LegState

_TOLD = flag("told", "已告知来电人")

MEDIATION_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.ACCEPT,
        scope=Scope.LEG,
        cases=WITH_AGENCIES,
        legs=SIGNED,
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
        cases=WITH_AGENCIES,
        legs=SIGNED,
        to=LegState.DECLINED,
        roles=AGENCY_ROLES,
        kinds=DISPUTE_ONLY,
        leg_roles=LEAD_ONLY,
        clock="受理时限到告知来电人理由和其他途径为止。",
        says="不予受理：写明收件日有效规章的法定情形。",
        needs=(*GROUND_NEEDS, _TOLD),
    ),
    Transition(
        action=Action.TERMINATE,
        scope=Scope.LEG,
        cases=WITH_AGENCIES,
        legs=frozenset({LegState.SIGNED, LegState.ACCEPTED}),
        to=LegState.TERMINATED,
        roles=AGENCY_ROLES,
        kinds=DISPUTE_ONLY,
        leg_roles=LEAD_ONLY,
        clock="调解时限停；终止告知时限起算。",
        says="终止调解：写明法定情形；退回重办的，以前受理过的也可以终止。",
        needs=(*GROUND_NEEDS, _TOLD),
    ),
)
