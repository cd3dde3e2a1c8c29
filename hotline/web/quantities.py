"""How sums, shares, sizes and counts look on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.store.tallies import MANY

if TYPE_CHECKING:
    from decimal import Decimal

KILO = 1024


def money(value: Decimal | None) -> str:
    """1,280 元, with 角 and 分 only where there are any."""
    return "" if value is None else f"{value:,.2f}".removesuffix(".00") + " 元"


def percent(value: float | None) -> str:
    """0.934 → 93%. Never 100% of a guess."""
    return "" if value is None else f"{min(round(value * 100), 99)}%"


def filesize(size: int) -> str:
    """Bytes for people."""
    if size < KILO:
        return f"{size} B"
    return f"{size / KILO:.0f} KB" if size < KILO * KILO else f"{size / KILO / KILO:.1f} MB"


def counted(number: int) -> str:
    """A count that is not counted to its end where it is large."""
    return str(number) if number < MANY else f"{MANY - 1}+"
