"""The sealed part of the corpus: written by other hands, and judged as the model card says."""

from datetime import date
from pathlib import Path

import pytest

from hotline.routing.classifier import load_classifier
from hotline.routing.corpus import read_folder
from hotline.routing.directory_file import load_directory
from hotline.routing.evaluation import ROWS, evaluate, with_interval
from hotline.routing.lead_evaluation import Routes
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def figures():
    return evaluate(
        ROOT / "training_data" / "test", load_classifier(), Routes(load_plans(), load_directory(), date(2026, 1, 1))
    )


def test_no_hand_wrote_both_parts():
    taxonomy = load_taxonomy()
    corpus = {row.hand for row in read_folder(ROOT / "training_data" / "texts", taxonomy)}
    sealed = {row.hand for row in read_folder(ROOT / "training_data" / "test", taxonomy)}
    assert len(sealed) >= 4
    assert not corpus & sealed


def test_no_text_stands_in_both_parts():
    taxonomy = load_taxonomy()
    corpus = {row.text for row in read_folder(ROOT / "training_data" / "texts", taxonomy)}
    assert not corpus & {row.text for row in read_folder(ROOT / "training_data" / "test", taxonomy)}


@pytest.mark.parametrize(("title", "part", "name", "aim"), ROWS)
def test_the_card_says_what_the_shipped_model_does(figures, title, part, name, aim):
    card = (ROOT / "models" / "README.md").read_text("utf-8")
    assert f"| {title} | {with_interval(figures[part], name)} | {aim} |" in card
