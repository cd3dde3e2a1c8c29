"""The model on disk: plain arrays and JSON, a hash for each file, no pickle; the same data gives the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hotline.errors import ModelError
from hotline.routing import features
from hotline.routing.facet_file import pack, unpack
from hotline.routing.model_manifest import (
    CATEGORY,
    FORMAT,
    HASHED,
    MANIFEST,
    SETTING,
    VOCABULARY,
    dictionary_hash,
    read_manifest,
    read_part,
    sha256,
    to_json,
    version_of,
)
from hotline.routing.vocabulary_file import counts_of, vocabulary_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from hotline.routing.facet import Facet
    from hotline.routing.features import Vocabulary
    from hotline.routing.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What serving needs: both facets over one vocabulary."""

    category: Facet
    setting: Facet
    vocabulary: Vocabulary
    version: str
    manifest: Mapping[str, Any]


def write(
    folder: Path, facets: tuple[Facet, Facet], counts: Mapping[str, Mapping[str, int]], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Write the model's files and the manifest with `facts` added (at least `documents`); returns the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {CATEGORY: pack(facets[0]), SETTING: pack(facets[1]), VOCABULARY: vocabulary_json(counts)}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    hashes = {name: sha256(content) for name, content in files.items()}
    manifest = {
        **facts,
        "format": FORMAT,
        "files": hashes,
        "version": version_of(hashes),
        "dictionary": dictionary_hash(),
        "features": dict(features.SPEC),
    }
    (folder / MANIFEST).write_bytes(to_json(manifest))
    return manifest


def _check(manifest: Mapping[str, Any], taxonomy: Taxonomy, facets: tuple[Facet, Facet]) -> None:
    """Refuse a model whose labels, dictionary or features are not this program's."""
    known = (set(taxonomy.categories), set(taxonomy.settings))
    if manifest.get("taxonomy_version") != taxonomy.version or any(
        set(facet.labels) != codes for facet, codes in zip(facets, known, strict=True)
    ):
        message = "模型的类别与分类表不一致，请运行 hotline train 重新训练"
        raise ModelError(message)
    if manifest.get("dictionary") != dictionary_hash() or manifest.get("features") != features.SPEC:
        message = "模型与领域词典或特征设置不一致，请运行 hotline train 重新训练"
        raise ModelError(message)


def read(folder: Path, taxonomy: Taxonomy) -> Model:
    """Load a model and check it.

    Raises:
        ModelError: A file is missing, its hash is not the manifest's, or its labels are not the taxonomy's.
    """
    manifest = read_manifest(folder)
    content = {name: read_part(folder, name) for name in HASHED}
    for name, found in content.items():
        if manifest.get("files", {}).get(name) != sha256(found):
            message = (
                f"模型文件 {name} 与说明中的校验值不符，可能被改动或损坏；请恢复原文件或运行 hotline train 重新训练"
            )
            raise ModelError(message)
    facets = (unpack(content[CATEGORY]), unpack(content[SETTING]))
    _check(manifest, taxonomy, facets)
    vocabulary = features.build(counts_of(content[VOCABULARY]), manifest["documents"])
    if any(len(facet.weights) != vocabulary.size for facet in facets):
        message = "模型的权重与词表不一致，请恢复原文件或运行 hotline train 重新训练"
        raise ModelError(message)
    return Model(facets[0], facets[1], vocabulary, str(manifest["version"]), manifest)


def shipped_folder() -> Path:
    """Where the model lies: inside an installed wheel, else `models/` at the root of the repository."""
    package = Path(__file__).resolve().parents[1]
    packed = package / "_models"
    return packed if packed.is_dir() else package.parent / "models"
