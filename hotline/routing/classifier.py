"""The classifier that serves: two linear models over one row of features, calibrated, with reasons, able to abstain.

It multiplies plain arrays and needs no scikit-learn. A text is cut once for both facets.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from hotline.intake.kinds import propose_kind
from hotline.records import Candidate, Classification
from hotline.routing import doubts, features, model_file, reasons, segment
from hotline.routing.taxonomy import OUT_OF_SCOPE, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from hotline.records import Reason
    from hotline.routing.features import Features, FloatArray
    from hotline.routing.model_file import Facet, Model
    from hotline.routing.taxonomy import Taxonomy

ALTERNATIVES = 3
SHOWN_FROM = 0.005  # a candidate of less than half a percent is no alternative
MOST_SECONDARY = 2
DIGITS = 4  # of a probability: more would pretend to know
BLOCK = 64  # texts scored at once: more gains nothing, and needs more memory


@dataclass(frozen=True, slots=True, eq=False)
class _Scored:
    """One text as the models see it."""

    text: str
    prepared: str
    tokens: Sequence[str]
    features: Features
    unreadable: str
    category_scores: Sequence[float]
    setting_scores: Sequence[float]


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """A loaded model. Calling it is `classify`."""

    model: Model
    taxonomy: Taxonomy
    cut: Callable[[str], list[str]]
    weights: FloatArray
    bias: FloatArray
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
        return self._decide(next(self._score([text])), lead_depends_on_setting)

    def classify_many(self, texts: Iterable[str], *, explain: bool = True) -> list[Classification]:
        """Classify texts in their order, each as `classify` does; without reasons (`explain` false) it is faster."""
        return [self._decide(scored, None, explain=explain) for scored in self._score(texts)]

    def predict_many(self, texts: Iterable[str]) -> list[tuple[str, str]]:
        """Only the best category and setting of each text, whether or not the model would abstain."""
        category, setting = self.model.category, self.model.setting
        split = len(category.labels)
        return [(category.best(scores[:split]), setting.best(scores[split:])) for *_, scores in self._rows(texts)]

    def _rows(self, texts: Iterable[str]) -> Iterator[tuple[str, str, list[str], Features, list[float]]]:
        """Prepare, cut and score texts, block by block: text, prepared, tokens, features, scores of both facets."""
        waiting = iter(texts)
        while block := list(islice(waiting, BLOCK)):
            cut = [(prepared, self.cut(prepared)) for prepared in map(segment.prepare, block)]
            found = features.read(cut, self.model.vocabulary)
            for row, (text, (prepared, tokens)) in enumerate(zip(block, cut, strict=True)):
                seen = features.extract(found, row, self.model.vocabulary)
                scores = seen.values @ self.weights.take(seen.columns, axis=0) + self.bias
                yield text, prepared, tokens, seen, scores.tolist()

    def _score(self, texts: Iterable[str]) -> Iterator[_Scored]:
        """Score texts; one that cannot be judged is scored as far as it can be read."""
        split = len(self.model.category.labels)
        for text, prepared, tokens, seen, scores in self._rows(texts):
            why = doubts.unreadable(text, prepared)
            yield _Scored(text, prepared, tokens, seen, why, scores[:split], scores[split:])

    def _decide(
        self, scored: _Scored, depends: Callable[[str], bool] | None, *, explain: bool = True
    ) -> Classification:
        """Turn scores into a classification with its doubt."""
        facet, place = self.model.category, self.model.setting
        chances = facet.probabilities(scored.category_scores)
        if scored.unreadable or not scored.features.known_words:
            # Such a text says nothing: what is left is how often each category is complained of at all.
            chances = list(map(min, chances, facet.shares))
        order = sorted(range(len(chances)), key=chances.__getitem__, reverse=True)
        if not scored.text or scored.text.isspace():
            order.insert(0, order.pop(order.index(facet.labels.index(OUT_OF_SCOPE))))
        best = order[0]
        settings = place.probabilities(scored.setting_scores)
        where = settings.index(max(settings))
        doubt = self._doubt(scored, chances, order) or self._place_doubt(
            facet.labels[best], settings[where], where, depends
        )
        return Classification(
            category=facet.labels[best],
            confidence=round(chances[best], DIGITS),
            alternatives=tuple(
                Candidate(facet.labels[index], round(chances[index], DIGITS))
                for rank, index in enumerate(order[:ALTERNATIVES])
                if rank == 0 or chances[index] >= SHOWN_FROM
            ),
            secondary=_secondary(facet, scored.category_scores, best),
            setting=place.labels[where],
            setting_confidence=round(settings[where], DIGITS),
            kind=propose_kind(scored.text[: segment.LIMIT]).kind,
            needs_review=bool(doubt),
            doubt=doubt,
            reasons=self._reasons(scored, best, order[1]) if explain else (),
            model_version=self.model.version,
        )

    def _doubt(self, scored: _Scored, chances: Sequence[float], order: Sequence[int]) -> str:
        """Why the category is uncertain, or an empty string."""
        if scored.unreadable:
            return scored.unreadable
        if not scored.features.known_words:
            return doubts.unknown_words()
        facet, best = self.model.category, order[0]
        if chances[best] >= facet.thresholds[best]:
            return ""
        names = self.taxonomy.categories
        chosen, runner_up = (names[facet.labels[index]].name for index in order[:2])
        return doubts.unclear_category(chosen, runner_up, chances[best])

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
        seen = scored.features
        if not len(seen.columns):
            return ()
        view = reasons.view(scored.text[: segment.LIMIT], scored.prepared, scored.tokens, self.terms)
        weights = self.weights.take(seen.columns, axis=0)
        chosen, runner_up = (
            (self.model.category.labels[index], seen.columns, seen.values * weights[:, index])
            for index in (best, second)
        )
        return reasons.explain(view, self.terms, chosen, runner_up)


def _secondary(facet: Facet, scores: Sequence[float], best: int) -> tuple[str, ...]:
    """Other matters in scope whose own model says yes by a clear margin; none beside `other`."""
    if facet.labels[best] == OUT_OF_SCOPE:
        return ()
    found = [
        (-score, index)
        for index, score in enumerate(scores)
        if score >= facet.secondary and index != best and facet.labels[index] != OUT_OF_SCOPE
    ]
    return tuple(facet.labels[index] for _, index in sorted(found)[:MOST_SECONDARY])


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
        bias=np.concatenate((model.category.bias, model.setting.bias)),
        terms=reasons.terms_of(model.vocabulary),
    )
