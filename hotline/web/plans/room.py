"""The blueprint of the room, and the plans as the account's office has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint

from hotline.errors import NotFoundError
from hotline.moments import local_date
from hotline.routing.plans import with_annex
from hotline.web.context import account, now, services

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hotline.routing.plan_records import Plan

blueprint = Blueprint("plans", __name__, url_prefix="/plans")


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan as a page shows it: its own text, and `whole` with the duties of the plan it forwards."""

    plan: Plan
    whole: Plan
    version: int

    @property
    def code(self) -> str:
        """What a choice of plans sends: the id with the version."""
        return f"{self.plan.id}@{self.version}"

    @property
    def assigns(self) -> bool:
        """Whether it sends complaints anywhere; a focus list does not."""
        return any(duty.categories for duty in self.whole.duties)


def today() -> date:
    """The day of this request in Asia/Shanghai."""
    return local_date(now())


def plans_today() -> Mapping[str, Plan]:
    """The plans that serve the account's office today."""
    return services().rulebook.plans_on(today(), account().office_id)


def find_shown(plan_id: str, version: str = "") -> Shown:
    """A plan of the office: the version asked for, else the one of today, else the newest there is.

    Raises:
        NotFoundError: There is no such plan or version, or it is another office's.
    """
    book, mine = services().rulebook, (None, account().office_id)
    here = [each for each in book.versions if each.plan_id == plan_id and each.plan and each.office_id in mine]
    current = plans_today().get(plan_id)
    if version:
        plan = next((each.plan for each in here if str(each.version) == version), None)
    else:
        plan = current or (here[-1].plan if here else None)
    if plan is None:
        message = f"没有方案“{plan_id}”{f'第{version}版' if version else ''}。可用的方案：{'、'.join(plans_today())}。"
        raise NotFoundError(message)
    return Shown(plan, with_annex(plan, {**plans_today(), plan.id: plan}), plan.version)


def find_code(code: str) -> Shown:
    """A plan by what a choice sent: `id` or `id@version`.

    Raises:
        NotFoundError: There is none.
    """
    plan_id, _, version = code.partition("@")
    return find_shown(plan_id[:80], version[:9])


def choices() -> list[tuple[str, str]]:
    """Every version of every plan that the office has, for choosing: code and words."""
    book, mine = services().rulebook, (None, account().office_id)
    versions = [each for each in book.versions if each.plan and each.office_id in mine]
    if not versions:
        return [(f"{plan.id}@{plan.version}", plan.title) for plan in plans_today().values()]
    return [
        (f"{each.plan_id}@{each.version}", f"{each.plan_id} 第{each.version}版 {each.plan.title}")
        for each in versions
        if each.plan
    ]
