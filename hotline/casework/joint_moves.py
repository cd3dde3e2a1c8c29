"""联合执法 across agencies and 协查 asked of another region, as tables; their clocks are the hotline's own."""

from __future__ import annotations

from hotline.casework.form_needs import line, one_of, says
from hotline.casework.matter_words import MatterMove, MatterState, Side, Step
from hotline.casework.needs import Need, NeedKind
from hotline.casework.transfer_moves import TRANSFER_MOVES
from hotline.vocabulary import Action

JOINT_ANSWERS = (("joined", "参加"), ("declined", "不参加"))
COOPERATE_ANSWERS = (("done", "已协查"), ("partly", "部分完成"), ("unable", "无法协查"))
_ASKED = frozenset({MatterState.ASKED})
_BEGINNER = frozenset({Side.BEGINNER})
_ASKER = frozenset({Side.ASKER})

JOINT_MOVES: tuple[MatterMove, ...] = (
    MatterMove(
        Action.JOINT,
        Step.ASK,
        frozenset(),
        MatterState.ASKED,
        _BEGINNER,
        clock="每个被邀请单位的答复时限起算。",
        says="邀请其他单位联合执法，写明时间、地点和分工。",
        needs=(Need("bodies", "参加单位", NeedKind.BODIES), says("时间、地点和分工")),
        starts=("H-JOINT",),
    ),
    MatterMove(
        Action.JOINT,
        Step.ANSWER,
        _ASKED,
        None,
        frozenset({Side.OTHER}),
        clock="本单位的答复时限停。",
        says="被邀请单位答复是否参加。",
        needs=(one_of("answer", "答复", *JOINT_ANSWERS), says("说明")),
        stops=("H-JOINT",),
    ),
    MatterMove(
        Action.JOINT,
        Step.CLOSE,
        _ASKED,
        MatterState.CLOSED,
        _ASKER,
        clock="未答复的时限终止。",
        says="联合执法结束，写明结果。",
        needs=(says("联合执法结果"),),
        stops=("H-JOINT",),
    ),
    MatterMove(
        Action.JOINT,
        Step.WITHDRAW,
        _ASKED,
        MatterState.WITHDRAWN,
        _ASKER,
        clock="时限终止。",
        says="撤销联合执法。",
        needs=(says("撤销理由"),),
        stops=("H-JOINT",),
    ),
    MatterMove(
        Action.COOPERATE,
        Step.ASK,
        frozenset(),
        MatterState.ASKED,
        _BEGINNER,
        clock="对方的协查答复时限起算。",
        says="请其他地区或单位协助调查；名录以外的单位写明名称，其答复由发起单位登记。",
        needs=(
            Need("body", "协查单位（名录内）", NeedKind.BODY, required=False),
            line("outside", "协查单位（名录外）", required=False),
            says("协查事项和要求"),
        ),
        starts=("H-COOPERATE",),
    ),
    MatterMove(
        Action.COOPERATE,
        Step.ANSWER,
        _ASKED,
        MatterState.ANSWERED,
        frozenset({Side.OTHER, Side.ASKER}),
        clock="协查答复时限停。",
        says="协查单位答复；名录以外单位的答复由发起单位登记。",
        needs=(one_of("answer", "结果", *COOPERATE_ANSWERS), says("协查情况")),
        stops=("H-COOPERATE",),
    ),
    MatterMove(
        Action.COOPERATE,
        Step.WITHDRAW,
        _ASKED,
        MatterState.WITHDRAWN,
        _ASKER,
        clock="时限终止。",
        says="撤销协查。",
        needs=(says("撤销理由"),),
        stops=("H-COOPERATE",),
    ),
)
MATTER_MOVES: tuple[MatterMove, ...] = TRANSFER_MOVES + JOINT_MOVES
BY_STEP = {(row.kind, row.step): row for row in MATTER_MOVES}
