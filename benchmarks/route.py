"""Routes a second of one process, given facets and a text: warm, and with every answer worked out anew.

Run with `python benchmarks/route.py`. The target of issue 3 is 20,000 a second.
"""

from __future__ import annotations

import time
from datetime import date, timedelta
from itertools import cycle, islice, product

from hotline.routing.directory_file import load_directory
from hotline.routing.matrix import route
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy

TEXT = "我在超市买了一袋五常大米，回家一看产地写的是外省，包装上还印着专用标志，请你们查一查。" * 5


def measure(count: int, days: int) -> float:
    """Routes a second over all cells, the day of receipt going round `days` days."""
    plan, directory, taxonomy = load_plans()["xicheng-2011"], load_directory(), load_taxonomy()
    cells = islice(cycle(product(taxonomy.categories, taxonomy.settings)), count)
    start = time.perf_counter()
    for number, (category, setting) in enumerate(cells):
        day = date(2012, 1, 1) + timedelta(days=number % days)
        route(plan=plan, directory=directory, category=category, setting=setting, text=TEXT, received_on=day)
    return count / (time.perf_counter() - start)


if __name__ == "__main__":
    measure(1000, 1)
    print(f"warm, one day of receipt:   {measure(100_000, 1):>10,.0f} routes/s")
    print(f"cold, 5,000 days in turn:   {measure(50_000, 5000):>10,.0f} routes/s")
