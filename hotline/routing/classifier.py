"""The classifier that serves: two linear models over one row of features, calibrated, with reasons, able to abstain.

It multiplies plain arrays and needs no scikit-learn. A text is cut once for both facets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotline.intake.kinds import propose_kind
from hotline.records import Candidate, Classification
from hotline.routing import doubts, features, model_file, reasons, segment
from hotline.routing.taxonomy import OUT_OF_SCOPE, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from hotline.records import Reason
    from hotline.routing.features import Features, FloatArray
    from hotline.routing.model_file import Facet, Model
    from hotline.routing.taxonomy import Taxonomy

ALTERNATIVES = 3
SHOWN_FROM = 0.005  # a candidate of less than half a percent is no alternative
MOST_SECONDARY = 2


@dataclass(frozen=True, slots=True, eq=False)
class _Scored:
    """One text as the models see it."""

    text: str
    prepared: str
    tokens: list[str]
    row: Features
    unreadable: str
    category_scores: FloatArray
    setting_scores: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """A loaded model. Calling it is `classify`."""

    model: Model
    taxonomy: Taxonomy
    cut: Callable[[str], list[str]]
    weights: FloatArray
    terms: reasons.Terms

    @property
    def version(self) -> str:
        """The model's version: twelve hexadecimal digits of its content."""
        return self.model.version

    def __call__(self, text: str, *, lead_depends_on_setting: Callable[[str], bool] | None = None) -> Classification:
        """The same as `classify`."""
        return self.classify(text, lead_depends_on_setting=lead_depends_on_setting)

    def classify(self, text: str, *, lead_depends_on_setting: Callable[[str], bool] | None = None) -> Classification:
        """Say what a text is about, or that a person must look, and why. Never fails, whatever the text.

        Args:
            text: The complaint as people read it; the reasons are words of it.
            lead_depends_on_setting: Whether, for a category, the lead agency depends on the setting; then a setting
                that is uncertain makes the model abstain. Left out, it never does.
        """
        scored = self._score(text)
        return self._decide(scored, lead_depends_on_setting)

    def classify_many(self, texts: Iterable[str]) -> list[Classification]:
        """Classify texts in their order."""
        return [self.classify(text) for text in texts]

    def _score(self, text: str) -> _Scored:
        """Prepare, cut and score one text; one that cannot be judged is scored as far as it can be read."""
        prepared = segment.prepare(text)
        tokens = self.cut(prepared)
        row = features.extract(prepared, tokens, self.model.vocabulary)
        scores = row.values @ self.weights[row.columns]
        split = len(self.model.category.labels)
        return _Scored(
            text=text,
            prepared=prepared,
            tokens=tokens,
            row=row,
            unreadable=doubts.unreadable(text, prepared),
            category_scores=scores[:split] + self.model.category.bias,
            setting_scores=scores[split:] + self.model.setting.bias,
        )

    def _decide(self, scored: _Scored, lead_depends_on_setting: Callable[[str], bool] | None) -> Classification:
        """Turn scores into a classification with its doubt."""
        facet, place = self.model.category, self.model.setting
        chances = facet.probabilities(scored.category_scores)
        if scored.unreadable or not scored.row.known_words:
            # Such a text says nothing: what is left is how often each category is complained of at all.
            chances = np.minimum(chances, facet.shares)
        order = np.argsort(-chances, kind="stable")
        if not scored.text.strip():
            order = np.asarray([facet.labels.index(OUT_OF_SCOPE), *order[order != facet.labels.index(OUT_OF_SCOPE)]])
        best = int(order[0])
        settings = place.probabilities(scored.setting_scores)
        where = int(np.argmax(settings))
        doubt = self._doubt(scored, chances, order) or self._place_doubt(
            facet.labels[best], float(settings[where]), where, lead_depends_on_setting
        )
        return Classification(
            category=facet.labels[best],
            confidence=_round(chances[best]),
            alternatives=self._alternatives(chances, order),
            secondary=_secondary(facet, scored.category_scores, best),
            setting=place.labels[where],
            setting_confidence=_round(settings[where]),
            kind=propose_kind(scored.text[: segment.LIMIT]).kind,
            needs_review=bool(doubt),
            doubt=doubt,
            reasons=self._reasons(scored, best, int(order[1])),
            model_version=self.model.version,
        )

    def _alternatives(
        self, chances: FloatArray, order: np.ndarray[tuple[int, ...], np.dtype[np.intp]]
    ) -> tuple[Candidate, ...]:
        """The best three categories, the chosen one first; the others only where they have a chance at all."""
        labels = self.model.category.labels
        return tuple(
            Candidate(labels[int(index)], _round(chances[index]))
            for rank, index in enumerate(order[:ALTERNATIVES])
            if rank == 0 or chances[index] >= SHOWN_FROM
        )

    def _doubt(
        self, scored: _Scored, chances: FloatArray, order: np.ndarray[tuple[int, ...], np.dtype[np.intp]]
    ) -> str:
        """Why the category is uncertain, or an empty string."""
        if scored.unreadable:
            return scored.unreadable
        if not scored.row.known_words:
            return doubts.unknown_words()
        facet, best = self.model.category, int(order[0])
        if chances[best] >= facet.thresholds[best]:
            return ""
        names = self.taxonomy.categories
        chosen, runner_up = (names[facet.labels[int(index)]].name for index in order[:2])
        return doubts.unclear_category(chosen, runner_up, float(chances[best]))

    def _place_doubt(self, category: str, confidence: float, where: int, depends: Callable[[str], bool] | None) -> str:
        """Why the setting is too uncertain to route on, or an empty string."""
        facet = self.model.setting
        if category == OUT_OF_SCOPE or depends is None or confidence >= facet.thresholds[where]:
            return ""
        if not depends(category):
            return ""
        return doubts.unclear_setting(self.taxonomy.settings[facet.labels[where]].name, confidence)

    def _reasons(self, scored: _Scored, best: int, second: int) -> tuple[Reason, ...]:
        """The terms that decided, for the chosen category and the runner-up."""
        if not len(scored.row.columns):
            return ()
        labels = self.model.category.labels
        rows = self.weights[scored.row.columns]
        chosen, runner_up = (labels[best], rows[:, best]), (labels[second], rows[:, second])
        seen = reasons.see(scored.text[: segment.LIMIT], scored.prepared, scored.tokens, scored.row)
        return reasons.explain(seen, self.terms, chosen, runner_up)


