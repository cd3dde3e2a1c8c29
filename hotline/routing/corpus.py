"""The training corpus: JSON Lines of complaints written and labelled by people, one file a hand."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError, UnusableFileError

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from pathlib import Path

    from hotline.routing.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled complaint. `hand` is who wrote it: the part of the id before the first hyphen."""

    id: str
    text: str
    category: str
    setting: str
    secondary: tuple[str, ...]
    channel: str
    kind: str

    @property
    def hand(self) -> str:
        """Who wrote it; cross-validation never tests on a hand it trained on."""
        return self.id.partition("-")[0]


def _example(line: str, taxonomy: Taxonomy) -> Example:
    """One line. The id may be missing.

    Raises:
        InvalidInputError: It cannot serve; the message says why.
    """
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        message = "不是 JSON 对象"
        raise InvalidInputError(message)
    for name in ("text", "category", "setting"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            message = f"缺少文字字段 {name}"
            raise InvalidInputError(message)
    secondary = row.get("secondary", ())
    if not isinstance(secondary, list | tuple):
        message = "字段 secondary 应是类别代码的列表"
        raise InvalidInputError(message)
    _check_code(row["setting"], taxonomy.settings)
    for code in (row["category"], *secondary):
        _check_code(code, taxonomy.categories)
    return Example(
        id=str(row.get("id", "")),
        text=row["text"],
        category=row["category"],
        setting=row["setting"],
        secondary=tuple(secondary),
        channel=str(row.get("channel", "")),
        kind=str(row.get("kind", "")),
    )


def _check_code(code: object, known: Container[str]) -> None:
    if not isinstance(code, str) or code not in known:
        message = f"没有类别或环节代码“{code}”"
        raise InvalidInputError(message)


def read_file(path: Path, taxonomy: Taxonomy) -> list[Example]:
    """The examples of one file, in its order.

    Raises:
        UnusableFileError: The file cannot be read, or a line is no example with codes of the taxonomy.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        message = f"语料文件 {path.name} 不能读取，请检查路径与编码（UTF-8）"
        raise UnusableFileError(message) from error
    examples = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            examples.append(_example(line, taxonomy))
        except InvalidInputError as error:
            message = f"语料文件 {path.name} 第{number}行不能使用（{error}），请改正后再试"
            raise UnusableFileError(message) from error
    if not examples:
        message = f"语料文件 {path.name} 中没有可用的文本"
        raise UnusableFileError(message)
    return examples


def read_folder(folder: Path, taxonomy: Taxonomy) -> tuple[Example, ...]:
    """Every example of a folder's `*.jsonl`, by id.

    Raises:
        UnusableFileError: No file, an unusable line, or an id that stands twice.
    """
    paths = sorted(folder.glob("*.jsonl"))
    if not paths:
        message = "语料目录中没有 .jsonl 文件，请检查 training_data/texts"
        raise UnusableFileError(message)
    examples = sorted((row for path in paths for row in read_file(path, taxonomy)), key=lambda row: row.id)
    for earlier, later in pairwise(examples):
        if earlier.id == later.id:
            message = f"语料编号 {later.id} 重复，请改正后再试"
            raise UnusableFileError(message)
    return tuple(examples)


def data_hash(examples: Sequence[Example]) -> str:
    """A hash of all that training sees, whatever files it lies in."""
    digest = hashlib.sha256()
    for row in examples:
        fields = [row.id, row.text, row.category, row.setting, *row.secondary]
        digest.update(json.dumps(fields, ensure_ascii=False).encode() + b"\n")
    return digest.hexdigest()
