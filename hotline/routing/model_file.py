"""The model on disk: plain arrays and JSON, a hash for each file, no pickle; the same data gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
from dataclasses import dataclass
from operator import mul
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hotline.errors import ModelError
from hotline.routing import features, segment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.routing.features import Vocabulary
    from hotline.routing.taxonomy import Taxonomy

FloatArray = NDArray[np.float32]
Stored = NDArray[np.float16 | np.float32]  # as computed, or as the file holds them
FORMAT = 3
TINY = 1e-6  # keeps the logarithm of a chance finite
CATEGORY, SETTING, VOCABULARY, MANIFEST = "category.npz", "setting.npz", "vocabulary.json", "manifest.json"
HASHED = (CATEGORY, SETTING, VOCABULARY)
_EPOCH = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the earliest time a zip archive can hold: a file's bytes must not tell when it was made


def evidence(best: float, scores: Sequence[float]) -> tuple[float, float, float, float, float]:
    """What confidence is judged by: the best chance twice (as logarithms), the two highest scores, and a constant."""
    second, first = sorted(scores)[-2:]
    return (math.log(best + TINY), math.log(1 - best + TINY), first, second, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Facet:
    """One linear model, calibrated on texts of hands it had not seen.

    The chances of the labels are softmax(`scale` · score + `shift`). The confidence in the best one is a logistic
    function (`trust`) of its chance and of the two highest scores: a text that no class claims is less certain than
    its chances look. Below `thresholds[k]` a prediction of k abstains; another label is secondary from the score
    `secondary` on. `shares` is how much of the training texts each label has.
    """

    labels: tuple[str, ...]
    weights: Stored
    bias: FloatArray
    scale: float
    shift: tuple[float, ...]
    trust: tuple[float, ...]
    thresholds: tuple[float, ...]
    secondary: float
    shares: tuple[float, ...]

    def best(self, scores: FloatArray) -> list[int]:
        """The number of the most likely label of each text; a row of scores a text."""
        found: list[int] = (scores * self.scale + np.asarray(self.shift)).argmax(axis=1).tolist()
        return found

    def probabilities(self, scores: Sequence[float]) -> list[float]:
        """Calibrated probabilities of one text's labels; the best one's is the confidence.

        Plain numbers: for so few labels they are four times as fast as arrays.
        """
        scale = self.scale
        logits = [scale * score + shift for score, shift in zip(scores, self.shift, strict=True)]
        top = max(logits)
        powers = [math.exp(logit - top) for logit in logits]
        total, best = sum(powers), logits.index(top)
        highest = 1 / total  # the best one's power is 1
        confidence = 1 / (1 + math.exp(-sum(map(mul, self.trust, evidence(highest, scores)))))
        factor = (1 - confidence) / (max(1 - highest, TINY) * total)
        chances = [power * factor for power in powers]
        chances[best] = confidence
        if max(chances) > confidence:
            # No other label may reach the chosen one, however little it is trusted: the first of equals would win.
            below = math.nextafter(confidence, 0)
            chances = [min(chance, below) for chance in chances]
            chances[best] = confidence
        return chances


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """What serving needs: both facets over one vocabulary."""

    category: Facet
    setting: Facet
    vocabulary: Vocabulary
    version: str
    manifest: Mapping[str, Any]


def sha256(content: bytes) -> str:
    """The hash as the manifest writes it."""
    return hashlib.sha256(content).hexdigest()


def dictionary_hash() -> str:
    """The hash of the domain dictionary; a model serves only with the one it was trained with."""
    return sha256(segment.DICTIONARY.read_bytes())


def _vocabulary_json(counts: Mapping[str, Mapping[str, int]]) -> bytes:
    """The terms in the order of their columns, and in how many documents each stands: lists, read fast."""
    terms: dict[str, object] = {block: list(own) for block, own in counts.items()}
    terms["counts"] = {block: list(own.values()) for block, own in counts.items()}
    return (json.dumps(terms, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def _counts(content: bytes) -> dict[str, dict[str, int]]:
    """The terms with their counts, as `features.build` takes them."""
    terms = json.loads(content)
    return {block: dict(zip(terms[block], own, strict=True)) for block, own in terms["counts"].items()}


def to_json(value: object) -> bytes:
    """Readable JSON with keys in order, so that equal values give equal bytes."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _pack(facet: Facet) -> bytes:
    """A facet as .npz; weights as 16-bit floats, which changes no label of the corpus.

    It is not compressed: unpacking would take a tenth of the time in which a process comes up.
    """
    arrays = {
        "labels": np.asarray(facet.labels),
        "weights": facet.weights.astype(np.float16),
        "bias": facet.bias,
        "scale": np.asarray(facet.scale),
        "shift": np.asarray(facet.shift),
        "trust": np.asarray(facet.trust),
        "thresholds": np.asarray(facet.thresholds),
        "secondary": np.asarray(facet.secondary),
        "shares": np.asarray(facet.shares),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            one = io.BytesIO()
            np.lib.format.write_array(one, np.asarray(array, order="C"), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), one.getvalue())
    return buffer.getvalue()


