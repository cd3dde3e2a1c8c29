"""导入: a file of one channel, judged and registered row by row; what is refused goes to quarantine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, request

from hotline.errors import InvalidInputError, UnusableFileError
from hotline.importing.files import import_file
from hotline.intake.likeness import Sameness
from hotline.intake.outcome import why_near
from hotline.store.worklists import waiting_quarantine
from hotline.web.access import DESK, roles
from hotline.web.context import account, actor, now, services
from hotline.web.operators import choices
from hotline.web.operators.room import blueprint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from hotline.intake.outcome import ImportOutcome, Repeat

SOURCE = "页面导入"
SHOWN = 200
REPEATS = 500
"""Records of a file whose likely repeats are looked up: some seconds at most."""
NAME_LIMIT = 80
ONLY_PARTY = "同一来电人或被投诉人"


@blueprint.get("/import", endpoint="import_page")
@roles(*DESK)
def import_page() -> str:
    """The form."""
    return _page()


@blueprint.post("/import")
@roles(*DESK)
def upload() -> ResponseReturnValue:
    """Import the file and say what became of it."""
    file, channel = request.files.get("file"), request.form.get("channel", "")
    if not file or not file.filename:
        return _page(errors={"file": "请选择一个文件。"}), 422
    try:
        source = _source(file.filename)
        outcome = import_file(services(), file.stream, channel, actor(), source=source, repeats=REPEATS)
    except InvalidInputError as error:
        return _page(errors=error.fields or {"channel": error.message}), 422
    except UnusableFileError as error:
        file.stream.seek(0)
        kept = _keep(file.stream.read(), channel, error.message, _source(file.filename))
        return _page(errors={"file": error.message}, kept=kept), 422
    return _page(outcome=outcome)


def _source(name: str) -> str:
    """Where a record came from, as the list of refused records names it; a file's name may hold anything."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(character for character in last if character.isprintable())
    return f"{SOURCE}：{plain[:NAME_LIMIT]}" if plain else SOURCE


def _keep(content: bytes, channel: str, reason: str, source: str) -> bool:
    """Keep a file that is no table as it came; nothing is lost, and an empty one is nothing."""
    if not content:
        return False
    with services().write() as store:
        store.quarantine(
            office_id=account().office_id, channel=channel, source=source, reason=reason, content=content, at=now()
        )
    return True


def _grouped(repeats: Sequence[Repeat]) -> dict[str, list[Repeat]]:
    """The records by what their likeliest near case is judged to be, the surest first."""
    groups: dict[str, list[Repeat]] = {label: [] for label in (*(each.label for each in Sameness), ONLY_PARTY)}
    for each in repeats:
        label = next((known.label for known in Sameness if known == each.near[0].sameness), ONLY_PARTY)
        groups[label].append(each)
    return {label: group for label, group in groups.items() if group}


def _page(*, outcome: ImportOutcome | None = None, errors: dict[str, str] | None = None, kept: bool = False) -> str:
    with services().read() as store:
        waiting = waiting_quarantine(store.session, account().office_id)
    return render_template(
        "operators/import.html",
        outcome=outcome,
        waiting=waiting,
        errors=errors or {},
        kept=kept,
        shown=SHOWN,
        repeats=_grouped(outcome.repeats) if outcome else {},
        why_near=why_near,
        channels=choices.channels(),
        channel=request.form.get("channel", ""),
    )
