"""Reads a command against the needs of its action: all that is wrong is said at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hotline.casework.need_checks import READERS, WrongError
from hotline.casework.needs import TEXT
from hotline.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.casework.needs import Need, Span
    from hotline.records import Command, Json

TEXT_LIMIT = 8000


@dataclass(slots=True)
class _Reading:
    """The fields read so far and, per field, what is wrong."""

    span: Span
    data: dict[str, Json] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


def _missing(value: Json) -> bool:
    return value is None or value in ("", (), [])


def _read_one(need: Need, value: Json, reading: _Reading) -> None:
    """Check one field of the event; an optional one left empty is left out."""
    if _missing(value):
        if need.required:
            reading.wrong[need.name] = f"请填写“{need.label}”"
        return
    try:
        reading.data[need.name] = READERS[need.kind](value, need, reading.span)
    except WrongError as wrong:
        reading.wrong[need.name] = str(wrong)


def _read_text(need: Need | None, text: str, reading: _Reading) -> None:
    """Check the free text: there where it is needed, never above the limit."""
    if need is not None and need.required and not text.strip():
        reading.wrong[TEXT] = f"请填写“{need.label}”"
    elif need is None and text.strip():
        reading.wrong[TEXT] = "这个动作不带文字，请改用备注"
    elif len(text) > TEXT_LIMIT:
        reading.wrong[TEXT] = f"文字太长，请不超过{TEXT_LIMIT}字"


def read_needs(needs: Sequence[Need], command: Command, span: Span) -> dict[str, Json]:
    """The event's data from a command's, every field checked against its need.

    Raises:
        InvalidInputError: Something is missing, wrong or not asked for; `fields` names all of it at once.
    """
    reading = _Reading(span)
    by_name = {need.name: need for need in needs}
    for name in command.data.keys() - by_name.keys():
        reading.wrong[name] = "这个动作没有此项"
    for need in needs:
        if need.name != TEXT:
            _read_one(need, command.data.get(need.name), reading)
    _read_text(by_name.get(TEXT), command.text, reading)
    if command.at is not None and (problem := span.check(command.at)):
        reading.wrong["at"] = problem
    if reading.wrong:
        message = f"“{command.action.label}”填写有误：{'；'.join(reading.wrong.values())}。"
        raise InvalidInputError(message, **reading.wrong)
    return reading.data
