"""Where stdout takes nothing more, a command says so in one sentence; and `hotline.cli` is the program too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = [("workdays", "add", "2026-11-20", "400"), ("plans", "export", "xicheng-2011"), ("--help",)]


def started(place, arguments, stdout, module="hotline"):
    """The program in a process of its own, writing to `stdout` as Python does by itself: it holds back what it can."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(  # noqa: S603 - our own program and the test's own arguments.
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        timeout=120,
        cwd=place,
        env=environment | {"PYTHONPATH": str(ROOT)},
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no device that is always full")
@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_full_disk_is_one_sentence(place, arguments):
    with Path("/dev/full").open("wb") as full:
        ran = started(place, arguments, full)
    *_, last = ran.stderr.decode().splitlines()
    assert ran.returncode == 2
    assert last.startswith("结果没有写完：无法写入标准输出（磁盘已满）")
    assert "Traceback" not in ran.stderr.decode()


@pytest.mark.parametrize("arguments", COMMANDS[:2])
def test_a_reader_that_left_is_one_sentence(place, arguments):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = started(place, arguments, writing)
    finally:
        os.close(writing)
    *_, last = ran.stderr.decode().splitlines()
    assert (ran.returncode, last) == (2, "结果没有写完：接收输出的程序已经退出。")
    assert "Traceback" not in ran.stderr.decode()


def test_the_module_of_the_command_line_is_the_program(place):
    ran = started(place, ("workdays", "between", "2026-11-20", "2026-11-23"), subprocess.PIPE, "hotline.cli")
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert b'"days": 1' in ran.stdout
