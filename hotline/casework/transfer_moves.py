"""移送公安 as a table: 《行政执法机关移送涉嫌犯罪案件的规定》（国务院令第310号）, 公安机关办理刑事案件程序规定.

What the police and the procuratorate do is entered by the police themselves where they have accounts, otherwise by the
asker from their written notice; the time it happened is kept beside the time it was entered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.transfer_filing import FILING_MOVES
from hotline.casework.transfer_proposing import PROPOSING_MOVES
from hotline.casework.transfer_reviewing import REVIEWING_MOVES
from hotline.casework.transfer_supervising import SUPERVISING_MOVES

if TYPE_CHECKING:
    from hotline.casework.matter_words import MatterMove

TRANSFER_MOVES: tuple[MatterMove, ...] = (*PROPOSING_MOVES, *REVIEWING_MOVES, *FILING_MOVES, *SUPERVISING_MOVES)
