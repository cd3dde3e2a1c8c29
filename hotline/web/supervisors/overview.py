"""What is overdue and due soon, by agency, category, channel and clock: each number opens exactly its cases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import render_template

from hotline.casework.scene import FINAL_RETURNS
from hotline.moments import local_date
from hotline.reports.cases import count_cases
from hotline.reports.figure_words import DESK, ClockState
from hotline.reports.selection import Selection
from hotline.store import queries
from hotline.store.to_decide import cases_to_rule
from hotline.vocabulary import CaseState, Role
from hotline.web.access import roles
from hotline.web.context import account, actor, now, services
from hotline.web.supervisors.room import blueprint, cases_url, labels
from hotline.web.waiting import count_requests_for_me

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlmodel import Session

    from hotline.store.figures import Count


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the list of its cases, and how long its bar is (0 to 100)."""

    value: int
    url: str
    share: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a board: overdue and due soon."""

    label: str
    overdue: Number
    due_soon: Number


@dataclass(frozen=True, slots=True)
class Board:
    """One table of the overview."""

    head: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One big number at the top."""

    label: str
    value: int
    url: str
    tone: str = ""


@blueprint.get("/overview")
@roles(Role.SUPERVISOR)
def overview() -> str:
    """The overview."""
    with services().read() as store:
        counts = queries.overdue_counts(store.session, account().office_id, now())
        tiles = _tiles(store.session, counts.total)
        waiting = (len(cases_to_rule(store.session, actor(), FINAL_RETURNS)), count_requests_for_me(store))
    words = labels()
    bodies = _board("单位", counts.by_body, lambda key: Selection(body=key or DESK), words.body)
    channels = _board("渠道", counts.by_channel, lambda key: Selection(channel=key), words.channel)
    policies = _board("时限", counts.by_policy, lambda key: Selection(policy=key), words.policy)
    categories = _board("类别", counts.by_category, lambda key: Selection(category=key), words.category)
    columns = ((bodies, channels, policies), (categories,))
    return render_template("supervisors/overview.html", tiles=tiles, columns=columns, waiting=waiting)


def _tiles(session: Session, total: Count) -> tuple[Tile, ...]:
    today = local_date(now())
    asked = (
        ("今日收到", Selection(since=today, until=today), ""),
        ("督办件", Selection(supervised=True), ""),
        ("退单待处理", Selection(state=CaseState.DISPUTED), ""),
        ("待分拣", Selection(state=CaseState.TRIAGE), ""),
    )
    late = Tile("已逾期", total.overdue, cases_url(Selection(clock=ClockState.OVERDUE)), "late")
    soon = Tile("即将到期", total.due_soon, cases_url(Selection(clock=ClockState.DUE_SOON)), "soon")
    rest = (
        Tile(label, count_cases(session, actor(), chosen, now()), cases_url(chosen), tone)
        for label, chosen, tone in asked
    )
    return (late, soon, *rest)


def _board(
    head: str, counts: Iterable[Count], chosen: Callable[[str], Selection], label: Callable[[str], str]
) -> Board:
    rows = [(label(count.key), chosen(count.key), count.overdue, count.due_soon) for count in counts]
    return Board(head, _lines(rows))


def _lines(rows: list[tuple[str, Selection, int, int]]) -> tuple[Line, ...]:
    most = max((max(late, soon) for _, _, late, soon in rows), default=0)

    def number(chosen: Selection, state: ClockState, value: int) -> Number:
        return Number(value, cases_url(replace(chosen, clock=state)), round(100 * value / most) if most else 0)

    return tuple(
        Line(name, number(chosen, ClockState.OVERDUE, late), number(chosen, ClockState.DUE_SOON, soon))
        for name, chosen, late, soon in rows
    )
