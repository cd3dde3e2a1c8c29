"""How many complaints a second an import registers, end to end; its longest write transaction; its memory.

Run: python benchmarks/importing.py [ROWS] [PROCESSES] [DATABASE_URL]; without an address into a SQLite file of a
temporary folder. A PostgreSQL database must be empty. Processor time is that of all processes; a transaction is timed
by the clock on the wall, as other writers feel it.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

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

ROOT = Path(__file__).parents[1]
ROWS, PROCESSES = 2_000, 2
WARM = 300
TENTHS = 10


def write_file(path: Path, count: int) -> None:
    """A file of so many rows, made of the corpus."""
    files = sorted((ROOT / "training_data" / "texts").glob("*.jsonl"))
    texts = [json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()]
    with path.open("w", encoding="utf-8") as file:
        for number, text in zip(range(count), itertools.cycle(texts), strict=False):
            row = {"id": f"B-{number}", "text": text, "phone": f"139{number:08d}"}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def resident() -> float:
    """Memory of this process now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1024**2


def main() -> None:
    """Prepare, import, report."""
    count, processes, *address = (*map(int, sys.argv[1:3]), *(ROWS, PROCESSES)[len(sys.argv[1:3]) :], *sys.argv[3:])
    forked = multiprocessing.get_context("fork")
    longest, written, tenths = forked.Value("d", 0.0), forked.Value("q", 0), forked.Array("d", TENTHS)
    took = Writer._took  # noqa: SLF001 - timed from outside.

    def timed(writer: Writer, seconds: float, size: int) -> None:
        longest.value = max(longest.value, seconds)
        with written.get_lock():
            written.value += size
            tenth = min(written.value * TENTHS // count, TENTHS - 1)
        tenths[tenth] = max(tenths[tenth], resident())
        took(writer, seconds, size)

    with tempfile.TemporaryDirectory() as folder:
        given = {"HOTLINE_DATABASE_URL": str(address[0])} if address else {}
        settings = read_settings({"HOTLINE_VAR": folder, **given})
        prepare_store(settings)
        services = build_services(settings)
        with write_transaction(services.engine) as session:
            office = Office("bench", "测试办公室", "110102", "xicheng-2011", "99")
            save_office(session, office, utc_now())
        actor, path = Actor("import", Role.SYSTEM, "bench"), Path(folder) / "rows.jsonl"
        write_file(path, WARM)
        import_file(services, path.read_bytes(), "12330", actor, source="warm")
        Writer._took = timed  # type: ignore[method-assign]  # noqa: SLF001 - as above.
        write_file(path, count)
        begin, wall = os.times(), time.monotonic()
        with path.open("rb") as content:
            outcome = import_file(services, content, "12315", actor, source="benchmark", processes=processes)
        end, wall = os.times(), time.monotonic() - wall
        services.engine.dispose()
    spent = sum(end[:4]) - sum(begin[:4])
    own, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"{outcome.accepted} accepted, {len(outcome.rejected)} refused; {processes} processes")
    print(f"{count / spent:.0f} rows a second of processor time, {count / wall:.0f} by the clock on the wall")
    print("largest process in each tenth of the rows: " + ", ".join(f"{each:.0f}" for each in tenths) + " MB")
    print(f"longest write transaction {longest.value * 1000:.0f} ms; peak memory {own:.0f} MB, a process {child:.0f}")


if __name__ == "__main__":
    main()
