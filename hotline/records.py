"""The records that flow one way: RawSubmission → Complaint → Classification → Assignment → CaseEvent → Clock.

All are frozen. Every `datetime` is aware and in UTC; it is reckoned and shown in Asia/Shanghai only at the edges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from hotline.clock_parts import ClockExtension, ClockPause, DayTrace
from hotline.vocabulary import Action, CaseState, Holder, Kind, LegRole, LegState, Mode, Role, Unit, Urgency

Scalar: TypeAlias = str | int | float | bool | None
Json: TypeAlias = "Scalar | tuple[Json, ...] | Mapping[str, Json]"


# ---- intake ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Money:
    """A sum in yuan; `approx` where the speaker said 约, 多, 来."""

    value: Decimal
    approx: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """A place of the administrative division: six-digit adcode, full name, `province`, `city` or `county`."""

    adcode: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Reporter:
    """The caller (投诉人 / 举报人). Encrypted at rest; never in a log, an export or a URL."""

    name: str = ""
    phone: str = ""
    id_number: str = ""
    address: str = ""
    anonymous: bool = False
    role: str = ""


@dataclass(frozen=True, slots=True)
class Respondent:
    """The one complained of (被投诉人)."""

    name: str = ""
    address: str = ""
    phone: str = ""
    platform: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class RawSubmission:
    """来件: what arrived, byte for byte. `(channel, external_id)` is unique within an office."""

    id: str
    office_id: str
    channel: str
    external_id: str
    received_at: datetime
    content: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Normalised:
    """What a careful clerk takes from a text; the raw text stays beside it unchanged."""

    text: str
    phones: tuple[str, ...] = ()
    id_numbers: tuple[str, ...] = ()
    amounts_yuan: tuple[Money, ...] = ()
    dates: tuple[date, ...] = ()
    urls: tuple[str, ...] = ()
    region: Region | None = None
    masked_text: str = ""
    repaired: bool = False
    """Whether garbled characters (mojibake) were repaired; somebody should check them."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """诉求: one person's one matter of one kind, as normalised."""

    id: str
    submission_id: str
    office_id: str
    channel: str
    external_id: str
    received_at: datetime
    kind: Kind
    text: str
    masked_text: str
    urgency: Urgency = Urgency.NORMAL
    region: Region | None = None
    location_hint: str = ""
    reporter: Reporter = field(default_factory=Reporter)
    respondent: Respondent = field(default_factory=Respondent)
    goods: str = ""
    amount: Decimal | None = None
    happened_on: date | None = None
    happened_where: str = ""
    demand: str = ""
    evidence_note: str = ""
    linked_to: str | None = None

    @property
    def named(self) -> bool:
        """Whether the caller gave an identity: an anonymous report starts no notice clock (W4)."""
        return bool(self.reporter.name.strip()) and not self.reporter.anonymous


