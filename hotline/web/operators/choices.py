"""What the operators' forms offer to choose from: channels, categories by group, settings, plans, bodies by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.transition_table import TRANSITIONS
from hotline.intake.channels import load_channels
from hotline.intake.regions import all_regions, parents
from hotline.moments import local_date
from hotline.vocabulary import Kind, Urgency
from hotline.web.context import account, now, services

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotline.records import Office
    from hotline.vocabulary import Action

ROWS = 20
"""Rows of a worklist on one page: each brings forms with every category and body to choose from."""
NATION = "000000"
Options = tuple[tuple[str, str], ...]
Groups = tuple[tuple[str, Options], ...]

CALLER_ROLES = ("消费者本人", "代理人", "权利人", "经营者", "知情人", "单位", "其他")
"""W3: an agent needs a letter of authority; a right holder's complaint is an infringement matter."""
URGENCIES: Options = tuple((urgency.value, urgency.label) for urgency in reversed(Urgency))
KINDS: Options = tuple((kind.value, kind.label) for kind in Kind)


def own_office() -> Office:
    """The office of the signed-in account."""
    return services().office(account().office_id)


def channels() -> Options:
    """Every channel."""
    return tuple((channel.code, channel.name) for channel in load_channels().values())


def categories() -> Groups:
    """Every category, in the groups of the taxonomy."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for each in services().rulebook.taxonomy.categories.values():
        groups.setdefault(each.group, []).append((each.code, each.name))
    return tuple((heading, tuple(items)) for heading, items in groups.items())


def settings() -> Options:
    """Every setting."""
    return tuple((each.code, each.name) for each in services().rulebook.taxonomy.settings.values())


def plans() -> Options:
    """Every plan that names duties."""
    plans = services().rulebook.plans_on(local_date(now()), account().office_id)
    return tuple((plan.id, plan.title) for plan in plans.values())


def bodies() -> Groups:
    """Every body that exists today: those of the office's own place, of the places above it, the State's, the rest."""
    home, today = own_office().region, local_date(now())
    first = (home, *parents(home), NATION)
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in first}
    for body in services().rulebook.directory.bodies.values():
        if body.exists(today):
            groups.setdefault(body.region, []).append((body.id, body.name))
    return tuple((_heading(region, home), tuple(items)) for region, items in groups.items() if items)


def _heading(region: str, home: str) -> str:
    """The name over a group of bodies."""
    if region in (home, NATION):
        return "本地单位" if region == home else "国家机关"
    found = all_regions().get(region)
    return found.name if found else f"其他地区 {region}"


def is_body(body_id: str) -> bool:
    """Whether a case can be given to this body today."""
    found = services().rulebook.directory.bodies.get(body_id)
    return found is not None and found.exists(local_date(now()))


def need_choices(action: Action, name: str) -> Options:
    """The choices that the lifecycle declares for one field of an action."""
    needs = (need for row in TRANSITIONS if row.action is action for need in row.needs)
    return next((need.choices for need in needs if need.name == name), ())


def as_context() -> Mapping[str, object]:
    """All of it for a template."""
    return {
        "channels": channels(),
        "categories": categories(),
        "settings": settings(),
        "plans": plans(),
        "urgencies": URGENCIES,
        "kinds": KINDS,
        "caller_roles": tuple((role, role) for role in CALLER_ROLES),
    }
