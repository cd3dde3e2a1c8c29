"""The police decide: 立案, 不予立案, and what follows at once: 移交, 复议 (310号令第8、9、12条)."""

from __future__ import annotations

from hotline.casework.form_needs import line, says
from hotline.casework.matter_words import MatterMove, MatterState, Step
from hotline.casework.transfer_terms import BY_ASKER, BY_POLICE, ON_REVIEW, transfer_row

_REVIEWING = frozenset({MatterState.HANDED, MatterState.RECEIVED, MatterState.INCOMPLETE, MatterState.ELSEWHERE})

FILING_MOVES: tuple[MatterMove, ...] = (
    transfer_row(
        Step.POLICE_FILE,
        _REVIEWING
        | {
            MatterState.OBJECTED,
            MatterState.SUGGESTED,
            MatterState.ASKED_WHY,
            MatterState.EXPLAINED,
            MatterState.ORDERED,
        },
        MatterState.FILED,
        BY_POLICE,
        clock="公安机关的时限停；移送机关3日内移交涉案物品和材料。",
        says="公安机关决定立案并书面通知（第8条；经复议或立案监督后立案的亦同）。",
        needs=(line("file_no", "立案决定书文号", required=False), says("说明", required=False)),
        starts=("X310-HANDOVER",),
        stops=(*ON_REVIEW, "X310-REDECIDE", "GA-EXPLAIN", "GA-FILE"),
    ),
    transfer_row(
        Step.POLICE_NOT_FILE,
        _REVIEWING,
        MatterState.NOT_FILED,
        BY_POLICE,
        clock="公安机关的时限停；移送机关3日内可提请复议。",
        says="公安机关决定不予立案，书面通知并说明理由，退回案卷（第8条）。",
        needs=(says("不予立案的理由"),),
        starts=("X310-RECONSIDER",),
        stops=ON_REVIEW,
    ),
    transfer_row(
        Step.HAND_OVER,
        frozenset({MatterState.FILED}),
        MatterState.DONE,
        BY_ASKER,
        clock="移交时限停，移送办结。",
        says="自接到立案通知书之日起3日内移交涉案物品和有关材料，办结交接手续（第12条）。",
        needs=(says("移交情况"),),
        stops=("X310-HANDOVER",),
    ),
    transfer_row(
        Step.OBJECT,
        frozenset({MatterState.NOT_FILED}),
        MatterState.OBJECTED,
        BY_ASKER,
        clock="提请复议时限停；公安机关3日内作出复议决定。",
        says="对不予立案有异议，提请复议（第9条）。",
        needs=(says("复议理由"),),
        starts=("X310-REDECIDE",),
        stops=("X310-RECONSIDER",),
    ),
    transfer_row(
        Step.UPHOLD,
        frozenset({MatterState.OBJECTED}),
        MatterState.UPHELD,
        BY_POLICE,
        clock="复议时限停；移送机关3日内可建议检察院立案监督。",
        says="公安机关复议维持不予立案（第9条）。",
        needs=(says("复议决定的理由"),),
        starts=("X310-SUPERVISE",),
        stops=("X310-REDECIDE",),
    ),
)
