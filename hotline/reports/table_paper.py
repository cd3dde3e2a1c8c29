"""Any table as a paper of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.reports.paper import blank, saved
from hotline.reports.paper_writing import add_table

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.reports.tables import Table


def table_docx(table: Table, author: str, made_at: datetime) -> bytes:
    """Any table as a paper of its own."""
    paper = blank(table.title, author, made_at)
    for note in table.notes:
        paper.add_paragraph(note)
    add_table(paper, table)
    return saved(paper)
