"""Which cases a figure counts: one record that makes the figure, the list behind it, its address and its words.

Figures of a period count cases, each once; the breach cube counts clocks, and the list it opens says how many cases and
how many clocks it holds. With a clock's state, a
clock or a period of clocks, `body` is the body whose clock it is; with a figure of the week it is the body the figure
is about; otherwise a body with a leg in the case. Days are days in Asia/Shanghai, both ends included.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from hotline.casework.periods import end_of, start_of
from hotline.casework.timeshare import Part
from hotline.errors import InvalidInputError
from hotline.vocabulary import CaseState, Kind, Term

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T", bound=Term)
DESK = "desk"
"""Stands for a body where the clock is the desk's own, or where no agency leads the case yet."""
YES = "1"
INSTANT = timedelta(microseconds=1)
_URL_NAMES = {"since": "from", "until": "to"}


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


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list is narrowed by; what is left out does not narrow.

    `since` and `until` bound the figure's moment, or the start of the clocks where `clock`, `policy` or `started` says
    that clocks are meant, or the follow-up where an `answer` is asked, else the receipt of the case. `known` are clocks
    that ended or are overdue; `spent` are closed cases of whose time this part (and, where named, `body`) took some.
    `merged` are cases that are one matter with others.
    `asof` counts what had happened by that moment: a paper that was printed on Friday opens Friday's cases.
    """

    clock: ClockState | None = None
    policy: str = ""
    started: bool = False
    figure: Figure | None = None
    since: date | None = None
    until: date | None = None
    body: str = ""
    category: str = ""
    channel: str = ""
    kind: Kind | None = None
    state: CaseState | None = None
    supervised: bool = False
    silent: bool = False
    focus: str = ""
    cause: Part | None = None
    known: bool = False
    answer: Answer | None = None
    spent: Part | None = None
    asof: datetime | None = None
    merged: bool = False

    @property
    def of_clocks(self) -> bool:
        """Whether cases are chosen by their clocks."""
        return self.figure is None and bool(self.clock or self.policy or self.started or self.cause or self.known)

    def with_clock(self, state: ClockState) -> Selection:
        """The same, narrowed to one state of the clock."""
        return replace(self, clock=state)

    def span(self) -> tuple[datetime | None, datetime | None]:
        """The first moment of the period and the first after it, never later than just after `asof`."""
        ends = [end_of(self.until)] if self.until else []
        ends += [self.asof + INSTANT] if self.asof else []
        return start_of(self.since) if self.since else None, min(ends, default=None)

    def seen_at(self, now: datetime) -> datetime:
        """The moment by which deadlines are judged."""
        return min(now, self.asof) if self.asof else now


def to_query(selection: Selection) -> dict[str, str]:
    """The selection as parameters of an address; no personal data stands in one."""
    query = {}
    for each in fields(Selection):
        value = getattr(selection, each.name)
        if value:
            text = YES if value is True else value.isoformat() if isinstance(value, date) else str(value)
            query[_URL_NAMES.get(each.name, each.name)] = text
    return query


def from_query(query: Mapping[str, str]) -> Selection:
    """The selection that an address means.

    Raises:
        InvalidInputError: A date or a code cannot be read, or the period ends before it begins.
    """
    since, until = _day(query, "from"), _day(query, "to")
    if since and until and since > until:
        message = "起始日期晚于截止日期，请改正后再查。"
        raise InvalidInputError(message, to="早于起始日期")
    return Selection(
        clock=_term(ClockState, query, "clock"),
        policy=_code(query, "policy"),
        started=query.get("started") == YES,
        figure=_term(Figure, query, "figure"),
        since=since,
        until=until,
        body=_code(query, "body"),
        category=_code(query, "category"),
        channel=_code(query, "channel"),
        kind=_term(Kind, query, "kind"),
        state=_term(CaseState, query, "state"),
        supervised=query.get("supervised") == YES,
        silent=query.get("silent") == YES,
        focus=_code(query, "focus"),
        cause=_term(Part, query, "cause"),
        known=query.get("known") == YES,
        answer=_term(Answer, query, "answer"),
        spent=_term(Part, query, "spent"),
        asof=_moment(query, _term(ClockState, query, "clock")),
        merged=query.get("merged") == YES,
    )


def _moment(query: Mapping[str, str], clock: ClockState | None) -> datetime | None:
    """The moment of a paper; how a clock that ran stood then is not kept, so only ended ones can be asked for."""
    typed = query.get("asof", "").strip()
    if not typed:
        return None
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        message = "统计时间无法识别，请从报表里的链接重新打开。"
        raise InvalidInputError(message, asof="时间无法识别")
    if clock not in {None, ClockState.MET, ClockState.LATE}:
        message = "进行中的时限只能按现在查看，请去掉统计时间。"
        raise InvalidInputError(message, asof="只能按现在查看")
    return found


def _term(terms: type[T], query: Mapping[str, str], name: str) -> T | None:
    typed = query.get(name, "")
    if not typed:
        return None
    for member in terms:
        if member == typed:
            return member
    message = "筛选条件无效，请从页面上的选项中选择。"
    raise InvalidInputError(message, **{name: "没有这个选项"})


def _code(query: Mapping[str, str], name: str) -> str:
    code = query.get(name, "").strip()
    if len(code) > 64 or not code.isprintable():  # noqa: PLR2004 - no code of ours is as long.
        message = "筛选条件无效，请从页面上的选项中选择。"
        raise InvalidInputError(message, **{name: "没有这个选项"})
    return code


def _day(query: Mapping[str, str], name: str) -> date | None:
    typed = query.get(name, "").strip()
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = None
    if day is None or not date(1990, 1, 1) <= day <= date(2199, 12, 31):
        message = "日期无法识别，请写成 2026-11-21 的样子。"
        raise InvalidInputError(message, **{name: "日期无法识别"})
    return day
