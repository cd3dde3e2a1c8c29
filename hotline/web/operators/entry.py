"""登记: the entry form with its live preview, saving, and the page that shows the number to read out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, get_flashed_messages, make_response, redirect, render_template, request, session, url_for

from hotline.errors import HotlineError, IdempotencyError, NotFoundError
from hotline.store import queries
from hotline.store.ids import new_id
from hotline.vocabulary import CaseState
from hotline.web.access import DESK, roles
from hotline.web.cases import UNKNOWN
from hotline.web.context import account, actor, now, services
from hotline.web.errors import STATUS
from hotline.web.operators import choices
from hotline.web.operators.forms import read_entry
from hotline.web.operators.preview import make_preview
from hotline.web.operators.refused import prefilled
from hotline.web.operators.room import blueprint
from hotline.web.operators.saving import save
from hotline.web.operators.typed import typed_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from flask.typing import ResponseReturnValue

    from hotline.web.operators.forms import Entry
    from hotline.web.operators.preview import Preview

FRAGMENT = "X-Fragment"
AGAIN = "这张表单已经登记过，内容后来有改动。如要另登记一件，请再按一次保存。"
ONCE = "（只显示这一次，请读给来电人，凭编号和查询码查进度）"
_SPOKEN = str.maketrans("0123456789", "零幺二三四五六七八九")


@blueprint.get("/new")
@roles(*DESK)
def new() -> str:
    """An empty form, or one filled from a refused record that is to be put right."""
    typed = {"channel": session.get(_channel_key(), "")}
    quarantine_id = request.args.get("quarantine", "")
    if quarantine_id:
        typed |= prefilled(quarantine_id) | {"quarantine_id": quarantine_id}
    return _form(typed)


@blueprint.post("/preview")
@roles(*DESK)
def preview() -> ResponseReturnValue:
    """The preview of what stands in the form: a fragment for the script, the whole page without one."""
    shown = make_preview(_entry(request.form))
    if request.headers.get(FRAGMENT):
        page = render_template("operators/_preview.html", preview=shown, typed=typed_of(request.form))
    else:
        page = _form(typed_of(_accepted(request.form)), shown=make_preview(_entry(_accepted(request.form))))
    return _timed(page, shown)


@blueprint.post("/new")
@roles(*DESK)
def create() -> ResponseReturnValue:
    """Save; what cannot be saved comes back with everything that was typed."""
    entry = _entry(request.form)
    typed = typed_of(request.form)
    if "channel" not in entry.errors:
        session[_channel_key()] = entry.draft.channel
    try:
        results = save(
            entry,
            dispatch=request.form.get("then") != "keep",
            quarantine_id=request.form.get("quarantine_id", ""),
            links=request.form.getlist("link"),
        )
    except IdempotencyError:
        page = _form(typed | {"token": new_id()}, problem=AGAIN, shown=make_preview(entry))
        return page, STATUS[IdempotencyError]
    except HotlineError as error:
        status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), None)
        if status is None:
            raise
        return _form(typed, problem=error.message, errors=error.fields, shown=make_preview(entry)), status
    for each in results:
        if each.follow_code:  # Told once: nothing but its digest is kept.
            flash(f"{each.number} 的查询码：{each.follow_code}{ONCE}", "code")
    also = results[1].case_id if len(results) > 1 else None
    refused = "1" if request.form.get("quarantine_id") else None
    return redirect(url_for("operators.saved", case_id=results[0].case_id, also=also, refused=refused))


@blueprint.get("/saved/<case_id>")
@roles(*DESK)
def saved(case_id: str) -> str:
    """The number to read out, and what happens next."""
    wanted = [case_id, *request.args.getlist("also")[:1]]
    with services().read() as store:
        lines = [queries.case_line(store.session, each, actor()) for each in wanted]
        clocks = {each: queries.clocks_of(store.session, each) for each in wanted}
    found = [line for line in lines if line is not None]
    if len(found) < len(wanted):
        raise NotFoundError(UNKNOWN)
    running = {key: [clock for clock in each if clock.running()] for key, each in clocks.items()}
    return render_template(
        "operators/saved.html",
        cases=found,
        clocks=running,
        spoken=spoken,
        states=CaseState,
        groups=number_groups,
        refused=request.args.get("refused") == "1",
        codes=get_flashed_messages(category_filter=["code"]),
    )


def number_groups(number: str) -> list[str]:
    """A case number in groups of at most four digits, so that it can be read out."""
    parts = []
    for part in number.split("-"):
        parts += [part] if len(part) <= 4 else [part[i : i + 3] for i in range(0, len(part), 3)]  # noqa: PLR2004 - a year stays whole.
    return parts


def spoken(number: str) -> str:
    """The number as it is said on the telephone, 1 as 幺."""
    return "，".join(group.translate(_SPOKEN) for group in number_groups(number))


def _channel_key() -> str:
    return f"channel:{account().id}"


def _entry(form: Mapping[str, str]) -> Entry:
    return read_entry(form, now=now(), rulebook=services().rulebook)


def _accepted(form: Mapping[str, str]) -> dict[str, str]:
    """The form after a button of the preview was pressed where no script runs: a category accepted, a field filled."""
    typed = dict(form.items())
    if typed.get("accept"):
        typed["category"] = typed["accept"]
    name, _, value = typed.get("fill", "").partition("=")
    if name:
        typed[name] = value
    return typed


def _form(
    typed: Mapping[str, str],
    *,
    shown: Preview | None = None,
    problem: str = "",
    errors: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "operators/new.html",
        typed={"token": new_id(), "urgency": "一般", **typed},
        preview=shown,
        problem=problem,
        errors=errors or {},
        office=choices.own_office(),
        today=now(),
        **choices.as_context(),
    )


def _timed(page: str, shown: Preview) -> Response:
    """The answer with the time it took on the server, which a browser shows with its own."""
    response = make_response(page)
    response.headers["Server-Timing"] = f"preview;dur={shown.milliseconds:.1f}"
    return response
