"""An agency's cases: which there are, how one stands, and acting on it by the use cases and rules of the pages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import jsonify

from hotline.casework.transition_table import TRANSITIONS
from hotline.errors import InvalidInputError, NotFoundError, TransitionError
from hotline.intake.moments import parse_moment
from hotline.records import Command
from hotline.store.api_lists import cases_of_body
from hotline.vocabulary import AGENCY_ROLES, Action
from hotline.web.actionforms import AT, DATED
from hotline.web.api.acting import TAG_HEADER, UNUSABLE, act_once, check_id
from hotline.web.api.admission import own_body
from hotline.web.api.asking import asked, wanted_of
from hotline.web.api.bodies import ActBody
from hotline.web.api.case_shapes import CasePage, CaseStatus
from hotline.web.api.caseanswers import listed_case, read_status
from hotline.web.api.operations import Door, Operation, operation
from hotline.web.api.questions import ListQuery
from hotline.web.api.repeating import KEY_HEADER
from hotline.web.api.tags import UNMODIFIED
from hotline.web.caseview import LOOKS
from hotline.web.context import services
from hotline.web.reclassifying import carry_out

if TYPE_CHECKING:
    from flask import Response

    from hotline.records import CaseSnapshot, Json

NO_ACTION = "没有这个动作。请用工单 actions 里列出的动作代码。"
NOT_BY_TOKEN = "“{label}”不能用接口办理，请由承办人登录系统操作。"  # noqa: S105 - a message, not a secret.
NO_SUCH_NEED = "这个动作没有此项"
ACTIONS = tuple(
    dict.fromkeys(
        row.action
        for row in TRANSITIONS
        if row.form and row.cases and row.roles & AGENCY_ROLES and row.action not in LOOKS
    )
)
"""What an agency's system may do: what its people do by a form, save what opens a caller's identity."""
_NEEDS = frozenset(need.name for row in TRANSITIONS for need in row.needs)
_PLACES = {"case_id": "工单标识", "action": "动作代码，见工单的 actions"}


@operation(
    Operation(
        "get",
        "/cases",
        Door.AGENCY,
        "列出派给本单位的工单，最近登记的在前",
        {200: "一页工单", 422: "查询条件不能使用"},
        answer=CasePage,
        query=ListQuery,
    )
)
def list_cases() -> Response:
    """The cases in which the token's body has, or had, a leg."""
    wanted = wanted_of(asked(ListQuery))
    with services().read() as store:
        page = cases_of_body(store.session, own_body(), wanted)
    return jsonify(CasePage(items=[listed_case(each) for each in page.lines], next=page.next).model_dump())


@operation(
    Operation(
        "get",
        "/cases/{case_id}",
        Door.AGENCY,
        "查询一件工单：内容（已隐去来电人信息）、承办段、时限和现在可以做的动作",
        {200: "工单", 304: UNMODIFIED, 404: "没有这件工单，或没有派给本单位"},
        answer=CaseStatus,
        places=_PLACES,
    )
)
def show_case(case_id: str) -> Response:
    """One case of the token's body."""
    check_id(case_id)
    with services().read() as store:
        return jsonify(read_status(store, case_id).model_dump())


@operation(
    Operation(
        "post",
        "/cases/{case_id}/actions/{action}",
        Door.AGENCY,
        "办理一步：签收、退单、受理、告知、办结等，规则与页面相同",
        {
            200: "已登记；回答是办理后的工单",
            400: "正文不是 JSON",
            404: "没有这件工单或这个动作，或没有派给本单位",
            409: "工单现在的状态不允许这一步，或他人同时在办",
            412: "工单在查询之后有了变动，If-Match 与现在的 ETag 不符",
            413: "正文过大",
            415: "正文声明为 JSON 以外的类型，或经过压缩",
            422: "有字段不能使用，逐项见 fields",
            428: "没有 If-Match",
        },
        answer=CaseStatus,
        body=ActBody,
        headers=(TAG_HEADER, KEY_HEADER),
        places=_PLACES,
    )
)
def act_on_case(case_id: str, action: str) -> Response:
    """Do one thing to a case of the token's body."""
    wanted = _action(action)

    def do(body: ActBody, snapshot: CaseSnapshot, token: str) -> None:
        command = replace(_command(wanted, body), expected_seq=snapshot.seq, token=token)
        carry_out(case_id, snapshot, command, {})

    return act_once(case_id, wanted.value, ActBody, do, _placed)


def _action(code: str) -> Action:
    found = next((each for each in Action if each == code), None)
    if found is None:
        raise NotFoundError(NO_ACTION)
    if found not in ACTIONS:
        raise TransitionError(NOT_BY_TOKEN.format(label=found.label))
    return found


def _command(action: Action, body: ActBody) -> Command:
    """The command that a body means; the lifecycle judges what is in it.

    Raises:
        InvalidInputError: A field is known to no action, or this one takes no earlier time.
    """
    if body.data.keys() - _NEEDS:
        raise InvalidInputError(UNUSABLE, data=NO_SUCH_NEED)
    if body.at and action not in DATED:
        raise InvalidInputError(UNUSABLE, **{AT: NO_SUCH_NEED})
    data: dict[str, Json] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in body.data.items()
    }
    at = parse_moment(body.at) if body.at else None
    return Command(action, body.leg_id, data, (body.text or "").strip(), at)


def _placed(fields: dict[str, str]) -> dict[str, str]:
    """The names as they stand in the body."""
    return {name if name in ActBody.model_fields else f"data.{name}": why for name, why in fields.items()}
