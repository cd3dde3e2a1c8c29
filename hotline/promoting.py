"""What supervisors decide about the model: promote a candidate, roll back, set thresholds. Each is an event.

What was decided is taken up in this process at once and in the others within seconds (`rules.RuleKeeper`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hotline.errors import ConflictError, InvalidInputError, ModelError, NotFoundError
from hotline.intake.normalise import masked
from hotline.learning.folders import candidate_folder, check, install, manifest_digest, promoted_folder
from hotline.learning.standing import (
    PROMOTED,
    REVERTED,
    ROLLED_BACK,
    SHIPPED,
    TARGET,
    THRESHOLD,
    Standing,
    standing,
)
from hotline.routing import model_file
from hotline.routing.thresholds import ALL, CATEGORY, SETTING, threshold_for
from hotline.store.model_stream import model_events, record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hotline.records import Actor, Json
    from hotline.wiring import Services

LOW, HIGH = 0.0, 1.0
LEAST_TARGET, MOST_TARGET = 0.5, 0.999


@dataclass(frozen=True, slots=True)
class InForce:
    """The model that serves: its folder, version and manifest (empty where it cannot be read)."""

    version: str
    folder: Path
    manifest: Mapping[str, Any]
    shipped: bool


def stands(services: Services) -> Standing:
    """What was decided about the model so far."""
    with services.read() as store:
        return standing(model_events(store.session))


def in_force(services: Services) -> InForce:
    """The model that serves now, whatever was decided: the shipped one where the promoted one is unusable."""
    version = services.rulebook.classifier.version
    folder = promoted_folder(services.settings.models, version)
    shipped = services.model_problem != "" or stands(services).version != version
    folder = services.shipped_model if shipped else folder
    return InForce(version, folder, manifest_of(folder), shipped)


def manifest_of(folder: Path) -> Mapping[str, Any]:
    """A manifest, empty where it cannot be read."""
    try:
        return model_file.read_manifest(folder)
    except ModelError:
        return {}


def promote(services: Services, version: str, reason: str, by: Actor) -> None:
    """Let a candidate serve: check it, copy it to a folder of its own, check the copy, write the event.

    Raises:
        NotFoundError: There is no such candidate.
        ModelError: It is altered, or does not fit this program.
        InvalidInputError: The reason is missing, or this version serves already.
        ConflictError: Somebody else decided something at the same moment.
    """
    now_serving, known = in_force(services), stands(services)
    folder = candidate_folder(services.settings.models, version)
    if version == now_serving.version:
        message = "这个版本正在使用，不必升级。"
        raise InvalidInputError(message, version="正在使用")
    candidate = check(folder, version=version)
    _reason(reason)
    installed = install(candidate, services.settings.models)
    data: dict[str, Json] = {
        "what": PROMOTED,
        "version": version,
        "from": now_serving.version,
        "data_hash": str(installed.manifest.get("data_hash", "")),
        "manifest": installed.digest,
    }
    _write(services, data, reason, known, by)


def roll_back(services: Services, version: str, reason: str, by: Actor) -> None:
    """Let an earlier promoted version serve again, or (empty version) the shipped model.

    Raises:
        NotFoundError: This version was never promoted.
        ModelError: Its folder is missing or altered.
        InvalidInputError, ConflictError: As for `promote`.
    """
    now_serving, known = in_force(services), stands(services)
    if version == known.version:
        message = "已经是这个版本，不必回退。"
        raise InvalidInputError(message, version="正在使用")
    data: dict[str, Json] = {"what": ROLLED_BACK, "version": version, "from": now_serving.version}
    if version == SHIPPED:
        checked = check(services.shipped_model)
    elif version in known.promoted:
        folder = promoted_folder(services.settings.models, version)
        checked = check(folder, version=version, digest=known.promoted[version].manifest)
    else:
        message = "这个版本从未升级使用过，不能回退到它。"
        raise NotFoundError(message)
    data |= {"data_hash": str(checked.manifest.get("data_hash", "")), "manifest": manifest_digest(checked.folder)}
    _write(services, data, reason, known, by)


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
    _write(services, data, reason, known, by)


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
    _write(services, data, reason, known, by)


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
    _write(services, data, reason, known, by)


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


def _reason(reason: str) -> None:
    if not reason.strip():
        message = "没有办成。请写明理由。"
        raise InvalidInputError(message, reason="请写明理由")


def _write(services: Services, data: Mapping[str, Json], reason: str, known: Standing, by: Actor) -> None:
    kept = masked(reason.strip())
    with services.write() as store:
        record(store, data, kept, expected=known.seq, by=by, now=services.now())
    services.refresh_rules()
