"""Small bar charts as inline SVG: made on the server, without script, and never without the table beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HEIGHT, HEAD, FOOT = 120, 16, 18
SLOT, WIDTH = 56, 34


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what stands under it, how high it is (None: not known), what stands above it, what it says in full."""

    label: str
    value: float | None
    shown: str
    title: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bar with its place in the picture."""

    bar: Bar
    x: float
    middle: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of bars, in units of its view box."""

    title: str
    width: int
    height: int
    bars: tuple[Drawn, ...]


def bars(title: str, values: Sequence[Bar], *, top: float | None = None) -> Chart:
    """Place the bars side by side; `top` is the value of the full height, by default the greatest."""
    most = top or max((bar.value or 0 for bar in values), default=0) or 1
    drawn = []
    for index, bar in enumerate(values):
        height = round((bar.value or 0) / most * HEIGHT, 1)
        x = index * SLOT + (SLOT - WIDTH) / 2
        drawn.append(Drawn(bar, x, index * SLOT + SLOT / 2, round(HEAD + HEIGHT - height, 1), height))
    return Chart(title, max(len(values), 1) * SLOT, HEAD + HEIGHT + FOOT, tuple(drawn))
