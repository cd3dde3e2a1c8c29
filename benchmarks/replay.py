"""Seconds to replay 100,000 cases against a changed plan, one process.

Run with `python benchmarks/replay.py`. The target of issue 3 is under a minute.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle, islice, product

from hotline.records import Office
from hotline.routing.directory_file import load_directory
from hotline.routing.plans import load_plans
from hotline.routing.replay import ReplayCase, replay
from hotline.routing.taxonomy import load_taxonomy

CASES = 100_000
TEXT = "我在超市买了一袋五常大米，回家一看产地写的是外省，包装上还印着专用标志，请你们查一查。" * 5
OFFICE = Office("xicheng", "西城区双打办", "110102", "xicheng-2011", "1")


def cases(count: int) -> list[ReplayCase]:
    """Cases over all cells, places and five years of days."""
    taxonomy = load_taxonomy()
    cells = product(taxonomy.categories, taxonomy.settings, ("110102", None, "110105"))
    return [
        ReplayCase(
            str(number), str(number), category, setting, f"{TEXT}{number}", region,
            date(2021, 1, 1) + timedelta(days=number % 1800), "xicheng-2011",
        )
        for number, (category, setting, region) in enumerate(islice(cycle(cells), count))
    ]  # fmt: skip


def measure(count: int, on: date | None) -> tuple[float, int]:
    """Seconds for a plan without one of its duties in three, and how many cases would move."""
    before = load_plans()
    plan = before["xicheng-2011"]
    changed = replace(plan, version=2, duties=tuple(duty for n, duty in enumerate(plan.duties) if n % 3))
    ready = cases(count)
    start = time.perf_counter()
    moves = replay(ready, before, {**before, plan.id: changed}, load_directory(), office=OFFICE, on=on)
    return time.perf_counter() - start, len(moves)


if __name__ == "__main__":
    for words, on in (("as if received on one day", date(2026, 12, 1)), ("each on its own day", None)):
        seconds, moved = measure(CASES, on)
        print(f"{words}: {seconds:6.1f} s for {CASES:,} cases, {moved:,} would move")
