"""A facet as .npz and back: plain arrays, no pickle, the same bytes for the same facet."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import numpy as np

from hotline.errors import ModelError
from hotline.routing.facet import Facet
from hotline.routing.model_manifest import CATEGORY, SETTING, read_part

if TYPE_CHECKING:
    from pathlib import Path

_EPOCH = (
    1980,
    1,
    1,
    0,
    0,
    0,
)  # the earliest time a zip archive can hold: a file's bytes must not tell when it was made


def pack(facet: Facet) -> bytes:
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


def unpack(content: bytes) -> Facet:
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


def read_thresholds(folder: Path) -> dict[str, dict[str, float]]:
    """The thresholds chosen at training, by facet and class, without loading the rest.

    Raises:
        ModelError: A file is missing or is none of this format.
    """
    found = {}
    for facet, name in (("category", CATEGORY), ("setting", SETTING)):
        content = read_part(folder, name)
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                found[facet] = dict(zip(map(str, arrays["labels"]), arrays["thresholds"].tolist(), strict=True))
        except (ValueError, KeyError, zipfile.BadZipFile) as error:
            message = f"模型文件 {name} 已损坏，请恢复原文件或运行 hotline train 重新训练"
            raise ModelError(message) from error
    return found
