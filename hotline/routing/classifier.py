"""The classifier that serves: two linear models over one row of features, calibrated, with reasons, able to abstain.

It multiplies plain arrays and needs no scikit-learn. A text is cut once for both facets.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hotline.intake.kinds import kind_of
from hotline.records import Candidate, Classification
from hotline.routing import doubts, features, model_file, reasons, segment
from hotline.routing.chances import highest, likeliest
from hotline.routing.taxonomy import OUT_OF_SCOPE, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from hotline.records import Reason
    from hotline.routing.chances import Likely
    from hotline.routing.facet import Facet
    from hotline.routing.features import FloatArray, Texts
    from hotline.routing.model_file import Model
    from hotline.routing.taxonomy import Taxonomy

ALTERNATIVES = 3
SHOWN_FROM = 0.005  # a candidate of less than half a percent is no alternative
MOST_SECONDARY = 2
DIGITS = 4  # of a probability: more would pretend to know
BLOCK = 64  # texts scored at once: more gains nothing, and needs more memory


class _Scored(NamedTuple):
    """Texts as the models see them: prepared and cut, with features and the scores of both facets, a row a text.

    `tokens` are there for reasons only: without them a block stays in the processor's cache. `terms` has the rows of
    all keys that the texts have, `weights` what they weigh, of which their reasons are made.
    """

    texts: Sequence[str]
    prepared: Sequence[str]
    tokens: Sequence[list[str]]
    features: Texts
    terms: FloatArray
    weights: FloatArray
    category: FloatArray
    setting: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """A loaded model. Calling it is `classify`."""

    model: Model
    taxonomy: Taxonomy
    cut: Callable[[str], list[str]]
    tables: features.Tables
    bias: FloatArray
    outside: int

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
        (found,) = self._decide_all(self._score([text]), lead_depends_on_setting)
        return found

    def classify_many(self, texts: Iterable[str], *, explain: bool = True) -> list[Classification]:
        """Classify texts in their order, each as `classify` does; without reasons (`explain` false) it is faster."""
        return [
            found
            for scored in self._blocks(texts, explain=explain)
            for found in self._decide_all(scored, None, explain=explain)
        ]

    def predict_many(self, texts: Iterable[str]) -> list[tuple[str, str]]:
        """Only the best category and setting of each text, whether or not the model would abstain."""
        category, setting = self.model.category, self.model.setting
        return [
            (category.labels[best], setting.labels[where])
            for scored in self._blocks(texts, explain=False)
            for best, where in zip(category.best(scored.category), setting.best(scored.setting), strict=True)
        ]

    def unsure_setting(self, said: Classification) -> bool:
        """Whether a classification in scope has a setting that must not decide who leads."""
        facet = self.model.setting
        bound = facet.thresholds[facet.labels.index(said.setting)]
        return said.category != OUT_OF_SCOPE and said.setting_confidence < bound

    def _blocks(self, texts: Iterable[str], *, explain: bool) -> Iterator[_Scored]:
        """Score texts block by block."""
        waiting = iter(texts)
        while block := list(islice(waiting, BLOCK)):
            yield self._score(block, explain=explain)

    def _score(self, texts: Sequence[str], *, explain: bool = True) -> _Scored:
        """Prepare, cut and score texts; one that cannot be judged is scored as far as it can be read."""
        prepared = list(map(segment.prepare, texts))
        tokens = list(map(self.cut, prepared)) if explain else ()
        found = features.read(zip(prepared, tokens or map(self.cut, prepared), strict=True), self.model.vocabulary)
        scores, terms, weights = features.score(found, self.tables)
        scores += self.bias
        split = len(self.model.category.labels)
        return _Scored(texts, prepared, tokens, found, terms, weights, scores[:, :split], scores[:, split:])

    def _decide_all(
        self, scored: _Scored, depends: Callable[[str], bool] | None, *, explain: bool = True
    ) -> Iterator[Classification]:
        """Turn scores into classifications, each with its doubt."""
        facet, place = self.model.category, self.model.setting
        likely = likeliest(facet, scored.category, ALTERNATIVES)
        settings = likeliest(place, scored.setting, 1)
        for row, scores in enumerate(scored.category.tolist()):
            unreadable = self._unreadable(scored, row)
            order, chances = self._guess(scored.texts[row], scores) if unreadable else likely[row]
            ((where,), (sure,)), best = settings[row], order[0]
            doubt = unreadable or self._doubt(order, chances) or self._place_doubt(best, sure, where, depends)
            yield Classification(
                category=facet.labels[best],
                confidence=round(chances[0], DIGITS),
                alternatives=_alternatives(facet, order, chances),
                secondary=_secondary(facet, scores, best),
                setting=place.labels[where],
                setting_confidence=round(sure, DIGITS),
                kind=kind_of(scored.texts[row][: segment.LIMIT]),
                needs_review=bool(doubt),
                doubt=doubt,
                reasons=self._reasons(scored, row, order[:2]) if explain else (),
                model_version=self.model.version,
            )

    def _guess(self, text: str, scores: Sequence[float]) -> Likely:
        """What is said of a text that cannot be judged: how often each category is complained of, at most."""
        facet = self.model.category
        chances = list(map(min, facet.probabilities(scores), facet.shares))
        order, _ = highest(chances, ALTERNATIVES)
        if not text or text.isspace():
            order = list(dict.fromkeys((self.outside, *order)))[:ALTERNATIVES]
        return order, [chances[index] for index in order]

    def _unreadable(self, scored: _Scored, row: int) -> str:
        """Why a text cannot be judged at all, or an empty string."""
        found = scored.features
        why = doubts.unreadable(scored.texts[row], scored.prepared[row], found.known_grams(row))
        return why or ("" if found.known_words(row) else doubts.unknown_words())

    def _doubt(self, order: Sequence[int], chances: Sequence[float]) -> str:
        """Why the category is uncertain, or an empty string."""
        facet = self.model.category
        if chances[0] >= facet.thresholds[order[0]]:
            return ""
        names = self.taxonomy.categories
        chosen, runner_up = (names[facet.labels[index]].name for index in order[:2])
        return doubts.unclear_category(chosen, runner_up, chances[0])

    def _place_doubt(self, best: int, confidence: float, where: int, depends: Callable[[str], bool] | None) -> str:
        """Why the setting is too uncertain to route on, or an empty string."""
        facet = self.model.setting
        if best == self.outside or depends is None or confidence >= facet.thresholds[where]:
            return ""
        if not depends(self.model.category.labels[best]):
            return ""
        return doubts.unclear_setting(self.taxonomy.settings[facet.labels[where]].name, confidence)

    def _reasons(self, scored: _Scored, row: int, pair: Sequence[int]) -> tuple[Reason, ...]:
        """The terms that decided, for the chosen category and the runner-up of a text."""
        found = scored.features
        bounds = found.terms.bounds[row]
        weights = scored.weights[row].tolist()
        heavy = reasons.heaviest(scored.terms, weights, found.groups[row], self.tables, bounds=bounds, pair=pair)
        text, numbers = scored.texts[row][: segment.LIMIT], found.terms.numbers[row]
        seen = reasons.View(text, scored.prepared[row], scored.tokens[row], numbers)
        labels = self.model.category.labels
        chosen, runner_up = ((labels[index], own) for index, own in zip(pair, heavy, strict=True))
        keys = found.terms.keys[bounds[0] : bounds[3]]
        return reasons.explain(seen, self.model.vocabulary, keys, chosen, runner_up)


def _alternatives(facet: Facet, order: Sequence[int], chances: Sequence[float]) -> tuple[Candidate, ...]:
    """The likeliest categories in their order, the chosen one first."""
    found = [Candidate(facet.labels[order[0]], round(chances[0], DIGITS))]
    for index, chance in zip(order[1:], chances[1:], strict=True):
        if chance >= SHOWN_FROM:
            found.append(Candidate(facet.labels[index], round(chance, DIGITS)))
    return tuple(found)


def _secondary(facet: Facet, scores: Sequence[float], best: int) -> tuple[str, ...]:
    """Other matters in scope whose own model says yes by a clear margin; none beside `other`."""
    least = facet.secondary
    found = [(-score, index) for index, score in enumerate(scores) if score >= least and index != best]
    if not found or facet.labels[best] == OUT_OF_SCOPE:
        return ()
    labels = [facet.labels[index] for _, index in sorted(found)]
    return tuple([label for label in labels if label != OUT_OF_SCOPE][:MOST_SECONDARY])


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
        tables=features.tables((model.category.weights, model.setting.weights), model.vocabulary),
        bias=np.concatenate((model.category.bias, model.setting.bias)),
        outside=model.category.labels.index(OUT_OF_SCOPE),
    )
