"""启封审批: who asks to look at whose informer, and what was decided; one decides on the page of the case."""

from __future__ import annotations

from flask import render_template

from hotline.casework.unseal_request import WINDOW
from hotline.casework.unsealing import LOOK_WHYS
from hotline.store.unsealings import unsealings
from hotline.vocabulary import Role
from hotline.web.access import roles
from hotline.web.context import account, now, services
from hotline.web.supervisors.room import blueprint


@blueprint.get("/unsealings", endpoint="unsealings")
@roles(Role.SUPERVISOR)
def unsealing_list() -> str:
    """What waits, the oldest first, and the latest that were decided."""
    office_id = account().office_id
    with services().read() as store:
        waiting = unsealings(store.session, office_id, waiting=True)
        decided = unsealings(store.session, office_id, waiting=False)
    until = {each.id: each.decided_at + WINDOW for each in decided if each.granted and each.decided_at}
    return render_template(
        "supervisors/unsealings.html",
        waiting=waiting,
        decided=decided,
        until=until,
        now=now(),
        me=account().id,
        whys=dict(LOOK_WHYS),
    )
