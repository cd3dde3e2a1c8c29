"""移送公安 at the police: receipt, jurisdiction, missing papers (310号令第7条, 公安程序规定第175、180条)."""

from __future__ import annotations

from hotline.casework.form_needs import says
from hotline.casework.matter_words import MatterMove, MatterState, Step
from hotline.casework.needs import Need, NeedKind
from hotline.casework.transfer_terms import BY_ASKER, BY_POLICE, DOCUMENTS_NEED, ON_REVIEW, transfer_row

REVIEWING_MOVES: tuple[MatterMove, ...] = (
    transfer_row(
        Step.ACKNOWLEDGE,
        frozenset({MatterState.HANDED}),
        MatterState.RECEIVED,
        BY_POLICE,
        clock="转送、补正通知时限停；审查时限照走。",
        says="公安机关在移送书回执上签字，属本机关管辖，材料齐全（第7条）。",
        needs=(says("回执情况", required=False),),
        stops=("X310-FORWARD", "GA-INCOMPLETE"),
    ),
    transfer_row(
        Step.FIND_ELSEWHERE,
        frozenset({MatterState.HANDED, MatterState.RECEIVED, MatterState.INCOMPLETE}),
        MatterState.ELSEWHERE,
        BY_POLICE,
        clock="公安机关24小时内转送；补正的时限停；审查时限照走，到转送为止。",
        says="经审查认为有犯罪事实，但不属本机关管辖（公安程序规定第175条）；时间填审查认定的时间。",
        needs=(says("审查认定情况", required=False),),
        starts=("GA-FORWARD",),
        stops=("GA-INCOMPLETE", "GA-SUPPLEMENT"),
    ),
    transfer_row(
        Step.FORWARD,
        frozenset({MatterState.HANDED, MatterState.RECEIVED, MatterState.INCOMPLETE, MatterState.ELSEWHERE}),
        MatterState.HANDED,
        BY_POLICE,
        clock="原公安机关的时限停；接受转送的公安机关重新起算。",
        says="不属本机关管辖的，24小时内转送有管辖权的机关并书面告知（310号令第7条，公安程序规定第175条）。",
        needs=(Need("body", "有管辖权的公安机关", NeedKind.BODY), says("转送情况", required=False)),
        starts=("X310-FORWARD", "GA-INCOMPLETE", "X310-REVIEW"),
        stops=ON_REVIEW,
    ),
    transfer_row(
        Step.INCOMPLETE,
        frozenset({MatterState.HANDED, MatterState.RECEIVED}),
        MatterState.INCOMPLETE,
        BY_POLICE,
        clock="补正通知时限停；移送机关3日内补正；审查时限照走，不得因材料不全拒收。",
        says="材料不全，书面通知移送机关补正（公安程序规定第180条）。",
        needs=(says("要求补正的材料"),),
        starts=("GA-SUPPLEMENT",),
        stops=("GA-INCOMPLETE", "X310-FORWARD"),
    ),
    transfer_row(
        Step.SUPPLEMENT,
        frozenset({MatterState.INCOMPLETE}),
        MatterState.RECEIVED,
        BY_ASKER,
        clock="补正时限停。",
        says="移送机关补正材料（公安程序规定第180条）。",
        needs=(DOCUMENTS_NEED, says("补正情况", required=False)),
        stops=("GA-SUPPLEMENT",),
    ),
)
