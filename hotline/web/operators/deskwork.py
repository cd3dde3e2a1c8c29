"""派单台: what waits for the desk after registration, tab by tab: dispatch, returns, review, follow-up, reminders.

What is done goes to the case page's actions and comes back here; only a look at a caller's phone is the desk's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import render_template, request, url_for

from hotline.casework.desk import act
from hotline.errors import NotFoundError
from hotline.records import Command
from hotline.store import queries, worklists
from hotline.store.crime_marks import marks_of
from hotline.store.merging import merged_groups
from hotline.store.tallies import state_counts
from hotline.vocabulary import Action, CaseState, Role
from hotline.web.access import DESK, roles
from hotline.web.cases import load_case
from hotline.web.context import account, actor, desk, now, services
from hotline.web.operators import choices
from hotline.web.operators.deskrows import works_of
from hotline.web.operators.room import blueprint

if TYPE_CHECKING:
    from hotline.records import Complaint
    from hotline.store.casestore import CaseStore
    from hotline.store.lines import CaseLine
    from hotline.store.paging import Page

TABS = (
    ("ready", "待派单", CaseState.READY),
    ("disputed", "退单", CaseState.DISPUTED),
    ("resolved", "待审核", CaseState.RESOLVED),
    ("follow_up", "待回访", CaseState.FOLLOW_UP),
)
LATE = "late"
CALL_BACK = ("name", "phone")
UNKNOWN_TAB = "没有这个标签页，请从派单台重新打开。"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who to call back, after a look that is on record."""

    case_id: str
    complaint: Complaint


@blueprint.get("/desk", endpoint="desk")
@roles(*DESK)
def desk_page() -> str:
    """One tab of the desk."""
    return _page(request.args.get("tab", ""))


@blueprint.post("/desk/<case_id>/look")
@roles(*DESK)
def call_back(case_id: str) -> str:
    """Show the caller's name and phone for a follow-up call; that somebody looked is an event before it is shown."""
    with services().read() as store:
        snapshot = load_case(store, case_id)
    command = Command(Action.LOOK, data={"fields": CALL_BACK, "why": "call_back"})
    with services().write() as store:
        act(store, case_id, command, desk=desk(), actor=actor(), now=now())
        complaint = store.complaint(snapshot.complaint_id)
    return _page("follow_up", Caller(case_id, complaint))


def _page(tab: str, caller: Caller | None = None) -> str:
    with services().read() as store:
        counts = state_counts(store.session, account().office_id)
        tab = tab or next((name for name, _, state in TABS if counts.get(state)), TABS[0][0])
        page = _lines(store, tab)
        works = works_of(store, page.lines)
        ids = [line.case_id for line in page.lines]
        marks, groups = marks_of(store.session, ids), merged_groups(store.session, actor(), ids)
    back = url_for("operators.desk", tab=tab)
    return render_template(
        "operators/desk.html",
        tab=tab,
        tabs=[(name, title, counts.get(state, 0)) for name, title, state in TABS],
        works=works,
        marks=marks,
        groups=groups,
        next=url_for("operators.desk", tab=tab, after=page.next) if page.next else None,
        back=back,
        caller=caller,
        bodies=choices.bodies(),
        whys=choices.need_choices(Action.REASSIGN, "why"),
        satisfied=choices.need_choices(Action.FOLLOW_UP, "satisfied"),
        supervisor=account().role is Role.SUPERVISOR,
    )


def _lines(store: CaseStore, tab: str) -> Page[CaseLine]:
    """The cases of one tab, the nearest deadline first.

    Raises:
        NotFoundError: There is no such tab.
    """
    after = request.args.get("after")
    if tab == LATE:
        filters = queries.CaseFilters(states=(CaseState.DISPATCHED,), overdue=True)
        return queries.case_list(store.session, actor(), filters, now=now(), after=after, limit=choices.ROWS)
    states = [state for name, _, state in TABS if name == tab]
    if not states:
        raise NotFoundError(UNKNOWN_TAB)
    return worklists.by_deadline(store.session, account().office_id, states, after=after, limit=choices.ROWS)
