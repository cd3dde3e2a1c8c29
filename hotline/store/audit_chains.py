"""Whether each event follows the one before, and each text is the one that was written."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hotline.errors import KeyringError
from hotline.store.askept import UNREADABLE, as_kept, number, unreadable
from hotline.store.audit_faults import Broken, equal, fault
from hotline.store.event_rows import chained_bytes, text_digest
from hotline.store.free_texts import open_text
from hotline.store.tables import EVENT, EVENT_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlmodel import Session

    from hotline.store.crypto import Keyring

_FETCH = 1_000


def chain_faults(session: Session, keyring: Keyring) -> Iterator[Broken]:
    """What is wrong in any stream, counting its events."""
    joined = EVENT.outerjoin(EVENT_TEXT, EVENT_TEXT.c.event_id == EVENT.c.id)
    texts = [column for column in as_kept(session, EVENT_TEXT) if column.name in {"salt", "content"}]
    statement = (
        select(*as_kept(session, EVENT), *texts)
        .select_from(joined)
        .order_by(EVENT.c.stream, EVENT.c.seq)
        .execution_options(yield_per=_FETCH)
    )
    rows = session.execute(statement).mappings()
    for stream, events in groupby(rows, key=lambda row: row["stream"]):
        seq, mac = 0, ""
        for row in events:
            own = number(row["seq"], seq + 1)
            wrong = unreadable(EVENT, row)
            reason = f"事件无法读取：{'、'.join(wrong)} 被改动" if wrong else _event_fault(row, seq, mac, keyring)
            if reason:
                yield fault(stream, own, reason)
            seq, mac = own, row["hmac"]


def _event_fault(row: Mapping[Any, Any], seq: int, mac: str, keyring: Keyring) -> str:
    """What is wrong with one event that follows number `seq` with HMAC `mac`; empty where nothing is."""
    if not equal(keyring.sign(chained_bytes(row)), row["hmac"]):
        return "内容与签名不符：这条事件被改动、移动或伪造"
    if row["seq"] != seq + 1:
        return "序号不连续：此前的事件被删除"
    if row["prev_hmac"] != mac:
        return "与前一条事件不衔接：前面有事件被替换、插入或调换"
    return _text_fault(row, keyring)


def _text_fault(row: Mapping[Any, Any], keyring: Keyring) -> str:
    """A text that was deleted is no fault; one that is there must be the one that was written."""
    if row["content"] is None:
        return ""
    if UNREADABLE in {row["content"], row["salt"]}:
        return "正文无法读取：被改动"
    try:
        text = open_text(row["id"], row["content"], keyring)
    except KeyringError:
        return "正文无法解密：被改动或被调换"
    return "" if text_digest(row["salt"], text) == row["text_digest"] else "正文与摘要不符：被改动或被添加"
