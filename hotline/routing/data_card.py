"""The card beside the corpus: who wrote how much about what, how long, how varied, how alike, how sure the labels are.

Every figure is counted from the files; none is written by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.errors import UnusableFileError
from hotline.routing.cards import share, table
from hotline.routing.corpus import read_folder
from hotline.routing.distribution import facets_by_hand
from hotline.routing.hands import OPENING, by_hand, lengths
from hotline.routing.likeness_of_hands import OVERLAP, growth, overlaps
from hotline.routing.second_labels import agreement, read_second

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hotline.routing.corpus import Example
    from hotline.routing.second_labels import Second
    from hotline.routing.taxonomy import Taxonomy


def _with_second(examples: Sequence[Example]) -> int:
    """How many texts hold a second matter."""
    return sum(bool(row.secondary) for row in examples)


def data_card(
    examples: Sequence[Example], sealed: Sequence[Example], second: Mapping[str, Second], taxonomy: Taxonomy
) -> str:
    """The data card of a corpus and of its sealed part, which no hand of the corpus wrote."""
    groups, apart = by_hand(examples), by_hand(sealed)
    middle, pairs = overlaps(groups | apart)
    both = [*examples, *sealed]
    return f"""# 语料卡

本文件由 `hotline train` 生成，请勿手改。

训练用 {len(examples)} 条（`texts/`，执笔人 {len(groups)} 位），\
封存测试用 {len(sealed)} 条（`test/`，另外 {len(apart)} 位执笔人，不用于训练，也不用于任何取舍）。
都是模拟诉求，逐条撰写、逐条标注，无模板、无改写链，不含真实来电；人名、店名、电话均为虚构。
每行一个 JSON 对象：`id`（执笔人-序号）、`text`、`channel`、`category`、`secondary`、\
`setting`、`kind`、`cue`（判定依据）。
标签按分类表第 {taxonomy.version} 版的边界规则。\
含次要类别的训练用 {_with_second(examples)} 条、测试用 {_with_second(sealed)} 条。
{agreement(both, second)}

执笔与标注都借助大语言模型完成，每位执笔人有各自的地区、身份和语气；\
第二次标注也是如此，因此一致率高于两个真人之间的一致率，不能当作标签无误的证明。

## 执笔人与长度

{lengths(groups)}

封存测试部分：

{lengths(apart) if apart else "无"}

（开头取前 {OPENING} 字；正文完全相同的 {len(both) - len({row.text for row in both})} 条）

## 用词的增长

{table(("文本占比", "条数", "不同的词", "新增"), growth(examples))}

## 执笔人之间的 {OVERLAP} 字重合

两位执笔人共有的 {OVERLAP} 字串占较少一方的比例：中位 {share(middle)}。最高的 {len(pairs)} 对：

{table(("两位", "比例"), pairs)}

## 训练部分的分布

{facets_by_hand(groups, examples, taxonomy)}
## 封存测试部分的分布

{facets_by_hand(apart, sealed, taxonomy) if apart else "无"}
"""


def describe(folder: Path, taxonomy: Taxonomy) -> str:
    """Write the data card `README.md` of a corpus folder (`texts/`, `test/`, `second/`) and return it.

    Raises:
        UnusableFileError: A file of the corpus cannot be used, or a text of the sealed part is by a hand of the corpus.
    """
    examples, test = read_folder(folder / "texts", taxonomy), folder / "test"
    sealed = read_folder(test, taxonomy) if test.is_dir() else ()
    both = {row.hand for row in examples} & {row.hand for row in sealed}
    if both:
        message = f"执笔人 {'、'.join(sorted(both))} 既写了训练部分又写了封存测试部分，请移到一处"
        raise UnusableFileError(message)
    card = data_card(examples, sealed, read_second(folder / "second"), taxonomy)
    (folder / "README.md").write_text(card, encoding="utf-8")
    return card
