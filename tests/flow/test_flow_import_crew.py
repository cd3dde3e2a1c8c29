"""An import on several processes stores what one stores; killed in the middle it leaves whole batches and nobody."""

import os
import select
import signal
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlalchemy import select as query

from hotline.errors import HotlineError
from hotline.importing import crew, files
from hotline.importing.files import import_file
from hotline.importing.writer import BATCH, FAST, SLOW, SMALLEST, Writer
from hotline.records import Actor
from hotline.store.auditrows import verify_rows
from hotline.store.engine import read_transaction
from hotline.store.quarantine import quarantine_list
from hotline.store.tables import CASE, COMPLAINT, EVENT, LEG, RAW_SUBMISSION
from hotline.vocabulary import Action, Role
from tests.flow.test_flow_batch import a_file, contents, other

__all__ = ["other"]
IMPORTER = Actor("import", Role.SYSTEM, "xicheng")
PATIENCE_MS = 60_000

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="processes are forked on Linux only")


def spoilt(count):
    """A file with refused, repeated and contradicting rows between the others."""
    lines = a_file(count).decode().split("\n")
    lines[7:7] = ["A1,2023-02-30,时间不对,,,", lines[3], lines[2].replace("2026", "2025")]
    lines[7:7] = ["A30,2023-02-30,时间不对,,,"]  # A30 comes later and puts it right.
    return "\n".join(lines).encode()


def count_of(services, table):
    with services.read() as store:
        return store.session.execute(query(func.count()).select_from(table)).scalar()


@pytest.fixture
def small_stretches(monkeypatch):
    monkeypatch.setattr(crew, "STRETCH", 7)
    monkeypatch.setattr("hotline.importing.writer.BATCH", 3)


@pytest.mark.usefixtures("small_stretches")
def test_several_processes_store_what_one_stores(services, other, engine, monkeypatch):
    monkeypatch.setattr("hotline.importing.files.may_fork", lambda: True)
    alone = import_file(other, spoilt(90), "12315", IMPORTER, source="test")
    shared = import_file(services, spoilt(90), "12315", IMPORTER, source="test", processes=2)
    assert (shared.accepted, shared.duplicates) == (alone.accepted, alone.duplicates) == (90, 1)
    with services.read() as store:
        waiting = quarantine_list(store.session, "xicheng").lines
    assert sorted(line.row for line in waiting) == [8, 10]
    assert shared.rejected == alone.rejected
    assert [each.row for each in shared.rejected] == [7, 8, 10]
    if engine.dialect.name == "sqlite":
        one, many = contents(other.engine), contents(engine)
        for found in (one, many):
            for table, given in (("case_file", "number"), ("search_doc", "id"), ("tally_change", "id")):
                found[table] = sorted(without(row, given) for row in found[table])
        assert [name for name in one if one[name] != many[name]] == []
    assert import_file(services, spoilt(90), "12315", IMPORTER, source="test", processes=2).duplicates == 91


def without(row, name):
    """A row as text, one field left out."""
    begin = row.index(f"'{name}': ")
    return row[:begin] + row[row.index(",", begin) :]


@pytest.mark.usefixtures("small_stretches")
def test_killed_in_the_middle_it_leaves_whole_batches_and_no_process(services):
    content, total = a_file(400), 400
    services.engine.dispose()
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        files.may_fork = lambda: True
        import_file(
            services, content, "12315", IMPORTER, source="t", processes=2, progress=lambda _count: os.write(tell, b".")
        )
        os._exit(0)
    os.close(tell)
    assert os.read(told, 1) == b"."
    workers = [int(pid) for pid in Path(f"/proc/{child}/task/{child}/children").read_text("ascii").split()]
    watched = [os.pidfd_open(pid) for pid in workers]
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert len(workers) == 2
    for descriptor in watched:
        ended, _, _ = select.select([descriptor], [], [], PATIENCE_MS / 1000)
        assert ended, "an orphan goes on"
        os.close(descriptor)
    os.close(told)
    kept = count_of(services, COMPLAINT)
    assert 0 < kept < total
    assert kept == count_of(services, RAW_SUBMISSION) == count_of(services, CASE)
    with read_transaction(services.engine) as session:
        begun = session.execute(
            query(func.count()).select_from(EVENT).where(EVENT.c.action == Action.REGISTER)
        ).scalar()
    assert begun == kept
    assert whole(services)
    again = import_file(services, content, "12315", IMPORTER, source="t")
    assert (again.accepted, again.duplicates, len(again.rejected)) == (total - kept, kept, 0)
    assert count_of(services, LEG) > 0
    assert whole(services)


def whole(services):
    """Whether every row is what its events say."""
    return verify_rows(services.engine, services.keyring) == []


@pytest.mark.usefixtures("small_stretches")
def test_a_process_that_dies_is_told_and_the_rerun_completes_it(services, monkeypatch):
    monkeypatch.setattr("hotline.importing.files.may_fork", lambda: True)
    stored, parent = Writer.store, os.getpid()

    def dies(self, items):
        if os.getpid() != parent and any(item.row > 60 for item in items):
            os._exit(1)
        return stored(self, items)

    monkeypatch.setattr(Writer, "store", dies)
    with pytest.raises(HotlineError, match="意外结束"):
        import_file(services, a_file(200), "12315", IMPORTER, source="t", processes=2)
    kept = count_of(services, COMPLAINT)
    again = import_file(services, a_file(200), "12315", IMPORTER, source="t")
    assert (again.accepted, again.duplicates) == (200 - kept, kept)


@pytest.mark.usefixtures("small_stretches")
def test_what_goes_wrong_in_a_process_names_no_content(services, monkeypatch):
    monkeypatch.setattr("hotline.importing.files.may_fork", lambda: True)

    def fails(_self, _items):
        message = "张三 13900000000"
        raise ValueError(message)

    monkeypatch.setattr(Writer, "store", fails)
    with pytest.raises(HotlineError, match="ValueError") as caught:
        import_file(services, a_file(50), "12315", IMPORTER, source="t", processes=2)
    assert "张三" not in str(caught.value)


@pytest.mark.parametrize(
    ("seconds", "count", "size"),
    [
        (SLOW * 2, BATCH, BATCH // 2),
        (FAST / 2, BATCH, BATCH * 5 // 4 + 1),
        (FAST / 2, 3, 0),
        ((SLOW + FAST) / 2, BATCH, 0),
    ],
)
def test_a_batch_grows_and_shrinks_with_the_time_it_took(services, seconds, count, size):
    writer = Writer(services, IMPORTER, "12315", "t", turn=None)
    writer._took(seconds, count)
    assert (writer.size, writer.longest) == (size, seconds)
    for _ in range(20):
        writer._took(SLOW * 2, writer.size)
    assert writer.size == SMALLEST
