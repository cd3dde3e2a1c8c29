"""What became of a file: three numbers and the refused rows, which stay small however many they are."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, overload

from hotline.intake.likeness import Sameness

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that was refused: `row` counts data records from 1, `raw` is its original content for quarantine."""

    row: int
    line: int
    reason: str
    raw: str = ""
    external_id: str = ""


class Refusals(Sequence[Refusal]):
    """Refused rows by number, line and reason, twenty bytes each; what stood in them is in quarantine."""

    def __init__(self, refused: Iterable[Refusal] = ()) -> None:
        """Begin with these."""
        self._rows, self._lines, self._reasons = array("Q"), array("Q"), array("I")
        self._known: dict[str, int] = {}
        self._said: list[str] = []
        for refusal in refused:
            self.append(refusal)

    def append(self, refusal: Refusal) -> None:
        """Note one."""
        self._rows.append(refusal.row)
        self._lines.append(refusal.line)
        if refusal.reason not in self._known:
            self._known[refusal.reason] = len(self._said)
            self._said.append(refusal.reason)
        self._reasons.append(self._known[refusal.reason])

    def in_order(self) -> Refusals:
        """The same by row and line, as the file has them."""
        places = sorted(range(len(self)), key=lambda at: (self._rows[at], self._lines[at]))
        return Refusals(self[at] for at in places)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Refusal: ...
    @overload
    def __getitem__(self, at: slice) -> list[Refusal]: ...
    def __getitem__(self, at: int | slice) -> Refusal | list[Refusal]:
        """One or several of them, without what stood in them."""
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        return Refusal(self._rows[at], self._lines[at], self._said[self._reasons[at]])

    def __eq__(self, other: object) -> bool:
        """The same refusals in the same order."""
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # It grows.


@dataclass(frozen=True, slots=True)
class Near:
    """A case that is near to what was imported, and why: codes, see `store.related`; `sameness` may be empty."""

    case_id: str
    number: str
    reasons: tuple[str, ...]
    sameness: str
    likeness: float


WHY_NEAR = {"phone": "同一电话", "id_number": "同一证件号", "respondent": "同一被投诉人", "words": "内容相近"}


def why_near(near: Near) -> str:
    """In words, what the other case is judged to be, and what the two have in common."""
    judged = [each.label for each in Sameness if each == near.sameness]
    return "，".join([*judged, *(WHY_NEAR[reason] for reason in near.reasons)])


@dataclass(frozen=True, slots=True)
class Repeat:
    """A record that was registered and likely repeats others, the likeliest first."""

    row: int
    line: int
    case_id: str
    number: str
    near: tuple[Near, ...]


@dataclass
class ImportOutcome:
    """What an import or its dry run did; it grows while the file is read.

    `repeats` are found among the first records that were registered; `unchecked` is how many more there are.
    """

    accepted: int = 0
    duplicates: int = 0
    rejected: Refusals = field(default_factory=Refusals)
    repeats: tuple[Repeat, ...] = ()
    unchecked: int = 0

    @property
    def read(self) -> int:
        """Records that were dealt with."""
        return self.accepted + self.duplicates + len(self.rejected)

    def add(self, part: ImportOutcome) -> None:
        """Count in what became of another part of the file."""
        self.accepted += part.accepted
        self.duplicates += part.duplicates
        for refusal in part.rejected:
            self.rejected.append(refusal)
