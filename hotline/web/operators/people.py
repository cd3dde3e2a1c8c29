"""The people that a form names: who called and who is complained of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hotline.records import Reporter, Respondent

if TYPE_CHECKING:
    from hotline.web.operators.formreader import FormReader

_DIGITS = range(5, 25)
_ID_NUMBER = re.compile(r"[0-9A-Za-z()（）-]{5,25}")


def reporter_of(reader: FormReader) -> Reporter:
    """The caller, as the form names them."""
    return Reporter(
        name=reader.text("name"),
        phone=reader.checked("phone", _is_phone, "电话应含 5 至 24 位数字，请核对。"),
        id_number=reader.checked("id_number", _ID_NUMBER.fullmatch, "证件号只能是字母和数字，请核对。").upper(),
        address=reader.text("address"),
        anonymous=reader.form.get("anonymous") == "1",
        role=reader.text("role"),
    )


def respondent_of(reader: FormReader) -> Respondent:
    """The one complained of, as the form names them."""
    return Respondent(
        name=reader.text("respondent_name"),
        address=reader.text("respondent_address"),
        phone=reader.checked("respondent_phone", _is_phone, "电话应含 5 至 24 位数字，请核对。"),
        platform=reader.text("platform"),
        url=reader.text("url"),
    )


def _is_phone(text: str) -> bool:
    return len(re.findall(r"[0-9]", text)) in _DIGITS
