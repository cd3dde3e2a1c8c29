"""`hotline report …` on a database of its own: every format, and what it refuses."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner
from docx import Document
from python_calamine import CalamineWorkbook

from hotline.commands.reporting import report_command
from hotline.environment import read_settings
from hotline.errors import InvalidInputError, SchemaError
from hotline.preparing import prepare_store
from hotline.store.crypto import load_keyring
from hotline.store.engine import open_engine
from tests.store.store_world import World


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path / "var"))
    settings = read_settings({"HOTLINE_VAR": str(tmp_path / "var")})
    prepare_store(settings)
    engine = open_engine(settings.database_url)
    world = World(engine, load_keyring(settings.keys))
    world.case("2026-110001-1", clocks=[{}])
    engine.dispose()

    def invoke(*arguments):
        return CliRunner().invoke(report_command, arguments, standalone_mode=False)

    return invoke


def test_breaches_as_json(run):
    result = run("breaches", "--office", "xicheng", "--format", "json")
    (row,) = json.loads(result.stdout)["rows"]
    assert row["时限代码"] == "H-SIGN"
    assert sum(row[name] for name in ("已逾期", "即将到期", "进行中", "中止计时", "按时完成", "逾期后完成")) == 1


def test_breaches_of_a_time_without_clocks_are_empty(run):
    result = run("breaches", "--office", "xicheng", "--from", "2020-01-01", "--to", "2020-01-31", "--format", "json")
    assert json.loads(result.stdout)["rows"] == []


@pytest.mark.parametrize("name", ["breaches", "weekly"])
def test_every_format_can_be_read_back(run, name, tmp_path):
    files = {}
    for form in ("table", "csv", "xlsx", "docx", "json"):
        out = tmp_path / f"{name}.{form}"
        result = run(name, "--office", "xicheng", "--from", "2026-11-16", "--format", form, "--out", str(out))
        assert result.exception is None, result.exception
        files[form] = out.read_bytes()
    assert "签收" in files["table"].decode() or "合计" in files["table"].decode()
    rows = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    assert len(rows) >= 2
    assert CalamineWorkbook.from_filelike(io.BytesIO(files["xlsx"])).get_sheet_by_index(0).to_python()[0] == rows[0]
    assert [cell.text for cell in Document(io.BytesIO(files["docx"])).tables[0].rows[0].cells] == rows[0]
    assert json.loads(files["json"])["office"] == "xicheng"


def test_weekly_of_the_week_that_holds_the_day(run):
    answer = json.loads(run("weekly", "--office", "xicheng", "--from", "2026-11-21", "--format", "json").stdout)
    assert (answer["from"], answer["to"]) == ("2026-11-16", "2026-11-22")
    assert answer["rows"][-1]["单位"] == "合计"
    assert answer["rows"][-1]["收到（本期）"] == 1
    assert len(answer["duties"]) == 4


@pytest.mark.parametrize(
    "arguments",
    [
        ("breaches", "--from", "2026-02-30"),
        ("breaches", "--from", "2026-11-21", "--to", "2026-11-20"),
        ("weekly", "--to", "2026-11-20"),
        ("weekly", "--office", "nowhere"),
        ("weekly", "--office", "xicheng", "--out", "/nonexistent/folder/x.txt"),
    ],
)
def test_what_cannot_be_used_is_said(run, arguments):
    assert isinstance(run(*arguments).exception, InvalidInputError)


def test_without_a_database_nothing_is_made(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path / "none"))
    result = CliRunner().invoke(report_command, ["weekly"], standalone_mode=False)
    assert isinstance(result.exception, SchemaError)
    assert not (tmp_path / "none").exists()
