"""What supervisors decide about the model: promote a candidate, roll back. Each is an event.

What was decided is taken up in this process at once and in the others within seconds (`rules.RuleKeeper`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError, NotFoundError
from hotline.learning.folders import candidate_folder, check, install, manifest_digest, promoted_folder
from hotline.learning.standing import PROMOTED, ROLLED_BACK, SHIPPED
from hotline.model_decisions import check_reason, in_force, stands, write_decision

if TYPE_CHECKING:
    from hotline.records import Actor, Json
    from hotline.services import Services


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
    check_reason(reason)
    installed = install(candidate, services.settings.models)
    data: dict[str, Json] = {
        "what": PROMOTED,
        "version": version,
        "from": now_serving.version,
        "data_hash": str(installed.manifest.get("data_hash", "")),
        "manifest": installed.digest,
    }
    write_decision(services, data, reason, known, by)


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
    write_decision(services, data, reason, known, by)
