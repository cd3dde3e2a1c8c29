"""The entry form as it was typed → drafts and the operator's choices, with what is wrong beside each field."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hotline.casework.preparation import Choice
from hotline.casework.supplementing import Told
from hotline.errors import InvalidInputError
from hotline.intake.channels import load_channels
from hotline.intake.moments import parse_amount, parse_day, parse_moment
from hotline.intake.normalise import masked
from hotline.intake.submission import Draft
from hotline.moments import local_date
from hotline.records import Reporter, Respondent
from hotline.store.ids import new_id
from hotline.vocabulary import Kind, Urgency

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from hotline.casework.rulebook import Rulebook

TEXT_LIMIT = 50_000
LONG_LIMIT = 8_000
LINE_LIMIT = 300
LINES = (
    "name",
    "phone",
    "address",
    "id_number",
    "role",
    "respondent_name",
    "respondent_address",
    "respondent_phone",
    "platform",
    "url",
    "goods",
    "happened_where",
    "location_hint",
    "reason",
)
TYPED = (
    "channel",
    "text",
    *LINES,
    "anonymous",
    "amount",
    "happened_on",
    "demand",
    "evidence_note",
    "urgency",
    "kind",
    "received_at",
    "category",
    "setting",
    "plan_id",
    "split",
    "clue",
)
_TOKEN = re.compile(r"[0-9a-f]{32}")
_DIGITS = range(5, 25)
_MOST = 10**12
_ID_NUMBER = re.compile(r"[0-9A-Za-z()（）-]{5,25}")


@dataclass(frozen=True, slots=True)
class Entry:
    """A form that was read. `errors` names what stands against saving; `draft` serves the preview all the same."""

    token: str
    draft: Draft
    choice: Choice
    split: bool
    errors: Mapping[str, str]
    clue: str = ""

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """The draft, or the two of a split: the dispute keeps the key, the report has one of its own.

        A report in words of its own (`clue`) does not tell an agency that has both halves that they are one person's;
        what was asked for and paid then stays with the dispute.
        """
        if not self.split:
            return (self.draft,)
        report = replace(self.draft, kind=Kind.REPORT, external_id=f"{self.draft.external_id}-2")
        if self.clue:
            report = replace(report, text=self.clue, demand="", evidence_note="", amount=None)
        return (replace(self.draft, kind=Kind.DISPUTE), report)

    def check(self) -> None:
        """Refuse what cannot be saved.

        Raises:
            InvalidInputError: With the fields that are wrong.
        """
        if self.errors:
            message = "有几处需要改正，已填的内容都保留着。"
            raise InvalidInputError(message, **self.errors)


@dataclass
class _Reader:
    """The fields of one form, read one by one; what is wrong gathers in `errors`."""

    form: Mapping[str, str]
    now: datetime
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, limit: int = LINE_LIMIT) -> str:
        """A field without the characters that no database takes; too long a one is an error and is kept."""
        value = self.form.get(name, "").replace("\x00", "").strip()
        if len(value) > limit:
            self.errors[name] = f"太长了，请不超过 {limit} 字。"
        return value

    def checked(self, name: str, is_good: Callable[[str], object], what: str) -> str:
        """A field that has a form, where it is filled."""
        value = self.text(name)
        if value and name not in self.errors and not is_good(value):
            self.errors[name] = what
        return value

    def one_of(self, name: str, known: Mapping[str, object] | set[str], what: str) -> str:
        """A code from a list; an unknown one is an error and counts as not chosen."""
        value = self.text(name)
        if value and value not in known:
            self.errors[name] = what
            return ""
        return value


def typed_of(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed, to be shown again: only the fields of this form, and no kind that the page had only proposed."""
    typed = {name: form[name] for name in (*TYPED, "token", "quarantine_id") if form.get(name)}
    if typed.get("kind") == form.get("kind_proposed"):
        typed.pop("kind", None)
    return typed


