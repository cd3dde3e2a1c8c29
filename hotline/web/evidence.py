"""Evidence: uploaded with its type checked by content, kept encrypted, handed out only as a download."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, request, url_for

from hotline.casework.desk import act
from hotline.errors import InvalidInputError, NotFoundError
from hotline.noticing import hidden_from
from hotline.records import Command
from hotline.store.ids import new_id
from hotline.vocabulary import Action
from hotline.web.access import STAFF, roles
from hotline.web.cases import load_case, load_events
from hotline.web.context import account, actor, desk, now, services
from hotline.web.filetypes import fitting_name, media_type

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.records import CaseSnapshot, Json

MAX_BYTES = 20 * 1024 * 1024
MAX_NAME = 120
MISSING = "没有这份证据，或者您无权查看。请从工单页重新打开。"
blueprint = Blueprint("evidence", __name__, url_prefix="/cases")


@blueprint.post("/<case_id>/evidence")
@roles(*STAFF)
def upload(case_id: str) -> ResponseReturnValue:
    """Take one file; what is wrong with it is said on the case page."""
    with services().read() as store:
        snapshot = load_case(store, case_id)
    try:
        name, content, kind = _file()
    except InvalidInputError as error:
        flash(f"没有上传：{error.message}", "error")
        return redirect(url_for("cases.show", case_id=case_id))
    _keep(snapshot, name, content, kind)
    flash("证据已上传。")
    return redirect(url_for("cases.show", case_id=case_id))


@blueprint.get("/<case_id>/evidence/<evidence_id>")
@roles(*STAFF)
def download(case_id: str, evidence_id: str) -> Response:
    """Hand out one file of a case that the account may see: always to be saved, never to be shown here."""
    with services().read() as store:
        snapshot, events = load_events(store, case_id)
        kept, content = store.evidence(evidence_id)
    if kept.case_id != case_id or evidence_id in hidden_from(snapshot, events, actor(), now()):
        raise NotFoundError(MISSING)
    response = Response(content, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(kept.filename, safe='')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _file() -> tuple[str, bytes, str]:
    """Name, content and media type of the file that was sent.

    Raises:
        InvalidInputError: There is none, it is too large, or of a kind that is not taken.
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        message = "请选择一个文件。"
        raise InvalidInputError(message, file=message)
    content = sent.stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        message = "文件超过 20 MB，请压缩或分开上传。"
        raise InvalidInputError(message, file=message)
    kind = media_type(content)
    return _plain_name(sent.filename, kind), content, kind


def _plain_name(name: str, kind: str) -> str:
    """The file's own name: no folder, no control or direction characters, the ending of its kind, not too long."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip(" .")
    stem, _, ending = fitting_name(kept or "证据", kind).rpartition(".")
    return f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}"


def _keep(snapshot: CaseSnapshot, name: str, content: bytes, kind: str) -> None:
    evidence_id, leg_id = new_id(), request.form.get("leg_id") or None
    data: dict[str, Json] = {
        "evidence_id": evidence_id,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
    }
    command = Command(Action.EVIDENCE, leg_id, data)
    with services().write() as store:
        act(store, snapshot.case_id, command, desk=desk(snapshot.office_id), actor=actor(), now=now())
        store.add_evidence(
            case_id=snapshot.case_id,
            leg_id=leg_id,
            filename=name,
            media_type=kind,
            content=content,
            uploaded_by=account().id,
            at=now(),
            evidence_id=evidence_id,
        )
