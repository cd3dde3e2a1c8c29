"""移送公安 inside the agency: proposed, decided by its head, handed over (国务院令第310号第5、6条)."""

from __future__ import annotations

from hotline.casework.form_needs import one_of, says
from hotline.casework.matter_words import MatterMove, MatterState, Side, Step
from hotline.casework.needs import Need, NeedKind
from hotline.casework.transfer_terms import BY_ASKER, BY_HEAD, DOCUMENTS_NEED, transfer_row

_POLICE = Need("body", "同级公安机关", NeedKind.BODY)

PROPOSING_MOVES: tuple[MatterMove, ...] = (
    transfer_row(
        Step.PROPOSE,
        frozenset(),
        MatterState.PROPOSED,
        frozenset({Side.BEGINNER}),
        clock="负责人3日内决定是否移送。",
        says="提出移送涉嫌犯罪案件的书面报告（第5条）。",
        needs=(_POLICE, one_of("crime", "涉嫌罪名"), says("核实情况和移送理由")),
        starts=("X310-DECIDE",),
    ),
    transfer_row(
        Step.APPROVE,
        frozenset({MatterState.PROPOSED}),
        MatterState.APPROVED,
        BY_HEAD,
        clock="决定时限停；24小时内向同级公安机关移送。",
        says="负责人批准移送（第5条）。提出的人不能自己批准。",
        needs=(says("批准意见", required=False),),
        starts=("X310-TRANSFER",),
        stops=("X310-DECIDE",),
    ),
    transfer_row(
        Step.REFUSE,
        frozenset({MatterState.PROPOSED}),
        MatterState.REFUSED,
        BY_HEAD,
        clock="决定时限停，移送终止。",
        says="负责人不批准移送，应当写明理由（第5条：不予批准的理由记录在案）。",
        needs=(says("不批准的理由"),),
        stops=("X310-DECIDE",),
    ),
    transfer_row(
        Step.WITHDRAW,
        frozenset({MatterState.PROPOSED}),
        MatterState.WITHDRAWN,
        BY_ASKER,
        clock="决定时限停。",
        says="提出的报告在决定前撤销。",
        needs=(says("撤销理由"),),
        stops=("X310-DECIDE",),
    ),
    transfer_row(
        Step.HAND,
        frozenset({MatterState.APPROVED}),
        MatterState.HANDED,
        BY_ASKER,
        clock="移送时限停；公安机关的转送、补正通知（24小时）和审查（3日）时限起算。",
        says="向同级公安机关移送，附案件移送书、调查报告、物品清单等（第5、6条）。",
        needs=(DOCUMENTS_NEED, says("移送情况", required=False)),
        starts=("X310-FORWARD", "GA-INCOMPLETE", "X310-REVIEW"),
        stops=("X310-TRANSFER",),
    ),
)
