"""What one row of the lifecycle says: the action, where it is possible, who may do it, what it needs, what it does.

The rows stand in `desk_moves` (the case: registration, dispatch, review …) and `agency_moves` (one agency's leg:
signing, procedure, resolving …); `lifecycle` decides by them, `state` folds by them, forms are rendered from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hotline.casework.completeness import LACKING, SUPPLEMENTS
from hotline.casework.needs import TEXT, Need, NeedKind
from hotline.vocabulary import Kind, LegRole, NoticeSubject

if TYPE_CHECKING:
    from hotline.vocabulary import Action, CaseState, LegState, Role, Unit

ALL_KINDS = frozenset(Kind)
ALL_LEG_ROLES = frozenset(LegRole)
LEAD_ONLY = frozenset({LegRole.LEAD})
CO_ONLY = frozenset({LegRole.CO})
DISPUTE_ONLY = frozenset({Kind.DISPUTE})
REPORT_ONLY = frozenset({Kind.REPORT})


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


def says(label: str, *, required: bool = True) -> Need:
    """The free text of an action, kept encrypted beside its event."""
    return Need(TEXT, label, NeedKind.TEXT, required)


def one_of(name: str, label: str, *choices: tuple[str, str], required: bool = True) -> Need:
    """One of the choices; without choices the page fills them in."""
    return Need(name, label, NeedKind.CHOICE, required, choices)


def flag(name: str, label: str) -> Need:
    """A box to tick."""
    return Need(name, label, NeedKind.BOOL, required=False)


def line(name: str, label: str, *, required: bool = True) -> Need:
    """A short line that goes into the event."""
    return Need(name, label, NeedKind.TEXT, required)


EVIDENCE_NEEDS = (
    one_of("evidence_id", "证据编号"),
    one_of("sha256", "SHA-256"),
    Need("size", "字节数", NeedKind.NUMBER, limit=20 * 1024 * 1024),
    one_of("notice", "告知书", *((subject.value, subject.label) for subject in NoticeSubject), required=False),
    line("notice_number", "告知书编号", required=False),
    flag("to_caller", "写有来电人姓名"),
)
"""What an upload records. A notice that names its caller (`to_caller`) is only for who may see that name."""
SUPPLEMENT_NEEDS = (
    Need("fields", "补充的项目", NeedKind.CHOICES, choices=tuple(SUPPLEMENTS.items())),
    flag("named", "已有姓名"),
    Need("lacking", "还缺的项目", NeedKind.CHOICES, required=False, choices=tuple(LACKING.items())),
    says("补充的事实", required=False),
)
SUPPLEMENT_CLOCK = "不影响已起的时限；派单后才补上电话的，首次联系时限自此起算；第10条要求的各项补齐后才能受理。"
DEMAND = one_of("demand_id", "回复哪一次督办或催办")
