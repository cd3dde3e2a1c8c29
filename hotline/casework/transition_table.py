"""The declared life of a case: every row, the desk's first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.agency_moves import AGENCY_MOVES
from hotline.casework.desk_moves import DESK_MOVES

if TYPE_CHECKING:
    from hotline.casework.transitions import Transition

TRANSITIONS: tuple[Transition, ...] = DESK_MOVES + AGENCY_MOVES
