"""What a second reader said of the texts, and how far the labels agree with it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.errors import UnusableFileError
from hotline.routing.cards import share
from hotline.routing.taxonomy import OUT_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hotline.routing.corpus import Example


@dataclass(frozen=True, slots=True)
class Second:
    """What a second reader said of one text, without seeing the first label."""

    category: str
    setting: str
    sure: bool


def read_second(folder: Path) -> dict[str, Second]:
    """The second labels of a folder's `*.tsv`: id, category, setting, secondary, sure or doubt."""
    found: dict[str, Second] = {}
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file, delimiter="\t"):
                if len(row) != 5:  # noqa: PLR2004 - the five columns of the docstring.
                    message = f"第二次标注 {path.name} 有一行不是五列，请改正后再试"
                    raise UnusableFileError(message)
                found[row[0]] = Second(row[1], row[2], row[4] == "sure")
    return found


def agreement(examples: Sequence[Example], second: Mapping[str, Second]) -> str:
    """How the labels that count compare with those of the second reader."""
    read = [(row, second[row.id]) for row in examples if row.id in second]
    inside = [(row, other) for row, other in read if OUT_OF_SCOPE not in (row.category, other.category)]
    category = sum(row.category == other.category for row, other in read)
    setting = sum(row.setting == other.setting for row, other in inside)
    doubts = sum(not other.sure for _, other in read)
    if not read:
        return "没有第二次标注。"
    return (
        f"另一人在不知道原标注的情况下读过 {len(read)} 条（{share(len(read) / len(examples))}），"
        f"其中 {doubts} 条标为存疑。逐条按边界规则处理后，现有类别与其一致的占 {share(category / len(read))}，"
        f"范围内的环节一致的占 {share(setting / max(1, len(inside)))}；处理前的不一致见 `labelling.md`。"
    )
