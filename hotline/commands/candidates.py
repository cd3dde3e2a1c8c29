"""`hotline train --with-corrections`: a candidate from the corpus and what people decided at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.commands.installation import open_database
from hotline.commands.streams import emit, say
from hotline.environment import read_settings
from hotline.errors import UnusableFileError

if TYPE_CHECKING:
    from pathlib import Path


def build_candidate(out: Path | None) -> None:
    """Train a candidate beside the model that serves, and say how the two compare.

    Raises:
        SchemaError, KeyringError: There is no database, or it may not be read.
        UnusableFileError: There is no corpus at hand, or nothing to learn from.
    """
    from hotline.learning.candidate import build  # noqa: PLC0415 - numpy is loaded only to train.
    from hotline.learning.serving import serve  # noqa: PLC0415 - as above.
    from hotline.learning.standing import standing  # noqa: PLC0415 - as above.
    from hotline.routing import shipped_model  # noqa: PLC0415 - scikit-learn is loaded only to train.
    from hotline.routing.classifier import load_classifier  # noqa: PLC0415 - as above.
    from hotline.store.engine import read_transaction  # noqa: PLC0415 - as above.
    from hotline.store.labelled import labelled  # noqa: PLC0415 - as above.
    from hotline.store.model_stream import model_events  # noqa: PLC0415 - as above.

    settings, corpus = read_settings(), shipped_model.ROOT / "training_data"
    with open_database(settings) as (engine, _), read_transaction(engine) as session:
        decisions, known = labelled(session), standing(model_events(session))
    if not (corpus / "texts").is_dir():
        message = "找不到语料 training_data/texts。训练候选须在源码目录的环境中运行。"
        raise UnusableFileError(message)
    served = serve(load_classifier(settings.model), known, settings.models)
    say("正在训练候选模型，请稍候……正在使用的模型不变。")
    made = build(decisions, corpus=corpus, models=settings.models, serving=served.classifier, out=out)
    say(f"候选 {made.version} 已写入 {made.folder}：学习了 {made.learnt} 件人工判定，另留 {made.held_out} 件作比较。")
    say("是否采用由督办员在“模型 → 候选”页决定。")
    emit(
        {
            "version": made.version,
            "folder": str(made.folder),
            "learnt": made.learnt,
            "held_out": made.held_out,
            "report": made.report,
        }
    )