def read_entry(form: Mapping[str, str], *, now: datetime, rulebook: Rulebook) -> Entry:
    """Read the form; nothing is refused here, so that the preview works on what is there (see `Entry.check`)."""
    reader = _Reader(form, now)
    token = form.get("token", "")
    token = token if _TOKEN.fullmatch(token) else new_id()
    draft = _draft(reader, token, _kind(reader))
    if not draft.text:
        reader.errors["text"] = "请填写来电人反映的内容。"
    choice = _choice(reader, rulebook, draft.reporter)
    return Entry(
        token=token,
        draft=draft,
        choice=choice,
        split=form.get("split") == "1",
        errors=reader.errors,
        clue=reader.text("clue", TEXT_LIMIT),
    )


def _kind(reader: _Reader) -> Kind | None:
    """The kind that the operator chose; what the page had only proposed is proposed anew from the present text."""
    value = reader.one_of("kind", {kind.value for kind in Kind}, "请选择投诉、举报或咨询。")
    if not value or value == reader.form.get("kind_proposed"):
        return None
    return Kind(value)


def _draft(reader: _Reader, token: str, kind: Kind | None) -> Draft:
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
        reporter=_reporter(reader),
        respondent=_respondent(reader),
        raw=_raw(reader.form),
        received_given=received is not None,
    )


def _reporter(reader: _Reader) -> Reporter:
    return Reporter(
        name=reader.text("name"),
        phone=reader.checked("phone", _is_phone, "电话应含 5 至 24 位数字，请核对。"),
        id_number=reader.checked("id_number", _ID_NUMBER.fullmatch, "证件号只能是字母和数字，请核对。").upper(),
        address=reader.text("address"),
        anonymous=reader.form.get("anonymous") == "1",
        role=reader.text("role"),
    )


def read_supplement(form: Mapping[str, str], now: datetime) -> tuple[Told, Mapping[str, str]]:
    """What a form completes of a complaint that is there, and what is wrong with it."""
    reader = _Reader(form, now)
    goods, demand, facts = reader.text("goods"), reader.text("demand", LONG_LIMIT), reader.text("facts", LONG_LIMIT)
    return Told(_reporter(reader), _respondent(reader), goods, demand, facts), reader.errors


def _respondent(reader: _Reader) -> Respondent:
    return Respondent(
        name=reader.text("respondent_name"),
        address=reader.text("respondent_address"),
        phone=reader.checked("respondent_phone", _is_phone, "电话应含 5 至 24 位数字，请核对。"),
        platform=reader.text("platform"),
        url=reader.text("url"),
    )


def _choice(reader: _Reader, rulebook: Rulebook, reporter: Reporter) -> Choice:
    """The operator's own category, setting and plan; the reason stands in clear beside the route, so it is masked."""
    taxonomy = rulebook.taxonomy
    plan_id = reader.one_of("plan_id", rulebook.plans, "请从列出的方案中选择。")
    reason = reader.text("reason")
    if plan_id and not reason:
        reader.errors["reason"] = "另选方案请写明理由。"
    category = reader.one_of("category", taxonomy.categories, "请从列出的类别中选择。")
    setting = reader.one_of("setting", taxonomy.settings, "请从列出的环节中选择。")
    if not (category or setting or plan_id):
        return Choice()
    return Choice(category, setting, plan_id, masked(reason, reporter, whole=True))


def _received(reader: _Reader) -> datetime | None:
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


def _raw(form: Mapping[str, str]) -> bytes:
    """What was typed, as it is kept beside the complaint."""
    kept = {name: form[name] for name in TYPED if form.get(name)}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True).encode("utf-8", errors="replace")


def _is_past(text: str, now: datetime) -> bool:
    day = parse_day(text)
    return day is not None and day <= local_date(now)


def _is_sum(text: str) -> bool:
    amount = parse_amount(text)
    return amount is not None and amount < _MOST


def _is_phone(text: str) -> bool:
    return len(re.findall(r"[0-9]", text)) in _DIGITS