def _round(chance: np.float32) -> float:
    """A probability with four decimals: more would pretend to know."""
    return round(float(chance), 4)


def _secondary(facet: Facet, scores: FloatArray, best: int) -> tuple[str, ...]:
    """Other matters in scope whose own model says yes by a clear margin; none beside `other`."""
    if facet.labels[best] == OUT_OF_SCOPE:
        return ()
    ranked = np.argsort(-scores, kind="stable")
    found = [
        facet.labels[int(index)]
        for index in ranked
        if index != best and scores[index] >= facet.secondary and facet.labels[int(index)] != OUT_OF_SCOPE
    ]
    return tuple(found[:MOST_SECONDARY])


def load_classifier(folder: Path | None = None, *, cache_dir: Path | None = None) -> Classifier:
    """Load the model of a folder, the shipped one where none is named.

    Args:
        folder: Where the model's files lie.
        cache_dir: A private folder for jieba's cache, which only the fallback engine needs; left out, a new one.

    Raises:
        ModelError: The model is missing, altered, or does not fit the taxonomy or the dictionary.
    """
    taxonomy = load_taxonomy()
    model = model_file.read(folder or model_file.shipped_folder(), taxonomy)
    return Classifier(
        model=model,
        taxonomy=taxonomy,
        cut=segment.cutter("", cache_dir),
        weights=np.ascontiguousarray(np.hstack((model.category.weights, model.setting.weights))),
        terms=reasons.terms_of(model.vocabulary),
    )
