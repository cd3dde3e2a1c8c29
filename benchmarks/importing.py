"""How many complaints a second an import registers, end to end, and how long its longest write transaction takes.

Run: python benchmarks/importing.py [ROWS] [DATABASE_URL]; without an address into a SQLite file of a temporary folder.
A PostgreSQL database must be empty. The rate is per second of this process's processor time; the transactions are
measured by the clock on the wall, as other writers feel them.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hotline import wiring
from hotline.moments import utc_now
from hotline.records import Actor, Office
from hotline.registering import import_file
from hotline.settings import read_settings
from hotline.store.engine import write_transaction
from hotline.store.offices import save_office
from hotline.vocabulary import Role
from hotline.wiring import build_services, prepare_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlmodel import Session

ROOT = Path(__file__).parents[1]
ROWS = 2_000


def content(count: int) -> bytes:
    """A file of so many rows, made of the corpus."""
    files = sorted((ROOT / "training_data" / "texts").glob("*.jsonl"))
    texts = [json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()]
    rows = ({"id": f"B-{n}", "text": texts[n % len(texts)], "phone": f"139{n:08d}"} for n in range(count))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def main() -> None:
    """Prepare, import, report."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    longest = 0.0
    real = write_transaction

    @contextmanager
    def timed(engine: Engine) -> Iterator[Session]:
        nonlocal longest
        with real(engine) as session:
            begin = time.monotonic()
            yield session
        longest = max(longest, time.monotonic() - begin)

    with tempfile.TemporaryDirectory() as folder:
        address = {"HOTLINE_DATABASE_URL": sys.argv[2]} if len(sys.argv) > 2 else {}  # noqa: PLR2004 - two arguments.
        settings = read_settings({"HOTLINE_VAR": folder, **address})
        prepare_store(settings)
        services = build_services(settings)
        with write_transaction(services.engine) as session:
            office = Office("bench", "测试办公室", "110102", "xicheng-2011", "99")
            save_office(session, office, utc_now())
        actor = Actor("import", Role.SYSTEM, "bench")
        import_file(services, content(300), "12330", actor, source="warm")
        setattr(wiring, "write_transaction", timed)  # noqa: B010 - the services look it up there.
        begin, wall = time.process_time(), time.monotonic()
        outcome = import_file(services, content(count), "12315", actor, source="benchmark")
        spent, wall = time.process_time() - begin, time.monotonic() - wall
        services.engine.dispose()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{outcome.accepted} accepted, {len(outcome.rejected)} refused; peak memory {memory:.0f} MB")
    print(f"{count / spent:.0f} rows a second of processor time, {count / wall:.0f} by the clock on the wall")
    print(f"longest write transaction {longest * 1000:.0f} ms")


if __name__ == "__main__":
    main()
