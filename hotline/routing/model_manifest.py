"""The manifest of a model: which files it has, their hashes, its version, the dictionary it was trained with."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from hotline.errors import ModelError
from hotline.routing import segment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

FORMAT = 3
CATEGORY, SETTING, VOCABULARY, MANIFEST = "category.npz", "setting.npz", "vocabulary.json", "manifest.json"
HASHED = (CATEGORY, SETTING, VOCABULARY)


def sha256(content: bytes) -> str:
    """The hash as the manifest writes it."""
    return hashlib.sha256(content).hexdigest()


def dictionary_hash() -> str:
    """The hash of the domain dictionary; a model serves only with the one it was trained with."""
    return sha256(segment.DICTIONARY.read_bytes())


def to_json(value: object) -> bytes:
    """Readable JSON with keys in order, so that equal values give equal bytes."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def version_of(hashes: Mapping[str, str]) -> str:
    """The version that a model with these files has."""
    return sha256("".join(hashes[name] for name in HASHED).encode())[:12]


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest alone, for pages and lists.

    Raises:
        ModelError: It is missing or no manifest of this format.
    """
    try:
        manifest = json.loads(read_part(folder, MANIFEST))
        fits = manifest["format"] == FORMAT
    except (ValueError, KeyError, TypeError) as error:
        message = f"模型说明 {MANIFEST} 已损坏，请恢复原文件或运行 hotline train 重新训练"
        raise ModelError(message) from error
    if not fits:
        message = f"模型的格式与本程序（{FORMAT}）不符，请运行 hotline train 重新训练"
        raise ModelError(message)
    return dict(manifest)


def read_part(folder: Path, name: str) -> bytes:
    """A file of the model; `ModelError` where it is missing."""
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        message = f"模型文件 {name} 缺失或不能读取，请运行 hotline train 重新训练，或恢复 models 目录"
        raise ModelError(message) from error
