"""What the office demands and what it shows: 督办, 催办, 登记回复, 公开进展."""

from __future__ import annotations

from hotline.casework.form_needs import DEMAND, says
from hotline.casework.needs import Need, NeedKind
from hotline.casework.state_groups import RELEASABLE, WITH_AGENCIES
from hotline.casework.transitions import DISPUTE_ONLY, SUPERVISOR, Scope, Transition
from hotline.vocabulary import DESK_ROLES, OPEN_CASE_STATES, Action

SUPERVISION_MOVES: tuple[Transition, ...] = (
    Transition(
        action=Action.SUPERVISE,
        scope=Scope.CASE,
        cases=OPEN_CASE_STATES,
        to=None,
        roles=SUPERVISOR,
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
        cases=WITH_AGENCIES,
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
        cases=RELEASABLE,
        to=None,
        roles=SUPERVISOR,
        kinds=DISPUTE_ONLY,
        clock="不影响任何时限。",
        says="公开进展：经公众查询接口（Open311）公开本件的类别、地区、状态和日期；不公开内容、来电人和被投诉人。",
    ),
    Transition(
        action=Action.WITHHOLD,
        scope=Scope.CASE,
        cases=RELEASABLE,
        to=None,
        roles=SUPERVISOR,
        clock="不影响任何时限。",
        says="停止公开：公众查询接口不再列出本件。",
    ),
)
