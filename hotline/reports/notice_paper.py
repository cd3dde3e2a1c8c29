"""A 告知书 as a Word document, upright, in the fonts of official papers."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from hotline.casework.notices import written_day
from hotline.moments import SHANGHAI

if TYPE_CHECKING:
    from datetime import datetime

    from docx.document import Document as DocxDocument

    from hotline.casework.notices import Paper

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BODY, _TITLE = "仿宋", "方正小标宋简体"
_INDENT, _LINE = Pt(32), Pt(28)


def notice_docx(paper: Paper, made_at: datetime) -> bytes:
    """The document: body, title, number, whom, what, on what ground, which remedy, who and when."""
    document = _blank(paper, made_at)
    _centred(document, paper.body, 16)
    _centred(document, paper.title, 22, font=_TITLE)
    _centred(document, paper.number, 14)
    document.add_paragraph(f"{paper.addressed}：")
    for text in paper.paragraphs:
        _indented(document, text)
    if paper.articles:
        _indented(document, f"依据：{'；'.join(paper.articles)}。")
    for text in paper.remedies:
        _indented(document, text)
    document.add_paragraph()
    for text in (paper.body, written_day(paper.on)):
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _blank(paper: Paper, made_at: datetime) -> DocxDocument:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin, section.bottom_margin = Cm(3.7), Cm(3.5)
    section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
    style = document.styles["Normal"]
    style.font.size, style.font.name = Pt(16), _BODY
    style.paragraph_format.line_spacing = _LINE
    _east_asian(style.element, _BODY)
    # The library's own template says python-docx and 2013; local time without a zone is what Word expects here.
    made = made_at.astimezone(SHANGHAI).replace(tzinfo=None)
    properties = document.core_properties
    properties.author, properties.title, properties.comments = paper.body, paper.title, ""
    properties.created = properties.modified = made
    return document


def _centred(document: DocxDocument, text: str, size: int, *, font: str = _BODY) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), font
    _east_asian(run.element, font)


def _indented(document: DocxDocument, text: str) -> None:
    """One paragraph a line of the text: a reply of several lines stays readable."""
    for line in text.splitlines():
        document.add_paragraph(line.strip()).paragraph_format.first_line_indent = _INDENT


def _east_asian(element: Any, name: str) -> None:  # noqa: ANN401 - the library's own XML element.
    """Set the font of Chinese letters, which Word keeps apart from the Latin ones."""
    element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
