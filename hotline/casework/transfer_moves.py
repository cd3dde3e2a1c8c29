"""移送公安 as a table: 《行政执法机关移送涉嫌犯罪案件的规定》（国务院令第310号）, 公安机关办理刑事案件程序规定.

What the police and the procuratorate do is entered by the police themselves where they have accounts, otherwise by the
asker from their written notice; the time it happened is kept beside the time it was entered.
"""

from __future__ import annotations

from functools import partial

from hotline.casework.matter_words import MatterMove, MatterState, Side, Step
from hotline.casework.needs import Need, NeedKind
from hotline.casework.transitions import line, one_of, says
from hotline.vocabulary import Action

DOCUMENTS = (
    ("letter", "涉嫌犯罪案件移送书"),
    ("report", "涉嫌犯罪案件情况的调查报告"),
    ("list", "涉案物品清单"),
    ("test", "检验报告或者鉴定结论"),
    ("more", "其他有关涉嫌犯罪的材料"),
)
NEEDED_DOCUMENTS = ("letter", "report", "list")
"""第6条: always; a test report and other papers where there are any."""
_DOCUMENTS = Need("documents", "所附材料（第6条）", NeedKind.CHOICES, choices=DOCUMENTS)
_POLICE = Need("body", "同级公安机关", NeedKind.BODY)
_S = MatterState
_BY_POLICE = frozenset({Side.OTHER, Side.ASKER})
_BY_ASKER = frozenset({Side.ASKER})
_BY_HEAD = frozenset({Side.HEAD})
_REVIEWING = frozenset({_S.HANDED, _S.RECEIVED, _S.INCOMPLETE, _S.ELSEWHERE})
_ON_REVIEW = ("X310-FORWARD", "GA-FORWARD", "GA-INCOMPLETE", "X310-REVIEW", "GA-SUPPLEMENT")


_row = partial(MatterMove, Action.TRANSFER)