# ---- routing ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reason:
    """One weighted term of the text that spoke for (`weight` > 0) or against a category."""

    term: str
    weight: float
    category: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A category with its calibrated probability, 0 to 1."""

    category: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Classification:
    """What the model says: always a best guess. `needs_review` means that it abstains; `doubt` says why in Chinese."""

    category: str
    confidence: float
    alternatives: tuple[Candidate, ...]
    secondary: tuple[str, ...]
    setting: str
    setting_confidence: float
    kind: Kind
    needs_review: bool
    doubt: str
    reasons: tuple[Reason, ...]
    model_version: str


@dataclass(frozen=True, slots=True)
class AgencyRef:
    """An agency as the plan names it, and the body that does its work today (None where nobody is known)."""

    name: str
    body_id: str | None = None
    today: str | None = None
    today_body_id: str | None = None


@dataclass(frozen=True, slots=True)
class DutyRef:
    """The clause that decided: `quote` is verbatim."""

    plan: str
    clause: str
    seq: int
    quote: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One step of the route in words: what was looked at, and with what outcome."""

    step: str
    detail: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who must act and why. `duty` is None where the plan is silent; `lead` is None only for `other`."""

    plan: str | None
    plan_version: int
    duty: DutyRef | None
    lead: AgencyRef | None
    co: tuple[AgencyRef, ...]
    silent: bool
    trace: tuple[TraceStep, ...]


# ---- casework --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ClockOverride:
    """An office's own duration for one hotline clock; `urgency` None means every urgency."""

    policy: str
    duration: int
    unit: Unit
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True)
class Office:
    """领导小组办公室: owns cases, accounts, numbers and statistics; `plan_id` is its own plan."""

    id: str
    name: str
    region: str
    plan_id: str
    number_prefix: str
    overrides: tuple[ClockOverride, ...] = ()
    auto_dispatch: bool = True


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account with its role, its office and, for an agency's people, their body."""

    account_id: str
    role: Role
    office_id: str
    body_id: str | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A wish to act. `text` is the free text (reason, reply, note) and is stored encrypted, never in the event.

    `expected_seq` is the last event the person saw; a later one makes a conflict. `at` is when it happened where
    that was earlier than now. `data` holds codes and ids only, as the `transition_table` declares. A command
    whose `token` the case has seen is a repetition and changes nothing.
    """

    action: Action
    leg_id: str | None = None
    data: Mapping[str, Json] = field(default_factory=dict)
    text: str = ""
    at: datetime | None = None
    expected_seq: int | None = None
    token: str = ""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What a decision appends: codes and ids in `data`, free text beside it."""

    action: Action
    data: Mapping[str, Json]
    text: str = ""


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One event of a case's stream. `at` is when it happened, `recorded_at` when it was written."""

    id: str
    case_id: str
    seq: int
    action: Action
    actor_id: str
    actor_role: Role
    at: datetime
    recorded_at: datetime
    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Leg:
    """承办段: one agency's stretch of a case."""

    id: str
    body_id: str
    role: LegRole
    state: LegState
    opened_at: datetime
    closed_at: datetime | None = None
    signed_at: datetime | None = None
    told: tuple[str, ...] = ()
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class ExtensionRequest:
    """A wish for more time on one clock, open until approved or refused."""

    id: str
    leg_id: str
    policy: str
    amount: int
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class CaseSnapshot:
    """A case as its events make it: `casework.state.replay(events)` gives exactly this."""

    case_id: str
    office_id: str
    complaint_id: str
    state: CaseState
    seq: int
    kind: Kind
    urgency: Urgency
    channel: str
    received_at: datetime
    named: bool
    category: str
    setting: str
    legs: tuple[Leg, ...] = ()
    returns: int = 0
    ruled: bool = False
    supervised: bool = False
    extensions: tuple[ExtensionRequest, ...] = ()
    closed_at: datetime | None = None

    def leg(self, leg_id: str) -> Leg | None:
        """The leg with this id, if the case has it."""
        return next((leg for leg in self.legs if leg.id == leg_id), None)


@dataclass(frozen=True, slots=True)
class Due:
    """When a clock ends. For days `due` is the day at whose 24:00 it ends; for hours and minutes `due_at` is exact.

    `due_alt` is the postponed day where the law is ambiguous (`due` is the conservative one): the first serves
    for warning (`due_at`), the later one for breach (`breach_at`).
    """

    due: date
    due_alt: date | None
    due_at: datetime
    breach_at: datetime
    provisional: bool
    trace: tuple[DayTrace, ...]


@dataclass(frozen=True, slots=True)
class Clock:
    """时限钟: derived from events, policy and calendar; cached in the store, never edited.

    `id` is stable (holder, policy and the seq of the event that started it). A clock that is suspended has
    `paused_since`; one that has ended has `stopped_at`.
    """

    id: str
    policy: str
    holder: Holder
    holder_id: str
    leg_id: str | None
    body_id: str | None
    title: str
    statutory: bool
    article: str
    trigger: str
    stop: str
    started_at: datetime
    duration: int
    unit: Unit
    extended: int
    due: Due
    warn_at: datetime
    stopped_at: datetime | None = None
    paused_since: datetime | None = None
    cause: str = ""
    worked: int = 0
    pauses: tuple[ClockPause, ...] = ()
    extensions: tuple[ClockExtension, ...] = ()
    """`cause`: whose working minutes a late clock took most (`casework.holding.Part`), or who has the case while it
    runs. `worked`: working minutes from start to stop."""

    def overdue(self, now: datetime) -> bool:
        """Whether the deadline has passed at `now`, or had passed when the clock stopped."""
        return (self.stopped_at or self.paused_since or now) > self.due.breach_at

    def running(self) -> bool:
        """Whether it is neither stopped nor suspended."""
        return self.stopped_at is None and self.paused_since is None
