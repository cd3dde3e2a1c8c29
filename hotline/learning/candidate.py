"""A candidate: the corpus and what people at the desk decided, trained into a folder of its own. It serves nobody.

Only masked texts are learnt, and the newest decision of a case counts. Every fifth case, by a hash of its id, is held
out for good: on those cases the old and the new model are compared.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotline.errors import UnusableFileError
from hotline.learning.folders import CANDIDATE, REPORT, check
from hotline.learning.side_by_side import judged
from hotline.routing import model_manifest
from hotline.routing.classifier import load_classifier
from hotline.routing.corpus import Example
from hotline.routing.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hotline.routing.classifier import Classifier
    from hotline.store.labelled import Labelled

HAND = "desk"
HELD_OUT = 5  # one case in so many is never learnt


@dataclass(frozen=True, slots=True)
class Candidate:
    """What was built, and how it compares."""

    folder: Path
    version: str
    learnt: int
    held_out: int
    report: dict[str, Any]


def held_out(case_id: str) -> bool:
    """Whether a case is kept for comparing models and never learnt."""
    return int.from_bytes(hashlib.sha256(case_id.encode()).digest()[:4]) % HELD_OUT == 0


def examples_of(decisions: Iterable[Labelled]) -> tuple[Example, ...]:
    """Decisions as the corpus has its texts: the hand is `desk`, codes that the taxonomy no longer has are left out."""
    taxonomy = load_taxonomy()
    return tuple(
        Example(
            id=f"{HAND}-{row.number}",
            text=row.text,
            category=row.category,
            setting=row.setting,
            secondary=(),
            channel=row.channel,
            kind=row.kind,
        )
        for row in decisions
        if row.category in taxonomy.categories and row.setting in taxonomy.settings and row.text.strip()
    )


def build(
    decisions: Sequence[Labelled], *, corpus: Path, models: Path, serving: Classifier, out: Path | None = None
) -> Candidate:
    """Train on the corpus and the decisions; write the model's files and the side-by-side report.

    Args:
        decisions: The newest decision of each case.
        corpus: The folder with `texts/`. Its sealed part is not looked at: it may decide nothing.
        models: Where candidates lie; the folder's name is made of the version.
        serving: The model that serves now, to compare with.
        out: Another folder to write to; it must not exist or be empty.

    Raises:
        UnusableFileError: There is no decision to learn from, no corpus, or `out` holds something.
        ModelError: What was written cannot be read again.
    """
    learnt = examples_of(row for row in decisions if not held_out(row.case_id))
    kept = examples_of(row for row in decisions if held_out(row.case_id))
    if not learnt:
        message = "还没有可以学习的人工判定（已撤回的和留作比较的不算）。请先在工单上改类或确认。"
        raise UnusableFileError(message)
    if out is not None and out.exists() and any(out.iterdir()):
        message = f"目录 {out} 不是空的。请换一个目录，或先移走里面的文件。"
        raise UnusableFileError(message)
    where = out.parent if out else models
    where.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=where))
    try:
        version = _train(corpus, building, learnt, _facts(decisions, learnt, kept))
        new = load_classifier(building)
        report = {"versions": {"old": serving.version, "new": version}, "held_out": judged(serving, new, kept)}
        (building / REPORT).write_bytes(model_manifest.to_json(report))
        building.chmod(0o755)
        folder = _place(building, out or models / f"{CANDIDATE}{version}")
    finally:
        shutil.rmtree(building, ignore_errors=True)
    check(folder, version=version)
    return Candidate(folder, version, len(learnt), len(kept), report)


def _train(corpus: Path, folder: Path, learnt: tuple[Example, ...], facts: dict[str, Any]) -> str:
    from hotline.routing.training import train  # noqa: PLC0415 - scikit-learn is loaded only to train.

    return train(corpus / "texts", folder, extra=learnt, more_facts={"desk": facts}).version


def _facts(decisions: Sequence[Labelled], learnt: Sequence[Example], kept: Sequence[Example]) -> dict[str, Any]:
    return {
        "learnt": len(learnt),
        "held_out": len(kept),
        "corrections": sum(not row.agrees for row in decisions),
        "until": max(row.at for row in decisions).isoformat(),
    }


def _place(made: Path, target: Path) -> Path:
    """Put the finished folder in its place; an older one of the same name (the same version) makes room."""
    if target.exists():
        shutil.rmtree(target)
    return made.replace(target)
