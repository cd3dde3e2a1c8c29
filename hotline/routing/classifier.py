"""The classifier that serves: two linear models over one row of features, calibrated, with reasons, able to abstain.

It multiplies plain arrays and needs no scikit-learn. A text is cut once for both facets.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, repeat
from typing import TYPE_CHECKING

import numpy as np

from hotline.intake.kinds import propose_kind
from hotline.records import Candidate, Classification
from hotline.routing import doubts, features, model_file, reasons, segment
from hotline.routing.chances import chances as chances_of
from hotline.routing.taxonomy import OUT_OF_SCOPE, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from hotline.records import Reason
    from hotline.routing.features import FloatArray, Texts
    from hotline.routing.model_file import Facet, Model
    from hotline.routing.taxonomy import Taxonomy

ALTERNATIVES = 3
SHOWN_FROM = 0.005  # a candidate of less than half a percent is no alternative
MOST_SECONDARY = 2
DIGITS = 4  # of a probability: more would pretend to know
BLOCK = 64  # texts scored at once: more gains nothing, and needs more memory


@dataclass(frozen=True, slots=True, eq=False)
class _Scored:
    """Texts as the models see them: prepared and cut, with features and the scores of both facets, a row a text.

    `weights` has those of each key that the texts have, from which their reasons are made.
    """

    texts: Sequence[str]
    cut: Sequence[tuple[str, list[str]]]
    features: Texts
    weights: FloatArray
    category: FloatArray
    setting: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """A loaded model. Calling it is `classify`."""

    model: Model
    taxonomy: Taxonomy
    cut: Callable[[str], list[str]]
    weights: FloatArray
    group_weights: FloatArray
    bias: FloatArray
    terms: reasons.Terms
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
        return [found for scored in self._blocks(texts) for found in self._decide_all(scored, None, explain=explain)]

    def predict_many(self, texts: Iterable[str]) -> list[tuple[str, str]]:
        """Only the best category and setting of each text, whether or not the model would abstain."""
        category, setting = self.model.category, self.model.setting
        return [
            (category.labels[best], setting.labels[where])
            for scored in self._blocks(texts)
            for best, where in zip(category.best(scored.category), setting.best(scored.setting), strict=True)
        ]

    def unsure_setting(self, said: Classification) -> bool:
        """Whether a classification in scope has a setting that must not decide who leads."""
        facet = self.model.setting
        bound = facet.thresholds[facet.labels.index(said.setting)]
        return said.category != OUT_OF_SCOPE and said.setting_confidence < bound

    def _blocks(self, texts: Iterable[str]) -> Iterator[_Scored]:
        """Score texts block by block."""
        waiting = iter(texts)
        while block := list(islice(waiting, BLOCK)):
            yield self._score(block)

    def _score(self, texts: Sequence[str]) -> _Scored:
        """Prepare, cut and score texts; one that cannot be judged is scored as far as it can be read."""
        cut = [(prepared, self.cut(prepared)) for prepared in map(segment.prepare, texts)]
        found = features.read(cut, self.model.vocabulary)
        weights = self.weights.take(found.terms.keys, axis=0)
        scores = found.groups @ self.group_weights + self.bias
        for row, (begin, _, _, end) in enumerate(found.terms.bounds):
            scores[row] += found.values[begin:end] @ weights[begin:end]
        split = len(self.model.category.labels)
        return _Scored(texts, cut, found, weights, scores[:, :split], scores[:, split:])

    def _decide_all(
        self, scored: _Scored, depends: Callable[[str], bool] | None, *, explain: bool = True
    ) -> Iterator[Classification]:
        """Turn scores into classifications, each with its doubt."""
        facet, place = self.model.category, self.model.setting
        ranked = self._rank(scored)
        why = self._reasons(scored, [order for *_, order in ranked]) if explain else repeat(())
        settings = chances_of(place, scored.setting)
        for row, ((unreadable, chances, order), places, because) in enumerate(zip(ranked, settings, why, strict=False)):
            best, sure = order[0], max(places)
            where = places.index(sure)
            doubt = unreadable or self._doubt(chances, order) or self._place_doubt(best, sure, where, depends)
            yield Classification(
                category=facet.labels[best],
                confidence=round(chances[best], DIGITS),
                alternatives=_alternatives(facet, chances, order),
                secondary=_secondary(facet, scored.category[row], best),
                setting=place.labels[where],
                setting_confidence=round(sure, DIGITS),
                kind=propose_kind(scored.texts[row][: segment.LIMIT]).kind,
                needs_review=bool(doubt),
                doubt=doubt,
                reasons=because,
                model_version=self.model.version,
            )

    def _rank(self, scored: _Scored) -> list[tuple[str, Sequence[float], Sequence[int]]]:
        """For each text why it cannot be judged, the chances of all categories, and the likeliest, best first."""
        ranked: list[tuple[str, Sequence[float], Sequence[int]]] = []
        facet = self.model.category
        for row, (text, calibrated) in enumerate(zip(scored.texts, chances_of(facet, scored.category), strict=True)):
            unreadable = self._unreadable(scored, row)
            # A text that cannot be judged says nothing: what is left is how often each category is complained of.
            chances = list(map(min, calibrated, facet.shares)) if unreadable else calibrated
            order = sorted(range(len(chances)), key=chances.__getitem__, reverse=True)[:ALTERNATIVES]
            if not text or text.isspace():
                order = list(dict.fromkeys((self.outside, *order)))[:ALTERNATIVES]
            ranked.append((unreadable, chances, order))
        return ranked

    def _unreadable(self, scored: _Scored, row: int) -> str:
        """Why a text cannot be judged at all, or an empty string."""
        why = doubts.unreadable(scored.texts[row], scored.cut[row][0])
        return why or ("" if scored.features.known_words(row) else doubts.unknown_words())

    def _doubt(self, chances: Sequence[float], order: Sequence[int]) -> str:
        """Why the category is uncertain, or an empty string."""
        facet, best = self.model.category, order[0]
        if chances[best] >= facet.thresholds[best]:
            return ""
        names = self.taxonomy.categories
        chosen, runner_up = (names[facet.labels[index]].name for index in order[:2])
        return doubts.unclear_category(chosen, runner_up, chances[best])

    def _place_doubt(self, best: int, confidence: float, where: int, depends: Callable[[str], bool] | None) -> str:
        """Why the setting is too uncertain to route on, or an empty string."""
        facet = self.model.setting
        if best == self.outside or depends is None or confidence >= facet.thresholds[where]:
            return ""
        if not depends(self.model.category.labels[best]):
            return ""
        return doubts.unclear_setting(self.taxonomy.settings[facet.labels[where]].name, confidence)

    def _reasons(self, scored: _Scored, orders: Sequence[Sequence[int]]) -> Iterator[tuple[Reason, ...]]:
        """The terms that decided, for the chosen category and the runner-up of each text."""
        pairs = [order[:2] for order in orders]
        heaviest = reasons.heaviest(scored.features, scored.weights, self.group_weights, pairs)
        rows = zip(scored.texts, scored.cut, scored.features.terms.numbers, pairs, heaviest, strict=True)
        for text, (prepared, tokens), numbers, pair, heavy in rows:
            seen = reasons.View(text[: segment.LIMIT], prepared, tokens, numbers)
            sides = zip((self.model.category.labels[index] for index in pair), heavy, strict=True)
            yield reasons.explain(seen, self.terms, *sides)


def _alternatives(facet: Facet, chances: Sequence[float], order: Sequence[int]) -> tuple[Candidate, ...]:
    """The likeliest categories in their order, the chosen one first."""
    return tuple(
        Candidate(facet.labels[index], round(chances[index], DIGITS))
        for rank, index in enumerate(order)
        if rank == 0 or chances[index] >= SHOWN_FROM
    )


def _secondary(facet: Facet, scores: FloatArray, best: int) -> tuple[str, ...]:
    """Other matters in scope whose own model says yes by a clear margin; none beside `other`."""
    if facet.labels[best] == OUT_OF_SCOPE:
        return ()
    found = [
        (-scores[index], index)
        for index in (scores >= facet.secondary).nonzero()[0].tolist()
        if index != best and facet.labels[index] != OUT_OF_SCOPE
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
    weights = np.hstack((model.category.weights, model.setting.weights))
    return Classifier(
        model=model,
        taxonomy=taxonomy,
        cut=segment.cutter("", cache_dir),
        weights=model.vocabulary.by_key(weights),
        group_weights=weights[model.vocabulary.terms :].copy(),  # a view would keep all in memory twice
        bias=np.concatenate((model.category.bias, model.setting.bias)),
        terms=reasons.terms_of(model.vocabulary),
        outside=model.category.labels.index(OUT_OF_SCOPE),
    )
