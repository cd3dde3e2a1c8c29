"""What codes are called on a page: Chinese names of categories, channels, bodies, plans and policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hotline.intake.channels import load_channels
from hotline.vocabulary import Term
from hotline.web.context import services

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T", bound=Term)


def label_of(terms: type[T]) -> Callable[[str | None], str]:
    """The Chinese label of a term, by its code."""
    labels = {str(term): term.label for term in terms}

    def label(code: str | None) -> str:
        return "" if code is None else labels.get(str(code), str(code))

    return label


def category(code: str | None) -> str:
    """The name of a category."""
    found = services().rulebook.taxonomy.categories.get(code or "")
    return found.name if found else code or ""


def setting(code: str | None) -> str:
    """The name of a setting."""
    found = services().rulebook.taxonomy.settings.get(code or "")
    return found.name if found else code or ""


def channel(code: str | None) -> str:
    """The name of a channel."""
    found = load_channels().get(code or "")
    return found.name if found else code or ""


def agency(body_id: str | None) -> str:
    """The name of a body."""
    found = services().rulebook.directory.bodies.get(body_id or "")
    return found.name if found else body_id or ""


def office(office_id: str | None) -> str:
    """The name of an office."""
    found = services().offices.get(office_id or "")
    return found.name if found else office_id or ""


def plan_title(plan_id: str | None) -> str:
    """The title of a plan."""
    found = services().rulebook.plans.get(plan_id or "")
    return found.title if found else plan_id or ""


def policy_title(policy_id: str | None) -> str:
    """The title of a clock policy."""
    return next((policy.title for policy in services().rulebook.policies if policy.id == policy_id), policy_id or "")
