"""Matters: what a case asks of another body beside its legs (移送公安, 联合执法, 协查): words, records, a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.vocabulary import Action, Term

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.casework.needs import Need

MATTERS = frozenset({Action.TRANSFER, Action.JOINT, Action.COOPERATE})
REPLY_CLOCK = {Action.TRANSFER: "X310-REVIEW", Action.JOINT: "H-JOINT", Action.COOPERATE: "H-COOPERATE"}
"""The clock of the other body's answer, by which figures say whether it was in time."""


class MatterState(Term):
    """事项状态."""

    PROPOSED = "proposed", "待批准移送"
    APPROVED = "approved", "已批准，待移送"
    REFUSED = "refused", "不予移送"
    HANDED = "handed", "已移送，待公安接受"
    RECEIVED = "received", "公安已接受，待审查"
    INCOMPLETE = "incomplete", "待补正材料"
    ELSEWHERE = "elsewhere", "公安认定不属管辖，待转送"
    FILED = "filed", "公安已立案，待移交物品材料"
    NOT_FILED = "not_filed", "公安不予立案"
    OBJECTED = "objected", "已提请复议"
    UPHELD = "upheld", "复议维持不立案"
    SUGGESTED = "suggested", "已建议立案监督"
    ASKED_WHY = "asked_why", "待公安说明理由"
    EXPLAINED = "explained", "公安已说明理由"
    ORDERED = "ordered", "检察院已通知立案"
    DONE = "done", "移送办结"
    ENDED = "ended", "移送终结"
    ASKED = "asked", "待答复"
    ANSWERED = "answered", "已答复"
    CLOSED = "closed", "已结束"
    WITHDRAWN = "withdrawn", "已撤销"


CLOSED_STATES = frozenset(
    {
        MatterState.REFUSED,
        MatterState.DONE,
        MatterState.ENDED,
        MatterState.ANSWERED,
        MatterState.CLOSED,
        MatterState.WITHDRAWN,
    }
)


class Step(Term):
    """步骤: what happens in a matter; each is an event of the case with the matter's id."""

    PROPOSE = "propose", "提出移送"
    APPROVE = "approve", "批准移送"
    REFUSE = "refuse", "不批准移送"
    HAND = "hand", "移送"
    ACKNOWLEDGE = "acknowledge", "公安接受（回执）"
    FIND_ELSEWHERE = "find_elsewhere", "公安认定不属管辖"
    FORWARD = "forward", "公安转送"
    INCOMPLETE = "incomplete", "公安通知补正"
    SUPPLEMENT = "supplement", "补正材料"
    POLICE_FILE = "police_file", "公安立案"
    POLICE_NOT_FILE = "police_not_file", "公安不予立案"
    HAND_OVER = "hand_over", "移交物品材料"
    OBJECT = "object", "提请复议"
    UPHOLD = "uphold", "复议维持"
    SUGGEST = "suggest", "建议立案监督"
    ASK_WHY = "ask_why", "检察院要求说明理由"
    EXPLAIN = "explain", "公安说明理由"
    ORDER = "order", "检察院通知立案"
    COPY = "copy", "抄送检察机关"
    END = "end", "终结移送"
    ASK = "ask", "发起"
    ANSWER = "answer", "答复"
    CLOSE = "close", "结束"
    WITHDRAW = "withdraw", "撤销"


class Side(Term):
    """谁可以办: seen from the matter, whose asker is a body or the office itself."""

    BEGINNER = "beginner", "派单台或牵头单位"
    ASKER = "asker", "发起单位"
    HEAD = "head", "发起单位负责人（办公室发起的为督办员）"
    OTHER = "other", "对方单位"


@dataclass(frozen=True, slots=True)
class Party:
    """Who was asked: a body of the directory, or one outside by `name`; `asked_seq` is the event that asked."""

    number: int
    body_id: str
    name: str
    asked_at: datetime
    asked_seq: int
    answered_at: datetime | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as its events make it. `asker` is a body's id, empty for the office; `target` is who will be asked."""

    id: str
    kind: Action
    state: MatterState
    asker: str
    opened_at: datetime
    opened_by: str
    last_at: datetime
    target: str = ""
    crime: str = ""
    documents: tuple[str, ...] = ()
    parties: tuple[Party, ...] = ()
    copied_at: datetime | None = None
    copied_to: str = ""
    closed_at: datetime | None = None

    def party_of(self, body_id: str | None) -> Party | None:
        """The newest party that is this body."""
        found = [party for party in self.parties if body_id and party.body_id == body_id]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class MatterMove:
    """One row: from `states` (none: it begins the matter) to `to` (None stays); policies that start and stop.

    `clock` says in Chinese what it does to the clocks, `says` what the step is, with its article.
    """

    kind: Action
    step: Step
    states: frozenset[MatterState]
    to: MatterState | None
    sides: frozenset[Side]
    clock: str
    says: str
    needs: tuple[Need, ...] = ()
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()


def clock_id(matter_id: str, policy: str, seq: int, party: int) -> str:
    """The id of a matter's clock; `party` is 0 for a clock of the asker."""
    return f"{matter_id}:{policy}:{seq}:{party}"
