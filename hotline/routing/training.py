"""Training: from labelled texts to the files of a model. The only module that needs scikit-learn; serving never does.

Everything that is chosen (calibration, thresholds) is chosen on predictions for hands whose texts the model had not
seen. Same data, same libraries, same machine: same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from sklearn.svm import LinearSVC

from hotline.errors import UnusableFileError
from hotline.routing import cards, features, model_file, scoring, segment
from hotline.routing.calibration import choose, hold
from hotline.routing.corpus import data_hash, read_folder
from hotline.routing.model_file import Facet
from hotline.routing.taxonomy import OUT_OF_SCOPE, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hotline.routing.calibration import Calibration, Held, Rows, Scores
    from hotline.routing.corpus import Example
    from hotline.routing.features import Vocabulary
    from hotline.routing.taxonomy import Taxonomy


ROOT = Path(__file__).resolve().parents[2]
PENALTY = {"category": 1.0, "setting": 0.5}  # C of the support vector machine, chosen by grouped cross-validation
SETTING_PRECISION = 0.95  # an uncertain setting only matters where it would change the lead
SECONDARY_PRECISION = 0.5
FOLDS = 3  # where all texts are of one hand
LIBRARIES = ("numpy", "scipy", "scikit-learn", "jieba", "rjieba", "opencc")
ABLATIONS = {
    "词与词对": ("words",),
    "字符1–3元": ("grams",),
    "词典分组": ("groups",),
    "词+字符": ("words", "grams"),
    "词+词典分组": ("words", "groups"),
    "字符+词典分组": ("grams", "groups"),
    "全部（采用）": ("words", "grams", "groups"),
}
SHARES = (0.25, 0.5, 0.75, 1.0)  # of each training fold, for the learning curve


@dataclass(frozen=True, slots=True)
class Report:
    """What training made: where it lies, its version, and the figures of the grouped cross-validation."""

    folder: Path
    version: str
    metrics: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """The examples with their prepared text, tokens and labels as numbers."""

    examples: tuple[Example, ...]
    texts: tuple[tuple[str, list[str]], ...]
    category: Rows
    setting: Rows
    fold: Rows
    categories: tuple[str, ...]
    settings: tuple[str, ...]

    @property
    def in_scope(self) -> NDArray[np.bool_]:
        """Which texts have a setting that counts (that of `other` does not)."""
        flags: NDArray[np.bool_] = self.category != self.categories.index(OUT_OF_SCOPE)
        return flags


def load_corpus(examples: Sequence[Example], taxonomy: Taxonomy) -> Corpus:
    """Cut every text once; a fold is a hand, or every third text where there is only one."""
    cut = segment.cutter()
    prepared = [segment.prepare(row.text) for row in examples]
    hands = sorted({row.hand for row in examples})
    one_hand = len(hands) == 1
    folds = [place % FOLDS if one_hand else hands.index(row.hand) for place, row in enumerate(examples)]
    categories, settings = tuple(taxonomy.categories), tuple(taxonomy.settings)
    return Corpus(
        examples=tuple(examples),
        texts=tuple((text, cut(text)) for text in prepared),
        category=np.asarray([categories.index(row.category) for row in examples]),
        setting=np.asarray([settings.index(row.setting) for row in examples]),
        fold=np.asarray(folds),
        categories=categories,
        settings=settings,
    )


def matrix(texts: Sequence[tuple[str, list[str]]], vocabulary: Vocabulary) -> sparse.csr_matrix:
    """The feature rows as a sparse matrix, made by the function that serves."""
    rows = [features.extract(prepared, tokens, vocabulary) for prepared, tokens in texts]
    ends = np.cumsum([0, *(len(row.columns) for row in rows)])
    columns = np.concatenate([row.columns for row in rows])
    values = np.concatenate([row.values for row in rows]).astype(np.float64)
    return sparse.csr_matrix((values, columns, ends), shape=(len(rows), vocabulary.size))


def fit(rows: sparse.csr_matrix, labels: Rows, classes: int, penalty: float) -> tuple[Scores, Scores]:
    """Weights (columns by classes) and bias of one-against-rest machines; a class without a text is never chosen."""
    machine = LinearSVC(C=penalty, class_weight="balanced", random_state=0, max_iter=20_000)
    machine.fit(rows, labels)
    seen = machine.classes_
    weights = np.zeros((rows.shape[1], classes))
    bias = np.full(classes, -2.0)
    coefficients, intercepts = machine.coef_, machine.intercept_
    if len(seen) == 2:  # noqa: PLR2004 - scikit-learn gives one row for two classes.
        coefficients, intercepts = np.vstack((-coefficients, coefficients)), np.hstack((-intercepts, intercepts))
    weights[:, seen] = coefficients.T
    bias[seen] = intercepts
    return weights, bias


def _columns(vocabulary: Vocabulary, blocks: Sequence[str]) -> Rows:
    """The columns of some blocks."""
    ends = np.cumsum([0, len(vocabulary.words), len(vocabulary.grams), len(vocabulary.groups)])
    spans = {name: np.arange(ends[k], ends[k + 1]) for k, name in enumerate(("words", "grams", "groups"))}
    return np.concatenate([spans[name] for name in blocks])


def held_out(
    corpus: Corpus, facet: str, blocks: Sequence[str] = ("words", "grams", "groups"), share: float = 1.0
) -> Scores:
    """Scores for every text by a model that saw no text of its hand; `share` thins the texts it saw."""
    labels, names = (corpus.category, corpus.categories) if facet == "category" else (corpus.setting, corpus.settings)
    usable = np.ones(len(labels), dtype=bool) if facet == "category" else corpus.in_scope
    scores = np.zeros((len(labels), len(names)))
    for fold in np.unique(corpus.fold).tolist():
        train = np.flatnonzero((corpus.fold != fold) & usable)
        if share < 1:
            train = np.sort(np.random.default_rng(0).permutation(train)[: int(len(train) * share)])
        test = np.flatnonzero(corpus.fold == fold)
        seen = [corpus.texts[place] for place in train]
        vocabulary = features.build(features.count_documents(seen), len(seen))
        columns = _columns(vocabulary, blocks)
        weights, bias = fit(matrix(seen, vocabulary)[:, columns], labels[train], len(names), PENALTY[facet])
        unseen = matrix([corpus.texts[place] for place in test], vocabulary)[:, columns]
        scores[test] = unseen @ weights + bias
    return scores


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
    names: tuple[str, ...],
    rows: sparse.csr_matrix,
    labels: Rows,
    penalty: float,
    *,
    found: Calibration,
    secondary: float,
) -> Facet:
    """Fit the model that serves, on every text, and put what was chosen out of fold beside it."""
    fitted = fit(rows, labels, len(names), penalty)
    return Facet(
        labels=names,
        weights=fitted[0].astype(np.float16).astype(np.float32),
        bias=fitted[1].astype(np.float32),
        scale=round(found.scale, 4),
        shift=found.shift.round(4).astype(np.float32),
        trust=found.trust.round(4).astype(np.float32),
        thresholds=found.thresholds.round(4).astype(np.float32),
        secondary=round(secondary, 4),
        shares=(np.bincount(labels, minlength=len(names)) / len(labels)).astype(np.float32),
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
        category = held_out(corpus, "category", blocks).argmax(axis=1)
        setting = held_out(corpus, "setting", blocks).argmax(axis=1)
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
            "category": scoring.accuracy(corpus.category, held_out(corpus, "category", share=share).argmax(axis=1)),
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


def train(texts_folder: Path, out_folder: Path, *, with_ablation: bool = False) -> Report:
    """Train both facets on a folder of JSON Lines and write the model's files and its card.

    Args:
        texts_folder: Holds `*.jsonl`, one file a hand.
        out_folder: Where the model goes; made where it does not exist.
        with_ablation: Also compute the ablation table and the learning curve for the card (a minute more).

    Raises:
        UnusableFileError: The corpus has an unusable line, or fewer than two classes.
    """
    taxonomy = load_taxonomy()
    corpus = load_corpus(read_folder(texts_folder, taxonomy), taxonomy)
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
    rows = matrix(corpus.texts, vocabulary)
    facets = (
        _facet(
            corpus.categories,
            rows,
            corpus.category,
            PENALTY["category"],
            found=choose(scores, corpus.category, other, scoring.TARGET_PRECISION),
            secondary=_secondary_threshold(corpus, scores),
        ),
        _facet(
            corpus.settings,
            rows[inside],
            corpus.setting[inside],
            PENALTY["setting"],
            found=choose(places, corpus.setting[inside], None, SETTING_PRECISION),
            secondary=float("inf"),
        ),
    )
    facts = {
        "documents": len(corpus.texts),
        "data_hash": data_hash(corpus.examples),
        "hands": sorted({row.hand for row in corpus.examples}),
        "taxonomy_version": taxonomy.version,
        "libraries": _libraries(),
        "metrics": scoring.rounded(metrics),
        "thresholds": {"precision": scoring.TARGET_PRECISION, "setting_precision": SETTING_PRECISION},
    }
    manifest = model_file.write(out_folder, facets, counts, facts)
    (out_folder / "README.md").write_text(cards.model_card(manifest, taxonomy), encoding="utf-8")
    return Report(out_folder, manifest["version"], manifest["metrics"])


def train_default() -> Report:
    """Rebuild the repository's `models/` and both cards from `training_data/`.

    Raises:
        UnusableFileError: The program runs from an installed package, where there is no corpus.
    """
    folder = ROOT / "training_data"
    report = train(folder / "texts", ROOT / "models", with_ablation=True)
    describe(folder)
    return report


def describe(folder: Path) -> str:
    """Write the data card `README.md` of a corpus folder (texts in `texts/`) and return it."""
    taxonomy = load_taxonomy()
    card = cards.data_card(read_folder(folder / "texts", taxonomy), taxonomy)
    (folder / "README.md").write_text(card, encoding="utf-8")
    return card
