"""The web tests' small hotline, with models small enough to be trained here."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from hotline.learning.candidate import build
from hotline.routing.classifier import load_classifier
from hotline.routing.training import train
from hotline.store.labelled import labelled
from hotline.vocabulary import Action
from tests.learning.tiny import write_corpus
from tests.web.conftest import app_services, cases, clock, register, register_case, step, web_template

__all__ = ["app_services", "cases", "clock", "register", "step", "web_template"]


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    return write_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture(scope="session")
def shipped(corpus, tmp_path_factory):
    """A model as a deployment is installed with."""
    folder = tmp_path_factory.mktemp("shipped")
    train(corpus / "texts", folder)
    return folder


def with_model(services, folder):
    """The same deployment with a real model in place of the table of words."""
    settings = replace(services.settings, model=folder)
    book = replace(services.shipped, classifier=load_classifier(folder))
    return replace(services, settings=settings, shipped=book)


@pytest.fixture
def services(app_services, shipped):
    made = with_model(app_services, shipped)
    made.refresh_rules()
    return made


@pytest.fixture
def decided(services, step, cases):
    """Twelve cases whose category a person has decided."""
    return decide_some(services, step)


def decide_some(services, step):
    """Let the desk decide over cases of its own."""
    made = []
    for number in range(12):
        text = f"盗版词典第{number}册，订单号20261120{number:04d}1234，网店上买的"
        case_id = register_case(services, text, dispatch=False)
        step(
            case_id,
            "xc-operator",
            Action.CLASSIFY,
            category="copyright" if number % 2 else "patent",
            setting="online",
            kind="dispute",
            urgency="一般",
            state="ready",
        )
        made.append(case_id)
    return made


@pytest.fixture
def candidate(services, decided, corpus):
    """A candidate in the deployment's own folder."""
    return make_candidate(services, corpus)


def make_candidate(services, corpus):
    with services.read() as store:
        rows = labelled(store.session)
    return build(rows, corpus=corpus, models=services.settings.models, serving=services.rulebook.classifier)


@pytest.fixture
def spoil():
    """Change one byte of a file."""

    def change(path):
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(bytes(content))

    return change


@pytest.fixture
def copy_tree():
    return shutil.copytree
