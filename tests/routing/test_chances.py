"""A block of texts has the chances that each of them has alone."""

import numpy as np
import pytest

from hotline.routing.chances import chances
from hotline.routing.classifier import load_classifier


@pytest.mark.parametrize("facet", ["category", "setting"])
def test_a_block_is_as_its_texts(facet):
    model = getattr(load_classifier().model, facet)
    scores = np.random.default_rng(4).normal(-1, 1.5, (200, len(model.labels))).astype(np.float32)
    scores[0], scores[1] = 0, -60
    scores[1, 2] = 40  # so sure that the chance of all others together is 0
    block = chances(model, scores)
    alone = [model.probabilities(row) for row in scores.tolist()]
    assert np.allclose(block, alone, rtol=0, atol=1e-9)
    assert [chances(model, scores[place : place + 1])[0] for place in range(5)] == alone[:5]
