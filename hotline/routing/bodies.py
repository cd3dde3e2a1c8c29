"""An agency of one place: since when and until when, what it is competent for, who took over which remit.

A body is identified by place and office, never by its name: 区质监局 is one body in Xicheng and another in Baodi.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from hotline.vocabulary import AgencyType


@dataclass(frozen=True, slots=True)
class Remit:
    """Categories that a body is competent for, and why. Rank 1 is the regulator, rank 2 competent beside it.

    The code `delivery` among them stands for complaints against couriers, whatever they carried. A remit may be
    narrowed to `settings` (customs: import_export) or to `goods` words that stand in the complaint's text (forestry:
    苗木); where it fits it comes before every remit that is not narrowed.
    """

    categories: tuple[str, ...]
    rank: int
    reason: str
    settings: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()

    def order(self) -> tuple[bool, int]:
        """Whose remit comes first: a narrowed one, then the regulator's."""
        return (not (self.settings or self.goods), self.rank)

    def covers(self, category: str, setting: str, word: str) -> bool:
        """Whether a complaint falls under it; `word` is the goods word that was found in its text, if any."""
        if category not in self.categories or (self.settings and setting not in self.settings):
            return False
        return not self.goods or any(own in word for own in self.goods)


@dataclass(frozen=True, slots=True)
class Succession:
    """From the day `on` the categories (none named: everything) are with `body`."""

    body: str
    on: date
    categories: tuple[str, ...]
    reason: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Body:
    """An agency of one place. `until` is the first day on which it no longer exists.

    `system` names the vertical line it belongs to, where that line has one body a place.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    region: str
    type: AgencyType
    system: str
    since: date | None
    until: date | None
    remit: tuple[Remit, ...]
    successors: tuple[Succession, ...]
    note: str

    def exists(self, on: date) -> bool:
        """Whether the body had not ended by that day; the days before its founding count as its own."""
        return self.until is None or on < self.until

    def competence(self, category: str, setting: str = "", word: str = "") -> Remit | None:
        """The best remit that covers a category (in a setting, with a goods word), None where it is not competent."""
        covering = [remit for remit in self.remit if remit.covers(category, setting, word)]
        return min(covering, key=Remit.order, default=None)
