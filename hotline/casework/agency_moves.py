"""One agency's stretch of a case: rows of the lifecycle whose scope is the leg, in the order in which pages offer them.

Procedure after 121号令 (投诉) and 市场监督管理行政处罚程序规定 (举报); 20号令 for what was received before 2026-04-15.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.answering_moves import CLOSING_MOVES, NOTICE_MOVES
from hotline.casework.filing_moves import FILING_MOVES
from hotline.casework.leg_paper_moves import LEG_PAPER_MOVES
from hotline.casework.leg_time_moves import LEG_TIME_MOVES
from hotline.casework.mediation_moves import MEDIATION_MOVES
from hotline.casework.signing_moves import SIGNING_MOVES

if TYPE_CHECKING:
    from hotline.casework.transitions import Transition

AGENCY_MOVES: tuple[Transition, ...] = (
    *SIGNING_MOVES,
    *MEDIATION_MOVES,
    *FILING_MOVES,
    *NOTICE_MOVES,
    *LEG_TIME_MOVES,
    *CLOSING_MOVES,
    *LEG_PAPER_MOVES,
)
