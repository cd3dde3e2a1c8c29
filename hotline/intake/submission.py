"""A row, a form or an API body → Draft → Complaint. The same rules for all three."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError
from hotline.intake.channels import load_channels
from hotline.intake.kinds import propose_kind
from hotline.intake.moments import parse_amount, parse_day, parse_moment
from hotline.intake.normalise import masked, normalise, without_caller
from hotline.intake.places import find_place_in_field
from hotline.intake.rows import raw_bytes
from hotline.records import Complaint, Reporter, Respondent
from hotline.vocabulary import Kind, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from decimal import Decimal

    from hotline.intake.channels import Channel
    from hotline.intake.rows import RawRow
    from hotline.records import Region

_URGENCIES = {"特急": Urgency.CRITICAL, "紧急": Urgency.URGENT, "急": Urgency.URGENT, "加急": Urgency.URGENT}
_KINDS = {"投诉": Kind.DISPUTE, "举报": Kind.REPORT, "咨询": Kind.INQUIRY, "申诉": Kind.DISPUTE, "求助": Kind.DISPUTE}
_CODES = {kind.value: kind for kind in Kind}
_YES = frozenset({"true", "1", "是", "y", "yes", "匿名"})
_ANONYMOUS_NAMES = frozenset({"匿名", "匿名人", "匿名用户", "不愿透露", "不愿透露姓名", "无", "未知"})
_ID_LENGTH = 20
MADE_ID = "auto-"
"""How an id begins that was made of the content."""
_UNIT = "\x1f"
CLOCK_SKEW = timedelta(minutes=5)
"""How far another system's clock may be ahead of ours."""
NO_TEXT = "没有诉求内容。请补上来电人反映的内容后重新导入。"


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything a form, the API or an import can give, before it becomes a complaint. `raw` is what arrived.

    `received_given` is False where `received_at` is the default (the time of import).
    """

    channel: str
    external_id: str
    text: str
    received_at: datetime
    kind: Kind | None = None
    location_hint: str = ""
    urgency: Urgency = Urgency.NORMAL
    goods: str = ""
    amount: Decimal | None = None
    happened_on: date | None = None
    happened_where: str = ""
    demand: str = ""
    evidence_note: str = ""
    reporter: Reporter = field(default_factory=Reporter)
    respondent: Respondent = field(default_factory=Respondent)
    raw: bytes = b""
    received_given: bool = True


def content_digest(draft: Draft) -> str:
    """SHA-256 (hex) of what was said: equal digests are the same content.

    Ids, the raw bytes and a defaulted time are not in it.
    """
    caller, other = draft.reporter, draft.respondent
    parts = {
        "text": draft.text,
        "kind": draft.kind,
        "received_at": draft.received_at.isoformat() if draft.received_given else None,
        "location_hint": draft.location_hint,
        "urgency": draft.urgency,
        "goods": draft.goods,
        "amount": None if draft.amount is None else format(draft.amount.normalize(), "f"),
        "happened": [draft.happened_on.isoformat() if draft.happened_on else None, draft.happened_where],
        "demand": draft.demand,
        "evidence_note": draft.evidence_note,
        "reporter": [caller.name, caller.phone, caller.id_number, caller.address, caller.anonymous, caller.role],
        "respondent": [other.name, other.address, other.phone, other.platform, other.url],
    }
    canonical = json.dumps(parts, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def check_received(received_at: datetime, now: datetime) -> None:
    """Refuse a time of receipt that has not come yet.

    Raises:
        InvalidInputError: It lies further ahead than another system's clock may be.
    """
    if received_at > now + CLOCK_SKEW:
        message = "登记时间晚于现在。请核对时间后重试。"
        raise InvalidInputError(message, received_at="不能晚于现在")


def stable_id(channel: str, digest: str, occurrence: int) -> str:
    """The id of a row without one, from its channel, content and count within the file: a re-import finds it."""
    key = _UNIT.join((channel, digest, str(occurrence)))
    return MADE_ID + hashlib.sha256(key.encode()).hexdigest()[:_ID_LENGTH]


def parse_kind(text: str) -> Kind | None:
    """A kind by code or Chinese label; None where it is neither or names two."""
    text = text.strip()
    if text.lower() in _CODES:
        return _CODES[text.lower()]
    named = {kind for word, kind in _KINDS.items() if word in text}
    return named.pop() if len(named) == 1 else None


def _reporter(fields: Mapping[str, str]) -> Reporter:
    """The caller of a row; 匿名 in place of a name makes the row anonymous."""
    name = fields.get("reporter_name", "")
    anonymous = fields.get("reporter_anonymous", "").strip().lower() in _YES
    if name.strip() in _ANONYMOUS_NAMES:
        name, anonymous = "", True
    return Reporter(
        name=name,
        phone=fields.get("reporter_phone", ""),
        id_number=fields.get("reporter_id_number", "").upper(),
        address=fields.get("reporter_address", ""),
        anonymous=anonymous,
        role=fields.get("reporter_role", ""),
    )


def _respondent(fields: Mapping[str, str]) -> Respondent:
    """The one complained of in a row."""
    names = ("name", "address", "phone", "platform", "url")
    return Respondent(**{name: fields.get(f"respondent_{name}", "") for name in names})


def draft_from_row(
    row: RawRow,
    channel: Channel,
    *,
    office_id: str,  # noqa: ARG001 - one signature with the API's; an office may bring defaults of its own
    now: datetime,
    home_region: str | None = None,  # noqa: ARG001 - as above
) -> Draft:
    """The draft of a row. `external_id` is empty where the row has none: `judge.drafts` gives it one by its count.

    A missing time is `now`. A sum, a day or an urgency that cannot be read is left out; it stays in `raw`.

    Raises:
        InvalidInputError: No text, or a time that cannot be read.
    """
    fields = row.fields
    text = fields.get("text", "").strip()
    if not text:
        raise InvalidInputError(NO_TEXT, text="必填")
    moment = fields.get("received_at", "")
    return Draft(
        channel=channel.code,
        external_id=fields.get("external_id", "").strip(),
        text=text,
        received_at=parse_moment(moment) if moment else now,
        kind=parse_kind(fields.get("kind", "")),
        location_hint=fields.get("location_hint", ""),
        urgency=_URGENCIES.get(fields.get("urgency", ""), Urgency.NORMAL),
        goods=fields.get("goods", ""),
        amount=parse_amount(fields.get("amount", "")),
        happened_on=parse_day(fields.get("happened_on", "")),
        happened_where=fields.get("happened_where", ""),
        demand=fields.get("demand", ""),
        evidence_note=fields.get("evidence_note", ""),
        reporter=_reporter(fields),
        respondent=_respondent(fields),
        raw=raw_bytes(row.raw),
        received_given=bool(moment),
    )


def kind_of(draft: Draft, channel: Channel | None = None) -> Kind:
    """The kind given, else the one the text proposes, else the channel's default (of one not yet in use: `channel`)."""
    if draft.kind is not None:
        return draft.kind
    proposal = propose_kind(draft.text)
    channel = channel or load_channels().get(draft.channel)
    return channel.kind if channel and not proposal.sure else proposal.kind


