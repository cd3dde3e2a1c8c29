"""The keys of the terms that stand in texts, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.routing.character_index import SmallArray


class Block(NamedTuple):
    """The keys of texts, those of a text ascending and each once; every text has key 0 and that of no character.

    `bounds` has for each text where its tokens begin, its words end, its characters begin, its opening begins, and
    where it ends; `numbers` those of its tokens as they stand.
    """

    keys: SmallArray
    bounds: Sequence[Sequence[int]]
    numbers: Sequence[SmallArray]


def each_once(keys: SmallArray) -> SmallArray:
    """Keys sorted, each once (`numpy.unique` costs five times as much on short arrays)."""
    keys.sort()
    first = np.empty(len(keys), dtype=bool)
    first[0] = True
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return keys[first]
