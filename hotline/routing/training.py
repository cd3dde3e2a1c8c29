"""Training: from labelled texts to the files of a model.

Everything that is chosen (calibration, thresholds) is chosen on predictions for hands whose texts the model had not
seen. Same data, same libraries, same machine: same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hotline.errors import UnusableFileError
from hotline.routing import cards, features, model_file, novelty, scoring
from hotline.routing.agencies import load_directory
from hotline.routing.calibration import choose, hold
from hotline.routing.classifier import load_classifier
from hotline.routing.corpus import data_hash, read_folder
from hotline.routing.data_card import describe
from hotline.routing.evaluation import evaluate
from hotline.routing.fitting import BLOCKS, columns_of, fit, held_out, load_corpus, matrix
from hotline.routing.lead_evaluation import Routes
from hotline.routing.model_file import Facet
from hotline.routing.plans import load_plans
from hotline.routing.sealed_card import sealed_section
from hotline.routing.taxonomy import OUT_OF_SCOPE, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.routing.calibration import Calibration, Held, Rows, Scores
    from hotline.routing.corpus import Example
    from hotline.routing.features import Vocabulary
    from hotline.routing.fitting import Corpus


ROOT = Path(__file__).resolve().parents[2]
SETTING_PRECISION = 0.95  # an uncertain setting only matters where it would change the lead
SECONDARY_PRECISION = 0.5
LIBRARIES = ("numpy", "scipy", "scikit-learn", "jieba", "rjieba", "opencc")
ABLATIONS = {
    "词": ("words",),
    "单字与字对": ("grams",),
    "词典分组": ("groups",),
    "词+字符": ("words", "grams"),
    "词+词典分组": ("words", "groups"),
    "字符+词典分组": ("grams", "groups"),
    "词+字符+词典分组（类别采用）": ("words", "grams", "groups"),
    "再加开头的词典分组（环节采用）": ("words", "grams", "groups", "opening"),
}
SEALED_DAY = date(2026, 1, 1)  # of receipt; it decides the body of today, which is not judged
STUDY_FOLDS = 5  # of several hands each: ablation and learning curve compare, and need no more
SHARES = (0.25, 0.5, 0.75, 1.0)  # of each training fold, for the learning curve


@dataclass(frozen=True, slots=True)
class Report:
    """What training made: where it lies, its version, and the figures of the grouped cross-validation."""

    folder: Path
    version: str
    metrics: Mapping[str, Any]


def _secondary_threshold(corpus: Corpus, scores: Scores) -> float:
    """The lowest score from which at least half of the second matters proposed are right on unseen texts."""
    wanted = [{corpus.categories.index(code) for code in row.secondary} for row in corpus.examples]
    other = corpus.categories.index(OUT_OF_SCOPE)
    best = scores.argmax(axis=1)
    found = sorted(
        (
            (float(scores[place, label]), label in wanted[place])
            for place in np.flatnonzero(corpus.in_scope & (best != other)).tolist()
            for label in range(len(corpus.categories))
            if label not in (other, best[place], corpus.category[place])
        ),
        reverse=True,
    )
    hits = np.cumsum([hit for _, hit in found])
    good = np.flatnonzero(hits >= SECONDARY_PRECISION * np.arange(1, len(found) + 1))
    return found[int(good[-1])][0] if len(good) and hits[good[-1]] else max(found)[0] + 0.1 if found else 0.0


def _facet(
    facet: str, corpus: Corpus, vocabulary: Vocabulary, *, found: Calibration, secondary: float = float("inf")
) -> Facet:
    """Fit the model that serves, on every text that counts, and put what was chosen out of fold beside it."""
    labels, names = (corpus.category, corpus.categories) if facet == "category" else (corpus.setting, corpus.settings)
    usable = np.flatnonzero(corpus.in_scope) if facet == "setting" else np.arange(len(labels))
    labels, columns = labels[usable], columns_of(vocabulary, BLOCKS[facet])
    rows = matrix([corpus.texts[place] for place in usable], vocabulary)[:, columns]
    fitted, bias = fit(rows, labels, len(names), facet)
    weights = np.zeros((vocabulary.size, len(names)), dtype=np.float16)  # columns it does not use stay without effect
    weights[columns] = fitted
    return Facet(
        labels=names,
        weights=weights.astype(np.float32),
        bias=bias.astype(np.float32),
        scale=round(found.scale, 4),
        shift=tuple(found.shift.round(4).tolist()),
        trust=tuple(found.trust.round(4).tolist()),
        thresholds=tuple(found.thresholds.round(4).tolist()),
        secondary=round(secondary, 4),
        shares=tuple((np.bincount(labels, minlength=len(names)) / len(labels)).tolist()),
    )


def _figures(held: Held, names: Sequence[str]) -> dict[str, Any]:
    """What the card says about one facet."""
    return {
        "texts": len(held.truth),
        "accuracy": scoring.accuracy(held.truth, held.guess),
        "accuracy_interval": scoring.bootstrap(
            len(held.truth), lambda rows: scoring.accuracy(held.truth[rows], held.guess[rows])
        ),
        "macro_f1": scoring.macro_f1(held.truth, held.guess),
        "ece": scoring.calibration_error(held.right, held.confidence),
        "coverage": float(held.kept.mean()),
        "precision_at_threshold": float(held.right[held.kept].mean()) if held.kept.any() else 1.0,
        "curve": scoring.coverage_curve(held.right, held.confidence),
        "classes": scoring.per_class(held.truth, held.guess, names),
    }


def _curves(held: Held, names: Sequence[str]) -> dict[str, Any]:
    """Coverage and precision by threshold, for the supervisor who sets it."""
    return scoring.class_curves(held.right, held.confidence, held.guess, names)


def _scope_figures(corpus: Corpus, guess: Rows) -> dict[str, float]:
    """How well `other` is kept apart."""
    called_other = guess == corpus.categories.index(OUT_OF_SCOPE)
    inside = corpus.in_scope
    return {
        "other_recall": float(called_other[~inside].mean()) if (~inside).any() else 1.0,
        "in_scope_called_other": float(called_other[inside].mean()) if inside.any() else 0.0,
    }


def ablation(corpus: Corpus) -> dict[str, Any]:
    """Which block earns its place, and what more texts would bring; both by grouped cross-validation."""
    inside = corpus.in_scope
    table = []
    for name, blocks in ABLATIONS.items():
        category = held_out(corpus, "category", blocks, folds=STUDY_FOLDS).argmax(axis=1)
        setting = held_out(corpus, "setting", blocks, folds=STUDY_FOLDS).argmax(axis=1)
        table.append(
            {
                "features": name,
                "category": scoring.accuracy(corpus.category, category),
                "macro_f1": scoring.macro_f1(corpus.category, category),
                "setting": scoring.accuracy(corpus.setting[inside], setting[inside]),
            }
        )
    curve = [
        {
            "share": share,
            "category": scoring.accuracy(
                corpus.category, held_out(corpus, "category", share=share, folds=STUDY_FOLDS).argmax(axis=1)
            ),
        }
        for share in SHARES
    ]
    return {"ablation": table, "learning_curve": curve}


def _libraries() -> dict[str, str]:
    """The versions of what shapes the model's bytes; empty where a fallback engine is not installed."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def train(
    texts_folder: Path,
    out_folder: Path,
    *,
    with_ablation: bool = False,
    extra: Sequence[Example] = (),
    more_facts: Mapping[str, Any] | None = None,
) -> Report:
    """Train both facets on a folder of JSON Lines and write the model's files and its card.

    Args:
        texts_folder: Holds `*.jsonl`, one file a hand.
        out_folder: Where the model goes; made where it does not exist.
        with_ablation: Also compute the ablation table and the learning curve for the card (a minute more).
        extra: Examples beside those of the folder, such as the decisions of the desk; their ids must be new.
        more_facts: What the manifest says beside what training itself knows.

    Raises:
        UnusableFileError: The corpus has an unusable line, or fewer than two classes.
    """
    taxonomy = load_taxonomy()
    examples = sorted((*read_folder(texts_folder, taxonomy), *extra), key=lambda row: row.id)
    corpus = load_corpus(examples, taxonomy)
    inside = corpus.in_scope
    if len(np.unique(corpus.category)) < 2 or len(np.unique(corpus.setting[inside])) < 2:  # noqa: PLR2004 - two classes.
        message = "语料中的类别或环节少于两种，不能训练；请补充 training_data/texts"
        raise UnusableFileError(message)
    other = corpus.categories.index(OUT_OF_SCOPE)
    scores, places = held_out(corpus, "category"), held_out(corpus, "setting")[inside]
    category = hold(scores, corpus.category, corpus.fold, other, scoring.TARGET_PRECISION)
    setting = hold(places, corpus.setting[inside], corpus.fold[inside], None, SETTING_PRECISION)
    metrics: dict[str, Any] = {
        "category": _figures(category, corpus.categories) | _scope_figures(corpus, category.guess),
        "setting": _figures(setting, corpus.settings),
    }
    if with_ablation:
        metrics |= ablation(corpus)
    counts = features.count_documents(corpus.texts)
    vocabulary = features.build(counts, len(corpus.texts))
    facets = (
        _facet(
            "category",
            corpus,
            vocabulary,
            found=choose(scores, corpus.category, other, scoring.TARGET_PRECISION),
            secondary=_secondary_threshold(corpus, scores),
        ),
        _facet("setting", corpus, vocabulary, found=choose(places, corpus.setting[inside], None, SETTING_PRECISION)),
    )
    facts = {
        **(more_facts or {}),
        "documents": len(corpus.texts),
        "data_hash": data_hash(corpus.examples),
        "hands": sorted({row.hand for row in corpus.examples}),
        "taxonomy_version": taxonomy.version,
        "libraries": _libraries(),
        "metrics": scoring.rounded(metrics),
        "curves": scoring.rounded(
            {"category": _curves(category, corpus.categories), "setting": _curves(setting, corpus.settings)}
        ),
        "unknown_token_share": round(novelty.out_of_fold_share(corpus.texts, corpus.fold.tolist()), 4),
        "thresholds": {"precision": scoring.TARGET_PRECISION, "setting_precision": SETTING_PRECISION},
    }
    manifest = model_file.write(out_folder, facets, counts, facts)
    (out_folder / "README.md").write_text(cards.model_card(manifest, taxonomy), encoding="utf-8")
    return Report(out_folder, manifest["version"], manifest["metrics"])


def train_default() -> Report:
    """Rebuild the repository's `models/` and both cards from `training_data/`, and judge it on the sealed part.

    Raises:
        UnusableFileError: The program runs from an installed package, where there is no corpus.
    """
    folder, taxonomy = ROOT / "training_data", load_taxonomy()
    report = train(folder / "texts", ROOT / "models", with_ablation=True)
    describe(folder, taxonomy)
    routes = Routes(load_plans(), load_directory(), SEALED_DAY)
    figures = evaluate(folder / "test", load_classifier(report.folder), routes)
    card = report.folder / "README.md"
    head, mark, limits = card.read_text(encoding="utf-8").partition("\n## 局限\n")
    card.write_text(head + sealed_section(figures, taxonomy) + mark + limits, encoding="utf-8")
    return report
