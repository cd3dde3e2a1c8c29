"""Refused records: what stands in one, and how much of it fits the entry form."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

from hotline.casework.privacy import look_fields
from hotline.errors import InvalidInputError
from hotline.intake.channels import load_channels
from hotline.intake.moments import SHANGHAI, parse_moment
from hotline.intake.said import Said, said
from hotline.intake.submission import NO_TEXT
from hotline.records import NewEvent
from hotline.store.events import last_seq
from hotline.store.worklists import case_of_complaint, quarantine_line
from hotline.vocabulary import Action
from hotline.web.cases import load_case
from hotline.web.context import account, actor, now, services

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hotline.store.casestore import CaseStore
    from hotline.store.quarantine import QuarantineLine

SHOWN = 50_000
MISFIT = "列数与表头不符，下面按次序对照，缺列之后可能错位，请逐项核对。"
_REPLACEMENTS = 0.05
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_DATED = re.compile(r"[0-9]{4}\s*[-/.年]")
_FORM_MOMENT = "%Y-%m-%dT%H:%M"
_FORM = {
    "reporter_name": "name",
    "reporter_phone": "phone",
    "reporter_id_number": "id_number",
    "reporter_address": "address",
    "reporter_role": "role",
    "respondent_platform": "platform",
    "respondent_url": "url",
}
_SAME = frozenset(
    {
        "text",
        "received_at",
        "goods",
        "amount",
        "happened_on",
        "happened_where",
        "demand",
        "evidence_note",
        "location_hint",
        "respondent_name",
        "respondent_address",
        "respondent_phone",
    }
)


def stream(quarantine_id: str) -> str:
    """The event stream of one refused record."""
    return f"quarantine:{quarantine_id}"


def note(store: CaseStore, quarantine_id: str, what: str, text: str = "") -> None:
    """Append what was done with a refused record: it was looked at, or dismissed with a reason.

    Raises:
        ConflictError: Two people acted at the same moment.
    """
    name = stream(quarantine_id)
    event = NewEvent(Action.NOTE, {"what": what}, text)
    seq = last_seq(store.session, name)
    store.append(name, [event], expected_seq=seq, actor=actor(), at=now(), recorded_at=now())


def open_record(quarantine_id: str) -> tuple[QuarantineLine, bytes, Said | None]:
    """One refused record of the signed-in account's office with its content; that somebody looked is an event.

    A row of a table comes with what it says by its own column names, where they were kept.

    Raises:
        NotFoundError: There is none that this account may see.
    """
    with services().write() as store:
        line = quarantine_line(store.session, account().office_id, quarantine_id)
        note(store, quarantine_id, "viewed")
        content = store.quarantined(quarantine_id)
        return line, content, said(readable(content) or "", store.quarantined_header(quarantine_id))


def first_under(store: CaseStore, line: QuarantineLine) -> tuple[str, str] | None:
    """Case and masked text of the complaint that holds this record's id; None where none does or it is this one's."""
    if not line.external_id:
        return None
    found = store.find_submission(line.office_id, line.channel, line.external_id)
    if found is None or found[0] == line.complaint_id:
        return None
    return found[1], store.complaint(found[0]).masked_text


def closed_record(store: CaseStore, line: QuarantineLine) -> bool:
    """Whether the record tells of a caller who is closed to this account.

    So is one that has become a case, or came under the id of a case, whose caller this account may not look at.
    """
    first = first_under(store, line)
    own = case_of_complaint(store.session, line.complaint_id) if line.complaint_id else None
    held = own or (first[0] if first else None)
    return held is not None and not look_fields(load_case(store, held), None, actor(), now())


def readable(content: bytes) -> str | None:
    """The content as text, None where it is binary; what fits no character is shown as a mark."""
    text = content[: SHOWN * 4].decode("utf-8", errors="replace")
    strange = sum(1 for character in text if character == "\ufffd" or (character < " " and character not in "\t\r\n"))
    return None if strange > len(text) * _REPLACEMENTS else text[:SHOWN]


def prefilled(quarantine_id: str) -> dict[str, str]:
    """The entry form's fields from a refused record: those of a JSON object or of a table's row, else all as the text.

    `original`, `by_name` and `refusal` are no fields: the form shows them beside what is put right.

    Raises:
        NotFoundError: There is none that this account may see.
        InvalidInputError: It was dealt with already.
    """
    line, content, row = open_record(quarantine_id)
    if line.resolved_at is not None:
        message = "这条隔离记录已经处理过，请从隔离列表另选一条。"
        raise InvalidInputError(message)
    with services().read() as store:
        if closed_record(store, line):
            message = "这条记录与一件举报同编号，来电人身份密封；请先在该工单申请启封，再改正或作废。"
            raise InvalidInputError(message)
    text = readable(content) or ""
    typed = dict(_from_json(text, line.channel)) or dict(_from_said(row, line.channel))
    typed = typed or _from_row(text) or {"text": text.strip()}
    if line.reason == NO_TEXT:  # Its most Chinese cell is a name or an address, not what the caller said.
        typed |= {"text": ""}
    typed |= {"received_at": _form_moment(typed.get("received_at", ""))}
    typed |= {"original": text.strip(), "by_name": by_name(row), "refusal": line.reason}
    return {"channel": line.channel if line.channel in load_channels() else "", **typed}


def by_name(row: Said | None) -> str:
    """What a row says, a line a column; empty where its column names are not known."""
    if row is None:
        return ""
    lines = [f"{name}：{cell}" for name, cell in row.pairs]
    return "\n".join(lines if row.fits else [MISFIT, *lines])


def _from_said(row: Said | None, channel: str) -> Iterator[tuple[str, str]]:
    """The form's fields of a row whose column names are known."""
    known = load_channels().get(channel) or next(iter(load_channels().values()))
    for name, value in row.fields(known).items() if row else ():
        if name in _SAME or name in _FORM:
            yield _FORM.get(name, name), value


