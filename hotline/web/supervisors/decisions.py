"""What only the office decides: rulings on cases returned twice, extensions of hotline clocks."""

from __future__ import annotations

from flask import render_template, url_for

from hotline.casework.scene import FINAL_RETURNS
from hotline.store.to_decide import cases_to_rule
from hotline.vocabulary import Action, Role
from hotline.web.access import roles
from hotline.web.context import actor, services
from hotline.web.supervisors.room import blueprint
from hotline.web.waiting import requests_for_me, waiting_for


@blueprint.get("/requests")
@roles(Role.SUPERVISOR)
def requests() -> str:
    """Both lists, the longest waiting first, with the forms to decide by."""
    with services().read() as store:
        rulings = waiting_for(store, cases_to_rule(store.session, actor(), FINAL_RETURNS), Action.RULE)
        extensions = requests_for_me(store)
    back = url_for("supervisors.requests")
    return render_template("supervisors/requests.html", rulings=rulings, extensions=extensions, back=back)
