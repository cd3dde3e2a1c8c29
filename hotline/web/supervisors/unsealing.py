"""启封与解除: what waits for a second person before an informer is seen; one decides on the page of the case.

Who asks to look at whose informer, and what was decided; and the cases that are no 举报 any more and still protected.
"""

from __future__ import annotations

from flask import render_template

from hotline.casework.unseal_request import WINDOW
from hotline.casework.unsealing import LOOK_WHYS
from hotline.store.liftings import MOST, liftings
from hotline.store.unsealings import unsealings
from hotline.vocabulary import Role
from hotline.web.access import roles
from hotline.web.context import account, now, services
from hotline.web.supervisors.room import blueprint


@blueprint.get("/unsealings", endpoint="unsealings")
@roles(Role.SUPERVISOR)
def unsealing_list() -> str:
    """What waits, the oldest first, and the latest that were decided; of what may be lifted the open cases first."""
    office_id = account().office_id
    with services().read() as store:
        waiting = unsealings(store.session, office_id, waiting=True)
        decided = unsealings(store.session, office_id, waiting=False)
        guarded, ended = (liftings(store.session, office_id, closed=closed) for closed in (False, True))
    until = {each.id: each.decided_at + WINDOW for each in decided if each.granted and each.decided_at}
    return render_template(
        "supervisors/unsealings.html",
        waiting=waiting,
        decided=decided,
        guarded=guarded,
        ended=ended,
        most=MOST,
        until=until,
        now=now(),
        me=account().id,
        whys=dict(LOOK_WHYS),
    )
