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


@pytest.mark.parametrize(
    ("command", "stdin"),
    [
        (["retention"], ""),
        (["remask"], ""),
        (["rules", "calendar", "2027", "-", "--region", "110102", "--reason", "x"], "date,type\n2027-01-04,放假\n"),
    ],
)
def test_where_there_is_no_database_yet_it_is_said(hotline, place, command, stdin):
    ran = hotline(*command, stdin=stdin)
    assert (ran.code, ran.out) == (2, "")
    assert "还没有数据库" in ran.err
    assert not (place / "var" / "hotline.db").exists()