def _place_given(draft: Draft, home_region: str | None) -> Region | None:
    """The respondent's address, else where it happened, where the form's field names a district or a city.

    A complaint belongs to the respondent's place (12315 rules, W7 and W8), so this comes before what the text says.
    """
    for place in (draft.respondent.address, draft.happened_where):
        found = find_place_in_field(place, home_region) if place.strip() else None
        if found and found.level != "province":
            return found
    return None


def complaint_from_draft(
    draft: Draft,
    *,
    complaint_id: str,
    submission_id: str,
    office_id: str,
    home_region: str | None,
    channel: Channel | None = None,
) -> Complaint:
    """The complaint of a draft, normalised. A sum or a day is taken from the form only, never from the text.

    Raises:
        InvalidInputError: The draft has no text.
    """
    if not draft.text.strip():
        raise InvalidInputError(NO_TEXT, text="必填")
    kind = kind_of(draft, channel)
    whole = kind is Kind.REPORT
    read = normalise(
        draft.text,
        received_at=draft.received_at,
        location_hint=draft.location_hint,
        home_region=home_region,
        reporter=draft.reporter,
        whole=whole,
    )
    return Complaint(
        id=complaint_id,
        submission_id=submission_id,
        office_id=office_id,
        channel=draft.channel,
        external_id=draft.external_id,
        received_at=draft.received_at,
        kind=kind,
        text=read.text,
        masked_text=read.masked_text,
        urgency=draft.urgency,
        region=_place_given(draft, home_region) or read.region,
        location_hint=draft.location_hint,
        reporter=draft.reporter,
        respondent=without_caller(draft.respondent, draft.reporter, whole=whole),
        goods=masked(draft.goods, draft.reporter, whole=whole),
        amount=draft.amount,
        happened_on=draft.happened_on,
        happened_where=draft.happened_where,
        demand=draft.demand,
        evidence_note=draft.evidence_note,
    )
