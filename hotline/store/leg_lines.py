"""Lines of lists: one body's stretch of a case as a small frozen row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hotline.store.lines import CASE_COLUMNS, CASES, WIDTH, CaseLine, case_line_from, near
from hotline.store.tables import CASE, LEG

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row, Select


@dataclass(frozen=True, slots=True)
class LegLine:
    """A leg in its body's queue, with its case."""

    leg_id: str
    role: str
    state: str
    opened_at: datetime
    signed_at: datetime | None
    closed_at: datetime | None
    suspended: bool
    due_at: datetime | None
    case: CaseLine


_LEG_COLUMNS = (
    LEG.c.id.label("leg_id"),
    *(LEG.c[name].label(f"leg_{name}") for name in ("role", "state", "opened_at", "signed_at", "closed_at")),
    *(LEG.c[name].label(f"leg_{name}") for name in ("suspended", "due_at")),
)


def leg_lines() -> Select[Any]:
    """The select of leg lines, to be narrowed and ordered."""
    return select(*_LEG_COLUMNS, *CASE_COLUMNS).select_from(LEG.join(CASES, CASE.c.id == LEG.c.case_id))


def leg_line_of(row: Row[Any]) -> LegLine:
    """A leg line from a row of `leg_lines`."""
    own = row[: len(_LEG_COLUMNS)]
    case = case_line_from(row[len(_LEG_COLUMNS) : len(_LEG_COLUMNS) + WIDTH])
    values: list[Any] = [*own[:-1], near(own[-1]), case]
    return LegLine(*values)
