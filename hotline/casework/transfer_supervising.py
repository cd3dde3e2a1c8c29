"""移送公安 before the procuratorate: 立案监督, 抄送, the end (310号令第9、10条, 公安程序规定第182条)."""

from __future__ import annotations

from hotline.casework.form_needs import line, says
from hotline.casework.matter_words import MatterMove, MatterState, Step
from hotline.casework.transfer_terms import BY_ASKER, BY_HEAD, BY_POLICE, transfer_row

SUPERVISING_MOVES: tuple[MatterMove, ...] = (
    transfer_row(
        Step.SUGGEST,
        frozenset({MatterState.NOT_FILED, MatterState.UPHELD}),
        MatterState.SUGGESTED,
        BY_ASKER,
        clock="提请复议、建议监督时限停。",
        says="建议人民检察院依法进行立案监督（第9条）。",
        needs=(line("procuratorate", "检察机关"), says("建议的理由")),
        stops=("X310-RECONSIDER", "X310-SUPERVISE"),
    ),
    transfer_row(
        Step.ASK_WHY,
        frozenset({MatterState.SUGGESTED}),
        MatterState.ASKED_WHY,
        BY_POLICE,
        clock="公安机关7日内书面说明不立案理由。",
        says="检察院要求说明不立案理由（公安程序规定第182条）。",
        needs=(says("文书情况", required=False),),
        starts=("GA-EXPLAIN",),
    ),
    transfer_row(
        Step.EXPLAIN,
        frozenset({MatterState.ASKED_WHY}),
        MatterState.EXPLAINED,
        BY_POLICE,
        clock="说明理由时限停。",
        says="公安机关书面说明不立案理由（公安程序规定第182条）。",
        needs=(says("说明的理由"),),
        stops=("GA-EXPLAIN",),
    ),
    transfer_row(
        Step.ORDER,
        frozenset({MatterState.SUGGESTED, MatterState.ASKED_WHY, MatterState.EXPLAINED}),
        MatterState.ORDERED,
        BY_POLICE,
        clock="公安机关15日内立案。",
        says="检察院认为不立案理由不成立，通知立案（公安程序规定第182条）。",
        needs=(says("文书情况", required=False),),
        starts=("GA-FILE",),
        stops=("GA-EXPLAIN",),
    ),
    transfer_row(
        Step.COPY,
        frozenset(MatterState)
        - {
            MatterState.PROPOSED,
            MatterState.APPROVED,
            MatterState.REFUSED,
            MatterState.WITHDRAWN,
            MatterState.ASKED,
            MatterState.ANSWERED,
            MatterState.CLOSED,
        },
        None,
        BY_ASKER,
        clock="不影响时限。",
        says="将案件移送书和材料目录抄送同级人民检察院。",
        needs=(line("procuratorate", "检察机关"), says("抄送情况", required=False)),
    ),
    transfer_row(
        Step.END,
        frozenset({MatterState.NOT_FILED, MatterState.UPHELD, MatterState.SUGGESTED, MatterState.EXPLAINED}),
        MatterState.ENDED,
        BY_HEAD,
        clock="全部移送时限终止。",
        says="不再主张移送，由行政机关依法处理（第10条），写明理由。",
        needs=(says("终结的理由"),),
        stops=("X310-RECONSIDER", "X310-SUPERVISE"),
    ),
)
