"""What a kept row of a table says by the table's own column names, for whoever puts a refused one right."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from hotline.intake import rows
from hotline.intake.delimited import DELIMITERS, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.intake.channels import Channel

EXTRA = "（多出的一列）"


@dataclass(frozen=True, slots=True)
class Said:
    """The row's cells under their column names.

    Where there are more or fewer cells than names it does not `fit`: each stands under the name of its place, which
    behind the first missing cell is the wrong one.
    """

    header: tuple[str, ...]
    cells: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether each cell stands under its own name."""
        return len(self.cells) == len(self.header)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Name and cell, in the order of the columns; a column without a cell is left out."""
        named = zip_longest((name.strip() for name in self.header), (cell.strip() for cell in self.cells))
        return tuple((name or EXTRA, cell) for name, cell in named if cell)

    def fields(self, channel: Channel) -> dict[str, str]:
        """Our fields with their values, as an import reads them; empty where the row does not fit."""
        return rows.to_fields(rows.mapping(self.header, channel), self.cells) if self.fits else {}


def said(raw: str, header: Sequence[str]) -> Said | None:
    """A row as it was kept (`RawRow.raw`) under these names; None where there are no names or it is no row."""
    cells = (_listed(raw) or _parted(raw, len(header))) if header else None
    return Said(tuple(header), tuple(cells)) if cells else None


def _listed(raw: str) -> list[str] | None:
    """The cells of a workbook's row, which is kept as a JSON list."""
    if not raw.startswith("["):
        return None
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) and all(isinstance(cell, str) for cell in found) else None


def _parted(raw: str, width: int) -> list[str] | None:
    """The cells of a delimited row: by the delimiter that gives as many as there are names, else by that of most."""
    found = [list(parse(iter([raw.strip("\r\n")]), delimiter)) for delimiter in DELIMITERS]
    single = [records[0].cells for records in found if len(records) == 1]
    return max(single, key=lambda cells: (len(cells) == width, len(cells)), default=None)
