"""The command line as a user meets it: in a folder of its own, in this process or in one of its own under LC_ALL=C."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from hotline import cli
from hotline.routing.training import train

ROOT = Path(__file__).resolve().parents[2]


class Ran(NamedTuple):
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self):
        """The objects on stdout, each on its line; anything else fails here."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def object(self):
        """The one object on stdout."""
        (only,) = self.lines
        return only


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory):
    """The model in the repository, or where it is not built yet one trained for this run."""
    built = ROOT / "models"
    if (built / "manifest.json").is_file():
        return built
    folder = tmp_path_factory.mktemp("model")
    train(ROOT / "training_data" / "texts", folder)
    return folder


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty folder to work in, without any setting."""
    for name in [name for name in os.environ if name.startswith("HOTLINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def hotline(place, monkeypatch, capsysbinary):
    """Run `hotline …` in this process."""

    def run(*arguments, stdin=""):
        content = stdin if isinstance(stdin, bytes) else stdin.encode()
        monkeypatch.setattr(sys, "argv", ["hotline", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        capsysbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsysbinary.readouterr()
        return Ran(int(ended.value.code or 0), out.decode("utf-8"), err.decode("utf-8"))

    return run


@pytest.fixture
def separate(place):
    """Run `python -m hotline …` in a process of its own whose locale knows no Chinese."""

    def run(*arguments, stdin="", **settings):
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PYTHON"))}
        content = stdin if isinstance(stdin, bytes) else stdin.encode()
        done = subprocess.run(  # noqa: S603 - our own program and the test's own arguments.
            [sys.executable, "-m", "hotline", *map(str, arguments)],
            input=content,
            capture_output=True,
            check=False,
            timeout=120,
            cwd=place,
            env=plain | {"LC_ALL": "C", "PYTHONPATH": str(ROOT)} | settings,
        )
        return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return run
