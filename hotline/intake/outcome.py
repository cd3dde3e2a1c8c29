"""What became of a file: three numbers and the refused rows, which stay small however many they are."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, overload

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


@dataclass
class ImportOutcome:
    """What an import or its dry run did; it grows while the file is read."""

    accepted: int = 0
    duplicates: int = 0
    rejected: Refusals = field(default_factory=Refusals)

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
