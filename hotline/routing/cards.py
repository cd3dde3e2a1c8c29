"""The cards beside the model and the corpus: every figure is counted or measured, none is written by hand."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from statistics import median
from typing import TYPE_CHECKING, Any

from hotline.routing.segment import prepare

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hotline.routing.corpus import Example
    from hotline.routing.taxonomy import Taxonomy

OPENING = 6  # characters
OVERLAP = 5  # characters of an n-gram shared between hands
BANDS = ((0, 40), (40, 150), (150, 350), (350, 100_000))


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def share(value: float) -> str:
    """A share as people read it."""
    return f"{value * 100:.1f}%"


def _facet_lines(name: str, figures: Mapping[str, Any]) -> str:
    """The paragraph of one facet."""
    low, high = figures["accuracy_interval"]
    return (
        f"**{name}**：{figures['texts']} 条，"
        f"准确率 {share(figures['accuracy'])}（95% 区间 {share(low)}–{share(high)}），"
        f"宏平均 F1 {figures['macro_f1']:.3f}，校准误差 ECE {figures['ece']:.3f}。\n"
        f"按阈值自动判定的占 {share(figures['coverage'])}，其中正确 {share(figures['precision_at_threshold'])}。\n"
    )


def _class_table(figures: Mapping[str, Any], names: Mapping[str, str]) -> str:
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
    return f"\n## 消融\n\n（未加类别偏移的分数，按执笔人分组交叉验证）\n\n{blocks}\n\n## 学习曲线\n\n{curve}\n"


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
- 库：{libraries}
- 特征：词、单字与相邻字对（TF-IDF，词频只计有无，各块归一），领域词典的分组（环节另看开头的分组）；不认识的词按词尾算
- 模型：每类一个线性支持向量机，按类平衡；\
分数经温度缩放与“其他”一类的偏移成为各类概率，\
再由逻辑回归校准首选的把握
- 文件：`category.npz`、`setting.npz`（纯数组，不含 pickle）、`vocabulary.json`、`manifest.json`（各文件 SHA-256）

## 成绩

全部来自按执笔人分组的交叉验证：每条文本由没有见过该执笔人任何文本的模型判断，\
校准参数与阈值也只用其他执笔人的文本选定。
特征的取舍参考了同一交叉验证，因此仍可能略偏乐观；没有另设的封存测试集。

{_facet_lines("类别", category)}\
“其他”的召回率 {share(category["other_recall"])}，\
范围内诉求误判为“其他”的占 {share(category["in_scope_called_other"])}。

{_facet_lines("环节（仅范围内诉求）", setting)}
阈值按类选取，使未见文本上的精确率达到 {share(manifest["thresholds"]["precision"])}；\
环节的阈值按 {share(manifest["thresholds"]["setting_precision"])}。

### 覆盖与精确（类别，统一阈值）

{_curve_table(category)}

### 各类别

{_class_table(category, names)}

### 各环节

{_class_table(setting, places)}
{_studies(metrics)}
## 局限

- 语料为人工撰写的模拟诉求，不是真实来电；真实文本上的成绩可能更低，请以 `hotline evaluate` 在本地文本上的结果为准。
- 每类文本很少，个别类别的数字只凭几十条，区间很宽；语料增加后须重新训练。
- “未说明”的环节靠没有线索来判断，最易出错；牵头部门取决于环节时，把握不足的一律转人工。
- 一件多诉的语料很少，次要类别的提示宁缺毋滥。
- 8000 字以后的内容不读；主要为外文、过短或大量重复的内容不判断，转人工。
"""


def _grams(texts: Iterable[str]) -> set[str]:
    """The character n-grams of `OVERLAP` characters."""
    return {text[start : start + OVERLAP] for text in texts for start in range(len(text) - OVERLAP + 1)}


def _hand_rows(groups: Mapping[str, Sequence[Example]]) -> list[Sequence[object]]:
    """Per hand: texts, lengths, and how varied words and openings are."""
    rows: list[Sequence[object]] = []
    for hand, examples in groups.items():
        lengths = [len(row.text) for row in examples]
        bands = [sum(low <= length < high for length in lengths) for low, high in BANDS]
        most = Counter(row.text[:OPENING] for row in examples).most_common(1)[0]
        characters = len({char for row in examples for char in row.text})
        rows.append(
            (hand, len(examples), min(lengths), int(median(lengths)), max(lengths), *bands, characters, f"{most[1]} 次")
        )
    return rows


def _overlap_rows(groups: Mapping[str, Sequence[Example]]) -> list[Sequence[object]]:
    """Per pair of hands: the share of 5-grams that both use."""
    grams = {hand: _grams(prepare(row.text) for row in examples) for hand, examples in groups.items()}
    return [
        (f"{left} / {right}", share(len(grams[left] & grams[right]) / max(1, min(len(grams[left]), len(grams[right])))))
        for left, right in combinations(grams, 2)
    ]


def _count_rows(groups: Mapping[str, Sequence[Example]], field: str, codes: Iterable[str]) -> list[Sequence[object]]:
    """Per code of a facet: how many texts each hand wrote."""
    counts = {hand: Counter(getattr(row, field) for row in examples) for hand, examples in groups.items()}
    return [
        (code, *(counts[hand][code] for hand in groups), sum(counts[hand][code] for hand in groups)) for code in codes
    ]


def data_card(examples: Sequence[Example], taxonomy: Taxonomy) -> str:
    """The data card: who wrote how much about what, how long, how alike."""
    hands = sorted({row.hand for row in examples})
    groups = {hand: [row for row in examples if row.hand == hand] for hand in hands}
    bands = [f"{low}–{high - 1} 字" if high < BANDS[-1][1] else f"{low} 字以上" for low, high in BANDS]
    header = ("代码", *hands, "合计")
    return f"""# 语料卡

本文件由 `hotline train` 生成，请勿手改。

{len(examples)} 条模拟诉求，逐条撰写、逐条标注，无模板、无改写链，不含真实来电；人名、店名、电话均为虚构。
每行一个 JSON 对象：`id`（执笔人-序号）、`text`、`channel`、`category`、`secondary`、\
`setting`、`kind`、`cue`（判定依据）。
标签按分类表第 {taxonomy.version} 版的边界规则。含次要类别的 {sum(bool(row.secondary) for row in examples)} 条。
标签由执笔人自标，没有第二人复标。

## 执笔人与长度

{table(("执笔人", "条数", "最短", "中位", "最长", *bands, "不同的字", "最常见开头"), _hand_rows(groups))}

（开头取前 {OPENING} 字；正文完全相同的 {len(examples) - len({row.text for row in examples})} 条）

## 执笔人之间的 {OVERLAP} 字重合

{table(("两位", "共有的占较少一方的比例"), _overlap_rows(groups))}

## 类别

{table(header, _count_rows(groups, "category", taxonomy.categories))}

## 环节

{table(header, _count_rows(groups, "setting", taxonomy.settings))}

## 性质与渠道

{table(header, _count_rows(groups, "kind", ("dispute", "report", "inquiry")))}

{table(header, _count_rows(groups, "channel", sorted({row.channel for row in examples})))}
"""