def _from_json(text: str, channel: str) -> Iterator[tuple[str, str]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return
    known = load_channels().get(channel) or next(iter(load_channels().values()))
    if not isinstance(data, dict):
        return
    for key, value in _flat(data):
        name = known.field_of(key) or ""
        if name in _SAME or name in _FORM:
            yield _FORM.get(name, name), value


def _from_row(text: str) -> dict[str, str]:
    """The most Chinese cell of a table's row as the text, its only mobile number and time; empty where it is no row.

    The heads of the columns are not known here: the rest stays beside the form for a person to read.
    """
    lines = text.strip().splitlines()
    if not lines:
        return {}
    try:
        rows = list(csv.reader(lines, delimiter="\t" if "\t" in lines[0] else ",", strict=True))
    except csv.Error:
        return {}
    if len(rows) != 1 or len(rows[0]) == 1:
        return {}
    cells = [cell.strip() for cell in rows[0]]
    mobiles = [cell for cell in cells if _MOBILE.fullmatch(cell)]
    times = [cell for cell in cells if _DATED.match(cell) and _form_moment(cell)]
    longest = max(cells, key=lambda cell: (len(_HAN.findall(cell)), len(cell)))
    return {
        "text": "" if longest in mobiles else longest,
        "phone": mobiles[0] if len(mobiles) == 1 else "",
        "received_at": times[0] if len(times) == 1 else "",
    }


def _form_moment(written: str) -> str:
    """A time as the form's field takes it, in Asia/Shanghai; empty where it cannot be read.

    Without it a record put right days later would count as received today, and its clocks would begin too late.
    """
    try:
        return parse_moment(written).astimezone(SHANGHAI).strftime(_FORM_MOMENT)
    except InvalidInputError:
        return ""


def _flat(data: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The keys of an object, those of its inner objects with the outer key before them."""
    for key, value in data.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{inner}", str(each)) for inner, each in value.items() if isinstance(each, (str, int)))
        elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
            yield str(key), str(value)
