"""The part of the model card about the sealed texts: figures of hands that wrote nothing of the corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hotline.routing.cards import class_table, share, table
from hotline.routing.evaluation import ROWS, with_interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotline.routing.taxonomy import Taxonomy


def sealed_section(figures: Mapping[str, Any], taxonomy: Taxonomy) -> str:
    """What `evaluate` found on the sealed part, beside the aims; those that are missed are named."""
    rows = [(title, figures[part], name, aim) for title, part, name, aim in ROWS if part in figures]
    results = ((title, with_interval(found, name), aim) for title, found, name, aim in rows)
    missed = [title for title, found, name, aim in rows if not reached(found[name], aim)]
    plans = (
        (plan, share(row["accuracy"]), share(row["coverage"]), share(row["auto_accuracy"] or 0.0))
        for plan, row in figures["lead"]["plans"].items()
    )
    names = {code: row.name for code, row in taxonomy.categories.items()}
    places = {code: row.name for code, row in taxonomy.settings.items()}
    second = figures["secondary"]
    return f"""
## 封存测试

{figures["texts"]} 条（范围内 {figures["setting"]["texts"]} 条），执笔人没有写过训练部分的任何文本；\
这些文本不用于训练，也不用于任何取舍。命令：`hotline evaluate training_data/test`。

{table(("项目", "结果（95% 区间）", "目标"), results)}

{"未达目标：" + "、".join(missed) + "。" if missed else "各项都达到目标。"}\
次要类别：应有 {second["wanted"]} 个，提示了 {second["proposed"]} 个，其中 {second["right"]} 个正确。

{table(("方案", "牵头正确", "自动派单占比", "其中牵头正确"), plans)}

{class_table(figures["category"], names)}

{class_table(figures["setting"], places)}
"""


def reached(value: float, aim: str) -> bool:
    """Whether a share meets an aim such as `≥93%`, `≤2%` or `≤0.03`."""
    bound = float(aim[1:].rstrip("%")) / (100 if aim.endswith("%") else 1)
    return value >= bound if aim[0] == "≥" else value <= bound
