"""Where models lie: `candidate-<version>` what was trained, `<version>` what was promoted, each checked before use."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotline.errors import ModelError, NotFoundError
from hotline.routing import model_file, model_manifest
from hotline.routing.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping

CANDIDATE = "candidate-"
REPORT = "side-by-side.json"
_VERSION = re.compile(r"[0-9a-f]{12}")
_CHANGED = "模型目录 {name} 的内容与其说明不符，可能被改动。请重新训练候选，或恢复目录。"


@dataclass(frozen=True, slots=True)
class Checked:
    """A model folder that was read whole and found right; `digest` is the hash of its manifest."""

    folder: Path
    version: str
    manifest: Mapping[str, Any]
    digest: str


def candidate_folder(models: Path, version: str) -> Path:
    """Where a candidate lies.

    Raises:
        NotFoundError: This is no version, or there is no such candidate.
    """
    folder = models / f"{CANDIDATE}{version}"
    if not _VERSION.fullmatch(version) or not folder.is_dir():
        message = "没有这个候选模型。请从候选列表重新打开。"
        raise NotFoundError(message)
    return folder


def promoted_folder(models: Path, version: str) -> Path:
    """Where a promoted version lies, whether or not it is there."""
    return models / version


def candidates(models: Path) -> tuple[Mapping[str, Any], ...]:
    """The manifests of the candidates that can be read, the newest first."""
    folders = [path for path in models.glob(f"{CANDIDATE}*") if path.is_dir()] if models.is_dir() else []
    found = []
    for folder in sorted(folders, key=lambda path: (-path.stat().st_mtime_ns, path.name)):
        try:
            manifest = model_manifest.read_manifest(folder)
        except ModelError:
            continue
        if folder.name == f"{CANDIDATE}{manifest.get('version')}":
            found.append(manifest)
    return tuple(found)


def check(folder: Path, *, version: str = "", digest: str = "") -> Checked:
    """Read a model folder whole: hashes, labels against the taxonomy, dictionary, features, and its version.

    Args:
        folder: The folder.
        version: What its version must be; left out, whatever its files make it.
        digest: What its manifest's hash must be, where it is known.

    Raises:
        ModelError: Something is missing, altered, or not this program's.
    """
    model = model_file.read(folder, load_taxonomy())
    found = manifest_digest(folder)
    honest = model_manifest.version_of(model.manifest["files"])
    if honest != model.version or version not in {"", honest} or digest not in {"", found}:
        raise ModelError(_CHANGED.format(name=folder.name))
    return Checked(folder, model.version, model.manifest, found)


def manifest_digest(folder: Path) -> str:
    """The hash of a folder's manifest, which itself holds the hashes of the other files.

    Raises:
        ModelError: It cannot be read.
    """
    try:
        return model_manifest.sha256((folder / model_manifest.MANIFEST).read_bytes())
    except OSError as error:
        message = f"模型目录 {folder.name} 缺失或不能读取。请恢复目录，或回退到别的版本。"
        raise ModelError(message) from error


def install(candidate: Checked, models: Path) -> Checked:
    """Copy a candidate to the folder of its version and check the copy; one that is there already must be the same.

    Raises:
        ModelError: The copy, or what lies there already, is not what was checked.
    """
    target = promoted_folder(models, candidate.version)
    if target.exists():
        try:
            return check(target, version=candidate.version, digest=candidate.digest)
        except ModelError:
            shutil.rmtree(target)
    made = Path(tempfile.mkdtemp(prefix=".copy-", dir=models))
    try:
        for path in sorted(candidate.folder.iterdir()):
            if path.is_file():
                shutil.copyfile(path, made / path.name)
        check(made, version=candidate.version, digest=candidate.digest)
        made.replace(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return check(target, version=candidate.version, digest=candidate.digest)


def read_report(folder: Path) -> dict[str, Any]:
    """The side-by-side report that was made with a candidate; empty where there is none to be read."""
    try:
        report = json.loads((folder / REPORT).read_bytes())
    except (OSError, ValueError):
        return {}
    return report if isinstance(report, dict) else {}
