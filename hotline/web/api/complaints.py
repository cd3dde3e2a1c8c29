"""Taking a complaint and telling how it stands. What cannot be used is kept in quarantine as it came."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from flask import g, jsonify, request, url_for

from hotline.errors import CalendarError, HotlineError, InvalidInputError, NotFoundError
from hotline.intake.submission import content_digest
from hotline.moments import SHANGHAI
from hotline.registering import prepare_draft, register_prepared
from hotline.store import queries
from hotline.web.access import channel_token
from hotline.web.api.admission import TooLargeError, channel_actor, read_body, token
from hotline.web.api.bodies import ComplaintStatus
from hotline.web.api.reading import (
    NotJsonError,
    WrongTypeError,
    check_type,
    decode,
    external_id_of,
    reason_of,
    to_draft,
)
from hotline.web.api.room import blueprint
from hotline.web.context import now, services
from hotline.web.errors import answer

if TYPE_CHECKING:
    from flask import Response

    from hotline.intake.submission import Draft
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


@blueprint.post("/complaints")
@channel_token
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
        complaint_id, case_id, created = _register(draft)
    except (NotJsonError, WrongTypeError, InvalidInputError) as error:
        _set_aside(content, error, external_id_of(value))
        return _refuse(error)
    with services().read() as store:
        response = jsonify(_status(store, complaint_id, case_id).model_dump())
    response.status_code = 201 if created else 200
    response.headers["Location"] = url_for("api.show", complaint_id=complaint_id)
    return response


@blueprint.get("/complaints/<complaint_id>")
@channel_token
def show(complaint_id: str) -> Response:
    """How a complaint of the token's own channel and office stands."""
    own = token()
    with services().read() as store:
        case_id = None
        if _ID.fullmatch(complaint_id):
            case_id = queries.case_id_of_complaint(
                store.session, complaint_id, office_id=own.office_id, channel=own.channel
            )
        if case_id is None:
            raise NotFoundError(UNKNOWN)
        return jsonify(_status(store, complaint_id, case_id).model_dump())


def _register(draft: Draft) -> tuple[str, str, bool]:
    """Complaint id, case id, and whether they are new. What is known is found before the model is asked.

    Raises:
        InvalidInputError: The draft cannot be used.
        IdempotencyError: The key came before with other content, which is now in quarantine beside the first.
    """
    office = services().office(token().office_id)
    with services().read() as store:
        earlier = store.find_submission(office.id, draft.channel, draft.external_id)
    if earlier is not None and earlier[2] == content_digest(draft):
        return earlier[0], earlier[1], False
    try:
        prepared = prepare_draft(services(), draft, office.id)
        done = register_prepared(services(), prepared, channel_actor(), dispatch=office.auto_dispatch, source=SOURCE)
    except CalendarError as error:
        raise InvalidInputError(NO_CALENDAR, received_at="没有那一年的放假安排") from error
    g.follow_code = done.follow_code or None
    return done.complaint_id, done.case_id, done.created


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
    lead, today = _lead(store, line)
    return ComplaintStatus(
        complaint_id=complaint_id,
        case_id=case_id,
        case_number=line.number,
        state=line.state,
        category=line.category,
        lead=lead,
        lead_today=today,
        received_at=line.received_at.astimezone(SHANGHAI).isoformat(),
        follow_code=g.pop("follow_code", None),
    )


def _lead(store: CaseStore, line: CaseLine) -> tuple[str | None, str | None]:
    """The lead as the plan names it, and the body that had its remit on the day of receipt.

    A body that a person chose instead bears one name.
    """
    assignment = store.assignment(line.case_id)
    planned = assignment.lead if assignment else None
    if line.lead_body_id is None:
        return (planned.name, planned.today) if planned else (None, None)
    if planned is not None and planned.today_body_id == line.lead_body_id:
        return planned.name, line.lead_name
    return line.lead_name, line.lead_name
