"""What the public may read: the list of services, and released disputes."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import request

from hotline.errors import InvalidInputError, NotFoundError
from hotline.intake.moments import parse_moment
from hotline.moments import SHANGHAI
from hotline.store.releases import MOST, Released, Sought, released
from hotline.vocabulary import OPEN_CASE_STATES, CaseState
from hotline.web.access import public
from hotline.web.context import now, services
from hotline.web.open311.room import answered, answered_one, blueprint

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Response

OTHER = "other"
SPAN = timedelta(days=90)
"""How much the standard lets be asked for at once."""
ENDINGS = "<any(json, xml):ending>"
STATES = {"open": False, "closed": True}
UNKNOWN_SERVICE = "没有这个服务代码。请从 services 列表中选择。"
UNKNOWN_REQUEST = "没有这件诉求，或没有公开。请核对编号。"
UNKNOWN_JURISDICTION = "没有这个 jurisdiction_id。请不写，或写办公室代码。"
_ID = re.compile(r"[0-9a-f]{32}")
_MOST_IDS = 100


@blueprint.get(f"/services.{ENDINGS}")
@public
def list_services(ending: str) -> Response:
    """The categories that can be reported."""
    _ = ending, jurisdiction()
    return answered([_service(code) for code in codes()], root="services", item="service")


@blueprint.get(f"/services/<code>.{ENDINGS}")
@public
def show_definition(code: str, ending: str) -> Response:
    """No service asks for more than the standard's own fields."""
    _ = ending, jurisdiction()
    if code not in codes():
        raise NotFoundError(UNKNOWN_SERVICE)
    return answered_one({"service_code": code, "attributes": []}, root="service_definition")


@blueprint.get(f"/requests.{ENDINGS}")
@public
def list_requests(ending: str) -> Response:
    """Released disputes, of the last 90 days where nothing else is asked for."""
    _ = ending
    with services().read() as store:
        found = released(store.session, _sought())
    return answered([_request(each) for each in found], root="service_requests", item="request")


@blueprint.get(f"/requests/<request_id>.{ENDINGS}")
@public
def show_request(request_id: str, ending: str) -> Response:
    """One released dispute; what was not released and what does not exist are answered alike."""
    _ = ending
    wanted = Sought(ids=(request_id,), office_id=jurisdiction())
    with services().read() as store:
        found = released(store.session, wanted) if _ID.fullmatch(request_id) else ()
    if not found:
        raise NotFoundError(UNKNOWN_REQUEST)
    return answered([_request(each) for each in found], root="service_requests", item="request")


def codes() -> tuple[str, ...]:
    """The codes of services: the categories of the taxonomy that are in scope."""
    return tuple(code for code in services().rulebook.taxonomy.categories if code != OTHER)


def jurisdiction() -> str | None:
    """The office that is asked for, None for all.

    Raises:
        NotFoundError: There is no such office.
    """
    asked = request.values.get("jurisdiction_id", "")
    if asked and asked not in services().offices:
        raise NotFoundError(UNKNOWN_JURISDICTION)
    return asked or None


def _service(code: str) -> dict[str, Any]:
    category = services().rulebook.taxonomy.categories[code]
    return {
        "service_code": code,
        "service_name": category.name,
        "description": category.name,
        "metadata": False,
        "type": "realtime",
        "keywords": "",
        "group": category.group,
    }


def _request(each: Released) -> dict[str, Any]:
    """Category, district, state and days; the other fields of the standard stay empty."""
    state = next((state for state in CaseState if state == each.state), None)
    category = services().rulebook.taxonomy.categories[each.category]
    return {
        "service_request_id": each.complaint_id,
        "status": "open" if state in OPEN_CASE_STATES else "closed",
        "status_notes": state.label if state else "",
        "service_name": category.name,
        "service_code": each.category,
        "description": None,
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": _day(each.received_at),
        "updated_datetime": _day(each.closed_at or max(each.released_at, each.received_at)),
        "expected_datetime": None,
        "address": each.region_name or "",
        "address_id": each.region,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _day(moment: datetime) -> str:
    """The day, without the time of day, in the form that the standard asks for."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d}T00:00:00+08:00"


def _sought() -> Sought:
    """What the query asks for.

    Raises:
        InvalidInputError: A condition cannot be used.
    """
    office = jurisdiction()
    ids = _several("service_request_id")
    if ids:
        return Sought(ids=tuple(each for each in ids[:_MOST_IDS] if _ID.fullmatch(each)) or ("-",), office_id=office)
    since, until = _moment("start_date"), _moment("end_date")
    until = until or (min(since + SPAN, now()) if since else now())
    since = since or until - SPAN
    if since > until or until - since > SPAN:
        message = "时间范围应从早到晚，且不超过 90 天。"
        raise InvalidInputError(message, start_date=message)
    states = set(_several("status"))
    if not states <= STATES.keys():
        message = "应为 open、closed 或两者，以逗号分隔。"
        raise InvalidInputError(message, status=message)
    return Sought(
        categories=_several("service_code"),
        closed=STATES[states.pop()] if len(states) == 1 else None,
        since=since,
        until=until,
        office_id=office,
        page=_number("page", 1, 10_000),
        page_size=_number("page_size", MOST, MOST),
    )


def _several(name: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in request.args.get(name, "").split(",") if part.strip())


def _moment(name: str) -> datetime | None:
    typed = request.args.get(name, "").strip()
    try:
        return parse_moment(typed.replace(" ", "+")) if typed else None
    except InvalidInputError:
        message = "应为 ISO 8601 时间，例如 2026-01-31T09:00:00+08:00。"
        raise InvalidInputError(message, **{name: message}) from None


def _number(name: str, default: int, most: int) -> int:
    typed = request.args.get(name, "")
    if not typed:
        return default
    if not (typed.isascii() and typed.isdigit() and len(typed) < 8 and 1 <= int(typed) <= most):  # noqa: PLR2004 - far above `most`.
        message = f"应为 1 到 {most} 的整数。"
        raise InvalidInputError(message, **{name: message})
    return int(typed)
