"""The complaint that an entry form tells, as a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError
from hotline.intake.channels import load_channels
from hotline.intake.moments import parse_amount, parse_day, parse_moment
from hotline.intake.submission import Draft
from hotline.moments import local_date
from hotline.vocabulary import Kind, Urgency
from hotline.web.operators.formreader import LONG_LIMIT, TEXT_LIMIT, FormReader
from hotline.web.operators.people import reporter_of, respondent_of
from hotline.web.operators.typed import raw_of

if TYPE_CHECKING:
    from datetime import datetime

_MOST = 10**12


def draft_of(reader: FormReader, token: str, kind: Kind | None) -> Draft:
    """The complaint as the form tells it."""
    received = _received(reader)
    channel = reader.one_of("channel", load_channels(), "请从列出的渠道中选择。")
    if not channel and "channel" not in reader.errors:
        reader.errors["channel"] = "请选择渠道。"
    urgency = reader.one_of("urgency", {each.value for each in Urgency}, "请选择紧急程度。")
    happened_on = reader.checked("happened_on", lambda day: _is_past(day, reader.now), "日期无法识别，或在将来。")
    return Draft(
        channel=channel or next(iter(load_channels())),
        external_id=f"desk-{token}",
        text=reader.text("text", TEXT_LIMIT),
        received_at=received or reader.now,
        kind=kind,
        location_hint=reader.text("location_hint"),
        urgency=next((each for each in Urgency if each == urgency), Urgency.NORMAL),
        goods=reader.text("goods"),
        amount=parse_amount(reader.checked("amount", _is_sum, "金额无法识别，请写成 1280 或 1280.50。")),
        happened_on=parse_day(happened_on) if happened_on else None,
        happened_where=reader.text("happened_where"),
        demand=reader.text("demand", LONG_LIMIT),
        evidence_note=reader.text("evidence_note", LONG_LIMIT),
        reporter=reporter_of(reader),
        respondent=respondent_of(reader),
        raw=raw_of(reader.form),
        received_given=received is not None,
    )


def _received(reader: FormReader) -> datetime | None:
    """When the caller spoke, where that was earlier than now."""
    value = reader.text("received_at")
    if not value:
        return None
    try:
        moment = parse_moment(value)
    except InvalidInputError:
        reader.errors["received_at"] = "时间无法识别，请写成 2026-11-21 09:30。"
        return None
    if moment > reader.now:
        reader.errors["received_at"] = "来电时间在将来，请核对。"
        return None
    return moment


def _is_past(text: str, now: datetime) -> bool:
    day = parse_day(text)
    return day is not None and day <= local_date(now)


def _is_sum(text: str) -> bool:
    amount = parse_amount(text)
    return amount is not None and amount < _MOST
