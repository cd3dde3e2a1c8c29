"""How good the model is on labelled texts: the figures of `hotline evaluate`, for programs and for people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hotline.routing import scoring
from hotline.routing.corpus import read_file, read_folder
from hotline.routing.lead_evaluation import evaluate_leads
from hotline.routing.taxonomy import OUT_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.records import Classification
    from hotline.routing.classifier import Classifier
    from hotline.routing.corpus import Example
    from hotline.routing.lead_evaluation import Routes


def _indices(values: Sequence[str], labels: Sequence[str]) -> scoring.Labels:
    """Codes as numbers."""
    places = {label: index for index, label in enumerate(labels)}
    return np.asarray([places[value] for value in values], dtype=np.int64)


def _mean(flags: scoring.Flags) -> float | None:
    """The share of true ones; None of nothing."""
    return float(flags.mean()) if len(flags) else None


def _interval(flags: scoring.Flags) -> list[float]:
    """The 95 % interval of a share."""
    return scoring.bootstrap(len(flags), lambda rows: float(flags[rows].mean()))


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
    missed = ~outside & (guess == other)
    return {
        "accuracy": scoring.accuracy(truth, guess),
        "accuracy_interval": scoring.bootstrap(count, lambda rows: scoring.accuracy(truth[rows], guess[rows])),
        "macro_f1": scoring.macro_f1(truth, guess),
        "macro_f1_interval": scoring.bootstrap(count, lambda rows: scoring.macro_f1(truth[rows], guess[rows])),
        "coverage": float(kept.mean()),
        "coverage_interval": scoring.bootstrap(count, lambda rows: float(kept[rows].mean())),
        "precision_at_threshold": float(right[kept].mean()) if kept.any() else None,
        "precision_at_threshold_interval": scoring.bootstrap(
            int(kept.sum()), lambda rows: float(right[kept][rows].mean())
        ),
        "ece": scoring.calibration_error(right, confidence),
        "ece_interval": scoring.bootstrap(count, lambda rows: scoring.calibration_error(right[rows], confidence[rows])),
        "other_recall": _mean(guess[outside] == other),
        "other_recall_interval": _interval(guess[outside] == other),
        "in_scope_called_other": _mean(missed[~outside]),
        "in_scope_called_other_interval": _interval(missed[~outside]),
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


def evaluate(source: Path | Sequence[Example], classifier: Classifier, routes: Routes | None = None) -> dict[str, Any]:
    """Classify labelled texts and compare.

    Args:
        source: A JSON Lines file of the corpus format, a folder of such files, or examples.
        classifier: The model that is judged.
        routes: Plans, agencies and day by which the lead agencies are compared; left out, they are not.

    Returns:
        JSON: `texts`, `model_version`, `category`, `setting`, `secondary` and, with `routes`, `lead`; shares from
        0 to 1, 95 % bootstrap intervals. `needs_review` counts in `category` as abstention of the category alone: no
        plan is asked.

    Raises:
        UnusableFileError: The file cannot be read, or a line is no example with codes of the taxonomy.
    """
    examples = _examples(source, classifier)
    said = classifier.classify_many((row.text for row in examples), explain=False)
    figures = {
        "texts": len(examples),
        "model_version": classifier.version,
        "category": _category(examples, said, tuple(classifier.taxonomy.categories)),
        "setting": _setting(examples, said, tuple(classifier.taxonomy.settings)),
        "secondary": _secondary(examples, said),
    }
    if routes:
        figures["lead"] = evaluate_leads(examples, said, classifier, routes)
    result: dict[str, Any] = scoring.rounded(figures)
    return result


def _examples(source: Path | Sequence[Example], classifier: Classifier) -> Sequence[Example]:
    """The examples of a file or of a folder; given ones as they are."""
    if not isinstance(source, Path):
        return list(source)
    if source.is_dir():
        return read_folder(source, classifier.taxonomy)
    return read_file(source, classifier.taxonomy)


def _share(value: float | None) -> str:
    """A share as people read it; 无 where there was nothing to count."""
    return "无" if value is None else f"{value * 100:.1f}%"


def with_interval(figures: Mapping[str, Any], name: str) -> str:
    """A share with its interval."""
    low, high = figures[f"{name}_interval"]
    if name == "ece":
        return f"{figures[name]:.3f}（{low:.3f}–{high:.3f}）"
    return f"{_share(figures[name])}（{_share(low)}–{_share(high)}）"


ROWS = (  # what is measured, where it stands, and what is aimed at
    ("类别准确率", "category", "accuracy", "≥93%"),
    ("类别宏平均F1", "category", "macro_f1", "≥92%"),
    ("环节准确率（范围内）", "setting", "accuracy", "≥90%"),
    ("牵头部门正确（各方案平均）", "lead", "accuracy", "≥95%"),
    ("自动判定占比", "category", "coverage", "≥85%"),
    ("自动判定中类别正确", "category", "precision_at_threshold", "≥98%"),
    ("“其他”召回率", "category", "other_recall", "≥95%"),
    ("范围内误为“其他”", "category", "in_scope_called_other", "≤2%"),
    ("校准误差ECE（10档）", "category", "ece", "≤0.03"),
)


def as_table(figures: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The figures for people, with the aims beside them; `names` gives the Chinese name of each category code."""
    category = figures["category"]
    lines = [
        f"文本 {figures['texts']} 条（范围内 {figures['setting']['texts']} 条），模型 {figures['model_version']}",
        "括号内为95%自助法区间；速度与内存另见 benchmarks/classify.py",
        *(
            f"{title}　{with_interval(figures[part], name)}　目标{aim}"
            for title, part, name, aim in ROWS
            if part in figures
        ),
    ]
    for plan, row in figures.get("lead", {}).get("plans", {}).items():
        auto = f"自动派单 {_share(row['coverage'])}，其中正确 {_share(row['auto_accuracy'])}"
        lines.append(f"　{plan}：牵头正确 {_share(row['accuracy'])}；{auto}")
    lines += ["", "精确率  召回率     F1  条数  类别"]
    lines += [
        f"{_share(row['precision']):>6}  {_share(row['recall']):>6}  {row['f1']:.3f}  {int(row['texts']):>4}  "
        f"{names.get(code, code)}（{code}）"
        for code, row in category["classes"].items()
    ]
    return "\n".join(lines) + "\n"
