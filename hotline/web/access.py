"""Who may call a view: each carries its rule as metadata, and a view without one is refused (deny by default)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from hotline.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Callable

View = TypeVar("View", bound="Callable[..., object]")

DESK = frozenset({Role.OPERATOR, Role.SUPERVISOR})
AGENCY = frozenset({Role.CLERK, Role.RESPONSIBLE})
STAFF = DESK | AGENCY
ANYBODY = STAFF | {Role.ADMINISTRATOR}


@dataclass(frozen=True, slots=True)
class Access:
    """The rule of one view: open to all, to a bearer token, or to accounts with one of these roles."""

    public: bool = False
    token: bool = False
    roles: frozenset[Role] = frozenset()


def _mark(rule: Access) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        view.access = rule  # type: ignore[attr-defined]  # Functions take attributes; mypy cannot know.
        return view

    return decorate


def public(view: View) -> View:
    """Open to everybody: login, health, static files."""
    return _mark(Access(public=True))(view)


def bearer_token(view: View) -> View:
    """Open to a bearer token of a channel or an agency; its room resolves the token before the view."""
    return _mark(Access(token=True))(view)


def roles(*allowed: Role) -> Callable[[View], View]:
    """Open to signed-in accounts with one of these roles."""
    return _mark(Access(roles=frozenset(allowed)))


def rule_of(view: object) -> Access | None:
    """The view's rule, or None where somebody forgot it."""
    return getattr(view, "access", None)
