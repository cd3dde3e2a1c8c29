"""How good the model is on labelled texts: the figures of `hotline evaluate`, for programs and for people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hotline.routing import scoring
from hotline.routing.corpus import read_file
from hotline.routing.taxonomy import OUT_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.records import Classification
    from hotline.routing.classifier import Classifier
    from hotline.routing.corpus import Example


def _indices(values: Sequence[str], labels: Sequence[str]) -> scoring.Labels:
    """Codes as numbers."""
    places = {label: index for index, label in enumerate(labels)}
    return np.asarray([places[value] for value in values], dtype=np.int64)


def _category(examples: Sequence[Example], said: Sequence[Classification], labels: Sequence[str]) -> dict[str, Any]:
    """The figures of the first facet."""
    truth = _indices([row.category for row in examples], labels)
    guess = _indices([row.category for row in said], labels)
    right = truth == guess
    confidence = np.asarray([row.confidence for row in said], dtype=np.float64)
    kept = np.asarray([not row.needs_review for row in said], dtype=bool)
    other = list(labels).index(OUT_OF_SCOPE)
    outside = truth == other
    count = len(truth)
    return {
        "accuracy": scoring.accuracy(truth, guess),
        "accuracy_interval": scoring.bootstrap(count, lambda rows: scoring.accuracy(truth[rows], guess[rows])),
        "macro_f1": scoring.macro_f1(truth, guess),
        "macro_f1_interval": scoring.bootstrap(count, lambda rows: scoring.macro_f1(truth[rows], guess[rows])),
        "coverage": float(kept.mean()),
        "precision_at_threshold": float(right[kept].mean()) if kept.any() else None,
        "precision_at_threshold_interval": scoring.bootstrap(
            int(kept.sum()), lambda rows: float(right[kept][rows].mean())
        ),
        "ece": scoring.calibration_error(right, confidence),
        "other_recall": float((guess[outside] == other).mean()) if outside.any() else None,
        "in_scope_called_other": float((guess[~outside] == other).mean()) if (~outside).any() else None,
        "curve": scoring.coverage_curve(right, confidence),
        "classes": scoring.per_class(truth, guess, labels),
    }


def _setting(examples: Sequence[Example], said: Sequence[Classification], labels: Sequence[str]) -> dict[str, Any]:
    """The figures of the second facet, over the texts whose setting counts (taxonomy's last rule)."""
    pairs = [(row, guess) for row, guess in zip(examples, said, strict=True) if row.category != OUT_OF_SCOPE]
    truth = _indices([row.setting for row, _ in pairs], labels)
    guess = _indices([found.setting for _, found in pairs], labels)
    confidence = np.asarray([found.setting_confidence for _, found in pairs], dtype=np.float64)
    return {
        "texts": len(pairs),
        "accuracy": scoring.accuracy(truth, guess),
        "accuracy_interval": scoring.bootstrap(len(truth), lambda rows: scoring.accuracy(truth[rows], guess[rows])),
        "macro_f1": scoring.macro_f1(truth, guess),
        "ece": scoring.calibration_error(truth == guess, confidence),
        "classes": scoring.per_class(truth, guess, labels),
    }


def _secondary(examples: Sequence[Example], said: Sequence[Classification]) -> dict[str, Any]:
    """How many second matters were found, and how many of those proposed are right."""
    wanted = sum(len(row.secondary) for row in examples)
    proposed = sum(len(row.secondary) for row in said)
    hits = sum(len(set(row.secondary) & set(found.secondary)) for row, found in zip(examples, said, strict=True))
    return {"wanted": wanted, "proposed": proposed, "right": hits}


def evaluate(source: Path | Sequence[Example], classifier: Classifier) -> dict[str, Any]:
    """Classify labelled texts and compare.

    Args:
        source: A JSON Lines file of the corpus format, or examples.
        classifier: The model that is judged.

    Returns:
        JSON: `texts`, `model_version`, `category`, `setting`, `secondary`, shares from 0 to 1, 95 % bootstrap
        intervals. `needs_review` counts here as abstention of the category alone: no plan is asked.

    Raises:
        UnusableFileError: The file cannot be read, or a line is no example with codes of the taxonomy.
    """
    examples = read_file(source, classifier.taxonomy) if isinstance(source, Path) else list(source)
    said = classifier.classify_many((row.text for row in examples), explain=False)
    figures = {
        "texts": len(examples),
        "model_version": classifier.version,
        "category": _category(examples, said, tuple(classifier.taxonomy.categories)),
        "setting": _setting(examples, said, tuple(classifier.taxonomy.settings)),
        "secondary": _secondary(examples, said),
    }
    result: dict[str, Any] = scoring.rounded(figures)
    return result


def _share(value: float | None) -> str:
    """A share as people read it; 无 where there was nothing to count."""
    return "无" if value is None else f"{value * 100:.1f}%"


def _with_interval(figures: Mapping[str, Any], name: str) -> str:
    """A share with its interval."""
    low, high = figures[f"{name}_interval"]
    return f"{_share(figures[name])}（{_share(low)}–{_share(high)}）"


def as_table(figures: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The figures for people; `names` gives the Chinese name of each category code."""
    category, setting = figures["category"], figures["setting"]
    lines = [
        f"文本 {figures['texts']} 条，模型 {figures['model_version']}",
        f"类别准确率        {_with_interval(category, 'accuracy')}",
        f"类别宏平均F1      {_with_interval(category, 'macro_f1')}",
        f"环节准确率        {_with_interval(setting, 'accuracy')}，范围内 {setting['texts']} 条",
        f"自动判定占比      {_share(category['coverage'])}",
        f"自动判定中正确    {_with_interval(category, 'precision_at_threshold')}",
        f"“其他”召回率      {_share(category['other_recall'])}",
        f"范围内误为“其他”  {_share(category['in_scope_called_other'])}",
        f"校准误差ECE       {category['ece']:.3f}",
        "",
        "精确率  召回率     F1  条数  类别",
    ]
    lines += [
        f"{_share(row['precision']):>6}  {_share(row['recall']):>6}  {row['f1']:.3f}  {int(row['texts']):>4}  "
        f"{names.get(code, code)}（{code}）"
        for code, row in category["classes"].items()
    ]
    return "\n".join(lines) + "\n"
