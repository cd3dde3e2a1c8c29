"""Which of several duties wins (design §4): the more specific one, then by goods words, then by setting.

1. Goods with their own regulator before anything else; a chapter's opening duty after its sub-duties.
2. A duty whose goods words stand in the text before one without such words, that before one whose words do not.
3. The duty that names the complaint's setting, then one that names none, then ordinary trade, then the others;
   `unknown` counts as ordinary trade. Setting ranks, it shuts nothing out.
4. One kind of violation before a whole sales channel, and of a plan that extends another its own duty first.

`delivery` is no sales channel: there the complaint is against the courier, and only duties that name it apply.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from hotline.routing.plan_records import Basis
from hotline.routing.taxonomy import DELIVERY, ORDINARY_TRADE, OUT_OF_SCOPE, UNKNOWN_SETTING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hotline.routing.agencies import Directory
    from hotline.routing.bodies import Remit
    from hotline.routing.plan_records import Duty, Plan

Key: TypeAlias = tuple[int, int, int, int, int]
REASONS = (
    "有专门监管部门的商品优先，具体条目优先于总括条目",
    "条款列明的商品词在文中出现者优先",
    "条款写明的环节与投诉环节更相符",
    "具体违法行为优先于销售渠道",
    "本级方案优先于所转发的方案",
)
_SPECIFIC = {Basis.GOODS: 0, Basis.MATTER: 1, Basis.CHANNEL: 1, Basis.CHAPTER: 2}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A duty that applies, its key (lower wins) and the goods word found in the text, if any."""

    key: Key
    duty: Duty
    word: str


def applies(duty: Duty, category: str, setting: str) -> bool:
    """Whether a duty covers a complaint at all."""
    if not duty.complaint_relevant or category == OUT_OF_SCOPE:
        return False
    if setting == DELIVERY:
        return DELIVERY in duty.settings
    return category in duty.categories and set(duty.settings) != {DELIVERY}


def setting_rank(duty: Duty, setting: str) -> int:
    """0 where the duty names the setting, 1 where it names none, 2 for ordinary trade, 3 for the others."""
    sought = ORDINARY_TRADE if setting == UNKNOWN_SETTING else setting
    if sought in duty.settings:
        return 0
    if not duty.settings:
        return 1
    return 2 if ORDINARY_TRADE in duty.settings else 3


def rank(plan: Plan, duty: Duty, setting: str, word: str) -> Ranked:
    """The key of a duty for a complaint; `word` is the goods word found, empty where none was."""
    goods = (0 if word else 2) if duty.goods else 1
    channel = int(duty.basis is Basis.CHANNEL)
    key = (_SPECIFIC[duty.basis], goods, setting_rank(duty, setting), channel, int(duty.plan != plan.id))
    return Ranked(key, duty, word)


def why(winner: Ranked, other: Ranked) -> str:
    """In words, the first rule by which one duty came before another; empty where nothing tells them apart."""
    pairs = zip(REASONS, winner.key, other.key, strict=True)
    return next((reason for reason, mine, theirs in pairs if mine != theirs), "")


def leaders(winner: Ranked, category: str, setting: str, directory: Directory) -> tuple[str, ...]:
    """Who leads of a duty's own agencies, as written: one, where plan and remits are clear.

    The plan's words decide; of several leads, or where it names none, the one whose remit covers the matter. Being
    named first means nothing. None: nobody there is competent; several: the remits do not tell them apart (a lint
    error).
    """
    duty = winner.duty
    if len(duty.lead) == 1:
        return duty.lead
    remits = {agency: competence(winner, agency, category, setting, directory) for agency in duty.lead or duty.agencies}
    first = min((remit.order() for remit in remits.values() if remit), default=None)
    return tuple(agency for agency, remit in remits.items() if remit and remit.order() == first)


def competence(winner: Ranked, agency: str, category: str, setting: str, directory: Directory) -> Remit | None:
    """The remit of one of a duty's agencies that covers the matter."""
    body = directory.find(winner.duty.full(agency), winner.duty.region)
    return body.competence(matter(category, setting), setting, winner.word) if body else None


def matter(category: str, setting: str) -> str:
    """What remits are asked for: the category, or `delivery` where the complaint is against the courier."""
    return DELIVERY if setting == DELIVERY else category


def covering(plan: Plan, category: str, setting: str) -> tuple[Duty, ...]:
    """All duties of a plan that apply to a cell, in the order of the document."""
    return tuple(duty for duty in plan.duties if applies(duty, category, setting))


def best(ranked: Iterable[Ranked]) -> list[Ranked]:
    """The duties in the order in which they win; the document's order is kept where nothing tells them apart."""
    return sorted(ranked, key=lambda item: item.key)
