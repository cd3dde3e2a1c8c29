"""Where the processor time of an import goes: what a complaint costs in each step, in one process, on SQLite.

Run: python benchmarks/import_shares.py [ROWS]. Each step is timed without the steps inside it, batch by batch; told is
the lower quartile of the batches, so that what else runs on the machine is mostly left out. Timing itself costs a
complaint some 100 µs, which stand in no step but in the total.
"""

from __future__ import annotations

import importlib
import runpy
import statistics
import sys
import tempfile
import time
from collections import Counter
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotline.environment import read_settings
from hotline.importing.files import import_file
from hotline.importing.writer import Writer
from hotline.moments import utc_now
from hotline.preparing import prepare_store
from hotline.records import Actor, Office
from hotline.store.engine import write_transaction
from hotline.store.offices import save_office
from hotline.vocabulary import Role
from hotline.wiring import build_services

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = 2_000
_OTHER = runpy.run_path(str(Path(__file__).with_name("importing.py")))
WARM, write_file = _OTHER["WARM"], _OTHER["write_file"]
STEPS = (
    ("normalise", "hotline.casework.preparation", "_complaint"),
    ("classify", "hotline.routing.classifier", "Classifier.classify_many"),
    ("explain the category", "hotline.routing.classifier", "Classifier._reasons"),
    ("route", "hotline.casework.preparation", "decide"),
    ("route", "hotline.casework.preparation", "focus_marks"),
    ("state and events", "hotline.importing.writer", "register"),
    ("flags of crime", "hotline.casework.desk", "flags_of_complaint"),
    ("clocks", "hotline.casework.desk", "reckon_all"),
    ("rows of clocks", "hotline.store.batchstore", "BatchStore.save_clocks"),
    ("events, chained", "hotline.store.batchstore", "BatchStore.append"),
    ("search words", "hotline.store.mapping", "search_row"),
    ("rare pairs", "hotline.store.mapping", "text_gram_rows"),
    ("rows of complaint and caller, sealed", "hotline.store.casestore", "CaseStore.add_complaint"),
    ("rows of complaint and caller, sealed", "hotline.store.casestore", "CaseStore.add_submission"),
    ("decisions as JSON", "hotline.store.casestore", "CaseStore.add_decision"),
    ("values for the driver", "hotline.store.batchstore", "ready_for"),
    ("under the lock: insert {}", "hotline.store.batchstore", "insert_ready"),
    ("under the lock: the rest", "hotline.importing.writer", "put_right"),
    ("under the lock: the rest", "hotline.store.batchstore", "BatchStore.flush_unmerged"),
    ("merge words, copy the log", "hotline.importing.writer", "Writer._tidy"),
    ("commit", "sqlalchemy.engine.default", "DefaultDialect.do_commit"),
    ("the rest: read, split, look up, sum up", "hotline.importing.writer", "Writer.store"),
)
"""What is timed: its name in the report, where it is found, and as what."""

_spent: Counter[str] = Counter()
_inside = [0.0]


def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, timed without what is timed inside it."""

    @wraps(function)
    def run(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives.
        begin = time.thread_time()
        _inside.append(0.0)
        try:
            return function(*args, **named)
        finally:
            took = time.thread_time() - begin
            _spent[name.format(args[1].table.name) if "{" in name else name] += took - _inside.pop()
            _inside[-1] += took

    return run


def watch() -> None:
    """Put timed functions in the place of the real ones."""
    for name, module, found in STEPS:
        place: Any = importlib.import_module(module)
        *owner, last = found.split(".")
        for each in owner:
            place = getattr(place, each)
        setattr(place, last, timed(name, getattr(place, last)))


def main() -> None:
    """Prepare, import, report."""
    count = int(sys.argv[1]) if sys.argv[1:] else ROWS
    batches: list[tuple[int, Counter[str]]] = []
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"HOTLINE_VAR": folder})
        prepare_store(settings)
        services = build_services(settings)
        with write_transaction(services.engine) as session:
            save_office(session, Office("bench", "测试办公室", "110102", "xicheng-2011", "99"), utc_now())
        actor, path = Actor("import", Role.SYSTEM, "bench"), Path(folder) / "rows.jsonl"
        write_file(path, WARM)
        import_file(services, path.read_bytes(), "12330", actor, source="warm")
        watch()
        stored = Writer.store

        def noted(writer: Writer, items: Any) -> Any:  # noqa: ANN401 - as the writer has it.
            outcome = stored(writer, items)
            batches.append((len(items), Counter(_spent)))
            _spent.clear()
            return outcome

        Writer.store = noted  # type: ignore[method-assign]
        write_file(path, count)
        begin = time.process_time()
        with path.open("rb") as content:
            import_file(services, content, "12315", actor, source="benchmark")
        spent = time.process_time() - begin
        services.engine.dispose()
    total = 0.0
    for name in sorted({name for _, step in batches for name in step}):
        each = [step[name] / size * 1e6 for size, step in batches]
        quartile = statistics.quantiles(each, n=4)[0]
        total += quartile
        print(f"{quartile:7.0f} µs  {name}")
    print(f"{total:7.0f} µs  of all steps; {spent / count * 1e6:.0f} µs with reading the file and timing, all batches")


if __name__ == "__main__":
    main()
