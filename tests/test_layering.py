"""Imports point one way; domain rooms know neither Flask nor SQL nor the environment."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1] / "hotline"
ORDER = [
    "__init__",
    "vocabulary",
    "errors",
    "moments",
    "sharing",
    "forked",
    "clock_parts",
    "records",
    "intake",
    "routing",
    "casework",
    "store",
    "reports",
    "learning",
    "variables",
    "settings",
    "environment",
    "rule_marks",
    "rulebooks",
    "clock_keeping",
    "rules",
    "preparing",
    "services",
    "wiring",
    "registering",
    "importing",
    "adopting",
    "proposing",
    "trying",
    "timing",
    "taking_back",
    "reclocking",
    "model_decisions",
    "promoting",
    "thresholding",
    "splitting",
    "noticing",
    "erasing",
    "announcing",
    "delivery",
    "fetching",
    "demo",
    "web",
    "scheduler",
    "serving",
    "commands",
    "cli",
    "__main__",
]
PURE = {"vocabulary", "errors", "moments", "clock_parts", "records", "intake", "routing", "casework"}
SIBLINGS = {"web", "scheduler", "cli"}
SHELL = {"flask", "werkzeug", "sqlmodel", "sqlalchemy", "alembic", "apscheduler", "os"}
FILES = sorted(ROOT.rglob("*.py"))


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "absolute imports only, so that this test sees them"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def faults(room, source):
    """What a module in `room` imports that it may not."""
    found = []
    for name in imported(ast.parse(source)):
        head, _, rest = name.partition(".")
        if room in PURE and head in SHELL:
            found.append(f"{room} is domain code and may not import {name}")
        if head == "hotline" and rest:
            target = rest.split(".")[0]
            if target not in ORDER:
                continue
            if ORDER.index(target) > ORDER.index(room):
                found.append(f"{room} may not import {name}")
            if target != room and {target, room} <= SIBLINGS:
                found.append(f"{room} and {target} are siblings")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path):
    room = path.relative_to(ROOT).parts[0].removesuffix(".py")
    assert room in ORDER, f"{room} has no place in the order yet"
    if "migrations" in path.parts:
        return
    assert faults(room, path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("casework", "import flask"),
        ("records", "from hotline import web"),
        ("routing", "from sqlmodel import Session"),
        ("cli", "from hotline.web import create_app"),
        ("intake", "from hotline.casework.desk import act"),
        ("casework", "import os"),
    ],
)
def test_the_guard_sees_a_planted_fault(room, source):
    assert faults(room, source)


def test_modules_stay_small():
    long = {str(path): count for path in FILES if (count := len(path.read_text("utf-8").splitlines())) > 400}
    assert long == {}
