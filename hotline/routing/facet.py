"""One linear model of the two: its weights, and how scores become calibrated chances."""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import mul
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

FloatArray = NDArray[np.float32]
Stored = NDArray[np.float16 | np.float32]  # as computed, or as the file holds them
TINY = 1e-6  # keeps the logarithm of a chance finite


def evidence(best: float, scores: Sequence[float]) -> tuple[float, float, float, float, float]:
    """What confidence is judged by: the best chance twice (as logarithms), the two highest scores, and a constant."""
    second, first = sorted(scores)[-2:]
    return (math.log(best + TINY), math.log(1 - best + TINY), first, second, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Facet:
    """One linear model, calibrated on texts of hands it had not seen.

    The chances of the labels are softmax(`scale` · score + `shift`). The confidence in the best one is a logistic
    function (`trust`) of its chance and of the two highest scores: a text that no class claims is less certain than
    its chances look. Below `thresholds[k]` a prediction of k abstains; another label is secondary from the score
    `secondary` on. `shares` is how much of the training texts each label has.
    """

    labels: tuple[str, ...]
    weights: Stored
    bias: FloatArray
    scale: float
    shift: tuple[float, ...]
    trust: tuple[float, ...]
    thresholds: tuple[float, ...]
    secondary: float
    shares: tuple[float, ...]

    def best(self, scores: FloatArray) -> list[int]:
        """The number of the most likely label of each text; a row of scores a text."""
        found: list[int] = (scores * self.scale + np.asarray(self.shift)).argmax(axis=1).tolist()
        return found

    def probabilities(self, scores: Sequence[float]) -> list[float]:
        """Calibrated probabilities of one text's labels; the best one's is the confidence.

        Plain numbers: for so few labels they are four times as fast as arrays.
        """
        scale = self.scale
        logits = [scale * score + shift for score, shift in zip(scores, self.shift, strict=True)]
        top = max(logits)
        powers = [math.exp(logit - top) for logit in logits]
        total, best = sum(powers), logits.index(top)
        highest = 1 / total  # the best one's power is 1
        confidence = 1 / (1 + math.exp(-sum(map(mul, self.trust, evidence(highest, scores)))))
        factor = (1 - confidence) / (max(1 - highest, TINY) * total)
        chances = [power * factor for power in powers]
        chances[best] = confidence
        if max(chances) > confidence:
            # No other label may reach the chosen one, however little it is trusted: the first of equals would win.
            below = math.nextafter(confidence, 0)
            chances = [min(chance, below) for chance in chances]
            chances[best] = confidence
        return chances
