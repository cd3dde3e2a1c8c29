"""What can be counted: how a clock stands, the figures of a period, what callers said."""

from __future__ import annotations

from hotline.vocabulary import Term

DESK = "desk"
"""Stands for a body where the clock is the desk's own, or where no agency leads the case yet."""


class ClockState(Term):
    """How a clock stands at a moment; every clock is in exactly one of these."""

    OVERDUE = "overdue", "已逾期"
    DUE_SOON = "due_soon", "即将到期"
    RUNNING = "running", "进行中"
    PAUSED = "paused", "中止计时"
    MET = "met", "按时完成"
    LATE = "late", "逾期后完成"


class Figure(Term):
    """A figure of a period: `breached` are cases with a deadline that passed in it."""

    RECEIVED = "received", "收到"
    DISPATCHED = "dispatched", "派出"
    RESOLVED = "resolved", "办结"
    BREACHED = "breached", "发生逾期"


class Answer(Term):
    """What callers said at the follow-up: the hits and the totals of 解决率 and 满意率."""

    SOLVED = "solved", "回访：已解决"
    SOLVED_ASKED = "solved_asked", "回访：回答了是否解决"
    SATISFIED = "satisfied", "回访：满意"
    SATISFIED_ASKED = "satisfied_asked", "回访：满意或不满意"
