"""The life of a case as the desk and the office lead it: rows whose scope is the case, in the order of their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.caller_moves import CALLER_MOVES
from hotline.casework.case_paper_moves import CASE_PAPER_MOVES
from hotline.casework.dispatch_moves import DISPATCH_MOVES
from hotline.casework.leaving_moves import LEAVING_MOVES
from hotline.casework.link_moves import LINK_MOVES
from hotline.casework.review_moves import REVIEW_MOVES
from hotline.casework.supervision_moves import SUPERVISION_MOVES
from hotline.casework.unsealing_moves import UNSEALING_MOVES

if TYPE_CHECKING:
    from hotline.casework.transitions import Transition

DESK_MOVES: tuple[Transition, ...] = (
    *DISPATCH_MOVES,
    *LEAVING_MOVES,
    *REVIEW_MOVES,
    *SUPERVISION_MOVES,
    *LINK_MOVES,
    *CASE_PAPER_MOVES,
    *UNSEALING_MOVES,
    *CALLER_MOVES,
)
