"""Evidence: uploaded with its type checked by content, kept encrypted, handed out only as a download."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, request, url_for

from hotline.casework.desk import TOKEN, act
from hotline.errors import InvalidInputError, NotFoundError
from hotline.noticing import hidden_from
from hotline.records import Command
from hotline.store.ids import new_id
from hotline.vocabulary import Action
from hotline.web.access import STAFF, roles
from hotline.web.addresses import own_path
from hotline.web.cases import load_case, load_events
from hotline.web.context import actor, desk, now, services
from hotline.web.filetypes import fitting_name, media_type
from hotline.web.reads import note_read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue
    from werkzeug.datastructures import FileStorage

    from hotline.records import CaseEvent, CaseSnapshot, Json
    from hotline.store.casestore import CaseStore
    from hotline.store.evidence import Evidence

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
        sent = _file()
    except InvalidInputError as error:
        flash(f"没有上传：{error.message}", "error")
        return redirect(_case(case_id))
    keep(snapshot, sent, request.form.get("leg_id") or None)
    flash("证据已上传。")
    return redirect(_case(case_id))


@blueprint.get("/<case_id>/evidence/<evidence_id>")
@roles(*STAFF)
def download(case_id: str, evidence_id: str) -> Response:
    """Hand out one file of a case that the account may see: always to be saved, never to be shown here."""
    with services().read() as store:
        snapshot, events = load_events(store, case_id)
        kept, content = store.evidence(evidence_id)
    if kept.case_id != case_id or evidence_id in hidden_from(snapshot, events, actor(), now()):
        raise NotFoundError(MISSING)
    note_read(case_id, evidence_id)
    response = Response(content, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(kept.filename, safe='')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _case(case_id: str) -> str:
    """The page of the case, with the list it was opened from."""
    return url_for("cases.show", case_id=case_id, back=own_path(request.form.get("back", "")) or None)


def _file() -> Upload:
    """The file that was sent.

    Raises:
        InvalidInputError: There is none, it is too large, or of a kind that is not taken.
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        message = "请选择一个文件。"
        raise InvalidInputError(message, file=message)
    return upload_of(sent)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is taken: its plain name, what it holds, and what it is by that."""

    name: str
    content: bytes
    kind: str

    @property
    def sha256(self) -> str:
        """The digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


def upload_of(sent: FileStorage) -> Upload:
    """A file as it was sent, by a form or by another system.

    Raises:
        InvalidInputError: It is too large, or of a kind that is not taken.
    """
    content = sent.stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        message = "文件超过 20 MB，请压缩或分开上传。"
        raise InvalidInputError(message, file=message)
    kind = media_type(content)
    return Upload(_plain_name(sent.filename or "", kind), content, kind)


def _plain_name(name: str, kind: str) -> str:
    """The file's own name: no folder, no control or direction characters, the ending of its kind, not too long."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip(" .")
    stem, _, ending = fitting_name(kept or "证据", kind).rpartition(".")
    return f"{stem[: MAX_NAME - len(ending) - 1]}.{ending}"


def keep(snapshot: CaseSnapshot, sent: Upload, leg_id: str | None, *, token: str = "") -> Evidence:
    """Seal a file with its case, and leave the event; what was kept under the same token is kept once.

    Raises:
        ForbiddenError, TransitionError, ConflictError, InvalidInputError: See `lifecycle.decide`.
    """
    evidence_id = new_id()
    data: dict[str, Json] = {"evidence_id": evidence_id, "sha256": sent.sha256, "size": len(sent.content)}
    command = Command(Action.EVIDENCE, leg_id, data, token=token)
    with services().write() as store:
        earlier = kept_under(store, snapshot.case_id, store.events(snapshot.case_id), token) if token else None
        if earlier is not None:
            return earlier
        act(store, snapshot.case_id, command, desk=desk(snapshot.office_id), actor=actor(), now=now())
        return store.add_evidence(
            case_id=snapshot.case_id,
            leg_id=leg_id,
            filename=sent.name,
            media_type=sent.kind,
            content=sent.content,
            uploaded_by=actor().account_id,
            at=now(),
            evidence_id=evidence_id,
        )


def kept_under(store: CaseStore, case_id: str, events: Sequence[CaseEvent], token: str) -> Evidence | None:
    """The file whose upload bears this token."""
    ids = {event.data.get("evidence_id") for event in events if event.data.get(TOKEN) == token}
    return next((each for each in store.evidence_list(case_id) if each.id in ids), None)
