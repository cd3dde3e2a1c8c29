"""Rebuilds the model that is shipped, and judges it on the sealed part of the corpus."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hotline.routing.classifier import load_classifier
from hotline.routing.data_card import describe
from hotline.routing.directory_file import load_directory
from hotline.routing.evaluation import evaluate
from hotline.routing.lead_evaluation import Routes
from hotline.routing.plans import load_plans
from hotline.routing.sealed_card import sealed_section
from hotline.routing.taxonomy import load_taxonomy
from hotline.routing.training import train

if TYPE_CHECKING:
    from hotline.routing.training import Report

ROOT = Path(__file__).resolve().parents[2]
SEALED_DAY = date(2026, 1, 1)  # of receipt; it decides the body of today, which is not judged


def train_default() -> Report:
    """Rebuild the repository's `models/` and both cards from `training_data/`, and judge it on the sealed part.

    Raises:
        UnusableFileError: The program runs from an installed package, where there is no corpus.
    """
    folder, taxonomy = ROOT / "training_data", load_taxonomy()
    report = train(folder / "texts", ROOT / "models", with_ablation=True)
    describe(folder, taxonomy)
    routes = Routes(load_plans(), load_directory(), SEALED_DAY)
    figures = evaluate(folder / "test", load_classifier(report.folder), routes)
    card = report.folder / "README.md"
    head, mark, limits = card.read_text(encoding="utf-8").partition("\n## 局限\n")
    card.write_text(head + sealed_section(figures, taxonomy) + mark + limits, encoding="utf-8")
    return report
