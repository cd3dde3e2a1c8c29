"""Where somebody wanted to go, or what they had typed, when their login had ended: kept until they are back.

A form that arrives without a login is answered with the login page, which carries it along in a hidden field, never on
the server. After the login the person sees that it was not sent and sends it by a button, with a token of the new
login. Files are not carried.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import current_app, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from hotline.web.access import rule_of
from hotline.web.addresses import own_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from flask.typing import ResponseReturnValue

    from hotline.vocabulary import Role

NEXT, CARRIED = "next", "carried"
MOST_CHARACTERS = 200_000
_NEVER = frozenset({"csrf_token", "password", "current", "new_password", "again"})
_CODE = re.compile(r"[0-9a-f]{32}\w{0,4}|[a-z_]{1,40}|[0-9-]+|/\S*")
"""What a form carries that nobody typed: ids and tokens, codes of choices, counts, addresses."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A form that was not sent: its fields as they came, and whether files went with it."""

    fields: tuple[tuple[str, str], ...]
    files: bool = False

    @property
    def longest(self) -> str:
        """What the person will know it by; empty where nothing was written."""
        return max((value for _, value in self.fields if not _CODE.fullmatch(value)), key=len, default="")

    def packed(self) -> str:
        """For the hidden field."""
        return json.dumps({"fields": self.fields, "files": self.files}, ensure_ascii=False)


def ask_to_sign_in() -> ResponseReturnValue:
    """The login in place of a page that needs one."""
    if request.method != "POST":
        wanted = request.full_path.removesuffix("?")
        return redirect(url_for("auth.login", next=wanted if wanted != "/" else None))
    fields = sent_fields()
    if not fields or sum(len(value) for _, value in fields) > MOST_CHARACTERS:
        return redirect(url_for("auth.login"))
    carried = Carried(fields, files=bool(request.files))
    return login_page(carried=carried.packed(), wanted=request.full_path.removesuffix("?")), 401


def sent_fields() -> tuple[tuple[str, str], ...]:
    """The fields of the form that came with this request, without what is never shown or carried."""
    return tuple((name, value) for name, value in request.form.items(multi=True) if name not in _NEVER)


def login_page(username: str = "", problem: str = "", *, carried: str = "", wanted: str = "") -> str:
    """The login, with what is to be done after it."""
    return render_template("auth/login.html", username=username, problem=problem, carried=carried, wanted=wanted)


def go_on(role: Role) -> Response:
    """Where the login leads: to the form that was not sent, to the page that was wanted, else home."""
    wanted, carried = own_path(request.form.get(NEXT, "")), _unpacked(request.form.get(CARRIED, ""))
    if carried and _may_open(wanted, "POST", role):
        return make_response(render_template("auth/resume.html", carried=carried, wanted=wanted))
    if wanted and not carried and _may_open(wanted, "GET", role):
        return make_response(redirect(wanted))
    return make_response(redirect(url_for("home.index")))


def _may_open(path: str, method: str, role: Role) -> bool:
    """Whether there is such a page, and for this role: another person may have signed in."""
    try:
        endpoint, _ = current_app.create_url_adapter(request).match(path.partition("?")[0], method=method)  # type: ignore[union-attr]  # A request always has one.
    except HTTPException:
        return False
    rule = rule_of(current_app.view_functions.get(str(endpoint)))
    return rule is not None and role in rule.roles


def _unpacked(typed: str) -> Carried | None:
    """What the hidden field holds; None where it is empty or was tampered with."""
    try:
        data: Mapping[str, object] = json.loads(typed) if typed else {}
        fields = tuple((str(name), str(value)) for name, value in data["fields"])  # type: ignore[attr-defined]  # Checked by the except.
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return Carried(tuple(each for each in fields if each[0] not in _NEVER), files=bool(data.get("files")))
