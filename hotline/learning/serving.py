"""Which classifier serves: the promoted one where it is whole, else the shipped one; with thresholds set by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.errors import ModelError
from hotline.learning.folders import check, promoted_folder
from hotline.routing.classifier import load_classifier
from hotline.routing.thresholds import with_thresholds

if TYPE_CHECKING:
    from pathlib import Path

    from hotline.learning.standing import Standing
    from hotline.routing.classifier import Classifier


@dataclass(frozen=True, slots=True)
class Served:
    """The classifier in force; `problem` says in Chinese why it is not the promoted one."""

    classifier: Classifier
    problem: str = ""


def serve(shipped: Classifier, standing: Standing, models: Path) -> Served:
    """Choose and load; a promoted folder that is missing or altered never stops the work."""
    served = _chosen(shipped, standing, models)
    chosen = standing.thresholds(served.classifier.version)
    if not chosen:
        return served
    return Served(with_thresholds(served.classifier, chosen), served.problem)


def _chosen(shipped: Classifier, standing: Standing, models: Path) -> Served:
    promoted = standing.serving
    if promoted is None or promoted.version == shipped.version:
        return Served(shipped)
    try:
        checked = check(promoted_folder(models, promoted.version), version=promoted.version, digest=promoted.manifest)
        return Served(load_classifier(checked.folder))
    except ModelError as error:
        return Served(shipped, f"已升级的模型 {promoted.version} 不能使用，暂用安装时的模型：{error.message}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = f"读取出错（{type(error).__name__}）"
        return Served(shipped, f"已升级的模型 {promoted.version} 不能使用，暂用安装时的模型：{reason}。")
