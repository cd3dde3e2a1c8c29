"""Evidence of an agency's cases: kept by the rules of the pages, handed out without what may name a caller.

A file cannot be masked. Of a 举报, or of a case that ever was one and is still protected, a system is therefore given
only what its own body put in; of other cases everything but the papers that name the caller. That it took a file out
is an event, as it is of a person.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response, jsonify, request, url_for

from hotline.casework.lifecycle import allowed
from hotline.casework.unsealing import closed_to, guarded
from hotline.errors import InvalidInputError, NotFoundError, TransitionError
from hotline.noticing import hidden_from
from hotline.vocabulary import Action
from hotline.web.api.acting import check_id
from hotline.web.api.asking import TWICE, local
from hotline.web.api.bodies import EvidenceForm
from hotline.web.api.evidence_shapes import EvidenceList, EvidenceStatus
from hotline.web.api.operations import Door, Operation, operation
from hotline.web.api.reading import OTHERS, WrongTypeError
from hotline.web.api.repeating import KEY_HEADER, is_done, key_for
from hotline.web.api.tags import UNMODIFIED
from hotline.web.cases import load_events
from hotline.web.context import actor, now, services
from hotline.web.evidence import MISSING, Upload, keep, kept_under, upload_of
from hotline.web.reads import note_read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.records import CaseEvent, CaseSnapshot
    from hotline.store.casestore import CaseStore
    from hotline.store.evidence import Evidence

FORM = "multipart/form-data"
NO_FORM = "上传证据的请求正文应为 multipart/form-data（不压缩），文件写在 file 里，没有上传。请改正后重试。"
UNUSABLE = "有字段不能使用，没有上传。请按 fields 改正后重试。"
NO_FILE = "必填，应为一个文件"
ONE_FILE = "一次只能上传一份"
UNKNOWN_FIELD = "有不认识的项，请核对名称"
NOT_NOW = "现在不能上传证据：工单或本单位的承办段已经办结、退回。请查询工单后再试。"
NOT_OWN = "不是本单位可以上传证据的承办段"
FILE, LEG = "file", "leg_id"
_CASE = {"case_id": "工单标识"}


@operation(
    Operation(
        "post",
        "/cases/{case_id}/evidence",
        Door.AGENCY,
        "上传一份证据，加密保存；类型按内容判断，与页面所收相同，不超过 20 MB",
        {
            201: "已上传",
            200: "同一个 Idempotency-Key 已上传过这份文件，返回原来的一份",
            404: "没有这件工单，或没有派给本单位",
            409: "现在不能上传证据",
            413: "文件过大",
            415: "正文不是 multipart/form-data，或经过压缩",
            422: "文件不能收，逐项见 fields",
        },
        answer=EvidenceStatus,
        body=EvidenceForm,
        takes=FORM,
        headers=(KEY_HEADER,),
        places=_CASE,
    )
)
def add_evidence(case_id: str) -> Response:
    """Keep one file with a case of the token's body."""
    check_id(case_id)
    with services().read() as store:
        snapshot, events = load_events(store, case_id)
    sent, named = _sent(), request.form.get(LEG, "")
    key = key_for(Action.EVIDENCE.value, sent.name, sent.sha256, named)
    if key is not None and is_done(events, key):
        with services().read() as store:
            earlier = kept_under(store, case_id, events, key.token)
        if earlier is not None:
            return jsonify(_status(snapshot, earlier).model_dump())
    kept = keep(snapshot, sent, _leg(snapshot, named), token=key.token if key else "")
    response = jsonify(_status(snapshot, kept).model_dump())
    response.status_code = 201
    response.headers["Location"] = url_for("api.fetch_evidence", case_id=case_id, evidence_id=kept.id)
    return response


