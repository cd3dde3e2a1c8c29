"""How a try ends when it does not end well; the words never hold an address or what the other side said."""

from __future__ import annotations


class DeliveryError(Exception):
    """A message was not taken over; `for_good` where trying again is of no use, `down` where the server is away."""

    def __init__(self, problem: str, *, for_good: bool = False, down: bool = False) -> None:
        """Keep what the administrator reads."""
        super().__init__(problem)
        self.problem, self.for_good, self.down = problem, for_good, down
