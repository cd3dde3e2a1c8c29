"""Threads of one process that want the same kind of thing at the same moment have it done together, by one of them.

Who comes first does its own; whoever comes meanwhile waits, and the first of these does what all of them want. A commit
to disk thus serves everybody who waited for it, and nobody waits for company.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from hotline.errors import HotlineError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

W = TypeVar("W")
A = TypeVar("A")
if TYPE_CHECKING:
    Work: TypeAlias = Callable[[Sequence[W]], Sequence[A | Exception]]


@dataclass(slots=True, eq=False)
class _Place(Generic[W, A]):
    """One thread's wish and, once it was done, the answer."""

    wish: W
    answer: A | Exception | None = None


class Lane(Generic[W, A]):
    """Where threads wait for one kind of work; a process has one lane for each kind."""

    def __init__(self) -> None:
        """Nobody waits yet."""
        self._waiting: list[_Place[W, A]] = []
        self._door, self._turn = threading.Lock(), threading.Lock()

    def share(self, wish: W, work: Work[W, A]) -> A:
        """Have a wish done, alone or with those that wait, and return its answer.

        Args:
            wish: What this thread wants.
            work: Answers many wishes in their order; an exception among the answers is that one's.

        Raises:
            Exception: What `work` answered or raised; a refusal of several together is asked anew one by one.
        """
        mine = _Place[W, A](wish)
        with self._door:
            self._waiting.append(mine)
        with self._turn:
            if mine.answer is None:
                self._serve(mine, work)
        if isinstance(mine.answer, Exception):
            raise mine.answer
        if mine.answer is None:
            message = "the work gave no answer"
            raise RuntimeError(message)
        return mine.answer

    def _serve(self, mine: _Place[W, A], work: Work[W, A]) -> None:
        """Do what everybody wants who waits now; `mine` also where a thread before was ended in the middle of it."""
        with self._door:
            others = [each for each in self._waiting if each is not mine]
            self._waiting.clear()
        together = [mine, *others]
        try:
            answers = work([each.wish for each in together])
        except HotlineError as error:
            if not others:
                mine.answer = error
            for each in together if others else ():
                each.answer = _alone(each.wish, work)
        except Exception as error:  # noqa: BLE001 - each thread raises it for itself.
            for each in together:
                each.answer = error
        else:
            for each, answer in zip(together, answers, strict=True):
                each.answer = answer


def _alone(wish: W, work: Work[W, A]) -> A | Exception:
    try:
        return work([wish])[0]
    except Exception as error:  # noqa: BLE001 - as above.
        return error
