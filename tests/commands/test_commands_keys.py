"""`hotline keys` and `hotline retention` on an installation of their own."""

from __future__ import annotations

import json
import os

import pytest
from click.testing import CliRunner

from hotline.cli import hotline
from hotline.environment import read_settings
from hotline.preparing import prepare_store
from hotline.store.key_files import key_file


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path))
    prepare_store(read_settings())

    def call(*words):
        result = CliRunner().invoke(hotline, [*words], catch_exceptions=True)
        return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()], result

    return call


def test_rotate_list_and_retire(run, tmp_path):
    code, lines, _ = run("keys", "rotate")
    assert (code, lines) == (0, [{"key": "k2", "reencrypted": 0, "finished": True}])
    assert run("keys", "rotate", "--index", "--later")[1][0]["key"] == "index:2"
    assert run("keys", "reencrypt")[1] == [{"reencrypted": 0, "finished": True}]
    listed = {line["key"]: line["active"] for line in run("keys", "list")[1]}
    assert listed == {"k1": False, "k2": True, "index:1": False, "index:2": True}
    assert "10 分钟" in str(run("keys", "retire", "k1")[2].exception)
    path = key_file(tmp_path / "keys", data="k2")
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 3600))
    assert run("keys", "retire", "k1")[1] == [{"key": "k1", "retired": True}]
    assert "k1" not in {line["key"] for line in run("keys", "list")[1]}
    assert (tmp_path / "keys" / "retired" / "data-k1.key").exists()


def test_retention_tells_first(run):
    code, lines, _ = run("retention")
    assert code == 0
    assert lines[0]["deleted"] is False
    assert lines[0]["cases"] == 0
    assert run("retention", "--delete")[1][0]["deleted"] is True


def test_remasking_is_through_at_once_where_nothing_is_old(run):
    code, lines, result = run("remask")
    assert (code, lines) == (0, [{"seen": 0, "changed": 0, "finished": True}])
    assert "没有要改的" in result.stderr