TRANSFER_MOVES: tuple[MatterMove, ...] = (
    _row(
        Step.PROPOSE,
        frozenset(),
        _S.PROPOSED,
        frozenset({Side.BEGINNER}),
        clock="负责人3日内决定是否移送。",
        says="提出移送涉嫌犯罪案件的书面报告（第5条）。",
        needs=(_POLICE, one_of("crime", "涉嫌罪名"), says("核实情况和移送理由")),
        starts=("X310-DECIDE",),
    ),
    _row(
        Step.APPROVE,
        frozenset({_S.PROPOSED}),
        _S.APPROVED,
        _BY_HEAD,
        clock="决定时限停；24小时内向同级公安机关移送。",
        says="负责人批准移送（第5条）。提出的人不能自己批准。",
        needs=(says("批准意见", required=False),),
        starts=("X310-TRANSFER",),
        stops=("X310-DECIDE",),
    ),
    _row(
        Step.REFUSE,
        frozenset({_S.PROPOSED}),
        _S.REFUSED,
        _BY_HEAD,
        clock="决定时限停，移送终止。",
        says="负责人不批准移送，应当写明理由（第5条：不予批准的理由记录在案）。",
        needs=(says("不批准的理由"),),
        stops=("X310-DECIDE",),
    ),
    _row(
        Step.WITHDRAW,
        frozenset({_S.PROPOSED}),
        _S.WITHDRAWN,
        _BY_ASKER,
        clock="决定时限停。",
        says="提出的报告在决定前撤销。",
        needs=(says("撤销理由"),),
        stops=("X310-DECIDE",),
    ),
    _row(
        Step.HAND,
        frozenset({_S.APPROVED}),
        _S.HANDED,
        _BY_ASKER,
        clock="移送时限停；公安机关的转送、补正通知（24小时）和审查（3日）时限起算。",
        says="向同级公安机关移送，附案件移送书、调查报告、物品清单等（第5、6条）。",
        needs=(_DOCUMENTS, says("移送情况", required=False)),
        starts=("X310-FORWARD", "GA-INCOMPLETE", "X310-REVIEW"),
        stops=("X310-TRANSFER",),
    ),
    _row(
        Step.ACKNOWLEDGE,
        frozenset({_S.HANDED}),
        _S.RECEIVED,
        _BY_POLICE,
        clock="转送、补正通知时限停；审查时限照走。",
        says="公安机关在移送书回执上签字，属本机关管辖，材料齐全（第7条）。",
        needs=(says("回执情况", required=False),),
        stops=("X310-FORWARD", "GA-INCOMPLETE"),
    ),
    _row(
        Step.FIND_ELSEWHERE,
        frozenset({_S.HANDED, _S.RECEIVED, _S.INCOMPLETE}),
        _S.ELSEWHERE,
        _BY_POLICE,
        clock="公安机关24小时内转送；补正的时限停；审查时限照走，到转送为止。",
        says="经审查认为有犯罪事实，但不属本机关管辖（公安程序规定第175条）；时间填审查认定的时间。",
        needs=(says("审查认定情况", required=False),),
        starts=("GA-FORWARD",),
        stops=("GA-INCOMPLETE", "GA-SUPPLEMENT"),
    ),
    _row(
        Step.FORWARD,
        frozenset({_S.HANDED, _S.RECEIVED, _S.INCOMPLETE, _S.ELSEWHERE}),
        _S.HANDED,
        _BY_POLICE,
        clock="原公安机关的时限停；接受转送的公安机关重新起算。",
        says="不属本机关管辖的，24小时内转送有管辖权的机关并书面告知（310号令第7条，公安程序规定第175条）。",
        needs=(Need("body", "有管辖权的公安机关", NeedKind.BODY), says("转送情况", required=False)),
        starts=("X310-FORWARD", "GA-INCOMPLETE", "X310-REVIEW"),
        stops=_ON_REVIEW,
    ),
    _row(
        Step.INCOMPLETE,
        frozenset({_S.HANDED, _S.RECEIVED}),
        _S.INCOMPLETE,
        _BY_POLICE,
        clock="补正通知时限停；移送机关3日内补正；审查时限照走，不得因材料不全拒收。",
        says="材料不全，书面通知移送机关补正（公安程序规定第180条）。",
        needs=(says("要求补正的材料"),),
        starts=("GA-SUPPLEMENT",),
        stops=("GA-INCOMPLETE", "X310-FORWARD"),
    ),
    _row(
        Step.SUPPLEMENT,
        frozenset({_S.INCOMPLETE}),
        _S.RECEIVED,
        _BY_ASKER,
        clock="补正时限停。",
        says="移送机关补正材料（公安程序规定第180条）。",
        needs=(_DOCUMENTS, says("补正情况", required=False)),
        stops=("GA-SUPPLEMENT",),
    ),
    _row(
        Step.POLICE_FILE,
        _REVIEWING | {_S.OBJECTED, _S.SUGGESTED, _S.ASKED_WHY, _S.EXPLAINED, _S.ORDERED},
        _S.FILED,
        _BY_POLICE,
        clock="公安机关的时限停；移送机关3日内移交涉案物品和材料。",
        says="公安机关决定立案并书面通知（第8条；经复议或立案监督后立案的亦同）。",
        needs=(line("file_no", "立案决定书文号", required=False), says("说明", required=False)),
        starts=("X310-HANDOVER",),
        stops=(*_ON_REVIEW, "X310-REDECIDE", "GA-EXPLAIN", "GA-FILE"),
    ),
    _row(
        Step.POLICE_NOT_FILE,
        _REVIEWING,
        _S.NOT_FILED,
        _BY_POLICE,
        clock="公安机关的时限停；移送机关3日内可提请复议。",
        says="公安机关决定不予立案，书面通知并说明理由，退回案卷（第8条）。",
        needs=(says("不予立案的理由"),),
        starts=("X310-RECONSIDER",),
        stops=_ON_REVIEW,
    ),
    _row(
        Step.HAND_OVER,
        frozenset({_S.FILED}),
        _S.DONE,
        _BY_ASKER,
        clock="移交时限停，移送办结。",
        says="自接到立案通知书之日起3日内移交涉案物品和有关材料，办结交接手续（第12条）。",
        needs=(says("移交情况"),),
        stops=("X310-HANDOVER",),
    ),
    _row(
        Step.OBJECT,
        frozenset({_S.NOT_FILED}),
        _S.OBJECTED,
        _BY_ASKER,
        clock="提请复议时限停；公安机关3日内作出复议决定。",
        says="对不予立案有异议，提请复议（第9条）。",
        needs=(says("复议理由"),),
        starts=("X310-REDECIDE",),
        stops=("X310-RECONSIDER",),
    ),
    _row(
        Step.UPHOLD,
        frozenset({_S.OBJECTED}),
        _S.UPHELD,
        _BY_POLICE,
        clock="复议时限停；移送机关3日内可建议检察院立案监督。",
        says="公安机关复议维持不予立案（第9条）。",
        needs=(says("复议决定的理由"),),
        starts=("X310-SUPERVISE",),
        stops=("X310-REDECIDE",),
    ),
    _row(
        Step.SUGGEST,
        frozenset({_S.NOT_FILED, _S.UPHELD}),
        _S.SUGGESTED,
        _BY_ASKER,
        clock="提请复议、建议监督时限停。",
        says="建议人民检察院依法进行立案监督（第9条）。",
        needs=(line("procuratorate", "检察机关"), says("建议的理由")),
        stops=("X310-RECONSIDER", "X310-SUPERVISE"),
    ),
    _row(
        Step.ASK_WHY,
        frozenset({_S.SUGGESTED}),
        _S.ASKED_WHY,
        _BY_POLICE,
        clock="公安机关7日内书面说明不立案理由。",
        says="检察院要求说明不立案理由（公安程序规定第182条）。",
        needs=(says("文书情况", required=False),),
        starts=("GA-EXPLAIN",),
    ),
    _row(
        Step.EXPLAIN,
        frozenset({_S.ASKED_WHY}),
        _S.EXPLAINED,
        _BY_POLICE,
        clock="说明理由时限停。",
        says="公安机关书面说明不立案理由（公安程序规定第182条）。",
        needs=(says("说明的理由"),),
        stops=("GA-EXPLAIN",),
    ),
    _row(
        Step.ORDER,
        frozenset({_S.SUGGESTED, _S.ASKED_WHY, _S.EXPLAINED}),
        _S.ORDERED,
        _BY_POLICE,
        clock="公安机关15日内立案。",
        says="检察院认为不立案理由不成立，通知立案（公安程序规定第182条）。",
        needs=(says("文书情况", required=False),),
        starts=("GA-FILE",),
        stops=("GA-EXPLAIN",),
    ),
    _row(
        Step.COPY,
        frozenset(_S) - {_S.PROPOSED, _S.APPROVED, _S.REFUSED, _S.WITHDRAWN, _S.ASKED, _S.ANSWERED, _S.CLOSED},
        None,
        _BY_ASKER,
        clock="不影响时限。",
        says="将案件移送书和材料目录抄送同级人民检察院。",
        needs=(line("procuratorate", "检察机关"), says("抄送情况", required=False)),
    ),
    _row(
        Step.END,
        frozenset({_S.NOT_FILED, _S.UPHELD, _S.SUGGESTED, _S.EXPLAINED}),
        _S.ENDED,
        _BY_HEAD,
        clock="全部移送时限终止。",
        says="不再主张移送，由行政机关依法处理（第10条），写明理由。",
        needs=(says("终结的理由"),),
        stops=("X310-RECONSIDER", "X310-SUPERVISE"),
    ),
)
