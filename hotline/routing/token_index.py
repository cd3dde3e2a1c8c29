"""Finds the numbers of tokens, and the groups of the dictionary that they touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hotline.routing.character_index import BLANK

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from hotline.routing.character_index import IntArray, SmallArray

_MOST_NUMBERS = 100_000  # tokens remembered; rarer ones are looked up anew each time
_LONGEST = 12  # characters; a longer token is a run of letters that will hardly come again


class _Numbers(dict[str, int]):
    """Token numbers; a token that the model does not know is read as its ending."""

    def __missing__(self, token: str) -> int:
        """The number of the token's last two characters, else of its last one, else 0; remembered."""
        number = self.get(token[-2:]) or self.get(token[-1:], 0)
        if len(self) < _MOST_NUMBERS and len(token) <= _LONGEST:
            self[token] = number
        return number


@dataclass(frozen=True, slots=True, eq=False)
class TokenIndex:
    """Number of each token, and by number the groups that it touches.

    Words of the model have the numbers from 1 on in the order of their columns; endings that are in the dictionary
    only come after them: `count` numbers in all. `groups` has a row for each number, then one for each in an opening,
    where the groups count on; rows are filled up with the number that is no group. `touches_any` says for each number
    whether there is one.
    """

    numbers: Mapping[str, int]
    words: int
    count: int
    groups: IntArray
    touches_any: NDArray[np.bool_]
    group_count: int

    def number(self, tokens: Sequence[str]) -> SmallArray:
        """The number of each token."""
        return np.fromiter(map(self.numbers.__getitem__, tokens), np.int32, len(tokens))

    def touching(
        self, tokens: Sequence[str], numbers: SmallArray, wanted: Collection[int]
    ) -> Mapping[int, Sequence[str]]:
        """The different tokens that touch each wanted group, from tokens and their numbers."""
        found: dict[int, list[str]] = {group: [] for group in wanted}
        places = self.touches_any.take(numbers).nonzero()[0]
        rows = self.groups.take(numbers.take(places), axis=0).tolist()
        named = dict(zip([tokens[place] for place in places.tolist()], rows, strict=True))
        none = 2 * self.group_count
        for token, groups in named.items():
            for group in groups:
                if group in found:
                    found[group].append(token)
                elif group == none:
                    break
        return found


def index_tokens(words: Sequence[str], groups: Mapping[str, int], touches: Mapping[str, Sequence[str]]) -> TokenIndex:
    """The index of words, and of the dictionary's words with the groups they touch."""
    numbers = _Numbers((token, place) for place, token in enumerate(dict.fromkeys((BLANK, *words, *touches))))
    count, none = len(numbers), 2 * len(groups)
    longest = max(map(len, touches.values()))
    rows = np.full((2 * count, longest), none, dtype=np.int64)
    own = {token: [groups[name] for name in names] for token, names in touches.items()}
    for place, token in enumerate(numbers):
        found = own.get(token) or own.get(token[-2:]) or own.get(token[-1:])
        if found:
            rows[place, : len(found)] = found
    opened = rows[count:]
    np.copyto(opened, rows[:count] + len(groups), where=rows[:count] < none)
    return TokenIndex(numbers, len(words), count, rows, rows[:count, 0] < none, len(groups))
