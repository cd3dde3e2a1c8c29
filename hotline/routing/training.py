"""Training: from labelled texts to the files of a model.

Everything that is chosen (calibration, thresholds) is chosen on predictions for hands whose texts the model had not
seen. Same data, same libraries, same machine: same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import numpy as np

from hotline.errors import UnusableFileError
from hotline.routing import cards, features, model_file, novelty, scoring
from hotline.routing.ablation import ablation
from hotline.routing.calibration import choose, hold
from hotline.routing.corpus import data_hash, read_folder
from hotline.routing.fitting import held_out, load_corpus
from hotline.routing.serving_facet import secondary_threshold, serving_facet
from hotline.routing.taxonomy import OUT_OF_SCOPE, load_taxonomy
from hotline.routing.training_figures import curves_of, figures_of, scope_figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from hotline.routing.corpus import Example

SETTING_PRECISION = 0.95  # an uncertain setting only matters where it would change the lead
LIBRARIES = ("numpy", "scipy", "scikit-learn", "jieba", "rjieba", "opencc")


@dataclass(frozen=True, slots=True)
class Report:
    """What training made: where it lies, its version, and the figures of the grouped cross-validation."""

    folder: Path
    version: str
    metrics: Mapping[str, Any]


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
        "category": figures_of(category, corpus.categories) | scope_figures(corpus, category.guess),
        "setting": figures_of(setting, corpus.settings),
    }
    if with_ablation:
        metrics |= ablation(corpus)
    counts = features.count_documents(corpus.texts)
    vocabulary = features.build(counts, len(corpus.texts))
    facets = (
        serving_facet(
            "category",
            corpus,
            vocabulary,
            found=choose(scores, corpus.category, other, scoring.TARGET_PRECISION),
            secondary=secondary_threshold(corpus, scores),
        ),
        serving_facet(
            "setting", corpus, vocabulary, found=choose(places, corpus.setting[inside], None, SETTING_PRECISION)
        ),
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
            {"category": curves_of(category, corpus.categories), "setting": curves_of(setting, corpus.settings)}
        ),
        "unknown_token_share": round(novelty.out_of_fold_share(corpus.texts, corpus.fold.tolist()), 4),
        "thresholds": {"precision": scoring.TARGET_PRECISION, "setting_precision": SETTING_PRECISION},
    }
    manifest = model_file.write(out_folder, facets, counts, facts)
    (out_folder / "README.md").write_text(cards.model_card(manifest, taxonomy), encoding="utf-8")
    return Report(out_folder, manifest["version"], manifest["metrics"])
