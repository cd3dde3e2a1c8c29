"""A Word document in the fonts of official papers: a landscape page with its title."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from hotline.moments import SHANGHAI

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from docx.document import Document as Paper

_BODY_FONT, _TITLE_FONT = "仿宋", "黑体"


def saved(paper: Paper) -> bytes:
    """The bytes of the finished paper."""
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def blank(name: str, author: str, made_at: datetime) -> Paper:
    """A landscape page with its title, in the fonts of official papers."""
    paper = Document()
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(2)
    style = paper.styles["Normal"]
    style.font.size, style.font.name = Pt(11), _BODY_FONT
    _east_asian(style.element, _BODY_FONT)
    # The library's own template says python-docx and 2013; local time without a zone is what Word expects here.
    made = made_at.astimezone(SHANGHAI).replace(tzinfo=None)
    properties = paper.core_properties
    properties.author, properties.title, properties.comments = author, name, ""
    properties.created = properties.modified = made
    title = paper.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(name)
    run.bold, run.font.size, run.font.name = True, Pt(18), _TITLE_FONT
    _east_asian(run.element, _TITLE_FONT)
    return paper


def _east_asian(element: Any, name: str) -> None:  # noqa: ANN401 - the library's own XML element.
    """Set the font of Chinese letters, which Word keeps apart from the Latin ones."""
    element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
