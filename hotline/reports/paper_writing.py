"""Writes into a paper: texts with links, tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from docx.document import Document as Paper
    from docx.table import _Cell as DocxCell
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

    from hotline.records import Scalar
    from hotline.reports.rates_paper import Piece
    from hotline.reports.tables import Table


def add_pieces(paragraph: Paragraph, pieces: Iterable[Piece]) -> None:
    """Texts in their order, those with an address as links."""
    for text, url in pieces:
        run = paragraph.add_run(text)
        if url:
            _link(paragraph, run, url)


def _link(paragraph: Paragraph, run: Run, url: str) -> None:
    """Put a run into a hyperlink, for which the library has no function of its own."""
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run.font.underline = True
    run.font.color.rgb = RGBColor(0x0B, 0x4F, 0x9E)
    element.append(run._r)  # noqa: SLF001 - the library has no public way to move a run.
    paragraph._p.append(element)  # noqa: SLF001 - as above.


def add_table(paper: Paper, table: Table, links: Mapping[tuple[int, int], Sequence[Piece]] | None = None) -> None:
    """A table with its heads in bold; `links` are by row and column, heads are row 0."""
    made = paper.add_table(rows=1 + len(table.rows), cols=len(table.columns), style="Table Grid")
    for number, (row, values) in enumerate(zip(made.rows, (table.columns, *table.rows), strict=True)):
        _fill(row.cells, values, {column: cell for (line, column), cell in (links or {}).items() if line == number})
    for cell in made.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True


def _fill(cells: Sequence[DocxCell], values: Sequence[Scalar], links: Mapping[int, Sequence[Piece]]) -> None:
    for column, (cell, value) in enumerate(zip(cells, values, strict=True)):
        paragraph = cell.paragraphs[0]
        add_pieces(paragraph, links.get(column, ((str(value), ""),)))
        if isinstance(value, int):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