@operation(
    Operation(
        "get",
        "/cases/{case_id}/evidence",
        Door.AGENCY,
        "列出一件工单的证据，最早上传的在前；举报件只列本单位上传的",
        {200: "证据", 304: UNMODIFIED, 404: "没有这件工单，或没有派给本单位"},
        answer=EvidenceList,
        places=_CASE,
    )
)
def list_evidence(case_id: str) -> Response:
    """The files of a case that the token's body may have."""
    check_id(case_id)
    with services().read() as store:
        snapshot, events = load_events(store, case_id)
        shown = _shown(store, snapshot, events)
    return jsonify(EvidenceList(items=[_status(snapshot, each) for each in shown]).model_dump())


@operation(
    Operation(
        "get",
        "/cases/{case_id}/evidence/{evidence_id}",
        Door.AGENCY,
        "下载一份证据；Repr-Digest 头里是内容的 SHA-256",
        {200: "文件", 304: UNMODIFIED, 404: "没有这份证据，或不提供给本单位的系统"},
        media="application/octet-stream",
        places=_CASE | {"evidence_id": "证据标识"},
    )
)
def fetch_evidence(case_id: str, evidence_id: str) -> Response:
    """One file, as it was uploaded."""
    check_id(case_id)
    with services().read() as store:
        snapshot, events = load_events(store, case_id)
        if evidence_id not in {each.id for each in _shown(store, snapshot, events)}:
            raise NotFoundError(MISSING)
        kept, content = store.evidence(evidence_id)
    note_read(case_id, evidence_id)
    response = Response(content, mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(kept.filename, safe='')}"
    response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(kept.sha256)).decode()}:"
    return response


def _sent() -> Upload:
    """The one file of this request.

    Raises:
        WrongTypeError: The body is no form, or is compressed.
        InvalidInputError: There is no file, or several, or none that is taken.
    """
    if request.mimetype != FORM or request.headers.get("Content-Encoding", "").strip().lower() not in {"", "identity"}:
        raise WrongTypeError(NO_FORM)
    files = request.files.getlist(FILE)
    wrong = {} if files else {FILE: NO_FILE}
    wrong |= {FILE: ONE_FILE} if len(files) > 1 else {}
    wrong |= {LEG: TWICE} if len(request.form.getlist(LEG)) > 1 else {}
    wrong |= {OTHERS: UNKNOWN_FIELD} if {*request.files, *request.form} - {FILE, LEG} else {}
    if wrong:
        raise InvalidInputError(UNUSABLE, **wrong)
    return upload_of(files[0])


def _leg(snapshot: CaseSnapshot, named: str) -> str | None:
    """The leg that the file belongs to: the one that is named, else the body's own that still takes files.

    Raises:
        TransitionError: There is none now.
        InvalidInputError: The named one is none of these.
    """
    offers = [offer.leg_id for offer in allowed(snapshot, actor()) if offer.transition.action is Action.EVIDENCE]
    if not offers:
        raise TransitionError(NOT_NOW)
    if named and named not in offers:
        raise InvalidInputError(UNUSABLE, **{LEG: NOT_OWN})
    return named or offers[-1]


def _shown(store: CaseStore, snapshot: CaseSnapshot, events: Sequence[CaseEvent]) -> tuple[Evidence, ...]:
    """The files that the token's body may have: see the head of this module."""
    who = actor()
    hidden = hidden_from(snapshot, tuple(events), who, now()) | {
        event.data.get("evidence_id") for event in events if event.data.get("to_caller") is True
    }
    own = {leg.id for leg in snapshot.legs if leg.body_id == who.body_id}
    closed = guarded(snapshot) or closed_to(snapshot, who)
    return tuple(
        each
        for each in store.evidence_list(snapshot.case_id)
        if each.id not in hidden and (each.leg_id in own or not closed)
    )


def _status(snapshot: CaseSnapshot, kept: Evidence) -> EvidenceStatus:
    leg = snapshot.leg(kept.leg_id) if kept.leg_id else None
    return EvidenceStatus(
        evidence_id=kept.id,
        leg_id=kept.leg_id,
        own=leg is not None and leg.body_id == actor().body_id,
        filename=kept.filename,
        media_type=kept.media_type,
        size=kept.size,
        sha256=kept.sha256,
        uploaded_at=local(kept.at),
    )
