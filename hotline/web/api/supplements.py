"""Completing a complaint by an agency's system: what its people do by the form 补充材料, by the same rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework import supplementing
from hotline.casework.privacy import IDENTITY_LABELS
from hotline.errors import InvalidInputError
from hotline.vocabulary import OPEN_LEG_STATES, Action, LegRole
from hotline.web.api.acting import TAG_HEADER, UNUSABLE, act_once
from hotline.web.api.admission import own_body
from hotline.web.api.bodies import SupplementBody
from hotline.web.api.case_shapes import CaseStatus
from hotline.web.api.operations import Door, Operation, operation
from hotline.web.api.repeating import KEY_HEADER
from hotline.web.context import actor, desk, now, services
from hotline.web.operators.completing import read_supplement

if TYPE_CHECKING:
    from flask import Response

    from hotline.casework.supplementing import Told
    from hotline.records import CaseSnapshot, Reporter

NOT_BY_SYSTEM = "已经登记，接口不能改写；确需更正，请承办人登录系统或者请派单台办理"
_PARTS = {
    "reporter": {name: name for name in ("name", "phone", "id_number", "address", "anonymous", "role")},
    "respondent": {
        "name": "respondent_name",
        "address": "respondent_address",
        "phone": "respondent_phone",
        "platform": "platform",
        "url": "url",
    },
}
"""Where the fields of a body's parts stand in the form of the page, whose rules judge them."""
_PLACES = {form: f"{part}.{name}" for part, names in _PARTS.items() for name, form in names.items()}
# By these names the use case speaks of two fields that the form calls otherwise.
_PLACES |= {"respondent_platform": "respondent.platform", "respondent_url": "respondent.url"}


@operation(
    Operation(
        "post",
        "/cases/{case_id}/supplement",
        Door.AGENCY,
        "补充材料：投诉人、被投诉人、商品、请求和事实，缺什么补什么；还缺的见工单的 lacking",
        {
            200: "已登记；回答是补充后的工单",
            400: "正文不是 JSON",
            404: "没有这件工单，或没有派给本单位",
            409: "工单现在的状态不允许补充，或他人同时在办",
            412: "工单在查询之后有了变动，If-Match 与现在的 ETag 不符",
            413: "正文过大",
            415: "正文声明为 JSON 以外的类型，或经过压缩",
            422: "有字段不能使用，逐项见 fields",
            428: "没有 If-Match",
        },
        answer=CaseStatus,
        body=SupplementBody,
        headers=(TAG_HEADER, KEY_HEADER),
        places={"case_id": "工单标识"},
    )
)
def supplement_case(case_id: str) -> Response:
    """Complete a complaint that the token's body leads."""

    def do(body: SupplementBody, snapshot: CaseSnapshot, token: str) -> None:
        _keep(snapshot, _told(body), token)

    return act_once(case_id, Action.SUPPLEMENT.value, SupplementBody, do, _placed)


def _told(body: SupplementBody) -> Told:
    """What the body says, by the rules of the form.

    Raises:
        InvalidInputError: A phone, an ID number or an address of the web cannot be used.
    """
    given = body.model_dump(exclude_none=True)
    form = {
        place: value
        for part, names in _PARTS.items()
        for name, place in names.items()
        if isinstance(value := given.get(part, {}).get(name, ""), str)
    }
    if given.get("reporter", {}).get("anonymous"):
        form["anonymous"] = "1"
    form |= {name: given.get(name, "") for name in ("goods", "demand", "facts")}
    told, wrong = read_supplement(form, now())
    if wrong:
        raise InvalidInputError(UNUSABLE, **wrong)
    return told


def _keep(snapshot: CaseSnapshot, told: Told, token: str) -> None:
    """Complete the complaint on the body's own leg.

    Raises:
        InvalidInputError: Nothing was told, or it would take the place of what an agency may not change.
        ConflictError: Somebody else acts on the case at this moment.
    """
    own = (leg for leg in snapshot.legs if leg.body_id == own_body() and leg.role is LegRole.LEAD)
    leg_id = next((leg.id for leg in own if leg.state in OPEN_LEG_STATES), None)
    with services().write() as store:
        _check_empty(store.complaint(snapshot.complaint_id).reporter, told.reporter)
        supplementing.supplement(
            store,
            snapshot.case_id,
            told,
            desk=desk(snapshot.office_id),
            actor=actor(),
            now=now(),
            leg_id=leg_id,
            expected_seq=snapshot.seq,
            token=token,
        )


def _check_empty(there: Reporter, told: Reporter) -> None:
    """A system never sees the caller, so it cannot put right what stands there, as a person who looked can.

    Raises:
        InvalidInputError: Something stands there.
    """
    wrong = [name for name in IDENTITY_LABELS if getattr(there, name).strip() and getattr(told, name).strip()]
    if wrong:
        raise InvalidInputError(UNUSABLE, **dict.fromkeys(wrong, NOT_BY_SYSTEM))


def _placed(fields: dict[str, str]) -> dict[str, str]:
    """The names as they stand in the body."""
    return {_PLACES.get(name, name): why for name, why in fields.items()}
