"""Posting a request: the api_key is a channel's token, and the complaint is registered as any other.

What the sender chose as the service is a hint for the desk and decides nothing; the model classifies what was written.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import request

from hotline.errors import CalendarError, InvalidInputError
from hotline.intake.channels import get_channel
from hotline.intake.jsonl import as_text
from hotline.intake.rows import RawRow
from hotline.intake.submission import draft_from_row
from hotline.records import Actor
from hotline.registering import prepare_draft, register_prepared
from hotline.store.ids import new_id
from hotline.store.token_hash import hash_token
from hotline.store.tokens import token_of
from hotline.vocabulary import Role
from hotline.web.access import public
from hotline.web.api.fields import LINE_LIMIT, TEXT_LIMIT
from hotline.web.api.rates import PER_MINUTE, seconds_to_wait
from hotline.web.context import now, services
from hotline.web.open311.reading import ENDINGS, UNKNOWN_SERVICE, codes, jurisdiction
from hotline.web.open311.room import GeoReportError, answered, blueprint

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.datastructures import MultiDict

    from hotline.store.tokens import ApiToken

SOURCE = "open311"
MAX_BODY_BYTES = 1024 * 1024
NO_KEY = "没有 api_key，或 api_key 无效、没有登记的权限。请向系统管理员申请渠道令牌。"
TOO_MANY = f"请求过于频繁，每个 api_key 每分钟至多 {PER_MINUTE} 次。请稍后再试。"
NOTICE = "已登记，将按规定办理；本接口只公开督办员准予公开的投诉的进展。"
MISSING = "必填"
TOO_LONG = "太长了，请不超过 {limit} 字"
_LIMITS = {"description": TEXT_LIMIT, "address_string": LINE_LIMIT, "first_name": 60, "last_name": 60, "phone": 60}
_COORDINATES = ("lat", "long")


@blueprint.post(f"/requests.{ENDINGS}")
@public
def post_request(ending: str) -> Response:
    """Register one complaint with the key of a channel."""
    _ = ending
    request.max_content_length = MAX_BODY_BYTES
    form = request.form
    key = _key(form.get("api_key", ""))
    _check(form, key)
    fields = {
        "external_id": f"{SOURCE}-{new_id()}",
        "text": as_text(form["description"]),
        "location_hint": as_text(form.get("address_string", "")),
        "happened_where": as_text(_where(form)),
        "reporter_name": as_text(form.get("last_name", "") + form.get("first_name", "")),
        "reporter_phone": as_text(form.get("phone", "")),
        "evidence_note": as_text(f"对方所选类别：{form['service_code']} {form.get('media_url', '')}".strip())[
            :LINE_LIMIT
        ],
    }
    kept = {name: values for name, values in form.lists() if name != "api_key"}
    raw = json.dumps(kept, ensure_ascii=False)
    draft = draft_from_row(RawRow(1, 1, fields, raw), get_channel(key.channel), office_id="", now=now())
    office = services().office(key.office_id)
    actor = Actor(f"channel:{key.id}", Role.SYSTEM, office.id)
    try:
        prepared = prepare_draft(services(), draft, office.id)
        done = register_prepared(services(), prepared, actor, dispatch=office.auto_dispatch, source=SOURCE)
    except CalendarError as error:
        raise InvalidInputError(error.message) from None
    made = {"service_request_id": done.complaint_id, "service_notice": NOTICE, "account_id": None}
    return answered([made], root="service_requests", item="request", status=201)


def _key(given: str) -> ApiToken:
    """The token that the api_key is.

    Raises:
        GeoReportError: It is missing, unknown, an agency's, may not write, or comes too often.
    """
    with services().read() as store:
        found = token_of(store.session, hash_token(given)) if given else None
    if found is None or found.body_id is not None or not found.scope.allows(writing=True):
        raise GeoReportError(403, NO_KEY)
    if seconds_to_wait(found.id) is not None:
        raise GeoReportError(429, TOO_MANY)
    return found


def _check(form: MultiDict[str, str], key: ApiToken) -> None:
    """Whether the standard's required arguments are there.

    Raises:
        InvalidInputError: One is missing or cannot be used; each is named.
    """
    wrong = {name: MISSING for name in ("service_code", "description") if not form.get(name, "").strip()}
    if not (form.get("address_string") or form.get("address_id") or all(form.get(name) for name in _COORDINATES)):
        wrong["address_string"] = "请写 lat 和 long，或 address_string，或 address_id"
    if form.get("service_code") and form["service_code"] not in codes():
        wrong["service_code"] = UNKNOWN_SERVICE
    for name in _COORDINATES:
        if form.get(name) and not _is_coordinate(form[name]):
            wrong[name] = "应为度数，例如 39.9"
    long = {name: TOO_LONG.format(limit=limit) for name, limit in _LIMITS.items() if len(form.get(name, "")) > limit}
    if jurisdiction() not in {None, key.office_id}:
        wrong["jurisdiction_id"] = "这个 api_key 属于另一个办公室"
    if wrong | long:
        message = "有参数不能使用，没有登记。"
        raise InvalidInputError(message, **wrong, **long)


def _is_coordinate(typed: str) -> bool:
    try:
        return abs(float(typed)) <= 180  # noqa: PLR2004 - degrees.
    except ValueError:
        return False


def _where(form: MultiDict[str, str]) -> str:
    """The place as it was given, for the desk: the address, its id, or coordinates."""
    if form.get("address_string"):
        return form["address_string"]
    return form.get("address_id", "")[:LINE_LIMIT] or "、".join(form[name][:20] for name in _COORDINATES)
