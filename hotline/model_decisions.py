"""What was decided about the model so far, and which one serves by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hotline.errors import InvalidInputError, ModelError
from hotline.intake.normalise import masked
from hotline.learning.folders import promoted_folder
from hotline.learning.standing import Standing, standing
from hotline.routing import model_manifest
from hotline.store.model_stream import model_events, record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hotline.records import Actor, Json
    from hotline.services import Services


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
        return model_manifest.read_manifest(folder)
    except ModelError:
        return {}


def check_reason(reason: str) -> None:
    """Refuse a decision without a reason.

    Raises:
        InvalidInputError: None is given.
    """
    if not reason.strip():
        message = "没有办成。请写明理由。"
        raise InvalidInputError(message, reason="请写明理由")


def write_decision(services: Services, data: Mapping[str, Json], reason: str, known: Standing, by: Actor) -> None:
    """Append a decision to the model's stream and take it up in this process."""
    kept = masked(reason.strip())
    with services.write() as store:
        record(store, data, kept, expected=known.seq, by=by, now=services.now())
    services.refresh_rules()
