"""What all steps of a 移送公安 share: the papers of 第6条, who may take a step, the clocks that end with the review."""

from __future__ import annotations

from functools import partial

from hotline.casework.matter_words import MatterMove, Side
from hotline.casework.needs import Need, NeedKind
from hotline.vocabulary import Action

DOCUMENTS = (
    ("letter", "涉嫌犯罪案件移送书"),
    ("report", "涉嫌犯罪案件情况的调查报告"),
    ("list", "涉案物品清单"),
    ("test", "检验报告或者鉴定结论"),
    ("more", "其他有关涉嫌犯罪的材料"),
)
NEEDED_DOCUMENTS = ("letter", "report", "list")
"""第6条: always; a test report and other papers where there are any."""
DOCUMENTS_NEED = Need("documents", "所附材料（第6条）", NeedKind.CHOICES, choices=DOCUMENTS)
BY_POLICE = frozenset({Side.OTHER, Side.ASKER})
BY_ASKER = frozenset({Side.ASKER})
BY_HEAD = frozenset({Side.HEAD})
ON_REVIEW = ("X310-FORWARD", "GA-FORWARD", "GA-INCOMPLETE", "X310-REVIEW", "GA-SUPPLEMENT")

transfer_row = partial(MatterMove, Action.TRANSFER)
