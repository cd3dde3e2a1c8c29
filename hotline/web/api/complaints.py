"""Taking a complaint and telling how it stands. What cannot be used is kept in quarantine as it came."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from flask import jsonify, request, url_for

from hotline.errors import CalendarError, HotlineError, InvalidInputError, NotFoundError
from hotline.registering import prepare_draft, register_prepared
from hotline.store import queries
from hotline.store.api_lists import complaints_of_channel
from hotline.vocabulary import LegRole
from hotline.web.api.admission import MAX_BODY_BYTES, TooLargeError, channel_actor, read_body, token
from hotline.web.api.asking import asked, local, wanted_of
from hotline.web.api.bodies import NewComplaint
from hotline.web.api.complaint_shapes import ComplaintPage, ComplaintStatus, ListedComplaint
from hotline.web.api.operations import Door, Operation, operation
from hotline.web.api.questions import ListQuery
from hotline.web.api.reading import (
    UNUSABLE,
    NotJsonError,
    WrongTypeError,
    check_type,
    decode,
    external_id_of,
    reason_of,
    to_draft,
)
from hotline.web.api.tags import UNMODIFIED
from hotline.web.context import now, services
from hotline.web.errors import answer

if TYPE_CHECKING:
    from flask import Response

    from hotline.intake.submission import Draft
    from hotline.records import Assignment
    from hotline.registering import Opened
    from hotline.store.casestore import CaseStore
    from hotline.store.lines import CaseLine

log = logging.getLogger(__name__)
SOURCE = "api"
UNKNOWN = "本渠道没有这条诉求。请核对诉求标识。"
NO_CALENDAR = "收到时间太早，没有那一年的放假安排，无法推算时限；原文已留存待核。请核对后重新提交。"
STATUS: dict[type[HotlineError], int] = {
    NotJsonError: 400,
    TooLargeError: 413,
    WrongTypeError: 415,
    InvalidInputError: 422,
}
_ID = re.compile(r"[0-9a-f]{32}")


@operation(
    Operation(
        "post",
        "/complaints",
        Door.CHANNEL,
        "登记一件诉求。渠道由令牌决定；同一渠道内 external_id 相同即为同一件",
        {
            201: "已登记",
            200: "以前登记过相同内容，返回原来的诉求",
            400: "正文不是 JSON；原文已留存",
            409: "同一 external_id 登记过内容不同的诉求；先登记的保留，本次原文已留存",
            413: f"正文超过 {MAX_BODY_BYTES} 字节，未留存",
            415: "正文声明为 JSON 以外的类型，或经过压缩；原文已留存。不写 Content-Type 的按 JSON 试读",
            422: "有字段不能使用，逐项见 fields；原文已留存",
        },
        body=NewComplaint,
        answer=ComplaintStatus,
    )
)
def receive() -> Response:
    """Register one complaint: 201 the first time, 200 with the same complaint when the same content comes again."""
    try:
        content = read_body()
    except TooLargeError as error:
        return _refuse(error)
    value = None
    try:
        check_type(request.mimetype, request.headers.get("Content-Encoding", ""))
        value = decode(content)
        draft = to_draft(value, content, token().channel, now=now())
        complaint_id, case_id, opened = _register(draft)
    except (NotJsonError, WrongTypeError, InvalidInputError) as error:
        _set_aside(content, error, external_id_of(value))
        return _refuse(error)
    if opened is not None:
        status = opened
    else:
        with services().read() as store:
            status = _status(store, complaint_id, case_id)
    response = jsonify(status.model_dump())
    response.status_code = 201 if opened else 200
    response.headers["Location"] = url_for("api.show", complaint_id=complaint_id)
    return response


@operation(
    Operation(
        "get",
        "/complaints",
        Door.CHANNEL,
        "列出本渠道登记的诉求，最近登记的在前",
        {200: "一页诉求", 422: "查询条件不能使用"},
        answer=ComplaintPage,
        query=ListQuery,
    )
)
def list_complaints() -> Response:
    """The complaints of the token's own channel and office."""
    wanted, own = wanted_of(asked(ListQuery)), token()
    with services().read() as store:
        page = complaints_of_channel(store.session, own.office_id, own.channel, wanted)
        items = [
            ListedComplaint(
                **(_described(store, each.line).model_dump() | {"complaint_id": each.complaint_id}),
                external_id=each.external_id,
                updated_at=local(each.updated_at),
            )
            for each in page.lines
        ]
    return jsonify(ComplaintPage(items=items, next=page.next).model_dump())