def _unpack(content: bytes) -> Facet:
    """A facet from .npz."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return Facet(
            labels=tuple(str(label) for label in arrays["labels"]),
            weights=arrays["weights"],
            bias=arrays["bias"],
            scale=float(arrays["scale"]),
            shift=tuple(arrays["shift"].tolist()),
            trust=tuple(arrays["trust"].tolist()),
            thresholds=tuple(arrays["thresholds"].tolist()),
            secondary=float(arrays["secondary"]),
            shares=tuple(arrays["shares"].tolist()),
        )


def version_of(hashes: Mapping[str, str]) -> str:
    """The version that a model with these files has."""
    return sha256("".join(hashes[name] for name in HASHED).encode())[:12]


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest alone, for pages and lists.

    Raises:
        ModelError: It is missing or no manifest of this format.
    """
    return _manifest(folder)


def write(
    folder: Path, facets: tuple[Facet, Facet], counts: Mapping[str, Mapping[str, int]], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Write the model's files and the manifest with `facts` added (at least `documents`); returns the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {CATEGORY: _pack(facets[0]), SETTING: _pack(facets[1]), VOCABULARY: _vocabulary_json(counts)}
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


def _read(folder: Path, name: str) -> bytes:
    """A file of the model; `ModelError` where it is missing."""
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        message = f"模型文件 {name} 缺失或不能读取，请运行 hotline train 重新训练，或恢复 models 目录"
        raise ModelError(message) from error


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest; `ModelError` where it is no manifest of this format."""
    try:
        manifest = json.loads(_read(folder, MANIFEST))
        fits = manifest["format"] == FORMAT
    except (ValueError, KeyError, TypeError) as error:
        message = f"模型说明 {MANIFEST} 已损坏，请恢复原文件或运行 hotline train 重新训练"
        raise ModelError(message) from error
    if not fits:
        message = f"模型的格式与本程序（{FORMAT}）不符，请运行 hotline train 重新训练"
        raise ModelError(message)
    return dict(manifest)


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
    manifest = _manifest(folder)
    content = {name: _read(folder, name) for name in HASHED}
    for name, found in content.items():
        if manifest.get("files", {}).get(name) != sha256(found):
            message = (
                f"模型文件 {name} 与说明中的校验值不符，可能被改动或损坏；请恢复原文件或运行 hotline train 重新训练"
            )
            raise ModelError(message)
    facets = (_unpack(content[CATEGORY]), _unpack(content[SETTING]))
    _check(manifest, taxonomy, facets)
    vocabulary = features.build(_counts(content[VOCABULARY]), manifest["documents"])
    if any(len(facet.weights) != vocabulary.size for facet in facets):
        message = "模型的权重与词表不一致，请恢复原文件或运行 hotline train 重新训练"
        raise ModelError(message)
    return Model(facets[0], facets[1], vocabulary, str(manifest["version"]), manifest)


def read_thresholds(folder: Path) -> dict[str, dict[str, float]]:
    """The thresholds chosen at training, by facet and class, without loading the rest.

    Raises:
        ModelError: A file is missing or is none of this format.
    """
    found = {}
    for facet, name in (("category", CATEGORY), ("setting", SETTING)):
        content = _read(folder, name)
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                found[facet] = dict(zip(map(str, arrays["labels"]), arrays["thresholds"].tolist(), strict=True))
        except (ValueError, KeyError, zipfile.BadZipFile) as error:
            message = f"模型文件 {name} 已损坏，请恢复原文件或运行 hotline train 重新训练"
            raise ModelError(message) from error
    return found


def shipped_folder() -> Path:
    """Where the model lies: inside an installed wheel, else `models/` at the root of the repository."""
    package = Path(__file__).resolve().parents[1]
    packed = package / "_models"
    return packed if packed.is_dir() else package.parent / "models"
