"""A fault that an audit finds, and how signatures are compared."""

from __future__ import annotations

import hmac
from typing import Any

Broken = dict[str, Any]


def equal(made: str, kept: str) -> bool:
    """Whether two signatures are equal; one that was altered may hold any character."""
    return hmac.compare_digest(made.encode(), kept.encode("utf-8", "surrogatepass"))


def fault(stream: object, seq: int, reason: str) -> Broken:
    """Something broken, as `verify` tells it."""
    return {"stream": str(stream), "seq": seq, "reason": reason}
