"""What a leg gathers on pages of its own: 补充材料, 上传证据, 查看身份."""

from __future__ import annotations

from hotline.casework.form_needs import EVIDENCE_NEEDS, SUPPLEMENT_CLOCK, SUPPLEMENT_NEEDS, one_of
from hotline.casework.needs import Need, NeedKind
from hotline.casework.privacy import IDENTITY_LABELS, MEDIATION_FIELDS
from hotline.casework.state_groups import AT_WORK, TELLING, WITH_AGENCIES
from hotline.casework.transitions import DISPUTE_ONLY, LEAD_ONLY, Scope, Transition
from hotline.casework.unsealing import LOOK_WHYS
from hotline.vocabulary import AGENCY_ROLES, OPEN_LEG_STATES, Action, LegState

LEG_PAPER_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.SUPPLEMENT,
        scope=Scope.LEG,
        cases=WITH_AGENCIES,
        legs=AT_WORK,
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
        cases=TELLING,
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
        cases=WITH_AGENCIES,
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
