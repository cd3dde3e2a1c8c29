"""What supervisors decide about the model's thresholds. Each decision is an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.errors import ConflictError, InvalidInputError, NotFoundError
from hotline.learning.standing import REVERTED, TARGET, THRESHOLD
from hotline.model_decisions import in_force, stands, write_decision
from hotline.routing.thresholds import ALL, CATEGORY, SETTING, threshold_for

if TYPE_CHECKING:
    from hotline.records import Actor, Json
    from hotline.services import Services

LOW, HIGH = 0.0, 1.0
LEAST_TARGET, MOST_TARGET = 0.5, 0.999


def set_threshold(
    services: Services, *, version: str, facet: str, code: str, value: float, reason: str, by: Actor
) -> None:
    """Set the threshold of one class of the version that serves.

    Raises:
        InvalidInputError: No such class, the value is no share, or the reason is missing.
        ConflictError: Another version serves by now, or somebody else decided something at the same moment.
    """
    known = stands(services)
    _same_version(services, version)
    _class(services, facet, code)
    if not LOW <= value <= HIGH:
        message = "没有办成。阈值请写 0 到 1 之间的数。"
        raise InvalidInputError(message, value="请写 0 到 1 之间的数")
    data: dict[str, Json] = {
        "what": THRESHOLD,
        "version": version,
        "facet": facet,
        "code": code,
        "value": round(value, 4),
    }
    write_decision(services, data, reason, known, by)


def set_target(services: Services, *, version: str, facet: str, target: float, reason: str, by: Actor) -> None:
    """Set one threshold for every class of a facet: the lowest that reached this precision out of fold.

    A class whose threshold was set by itself keeps it.

    Raises:
        InvalidInputError: The model has no curve, no threshold reaches the precision, or the reason is missing.
        ConflictError: As for `set_threshold`.
    """
    known = stands(services)
    _same_version(services, version)
    points = in_force(services).manifest.get("curves", {}).get(facet, {}).get("all", [])
    if not LEAST_TARGET <= target <= MOST_TARGET:
        message = f"没有办成。目标精确率请写 {LEAST_TARGET} 到 {MOST_TARGET} 之间的数。"
        raise InvalidInputError(message, target="超出范围")
    value = threshold_for(points, target)
    if value is None:
        message = "没有办成。这个模型没有记录曲线，或者没有阈值能达到这个精确率。"
        raise InvalidInputError(message, target="达不到")
    data: dict[str, Json] = {
        "what": TARGET,
        "version": version,
        "facet": facet,
        "code": ALL,
        "value": value,
        "target": round(target, 4),
    }
    write_decision(services, data, reason, known, by)


def revert_threshold(services: Services, *, version: str, facet: str, code: str, reason: str, by: Actor) -> None:
    """Take back what was set by hand; the model's own threshold (or the common one) holds again.

    Raises:
        NotFoundError: Nothing was set there.
        InvalidInputError, ConflictError: As for `promote`.
    """
    known = stands(services)
    if (version, facet, code) not in known.manual:
        message = "这里没有人工设定的阈值，不用撤销。"
        raise NotFoundError(message)
    data: dict[str, Json] = {"what": REVERTED, "version": version, "facet": facet, "code": code}
    write_decision(services, data, reason, known, by)


def _same_version(services: Services, version: str) -> None:
    if version != services.rulebook.classifier.version:
        message = "模型刚刚换了版本。阈值属于一个版本，请刷新页面后再设。"
        raise ConflictError(message)


def _class(services: Services, facet: str, code: str) -> None:
    taxonomy = services.rulebook.taxonomy
    known = {CATEGORY: taxonomy.categories, SETTING: taxonomy.settings}.get(facet, {})
    if code not in known:
        message = "没有办成。请从列出的类别或环节中选择。"
        raise InvalidInputError(message, code="请从列出的选项中选择")
