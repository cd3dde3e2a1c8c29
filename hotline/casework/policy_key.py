"""Policies as the key of a cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hotline.casework.policy import Policy


class Same:
    """Policies as the key of a cache: the very same tuple is the same, an equal one is not."""

    __slots__ = ("value",)

    def __init__(self, value: tuple[Policy, ...]) -> None:
        """Hold on to the tuple, so that no other can take its identity."""
        self.value = value

    def __eq__(self, other: object) -> bool:
        """Whether it is the same tuple."""
        return isinstance(other, Same) and self.value is other.value

    def __hash__(self) -> int:
        """The identity of the tuple."""
        return id(self.value)
