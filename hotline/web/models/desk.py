"""What the desk makes of the model's guesses: the confusion, each correction with who and why, what to label next."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request, url_for

from hotline.learning.confusion import confusion
from hotline.store.desk_decisions import corrections, decided_cases, decision_pairs
from hotline.store.model_figures import least_certain
from hotline.vocabulary import Role
from hotline.web.access import roles
from hotline.web.context import account, now, services
from hotline.web.models.room import blueprint, since, weeks

RECENT = timedelta(weeks=4)
TO_LABEL = 50


@blueprint.get("/confusion")
@roles(Role.SUPERVISOR)
def confused() -> str:
    """The model's category against the desk's; each number opens its cases."""
    with services().read() as store:
        counts = decision_pairs(store.session, account().office_id, since())
    return render_template("models/confusion.html", found=confusion(counts), weeks=weeks())


@blueprint.get("/confusion/cases")
@roles(Role.SUPERVISOR)
def confused_cases() -> str:
    """The cases behind one number."""
    guess, decided = request.args.get("guess", ""), request.args.get("decided", "")
    with services().read() as store:
        lines = decided_cases(store, account().office_id, (guess, decided), since=since())
    return render_template(
        "models/corrections.html", lines=lines, guess=guess, decided=decided, weeks=weeks(), confirmed=False, next=None
    )


@blueprint.get("/corrections")
@roles(Role.SUPERVISOR)
def corrected() -> str:
    """Every correction (or confirmation), the newest first."""
    confirmed = request.args.get("confirmed") == "1"
    after = request.args.get("after") or None
    with services().read() as store:
        page = corrections(store, account().office_id, confirmed=confirmed, after=after)
    shown = "1" if confirmed else None
    following = url_for("models.corrected", after=page.next, confirmed=shown) if page.next else None
    return render_template(
        "models/corrections.html", lines=page.lines, guess="", decided="", confirmed=confirmed, next=following
    )


@blueprint.get("/labelling")
@roles(Role.SUPERVISOR)
def labelling() -> str:
    """The least certain cases that nobody has decided."""
    with services().read() as store:
        lines = least_certain(store.session, account().office_id, now() - RECENT, TO_LABEL)
    return render_template("models/labelling.html", lines=lines)
