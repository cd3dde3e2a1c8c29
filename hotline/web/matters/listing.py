"""What concerns a person: the office's matters, or those its body asks or is asked in; supervisors see figures."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for

from hotline.reports.matter_figures import matter_figures
from hotline.store.matters import matter_list
from hotline.vocabulary import Role
from hotline.web.access import STAFF, roles
from hotline.web.context import account, actor, now, services
from hotline.web.matters.reading import ANSWERS
from hotline.web.matters.room import blueprint


@blueprint.get("/")
@roles(*STAFF)
def index() -> str:
    """One page of the list, open ones unless all are asked for."""
    everything = request.args.get("all") == "1"
    after = request.args.get("after") or None
    supervisor = account().role is Role.SUPERVISOR
    with services().read() as store:
        page = matter_list(store.session, actor(), open_only=not everything, after=after)
        figures = matter_figures(store.session, account().office_id, now()) if supervisor else ()
    query: dict[str, Any] = {"all": "1"} if everything else {}
    return render_template(
        "matters/index.html",
        lines=page.lines,
        everything=everything,
        figures=figures,
        supervisor=supervisor,
        answers=ANSWERS,
        following=url_for("matters.index", **query, after=page.next) if page.next else None,
    )
