"""Which block of features earns its place, and what more texts would bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.routing import scoring
from hotline.routing.fitting import held_out

if TYPE_CHECKING:
    from typing import Any

    from hotline.routing.fitting import Corpus

ABLATIONS = {
    "词": ("words",),
    "单字与字对": ("grams",),
    "词典分组": ("groups",),
    "词+字符": ("words", "grams"),
    "词+词典分组": ("words", "groups"),
    "字符+词典分组": ("grams", "groups"),
    "词+字符+词典分组（类别采用）": ("words", "grams", "groups"),
    "再加开头的词典分组（环节采用）": ("words", "grams", "groups", "opening"),
}
STUDY_FOLDS = 5  # of several hands each: ablation and learning curve compare, and need no more
SHARES = (0.25, 0.5, 0.75, 1.0)  # of each training fold, for the learning curve


def ablation(corpus: Corpus) -> dict[str, Any]:
    """Which block earns its place, and what more texts would bring; both by grouped cross-validation."""
    inside = corpus.in_scope
    table = []
    for name, blocks in ABLATIONS.items():
        category = held_out(corpus, "category", blocks, folds=STUDY_FOLDS).argmax(axis=1)
        setting = held_out(corpus, "setting", blocks, folds=STUDY_FOLDS).argmax(axis=1)
        table.append(
            {
                "features": name,
                "category": scoring.accuracy(corpus.category, category),
                "macro_f1": scoring.macro_f1(corpus.category, category),
                "setting": scoring.accuracy(corpus.setting[inside], setting[inside]),
            }
        )
    curve = [
        {
            "share": share,
            "category": scoring.accuracy(
                corpus.category, held_out(corpus, "category", share=share, folds=STUDY_FOLDS).argmax(axis=1)
            ),
        }
        for share in SHARES
    ]
    return {"ablation": table, "learning_curve": curve}
