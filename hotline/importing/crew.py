"""The processes of an import: each takes stretches of the file, prepares them and writes them by its own connection.

They are forked, so that model and rules are shared. All complaints against one respondent go to the same process: how
many came before is counted as if the file were registered row by row. A process ends when the importing one does, by
whatever end: its pipe closes, and it looks at its parent before each stretch.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import zlib
from contextlib import nullcontext
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Protocol

from hotline.errors import HotlineError
from hotline.forked import settle
from hotline.store.upkeep import leave_log
from hotline.store.words import fold_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

    from hotline.importing.writer import Turn, Writer
    from hotline.intake.judge import Accepted
    from hotline.intake.outcome import ImportOutcome

STRETCH = 120
"""Records handed over at once."""
AHEAD = 2
"""Stretches that wait at a process, so that it is never idle and memory stays flat."""
PATIENCE = 60.0
"""Seconds in which a process must end after its pipe was closed."""
BROKEN = "一个导入进程意外结束。已写入的整批都在；请再导入一次同一文件，其余的会补上，不会重复登记。"


class Crew(Protocol):
    """Who writes what was read."""

    def add(self, item: Accepted) -> Iterator[ImportOutcome]:
        """Take a record; what is finished meanwhile comes back."""
        ...

    def rest(self) -> Iterator[ImportOutcome]:
        """Write what waits."""
        ...

    def close(self) -> None:
        """End every process."""
        ...


@dataclass
class Alone:
    """This process writes by itself."""

    writer: Writer
    waiting: list[Accepted] = field(default_factory=list)

    def add(self, item: Accepted) -> Iterator[ImportOutcome]:
        """As `Crew` has it."""
        self.waiting.append(item)
        if len(self.waiting) >= STRETCH:
            yield from self.rest()

    def rest(self) -> Iterator[ImportOutcome]:
        """As `Crew` has it."""
        batch, self.waiting = self.waiting, []
        if batch:
            yield self.writer.store(batch)

    def close(self) -> None:
        """Nothing to end."""


@dataclass
class _Lane:
    """One process, its pipe, what waits for it, and how many stretches it has."""

    pipe: Connection
    process: ForkProcess
    waiting: list[Accepted] = field(default_factory=list)
    busy: int = 0


class Several:
    """Several forked processes; nobody may have started threads before."""

    def __init__(self, count: int, writer: Callable[[Turn], Writer], *, one_at_a_time: bool) -> None:
        """Fork them. No connection of the database may be open; `one_at_a_time` where it has one writer only."""
        context = multiprocessing.get_context("fork")
        turn: Turn = context.Lock() if one_at_a_time else nullcontext()
        self._lanes: list[_Lane] = []
        for _ in range(count):
            ours, theirs = context.Pipe()
            kept = [lane.pipe for lane in self._lanes]
            process = context.Process(target=_work, args=(theirs, [*kept, ours], writer, turn), daemon=True)
            process.start()
            theirs.close()
            self._lanes.append(_Lane(ours, process))

    def add(self, item: Accepted) -> Iterator[ImportOutcome]:
        """As `Crew` has it."""
        lane = self._lane_of(item)
        lane.waiting.append(item)
        if len(lane.waiting) >= STRETCH:
            while lane.busy >= AHEAD:
                yield from self._answers()
            self._hand_over(lane)

    def rest(self) -> Iterator[ImportOutcome]:
        """As `Crew` has it."""
        for lane in self._lanes:
            if lane.waiting:
                self._hand_over(lane)
        while any(lane.busy for lane in self._lanes):
            yield from self._answers()

    def close(self) -> None:
        """As `Crew` has it: each ends the stretch that it has at hand, or is ended."""
        for lane in self._lanes:
            lane.pipe.close()
        for lane in self._lanes:
            lane.process.join(PATIENCE)
            if lane.process.is_alive():
                lane.process.kill()
                lane.process.join()

    def _lane_of(self, item: Accepted) -> _Lane:
        name = fold_name(item.draft.respondent.name)
        if name:
            return self._lanes[zlib.crc32(name.encode("utf-8", "surrogatepass")) % len(self._lanes)]
        return min(self._lanes, key=lambda lane: (lane.busy, len(lane.waiting)))

    def _hand_over(self, lane: _Lane) -> None:
        batch, lane.waiting = lane.waiting, []
        try:
            lane.pipe.send(batch)
        except OSError as error:
            raise HotlineError(BROKEN) from error
        lane.busy += 1

    def _answers(self) -> Iterator[ImportOutcome]:
        """Wait until a process has finished a stretch.

        Raises:
            HotlineError: One of them failed or ended.
        """
        at_work = {lane.pipe: lane for lane in self._lanes if lane.busy}
        for pipe in wait(list(at_work)):
            lane = at_work[pipe]  # type: ignore[index]  # Only our pipes were waited for.
            try:
                answer = lane.pipe.recv()
            except (EOFError, OSError) as error:
                raise HotlineError(BROKEN) from error
            lane.busy -= 1
            if isinstance(answer, HotlineError):
                raise answer
            yield answer


def may_fork() -> bool:
    """Whether this process can be forked safely: on Linux, with no thread of Python beside this one."""
    return sys.platform == "linux" and threading.active_count() == 1


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def _work(pipe: Connection, others: list[Connection], make: Callable[[Turn], Writer], turn: Turn) -> None:
    """A process of the crew: stretches come through the pipe, outcomes go back."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Whoever presses Ctrl-C ends the importing process; that ends us.
    for other in others:
        other.close()
    settle()
    parent = os.getppid()
    writer = make(turn)
    leave_log(writer.services.engine)
    try:
        while os.getppid() == parent:
            pipe.send(_stored(writer, pipe.recv()))
    except (EOFError, OSError):
        return


def _stored(writer: Writer, batch: list[Accepted]) -> ImportOutcome | HotlineError:
    """The outcome of a stretch, or why there is none: nothing of the records may stand in it."""
    try:
        return writer.store(batch)
    except HotlineError as error:
        return error
    except Exception as error:  # noqa: BLE001 - whatever it is, the importing process must hear of it.
        return HotlineError(
            f"导入进程出错（{type(error).__name__}）。已写入的整批都在；请排除故障后再导入一次同一文件。"
        )
