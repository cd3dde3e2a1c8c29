"""Posting a message to a body's own address: signed, with a time limit, without redirects and without proxies.

The signature is `HMAC-SHA256(secret, timestamp + "." + body)`: the receiver checks it, drops what is older than a few
minutes, and drops an event id it has seen. An intranet's addresses are allowed; this machine itself and where machines
keep their own secrets are not: see `store.hosts`.
"""

from __future__ import annotations

import hashlib
import hmac
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hotline.delivery.connecting import HostError, connection_to, whole_within
from hotline.delivery.outcome import DeliveryError

if TYPE_CHECKING:
    from urllib.parse import SplitResult

TIMEOUT_SECONDS = 10
"""How long a receiver may take: to say anything, and in all."""
EVENT, TIMESTAMP, SIGNATURE = "X-Hotline-Event", "X-Hotline-Timestamp", "X-Hotline-Signature"
_GONE = 410
_DONE = range(200, 300)
_ELSEWHERE = range(300, 400)


def post(address: str, content: bytes, *, event_id: str, secret: bytes, timestamp: int, local: bool = False) -> None:
    """Post one event; `local` lets a receiver on this machine itself pass.

    Raises:
        DeliveryError: The address cannot be reached or may not be used, or the answer is not 2xx.
    """
    parts = urlsplit(address)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "hotline",
        EVENT: event_id,
        TIMESTAMP: str(timestamp),
        SIGNATURE: f"sha256={signature(secret, timestamp, content)}",
    }
    try:
        status = _status(parts, content, headers, local=local)
    except HostError as error:
        raise DeliveryError(str(error), for_good=True) from None
    except (OSError, HTTPException, ValueError) as error:
        problem = f"连接接收地址失败（{type(error).__name__}）"
        raise DeliveryError(problem, down=True) from None
    if status in _ELSEWHERE:
        problem = f"接收地址要求跳转（{status}），没有跟随；请登记最终地址"
        raise DeliveryError(problem)
    if status not in _DONE:
        problem = f"接收方没有接受（{status}）"
        raise DeliveryError(problem, for_good=status == _GONE)


def signature(secret: bytes, timestamp: int, content: bytes) -> str:
    """What the receiver computes to compare."""
    return hmac.new(secret, f"{timestamp}.".encode() + content, hashlib.sha256).hexdigest()


def _status(parts: SplitResult, content: bytes, headers: dict[str, str], *, local: bool) -> int:
    """The status of the answer; its text is not read."""
    connection = connection_to(parts, TIMEOUT_SECONDS, local=local)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        with whole_within(connection, TIMEOUT_SECONDS):
            connection.request("POST", target, body=content, headers=headers)
            answer = connection.getresponse()
        return answer.status
    finally:
        connection.close()
