"""What one row of the lifecycle says: the action, where it is possible, who may do it, what it needs, what it does.

The rows stand together in `desk_moves` (the case: registration, dispatch, review …) and `agency_moves` (one agency's
leg: signing, procedure, resolving …); `lifecycle` decides by them, `state` folds by them, forms are rendered from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hotline.vocabulary import DESK_ROLES, Kind, LegRole, Role

if TYPE_CHECKING:
    from hotline.casework.needs import Need
    from hotline.vocabulary import Action, CaseState, LegState, Unit


ALL_KINDS = frozenset(Kind)
ALL_LEG_ROLES = frozenset(LegRole)
LEAD_ONLY = frozenset({LegRole.LEAD})
CO_ONLY = frozenset({LegRole.CO})
DISPUTE_ONLY = frozenset({Kind.DISPUTE})
REPORT_ONLY = frozenset({Kind.REPORT})
DESK_OR_SYSTEM = DESK_ROLES | {Role.SYSTEM}
SUPERVISOR = frozenset({Role.SUPERVISOR})


class Scope(StrEnum):
    """What an action is about: the case, or one agency's leg of it (then a leg id is needed)."""

    CASE = "case"
    LEG = "leg"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: from `cases` (and, for a leg, from `legs`) to `to`; None stays, or the fold decides as `says` tells.

    `clock` says in Chinese what the action does to the clocks, `says` what it is. `form` is false where a generic
    form makes no sense: registration, an upload, a look at an identity.
    """

    action: Action
    scope: Scope
    cases: frozenset[CaseState]
    to: CaseState | LegState | None
    roles: frozenset[Role]
    clock: str
    says: str
    needs: tuple[Need, ...] = ()
    legs: frozenset[LegState] = frozenset()
    kinds: frozenset[Kind] = ALL_KINDS
    leg_roles: frozenset[LegRole] = ALL_LEG_ROLES
    form: bool = True


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that this actor may take now; `needs` are the row's, with the choices of this case filled in."""

    transition: Transition
    leg_id: str | None
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """What an article allows: at most `maximum` of `unit` each time, `times` times."""

    maximum: int
    unit: Unit
    times: int = 1
