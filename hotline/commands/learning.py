"""`hotline train` and `hotline evaluate`: rebuild the model, and measure it on labelled texts; no database."""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hotline.commands.streams import emit, say
from hotline.environment import read_settings
from hotline.errors import InvalidInputError
from hotline.moments import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.command("train")
@click.option("--with-corrections", is_flag=True, help="连同坐席的更正训练一个候选模型；正在使用的模型不变。")
@click.option("--out", type=click.Path(path_type=Path), help="候选的目录；默认 HOTLINE_VAR/models/candidate-<版本>。")
def train_command(*, with_corrections: bool, out: Path | None) -> None:
    """用 training_data/ 重新训练 models/；数据、依赖和机器相同，则逐字节相同。须在源码目录运行，约需几分钟。"""
    if with_corrections:
        from hotline.commands.candidates import build_candidate  # noqa: PLC0415 - needs the database's libraries.

        build_candidate(out)
        return
    if out is not None:
        message = "--out 只与 --with-corrections 一起使用。"
        raise InvalidInputError(message)
    from hotline.routing.shipped_model import train_default  # noqa: PLC0415 - scikit-learn is loaded only to train.

    say("正在训练，请稍候……")
    report = train_default()
    say(f"模型 {report.version} 已写入 {report.folder}；指标见其中的 README.md。")
    emit({"version": report.version, "folder": str(report.folder), "metrics": report.metrics})


@click.command("evaluate", short_help="用已标注的 JSON Lines 测量模型：各类精确率、召回率、F1，自动派单的覆盖率。")
@click.argument("file", required=False)
def evaluate_command(file: str | None) -> None:
    """在已标注的 JSON Lines（text、category、setting…；也可以是放这种文件的目录）上测量模型。

    给出各类精确率、召回率、F1，自动判定的占比与正确率，各方案下牵头部门的正确率，以及 95% 区间。
    """
    from hotline.routing.classifier import load_classifier  # noqa: PLC0415 - as above.
    from hotline.routing.directory_file import load_directory  # noqa: PLC0415 - numpy is loaded only to measure.
    from hotline.routing.evaluation import as_table, evaluate  # noqa: PLC0415 - as above.
    from hotline.routing.lead_evaluation import Routes  # noqa: PLC0415 - as above.
    from hotline.routing.plans import load_plans  # noqa: PLC0415 - as above.

    classifier = load_classifier(read_settings().model)
    routes = Routes(load_plans(), load_directory(), datetime.now(SHANGHAI).date())
    with _as_path(file) as path:
        figures = evaluate(path, classifier, routes)
    emit(figures)
    say(as_table(figures, {code: category.name for code, category in classifier.taxonomy.categories.items()}))


@contextmanager
def _as_path(file: str | None) -> Iterator[Path]:
    """The file's path; stdin is kept in a file of its own meanwhile.

    Raises:
        InvalidInputError: There is no such file.
    """
    if file not in {None, "-"}:
        path = Path(str(file))
        if not path.exists():
            message = f"没有文件 {path}。请核对路径。"
            raise InvalidInputError(message)
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="hotline-evaluate-") as folder:
        path = Path(folder) / "stdin.jsonl"
        path.write_bytes(sys.stdin.buffer.read())
        yield path
