"""What is suspected, filed and decided: 发现线索, 立案, 不予立案, 处理决定 (市场监督管理行政处罚程序规定)."""

from __future__ import annotations

from hotline.casework.form_needs import GROUND_NEEDS, says
from hotline.casework.state_groups import AT_WORK, SIGNED, WITH_AGENCIES
from hotline.casework.transitions import DISPUTE_ONLY, REPORT_ONLY, Scope, Transition
from hotline.vocabulary import AGENCY_ROLES, Action, LegState


def _file_rows() -> tuple[Transition, ...]:
    """立案 and 不予立案: on a report they are the leg's state; in a dispute a fact beside the mediation (第27条)."""
    rows = []
    for action, needs in ((Action.FILE, ()), (Action.NOT_FILE, GROUND_NEEDS)):
        verified = "查实立案" if action is Action.FILE else "写明情形，不予立案"
        rows += [
            Transition(
                action=action,
                scope=Scope.LEG,
                cases=WITH_AGENCIES,
                legs=SIGNED,
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
                cases=WITH_AGENCIES,
                legs=AT_WORK,
                to=None,
                roles=AGENCY_ROLES,
                kinds=DISPUTE_ONLY,
                clock="线索核查时限停；调解时限照走；立案的，办案时限起算。",
                says=f"{action.label}：调解中发现的违法线索经核查，{verified}；不影响调解。",
                needs=needs,
            ),
        ]
    return tuple(rows)


FILING_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.CLUE,
        scope=Scope.LEG,
        cases=WITH_AGENCIES,
        legs=AT_WORK,
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
        cases=WITH_AGENCIES,
        legs=AT_WORK,
        to=None,
        roles=AGENCY_ROLES,
        clock="办案时限停。",
        says="作出处理决定：立案案件已有处理决定。",
        needs=(says("决定内容", required=False),),
    ),
)
