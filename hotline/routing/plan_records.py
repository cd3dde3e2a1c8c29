"""The records of a plan (方案): one document that assigns duties, every clause with its verbatim text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hotline.vocabulary import Mode


class Basis(IntEnum):
    """What a duty is about, which says how specific it is; a lower value is more specific."""

    GOODS = 0  # Goods with their own regulator, or the courier itself: nothing general may overrule it.
    MATTER = 1  # One kind of violation, wherever it happens.
    CHANNEL = 2  # A sales channel, whatever is sold there.
    CHAPTER = 3  # A chapter's opening duty, above the sub-duties that follow it.


@dataclass(frozen=True, slots=True)
class Office:
    """领导小组办公室: where a case goes that no duty covers. `seat` is the agency it sits in (设在)."""

    name: str
    full_name: str
    seat: str
    clause: str
    quote: str


@dataclass(frozen=True, slots=True)
class Phase:
    """A stage printed in the document. Its dates end no plan (design §4)."""

    name: str
    start: date
    end: date
    clause: str


@dataclass(frozen=True, slots=True)
class Reporting:
    """A reporting duty: who reports what to whom, and by when, in the document's words.

    `weekday` is 1 for Monday and `time` is Asia/Shanghai, where the document names a day and an hour each week.
    `on` is the date where it names one.
    """

    clause: str
    who: tuple[str, ...]
    what: str
    due: str
    to: tuple[str, ...]
    quote: str
    weekday: int | None
    time: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Provision:
    """A clause on transfer, supervision, reward, publicity, destruction or appraisal."""

    topic: str
    clause: str
    quote: str


@dataclass(frozen=True, slots=True)
class Focus:
    """A focus of the campaign (专项整治) that marks complaints and assigns nobody."""

    clause: str
    name: str
    quote: str
    categories: tuple[str, ...]
    settings: tuple[str, ...]
    goods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """职责条目: one assignment. `quote` is verbatim; `subject`, `categories`, `settings`, `goods` and `basis` are ours.

    Attributes:
        agencies: as written, in order, without a closing 等.
        agencies_full: the same with an inherited 市 restored and aliases resolved; `lead` and `co` are of `agencies`.
        settings: the settings that the clause names; empty where it names none.
        goods: words of the goods that the clause names, looked for in the complaint's text.
        line: the line of the plan file at which the duty begins.
    """

    plan: str
    region: str
    clause: str
    seq: int
    quote: str
    agencies: tuple[str, ...]
    agencies_full: tuple[str, ...]
    lead: tuple[str, ...]
    co: tuple[str, ...]
    mode: Mode
    subject: str
    complaint_relevant: bool
    categories: tuple[str, ...]
    settings: tuple[str, ...]
    goods: tuple[str, ...]
    basis: Basis
    line: int

    @property
    def label(self) -> str:
        """The clause as people cite it: 二（一）1, with the number of the duty where a clause holds several."""
        return self.clause if self.seq == 1 else f"{self.clause}第{self.seq}项"

    def full(self, agency: str) -> str:
        """The full name of an agency of this duty."""
        return self.agencies_full[self.agencies.index(agency)]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """方案. In force from `issued_on` (or the day a deployment adopts it) until `withdrawn_on`.

    `issued_on` is None where the document, as received, bears no date; its printed period then says when it begins.

    Compared by identity: a plan in use is never edited in place, a change is a new version.
    """

    id: str
    version: int
    title: str
    number: str
    issuer: str
    issued_on: date | None
    region: str
    region_name: str
    extends: str
    source: str
    period_start: date | None
    period_end: date | None
    withdrawn_on: date | None
    office: Office | None
    hotlines: tuple[str, ...]
    key_rights: tuple[str, ...]
    key_goods: tuple[str, ...]
    key_areas: tuple[str, ...]
    key_fields: tuple[str, ...]
    phases: tuple[Phase, ...]
    reporting: tuple[Reporting, ...]
    provisions: tuple[Provision, ...]
    focuses: tuple[Focus, ...]
    duties: tuple[Duty, ...]
    file: str

    @property
    def begins(self) -> date:
        """The first day on which the plan is in force; the format sees to it that the file states one."""
        return self.issued_on or self.period_start or date.max

    def in_force(self, on: date) -> bool:
        """Whether the plan is in force on a day."""
        return self.begins <= on and (self.withdrawn_on is None or on < self.withdrawn_on)
