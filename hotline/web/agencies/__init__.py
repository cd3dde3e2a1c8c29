"""An agency's queue: its own legs, the most urgent first, signing in the list, and extensions to approve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.casework.desk import act
from hotline.errors import HotlineError
from hotline.records import Command
from hotline.store import queries
from hotline.store.queue_heads import queue_figures
from hotline.store.queue_tabs import Tab
from hotline.store.queues import legs_in
from hotline.store.queues import queue as read_queue
from hotline.vocabulary import Action, Role
from hotline.web.access import AGENCY, roles
from hotline.web.agencies import reporting
from hotline.web.agencies.lines import queue_lines
from hotline.web.agencies.room import blueprint, own_body
from hotline.web.cases import load_case
from hotline.web.context import account, actor, desk, now, services
from hotline.web.navigation import read_counts
from hotline.web.waiting import count_requests_for_me, requests_for_me

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.store.casestore import CaseStore

__all__ = ["blueprint", "reporting"]

MOST_AT_ONCE = 100
TABS = (
    (Tab.OPEN, "全部在办"),
    (Tab.UNSIGNED, "待签收"),
    (Tab.WORKING, "办理中"),
    (Tab.OWED, "办结待告知"),
    (Tab.RETURNED, "已退"),
    (Tab.DONE, "已办结"),
)


@blueprint.get("/queue")
@roles(*AGENCY)
def queue() -> str:
    """One page of one tab."""
    tab, after = _tab(request.args.get("tab", "")), request.args.get("after") or None
    with services().read() as store:
        page = read_queue(store.session, own_body(), tab, now(), after=after)
        lines = queue_lines(store.session, own_body(), page.lines)
        frame = _frame(store)
    following = url_for("agencies.queue", tab=str(tab), after=page.next) if page.next else None
    return render_template("agencies/queue.html", lines=lines, tab=tab, following=following, q="", **frame)


@blueprint.post("/queue")
@roles(*AGENCY)
def search() -> ResponseReturnValue:
    """Search within the body's own legs; what is searched for may be a phone, so it stands in no address."""
    q = request.form.get("q", "").replace("\x00", "").strip()
    if not q:
        return redirect(url_for("agencies.queue"))
    with services().read() as store:
        hits = queries.search(store.session, q, actor(), store.keyring)
        found = legs_in(store.session, own_body(), [hit.line.case_id for hit in hits])
        lines = queue_lines(store.session, own_body(), found)
        frame = _frame(store)
    return render_template("agencies/queue.html", lines=lines, tab=None, following=None, q=q, **frame)


@blueprint.post("/sign")
@roles(*AGENCY)
def sign() -> ResponseReturnValue:
    """Sign one leg, or all that are ticked; one that cannot be signed holds up no other."""
    only = request.form.get("only", "")
    chosen = [only] if only else list(dict.fromkeys(request.form.getlist("leg")))[:MOST_AT_ONCE]
    problems: list[str] = []
    for each in chosen:
        try:
            _sign(each)
        except HotlineError as error:
            problems.append(error.message)
    _tell(len(chosen) - len(problems), problems, chosen=bool(chosen))
    return redirect(url_for("agencies.queue", tab=str(_tab(request.form.get("tab", "")))))


@blueprint.get("/requests")
@roles(Role.RESPONSIBLE)
def requests() -> str:
    """Extensions of statutory clocks that the responsible person approves or refuses."""
    with services().read() as store:
        waiting = requests_for_me(store)
        frame = _frame(store)
    return render_template("agencies/requests.html", waiting=waiting, back=url_for("agencies.requests"), **frame)


def _frame(store: CaseStore) -> dict[str, object]:
    """What every page of the room shows: the tabs with their counts, what is late, and matters that wait."""
    counts, figures = queue_figures(store.session, own_body(), now())
    matters = read_counts(store.session, queued=counts[Tab.OPEN])["matters.index"]
    asked = count_requests_for_me(store) if account().role is Role.RESPONSIBLE else 0
    tabs = [(tab, label, counts[tab]) for tab, label in TABS]
    return {"tabs": tabs, "figures": figures, "matters": matters, "asked": asked}


def _sign(typed: str) -> None:
    case_id, _, leg_id = typed.partition(":")
    with services().read() as store:
        office_id = load_case(store, case_id).office_id
    with services().write() as store:
        act(store, case_id, Command(Action.SIGN, leg_id), desk=desk(office_id), actor=actor(), now=now())


def _tell(done: int, problems: list[str], *, chosen: bool) -> None:
    if not chosen:
        flash("没有选中工单。请勾选待签收的工单，再点“签收选中”。", "error")
    if done:
        flash(f"已签收 {done} 件。")
    if problems:
        flash(f"{len(problems)} 件没有签收：{problems[0]}", "error")


def _tab(typed: str) -> Tab:
    return next((tab for tab in Tab if tab == typed), Tab.OPEN)
