"""The card beside the corpus: who wrote how much about what, how long, how varied, how alike, how sure the labels are.

Every figure is counted from the files; none is written by hand.
"""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import TYPE_CHECKING

from hotline.errors import UnusableFileError
from hotline.routing.cards import share, table
from hotline.routing.corpus import read_folder
from hotline.routing.segment import cut, prepare
from hotline.routing.taxonomy import OUT_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from hotline.routing.corpus import Example
    from hotline.routing.taxonomy import Taxonomy

OPENING = 6  # characters
OVERLAP = 5  # characters of an n-gram shared between hands
BANDS = ((0, 40), (40, 80), (80, 160), (160, 350), (350, 100_000))
GROWTH = (0.25, 0.5, 0.75, 1.0)
SHOWN_PAIRS = 10
Hands = dict[str, list["Example"]]


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


def by_hand(examples: Iterable[Example]) -> Hands:
    """The texts of each hand, hands in order."""
    groups: Hands = {}
    for row in sorted(examples, key=lambda row: row.hand):
        groups.setdefault(row.hand, []).append(row)
    return groups


def _hand_rows(groups: Hands) -> list[Sequence[object]]:
    """Per hand: texts, lengths, and how varied characters and openings are."""
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


def _lengths(groups: Hands) -> str:
    """The table of `_hand_rows`."""
    bands = [f"{low}–{high - 1} 字" if high < BANDS[-1][1] else f"{low} 字以上" for low, high in BANDS]
    return table(("执笔人", "条数", "最短", "中位", "最长", *bands, "不同的字", "最常见开头"), _hand_rows(groups))


def _grams(texts: Iterable[str]) -> set[str]:
    """The character n-grams of `OVERLAP` characters."""
    return {text[start : start + OVERLAP] for text in texts for start in range(len(text) - OVERLAP + 1)}


def _overlaps(groups: Hands) -> tuple[float, list[Sequence[object]]]:
    """The median share of 5-grams that two hands have in common, and the pairs that have most."""
    grams = {hand: _grams(prepare(row.text) for row in examples) for hand, examples in groups.items()}
    shares = {
        (left, right): len(grams[left] & grams[right]) / max(1, min(len(grams[left]), len(grams[right])))
        for left, right in combinations(grams, 2)
    }
    most = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_PAIRS]
    rows: list[Sequence[object]] = [(f"{left} / {right}", share(value)) for (left, right), value in most]
    return (median(shares.values()) if shares else 0.0), rows


def _growth(examples: Sequence[Example]) -> list[Sequence[object]]:
    """How many different words the first quarter of the texts has, the first half, and so on, in the order of ids.

    Ids are sorted by their number first, so that each part holds texts of every hand.
    """
    ordered = sorted(examples, key=lambda row: (row.id.partition("-")[2], row.id))
    words: set[str] = set()
    rows: list[Sequence[object]] = []
    done = 0
    for part in GROWTH:
        end, before = int(len(ordered) * part), len(words)
        for row in ordered[done:end]:
            words.update(cut(prepare(row.text)))
        rows.append((share(part), end, len(words), f"+{len(words) - before}"))
        done = end
    return rows


def _count_rows(groups: Mapping[str, Sequence[Example]], field: str, codes: Iterable[str]) -> list[Sequence[object]]:
    """Per code of a facet: how many texts each hand wrote."""
    counts = {hand: Counter(getattr(row, field) for row in examples) for hand, examples in groups.items()}
    return [
        (code, *(counts[hand][code] for hand in groups), sum(counts[hand][code] for hand in groups)) for code in codes
    ]


def _agreement(examples: Sequence[Example], second: Mapping[str, Second]) -> str:
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


def _facets(groups: Hands, examples: Sequence[Example], taxonomy: Taxonomy) -> str:
    """Counts by category, setting, kind and channel."""
    header = ("代码", *groups, "合计")
    inside = {hand: [row for row in rows if row.category != OUT_OF_SCOPE] for hand, rows in groups.items()}
    return f"""### 类别

{table(header, _count_rows(groups, "category", taxonomy.categories))}

### 环节（范围内）

{table(header, _count_rows(inside, "setting", taxonomy.settings))}

### 性质与渠道

{table(header, _count_rows(groups, "kind", ("dispute", "report", "inquiry")))}

{table(header, _count_rows(groups, "channel", sorted({row.channel for row in examples})))}
"""


def _with_second(examples: Sequence[Example]) -> int:
    """How many texts hold a second matter."""
    return sum(bool(row.secondary) for row in examples)


def data_card(
    examples: Sequence[Example], sealed: Sequence[Example], second: Mapping[str, Second], taxonomy: Taxonomy
) -> str:
    """The data card of a corpus and of its sealed part, which no hand of the corpus wrote."""
    groups, apart = by_hand(examples), by_hand(sealed)
    middle, pairs = _overlaps(groups | apart)
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
{_agreement(both, second)}

执笔与标注都借助大语言模型完成，每位执笔人有各自的地区、身份和语气；\
第二次标注也是如此，因此一致率高于两个真人之间的一致率，不能当作标签无误的证明。

## 执笔人与长度

{_lengths(groups)}

封存测试部分：

{_lengths(apart) if apart else "无"}

（开头取前 {OPENING} 字；正文完全相同的 {len(both) - len({row.text for row in both})} 条）

## 用词的增长

{table(("文本占比", "条数", "不同的词", "新增"), _growth(examples))}

## 执笔人之间的 {OVERLAP} 字重合

两位执笔人共有的 {OVERLAP} 字串占较少一方的比例：中位 {share(middle)}。最高的 {len(pairs)} 对：

{table(("两位", "比例"), pairs)}

## 训练部分的分布

{_facets(groups, examples, taxonomy)}
## 封存测试部分的分布

{_facets(apart, sealed, taxonomy) if apart else "无"}
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
