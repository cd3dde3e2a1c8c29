"""The words of a message: case numbers, category names, what is due when, and a link; never personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from hotline.casework.stages import is_late, label, missed_label
from hotline.moments import SHANGHAI
from hotline.store.hooks import DISPATCHED, EXTENDED, REMINDED, SENT_BACK
from hotline.store.outbox_rows import CASE_NEWS, DUE_LIST, TRIAL
from hotline.store.types import canonical_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotline.store.outbox_messages import Message

UNKNOWN = "—"
NEWS = {DISPATCHED: "派单", SENT_BACK: "退回重办", REMINDED: "督办、催办", EXTENDED: "延期答复"}


@dataclass(frozen=True, slots=True)
class Words:
    """What codes are called, and where links begin."""

    policies: Mapping[str, str]
    categories: Mapping[str, str]
    base_url: str


def subject(message: Message) -> str:
    """One line: how many time limits, how many of them late."""
    payload = message.payload
    if payload["kind"] == TRIAL:
        return "【时限提醒】测试消息"
    if payload["kind"] == CASE_NEWS:
        return f"【工单】{NEWS.get(payload['event'], UNKNOWN)} {payload['number']}"
    total = sum(payload["counts"].values())
    late = sum(n for stage, n in payload["counts"].items() if is_late(stage))
    title = "到期清单" if payload["kind"] == DUE_LIST else "时限提醒"
    return f"【{title}】{payload['day']} 有 {total} 项" + (f"，其中 {late} 项已逾期" if late else "")


def text(message: Message, words: Words) -> str:
    """The message for people."""
    payload = message.payload
    if payload["kind"] == TRIAL:
        return f"这是系统管理员发出的测试消息，收到说明可以送达，不必办理。\n\n{words.base_url}/\n"
    lines = [_line(line, words) for line in payload["lines"]]
    left = sum(payload["counts"].values()) - len(lines)
    if left:
        lines.append(f"另有 {left} 项未列出。")
    lines.append(f"\n全部提醒：{words.base_url}/notices/\n本邮件由系统自动发出，请登录系统办理，不要回复。")
    return "\n".join(lines) + "\n"


def mail(message: Message, words: Words, *, sender: str, to: str) -> EmailMessage:
    """The mail; sent again, it has the same Message-ID, so that the receiver can drop it."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject(message)
    made["Date"] = format_datetime(message.created_at)
    made["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(text(message, words))
    return made


def body(message: Message, words: Words) -> bytes:
    """The JSON of a webhook: what the mail says, for programs. Sent again, its bytes are the same."""
    payload = message.payload
    recipient = message.recipient
    if payload["kind"] == CASE_NEWS:
        return _news(message, words)
    return canonical_bytes(
        {
            "event_id": message.id,
            "type": f"deadline.{payload['kind']}",
            "created_at": message.created_at.isoformat(),
            "office": recipient.office_id,
            "body": recipient.body_id,
            "role": recipient.role,
            "day": payload["day"],
            "counts": payload.get("counts", {}),
            "lines": [_item(line, words) for line in payload.get("lines", ())],
        }
    )


def _news(message: Message, words: Words) -> bytes:
    payload, recipient = message.payload, message.recipient
    return canonical_bytes(
        {
            "event_id": message.id,
            "type": payload["event"],
            "created_at": message.created_at.isoformat(),
            "office": recipient.office_id,
            "body": recipient.body_id,
            "case_id": payload["case_id"],
            "number": payload["number"],
            "category": words.categories.get(payload["category"], UNKNOWN),
            "link": _link(payload, words),
        }
    )


def _item(line: Mapping[str, Any], words: Words) -> dict[str, str]:
    return {
        "number": line["number"],
        "category": words.categories.get(line["category"], UNKNOWN),
        "policy": line["policy"],
        "title": words.policies.get(line["policy"], line["policy"]),
        "stage": line["stage"],
        "missed": line["missed"],
        "due_at": line["due_at"],
        "link": _link(line, words),
    }


def _line(line: Mapping[str, Any], words: Words) -> str:
    due = datetime.fromisoformat(line["due_at"]).astimezone(SHANGHAI)
    missed = f"（此前未及提醒：{missed_label(line['missed'])}）" if line["missed"] else ""
    return (
        f"{label(line['stage'])}{missed}：{line['number']}，{words.categories.get(line['category'], UNKNOWN)}，"
        f"{words.policies.get(line['policy'], line['policy'])}，截止 {due:%Y-%m-%d %H:%M}\n  {_link(line, words)}"
    )


def _link(line: Mapping[str, Any], words: Words) -> str:
    return f"{words.base_url}/cases/{line['case_id']}"
