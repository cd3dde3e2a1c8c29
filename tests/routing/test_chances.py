"""A block of texts has the chances that each of them has alone."""

import numpy as np
import pytest

from hotline.routing.chances import highest, likeliest, of_block
from hotline.routing.classifier import load_classifier


@pytest.mark.parametrize("facet", ["category", "setting"])
def test_a_block_is_as_its_texts(facet):
    model = getattr(load_classifier().model, facet)
    scores = np.random.default_rng(4).normal(-1, 1.5, (200, len(model.labels))).astype(np.float32)
    scores[0], scores[1] = 0, -60
    scores[1, 2] = 40  # so sure that the chance of all others together is 0
    alone = [model.probabilities(row) for row in scores.tolist()]
    assert np.allclose(of_block(model, scores), alone, rtol=0, atol=1e-9)
    together = likeliest(model, scores, 3)
    for place, chances in enumerate(alone):
        (found,) = likeliest(model, scores[place : place + 1], 3)
        assert found == highest(chances, 3)
        assert together[place][1] == pytest.approx(found[1], abs=1e-9)
        assert place == 0 or together[place][0] == found[0], "where all are equal the last digit decides"


@pytest.mark.parametrize(
    ("chances", "order"), [([0.1, 0.7, 0.2], [1, 2]), ([0.4, 0.2, 0.4], [0, 2]), ([0.2, 0.4, 0.2], [1, 0])]
)
def test_the_first_of_equal_chances_comes_first(chances, order):
    assert highest(chances, 2) == (order, [chances[index] for index in order])


@pytest.mark.parametrize("facet", ["category", "setting"])
def test_the_chosen_label_has_the_highest_chance_even_where_it_is_hardly_trusted(facet):
    model = getattr(load_classifier().model, facet)
    close = np.random.default_rng(5).normal(-1.8, 0.1, (400, len(model.labels))).astype(np.float32)
    close[:, [1, 3]] = (0.0, 0.001)  # two of nearly the same score, the later one ahead
    chosen = model.best(close)
    assert [highest(model.probabilities(row), 1)[0][0] for row in close.tolist()] == list(chosen)
    assert [order[0] for order, _ in likeliest(model, close, 1)] == list(chosen)
