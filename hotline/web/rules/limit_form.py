"""The form of a new version of a time limit: for whom, and in what terms."""

from __future__ import annotations

from flask import request

from hotline.casework.policy_change import NewTerms
from hotline.casework.regional import wider_regions
from hotline.casework.transitions import ExtensionRule
from hotline.errors import InvalidInputError
from hotline.vocabulary import Unit, Urgency
from hotline.web.context import account, services
from hotline.web.rules.room import whole_number


def scope_typed() -> tuple[str | None, str]:
    """Whom the version is to serve, as (office, region): this office, or all offices of its region.

    Raises:
        InvalidInputError: The region is none that this office lies in.
    """
    typed = request.form.get("scope", "")
    if not typed:
        return account().office_id, ""
    if typed not in wider_regions(services().office(account().office_id).region):
        message = "请从列出的范围中选择：本办公室，或者本办公室所在的区县、市、省。"
        raise InvalidInputError(message, scope=message)
    return None, typed


def terms_typed() -> NewTerms:
    """The terms that were typed.

    Raises:
        InvalidInputError: A field is no number, or a choice is none.
        PolicyError: No clock could follow them.
    """
    duration = whole_number("duration", "时长")
    if duration is None:
        message = "请写明时长。"
        raise InvalidInputError(message, duration=message)
    unit, extension_unit = _unit("unit"), _unit("extension_unit")
    most, times = whole_number("extension", "延期"), whole_number("times", "延期次数")
    extension = ExtensionRule(most, extension_unit, 1 if times is None else times) if most is not None else None
    level = next((each for each in Urgency if each == request.form.get("urgency")), None)
    return NewTerms(duration, unit, level, extension, whole_number("warn", "预警比例"))


def _unit(name: str) -> Unit:
    found = next((each for each in Unit if each == request.form.get(name, Unit.WORKDAY)), None)
    if found is None:
        message = "请从列出的单位中选择。"
        raise InvalidInputError(message, **{name: message})
    return found