@operation(
    Operation(
        "get",
        "/complaints/{complaint_id}",
        Door.CHANNEL,
        "查询本渠道一件诉求的状态",
        {200: "诉求的状态", 304: UNMODIFIED, 404: "本渠道没有这条诉求"},
        answer=ComplaintStatus,
        places={"complaint_id": "诉求标识"},
    )
)
def show(complaint_id: str) -> Response:
    """How a complaint of the token's own channel and office stands."""
    with services().read() as store:
        return jsonify(_status(store, complaint_id, own_case(store, complaint_id)).model_dump())


def own_case(store: CaseStore, complaint_id: str) -> str:
    """The case of a complaint of the token's own channel and office.

    Raises:
        NotFoundError: There is none, or it is another's: both answers are the same.
    """
    own, found = token(), None
    if _ID.fullmatch(complaint_id):
        found = queries.case_id_of_complaint(store.session, complaint_id, office_id=own.office_id, channel=own.channel)
    if found is None:
        raise NotFoundError(UNKNOWN)
    return found


def _register(draft: Draft) -> tuple[str, str, ComplaintStatus | None]:
    """Complaint id, case id and, where they are new, the answer.

    Raises:
        InvalidInputError: The draft cannot be used.
        IdempotencyError: The key came before with other content, which is now in quarantine beside the first.
    """
    office = services().office(token().office_id)
    try:
        prepared = prepare_draft(services(), draft, office.id)
        done = register_prepared(services(), prepared, channel_actor(), dispatch=office.auto_dispatch, source=SOURCE)
    except CalendarError as error:
        raise InvalidInputError(NO_CALENDAR, received_at="没有那一年的放假安排") from error
    except InvalidInputError as error:
        # What is wrong with the content itself, such as a time to come: it is kept like any that cannot be read.
        raise InvalidInputError(UNUSABLE, **error.fields) from error
    return done.complaint_id, done.case_id, _of_new(done, prepared.assignment)


def _set_aside(content: bytes, error: HotlineError, external_id: str | None) -> None:
    """Keep what cannot be used, as it came, with the reason."""
    own = token()
    with services().write() as store:
        store.quarantine(
            office_id=own.office_id,
            channel=own.channel,
            source=SOURCE,
            reason=reason_of(error),
            content=content,
            at=now(),
            external_id=external_id,
        )


def _refuse(error: HotlineError) -> Response:
    # Names of fields only: what stands in them may be a caller's.
    log.info("api_refused channel=%s code=%s fields=%s", token().channel, error.code, ",".join(error.fields))
    return answer(STATUS[type(error)], error.code, error.message, error.fields)


def _status(store: CaseStore, complaint_id: str, case_id: str) -> ComplaintStatus:
    """The answer, from what the database holds now.

    Raises:
        NotFoundError: There is no such case.
    """
    line = queries.case_line(store.session, case_id, channel_actor())
    if line is None:
        raise NotFoundError(UNKNOWN)
    return _described(store, line).model_copy(update={"complaint_id": complaint_id})


def _of_new(opened: Opened, assignment: Assignment) -> ComplaintStatus | None:
    """The answer about a case that was opened just now: what `_described` would read, without reading."""
    case = opened.case
    if case is None:
        return None
    body_id = next((leg.body_id for leg in case.legs if leg.role is LegRole.LEAD), None)
    body = services().rulebook.directory.bodies.get(body_id or "")
    lead, today = _named(assignment, body_id, body.name if body else None)
    return ComplaintStatus(
        complaint_id=opened.complaint_id,
        case_id=opened.case_id,
        case_number=opened.number,
        state=case.state,
        category=case.category,
        lead=lead,
        lead_today=today,
        received_at=local(case.received_at),
        follow_code=opened.follow_code or None,
    )


def _described(store: CaseStore, line: CaseLine) -> ComplaintStatus:
    lead, today = _lead(store, line)
    return ComplaintStatus(
        complaint_id=line.complaint_id,
        case_id=line.case_id,
        case_number=line.number,
        state=line.state,
        category=line.category,
        lead=lead,
        lead_today=today,
        received_at=local(line.received_at),
        follow_code=None,
    )


def _lead(store: CaseStore, line: CaseLine) -> tuple[str | None, str | None]:
    return _named(store.assignment(line.case_id), line.lead_body_id, line.lead_name)


def _named(assignment: Assignment | None, body_id: str | None, name: str | None) -> tuple[str | None, str | None]:
    """The lead as the plan names it, and the body that had its remit on the day of receipt.

    A body that a person chose instead bears one name.
    """
    planned = assignment.lead if assignment else None
    if body_id is None:
        return (planned.name, planned.today) if planned else (None, None)
    if planned is not None and planned.today_body_id == body_id:
        return planned.name, name
    return name, name
