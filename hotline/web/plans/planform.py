"""The form of a new version of a plan, as it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask import request

from hotline.adopting import MOST_CASES, USUAL_CASES
from hotline.errors import UnusableFileError
from hotline.intake.encodings import decode
from hotline.routing.plan_candidate import MOST_CHARACTERS
from hotline.store.plan_stream import digest_of
from hotline.web.plans.room import today

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Form:
    """What was sent: the file's text, an optional source to prove its quotes, how many cases to replay, from when."""

    content: str
    source: str | None
    count: int
    effective: date
    note: str
    ends: bool
    errors: Mapping[str, str]


def read_form() -> Form:
    """The form; what cannot be used is named, nothing is guessed."""
    wrong: dict[str, str] = {}
    ends = request.form.get("ends") == "1"
    content = _uploaded("file", wrong) or request.form.get("content", "").replace("\r\n", "\n")
    if not ends and not content.strip():
        wrong.setdefault("file", "请选择方案文件，或把内容粘贴在下面。")
    if len(content) > MOST_CHARACTERS:
        wrong["file"] = "文件过大，方案文件不超过 50 万字。"
    return Form(
        content=content,
        source=_uploaded("source", wrong) or None,
        count=_count(wrong),
        effective=_effective(wrong),
        note=request.form.get("note", "").strip(),
        ends=ends,
        errors=wrong,
    )


def _uploaded(name: str, wrong: dict[str, str]) -> str:
    """The text of an uploaded file, empty where none was chosen."""
    file = request.files.get(name)
    content = file.read() if file and file.filename else b""
    if not content:
        return ""
    try:
        return decode(content)[0].replace("\r\n", "\n")
    except UnusableFileError:
        wrong[name] = "这不是文本文件。请上传 UTF-8 编码的文本。"
        return ""


def _count(wrong: dict[str, str]) -> int:
    typed = request.form.get("count", "") or str(USUAL_CASES)
    if not (typed.isascii() and typed.isdigit() and 1 <= int(typed[:9]) <= MOST_CASES):
        wrong["count"] = f"请写 1 到 {MOST_CASES} 之间的整数。"
        return USUAL_CASES
    return int(typed)


def _effective(wrong: dict[str, str]) -> date:
    try:
        day = date.fromisoformat(request.form.get("effective", ""))
    except ValueError:
        day = date.min
    if day == date.min or day > date(2199, 12, 31):
        wrong["effective"] = "请写明生效日期，例如 2026-12-01。"
    elif day < today():
        wrong["effective"] = "生效日期不能早于今天。"
    return day


def mark_of(form: Form, content: str) -> str:
    """What says that exactly this was checked: wording and first day."""
    return f"{digest_of(content) or 'end'}:{form.effective.isoformat()}"
