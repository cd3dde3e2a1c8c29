"""Which focuses (专项整治、重点) of the plans in force a complaint falls under: a mark to filter by, no assignment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.routing.adcodes import NATION, regions_upwards
from hotline.routing.taxonomy import OUT_OF_SCOPE, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hotline.routing.plan_records import Focus, Plan


@dataclass(frozen=True, slots=True)
class FocusMark:
    """A focus that a complaint falls under, with the plan that sets it.

    `because` says in Chinese what made it fit: the category, the setting, or the word found in the text.
    """

    plan: str
    plan_version: int
    focus: Focus
    because: str

    @property
    def code(self) -> str:
        """What a filter asks for: `national-2012/一（四）/网络商品交易网站专项整治`."""
        return f"{self.plan}/{self.focus.clause}/{self.focus.name}"


def focuses(
    plans: Mapping[str, Plan],
    category: str,
    text: str,
    region: str | None,
    on: date,
    *,
    setting: str | None = None,
) -> tuple[FocusMark, ...]:
    """The focuses of every plan in force on a day at a place or around it, the most local plan first.

    Other than for routing, all plans in force count, also a list that assigns nobody (national-2012) and one that a
    local plan has taken the place of: a campaign of the nation goes on everywhere. `region` None: the nation's only.

    A focus fits where it names the category (or names none, save for `other`) and, where it names settings or words
    besides, where `setting` (if it is known) is among them or one of the words stands in the text.

    Raises:
        InvalidInputError: An unknown category or setting, or a region that is no adcode.
    """
    taxonomy = load_taxonomy()
    taxonomy.category(category)
    if setting is not None:
        taxonomy.setting(setting)
    if category == OUT_OF_SCOPE:
        return ()
    found: list[FocusMark] = []
    for place in regions_upwards(region or NATION):
        here = (plan for plan in plans.values() if plan.region == place and plan.in_force(on))
        for plan in sorted(here, key=lambda plan: plan.begins, reverse=True):
            named = [focus for focus in plan.focuses if not focus.categories or category in focus.categories]
            marks = ((focus, _because(focus, category, text, setting)) for focus in named)
            found += [FocusMark(plan.id, plan.version, focus, why) for focus, why in marks if why]
    return tuple(found)


def _because(focus: Focus, category: str, text: str, setting: str | None) -> str:
    """Why a complaint of its category falls under a focus, empty where it does not."""
    if not focus.settings and not focus.goods:
        return f"类别“{load_taxonomy().category(category).name}”"
    if setting is not None and setting in focus.settings:
        return f"环节“{load_taxonomy().setting(setting).name}”"
    lowered = text.casefold()
    word = next((word for word in focus.goods if word.casefold() in lowered), "")
    return f"文中“{word}”" if word else ""
