"""Rows and events altered to what cannot be read are told with their case, and the walk goes on to the others."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from hotline.store.audit import verify
from hotline.store.auditrows import verify_rows
from hotline.store.chain import seal_pending
from hotline.store.engine import write_transaction
from hotline.store.tables import CASE
from hotline.vocabulary import Action
from tests.flow.conftest import OPERATOR

ISO = "'2020-01-01T00:00:00+00:00'"
NO_UTF8 = "cast(x'ff41' as text)"
EVENTS = [
    ("at", ISO),
    ("at", "'abc'"),
    ("at", "x'00ff'"),
    ("recorded_at", "12"),
    ("data", "'{'"),
    ("data", "'[]'"),
    ("data", '\'{"leg_id": 7, "evidence_id": {}}\''),
    ("data", NO_UTF8),
    ("data", "x'7b7d'"),
    ("action", "'bogus_action'"),
    ("action", "null"),
    ("actor_role", "'king'"),
    ("seq", "'two'"),
    ("hmac", "'假的签名'"),
    ("hmac", "null"),
    ("prev_hmac", "4.5"),
    ("text_digest", "x'00'"),
    ("stream", "x'00ff'"),
]
ROWS = [
    ("case_file", "created_at", ISO, "工单数据无法读取：created_at"),
    ("case_file", "due_at", "'soon'", "工单数据无法读取：due_at"),
    ("case_file", "seq", "'many'", "工单数据无法读取：seq"),
    ("case_file", "doubt", NO_UTF8, "工单数据无法读取：doubt"),
    ("case_file", "state", "'bogus'", "工单数据与事件不符：state"),
    ("leg", "opened_at", "'abc'", "承办段数据无法读取：opened_at"),
    ("leg", "state", "x'00'", "承办段数据无法读取：state"),
    ("clock", "started_at", "'abc'", "时限数据无法读取：started_at"),
    ("clock", "body", "'{'", "时限数据无法读取：body"),
    ("clock", "body", "'[]'", "时限数据与其推算结果不符：body"),
    ("clock", "body", "'{\"due\": 3}'", "时限数据与其推算结果不符：body"),
    ("clock", "seq", "'x'", "时限数据无法读取：seq"),
    ("evidence", "content", "'text'", "证据数据无法读取：被改动"),
    ("evidence", "sha256", "7.5", "证据文件与其摘要不符：被改动"),
    ("evidence", "sha256", "x'00'", "证据数据无法读取：被改动"),
]


@pytest.fixture
def case_id(hotline, services):
    """A case that has gone some steps, sealed, and another beside it."""
    made = hotline.register()
    for leg in hotline.snapshot(made.case_id).legs:
        hotline.act(made.case_id, Action.SIGN, hotline.clerk(leg), leg=leg)
    hotline.act(made.case_id, Action.NOTE, text="请尽快办理")
    with services.write() as store:
        common = {"case_id": made.case_id, "leg_id": None, "media_type": "text/plain", "uploaded_by": "op"}
        kept = store.add_evidence(filename="a.txt", content=b"one", at=services.now(), **common)
    hotline.act(made.case_id, Action.EVIDENCE, OPERATOR, evidence_id=kept.id, sha256=kept.sha256, size=kept.size)
    hotline.register("西单商场卖的手表是假冒注册商标的商品，要求查处。", external_id="second")
    seal_pending(services.engine, services.keyring, services.now(), services.settings.seals)
    return made.case_id


def alter(services, statement, **values):
    """Write into the file what no program of ours would."""
    with write_transaction(services.engine) as session:
        session.execute(text("pragma writable_schema = on"))
        session.execute(text("update sqlite_schema set sql = replace(sql, ' NOT NULL', '') where type = 'table'"))
        session.execute(text("pragma writable_schema = reset"))
    with write_transaction(services.engine) as session:
        session.execute(text("pragma defer_foreign_keys = on"))
        assert session.execute(text(statement), values).rowcount == 1


def other_case(services, case_id):
    """The case that nobody altered."""
    with write_transaction(services.engine) as session:
        return session.execute(select(CASE.c.id).where(CASE.c.id != case_id)).scalar_one()


def streams(faults):
    return {each["stream"] for each in faults}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("column", "value"), EVENTS)
def test_an_event_altered_to_something_unreadable_is_told(services, case_id, column, value):
    altered = f"update case_event set {column} = {value} where stream = :id and seq = 2"  # noqa: S608 - the test's own table.
    alter(services, altered, id=case_id)
    result = verify(services.engine, services.keyring, services.settings.seals)
    assert not result["ok"]
    assert case_id in streams(result["broken"])
    assert all(isinstance(each["seq"], int) and isinstance(each["stream"], str) for each in result["broken"])
    found = result["broken"] + verify_rows(services.engine, services.keyring)
    assert other_case(services, case_id) not in streams(found)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("table", "column", "value", "says"), ROWS)
def test_a_row_altered_to_something_unreadable_is_told(services, case_id, table, column, value, says):
    key = "id" if table == "case_file" else "case_id"
    one = f"update {table} set {column} = {value} where rowid = (select max(rowid) from {table} where {key} = :id)"  # noqa: S608 - the test's own table.
    alter(services, one, id=case_id)
    found = verify_rows(services.engine, services.keyring)
    assert says in [each["reason"] for each in found if each["stream"] == case_id]
    assert streams(found) == {case_id}
    assert verify(services.engine, services.keyring, services.settings.seals)["ok"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("column", ["salt", "content"])
def test_an_unreadable_text_is_told(services, case_id, column):
    alter(services, f"update event_text set {column} = 'text' where rowid = (select min(rowid) from event_text)")  # noqa: S608 - the test's own table.
    (fault,) = verify(services.engine, services.keyring, services.settings.seals)["broken"]
    assert (fault["stream"], fault["reason"]) == (case_id, "正文无法读取：被改动")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("column", "value"),
    [("at", ISO), ("ranges", "'['"), ("ranges", "'[1]'"), ("ranges", "'{}'"), ("count", "'x'"), ("hmac", "'假'")],
)
def test_an_unreadable_seal_is_told(services, case_id, column, value):
    assert case_id
    alter(services, f'update seal set "{column}" = {value}')  # noqa: S608 - the test's own table.
    broken = verify(services.engine, services.keyring, services.settings.seals)["broken"]
    assert {each["stream"] for each in broken} == {"seals"}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("line", [b"\xff\xfe\n", b'{"id": 1, "at": NaN}\n', b"[" * 5000 + b"\n"])
def test_an_unreadable_line_of_the_seal_file_is_told(services, case_id, line):
    assert case_id
    with services.settings.seals.open("ab") as file:
        file.write(line)
    assert not verify(services.engine, services.keyring, services.settings.seals)["ok"]


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_time_that_python_cannot_read_is_told(services, case_id):
    with write_transaction(services.engine) as session:
        session.execute(text("update case_event set at = 'infinity' where stream = :id and seq = 2"), {"id": case_id})
        session.execute(text("update case_file set created_at = '12000-01-01' where id = :id"), {"id": case_id})
    result = verify(services.engine, services.keyring, services.settings.seals)
    assert (case_id, 2) in [(each["stream"], each["seq"]) for each in result["broken"]]
    found = verify_rows(services.engine, services.keyring)
    assert streams(found) == {case_id}
    assert "工单数据无法读取：created_at" in [each["reason"] for each in found]
