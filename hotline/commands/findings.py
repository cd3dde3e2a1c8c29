"""What `hotline doctor` finds, as its checks say it."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, WRONG = "ok", "warning", "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: `ok`, `warning` (works, but look at it) or `wrong` (put it right before serving)."""

    check: str
    status: str
    detail: str
