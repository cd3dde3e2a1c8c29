"""A database that cannot be used is one sentence, not a trace."""

import pytest


@pytest.mark.parametrize("command", [["serve"], ["migrate"]])
def test_a_file_that_is_no_database(hotline, tmp_path, monkeypatch, command):
    monkeypatch.setenv("HOTLINE_VAR", str(tmp_path))
    (tmp_path / "hotline.db").write_bytes(b"this is no database, but long enough to look at " * 9)
    ran = hotline(*command)
    assert ran.code == 2
    assert "数据库打不开" in ran.err
    assert "Traceback" not in ran.err
    assert (tmp_path / "hotline.db").read_bytes().startswith(b"this is no database")
