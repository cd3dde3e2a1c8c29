"""The cheap looks before costly ones leave nothing out: each is held against what it stands before."""

import itertools
import json
import random
import re
from pathlib import Path
from re import _constants as codes
from re import _parser as parser

import pytest

from hotline.intake import cleaning, dates, days_of_feasts, place_cues

ROOT = Path(__file__).parents[2]
PIECES = """
今年 去年 前年 明年 同年 2025年 25年 二〇二五年 的 3 12 三 十二 廿 一 月 月份 日 号 本月 上个月 这个月 元月 正月 腊月
初八 农历 阴历 ， 、 - 至 和 . / · 昨 今 前 后 大前 天 晚 儿 个 周 星期 五 上 上上个 下个 这 每 以 两 最后 第 头 一天
那天 在 买 日期 琴 再过 去 20260305 2026-3-5 26.3 3.15 双十一 国庆 中秋节 618 除夕 前一天 元旦 八月十五 二月二
""".split()  # noqa: SIM905 - sixty words read better in three lines.

# What stands before the hinge is as long as it can be.
LONGEST = (
    *(
        "二〇二五 年 三 月 五日",
        "去年的十二 月三日",
        "2025年的十二月初八",
        "2025年的农历的十二月初八",
        "2025年的初八那天",
    ),
    *(
        "2025年的上个月的第一天",
        "2025年的十一月份的最后一天",
        "每个上上个星期五",
        "上个星期的今天",
        "十二三天以前",
        "大前天",
    ),
    *("昨个儿", "前儿个", "二十三号", "2026.12.30", "12.30号", "这个月的三号", "2025年的国庆节", "12年的中秋"),
)


def _golden() -> list[str]:
    files = sorted((ROOT / "tests" / "golden").glob("normalise*.jsonl"))
    return [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def _put_together(seed: int, number: int) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - the same texts every time, nothing secret.
    return ["".join(chance.choices(PIECES, k=chance.randint(2, 9))) for _ in range(number)]


def test_a_reading_tried_around_its_hinges_finds_what_it_finds_alone():
    for text in [*LONGEST, *_golden(), *_put_together(7, 4000)]:
        alone = {
            (rank, *match.span())
            for rank, reading in enumerate(dates.READINGS)
            for match in reading.pattern.finditer(text)
        }
        assert {(rank, *match.span()) for *_, rank, match in dates._matches(text)} == alone, text


def test_every_feast_is_looked_for():
    names = (*days_of_feasts.feasts.SOLAR, *days_of_feasts.feasts.LUNAR, "正月初三", "腊月廿三", "大年初五")
    assert [name for name in names if 2 not in days_of_feasts.feast_places(f"，，{name}")] == []


def _everyday_texts(number: int) -> list[str]:
    chance = random.Random(3)  # noqa: S311 - as above.
    signs = "，。！？……——“”‘’：；、[]（）【】 \n啊的一12.,-=#*@~$%^&|<>杂音於乾買‥―‖"
    several = [*signs, *map(chr, cleaning._EVERYDAY[:: len(cleaning._EVERYDAY) // 400])]
    return ["".join(chance.choices(several, k=chance.randint(1, 14))) for _ in range(number)]


def test_a_text_without_a_strange_character_is_cleaned_as_if_it_had_one(monkeypatch):
    noisy = ["[杂音]你好", "（静音）喂", "【停顿】喂", "锟斤拷锟斤拷", "<b>假</b>", "1&lt;2"]
    texts = [*noisy, *_golden(), *_everyday_texts(4000)]
    quick = [cleaning.clean(text) for text in texts]
    monkeypatch.setattr(cleaning, "_strange", lambda: re.compile(""))
    assert [cleaning.clean(text) for text in texts] == quick


def _last(parsed) -> tuple[set[str], bool]:
    """The characters that a match of a parsed expression can end with, and whether it can be empty."""
    found: set[str] = set()
    for code, value in reversed(list(parsed)):
        ends, empty = _last_of(code, value)
        found |= ends
        if not empty:
            return found, False
    return found, True


def _last_of(code, value) -> tuple[set[str], bool]:
    if code is codes.LITERAL:
        return {chr(value)}, False
    if code is codes.IN:
        return set(itertools.chain.from_iterable(map(_of_class, value))), False
    if code is codes.BRANCH:
        each = [_last(branch) for branch in value[1]]
        return set().union(*(ends for ends, _ in each)), any(empty for _, empty in each)
    if code is codes.SUBPATTERN:
        return _last(value[3])
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        ends, empty = _last(value[2])
        return ends, empty or value[0] == 0
    assert code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT), code
    return set(), True


def _of_class(part) -> set[str]:
    code, value = part
    if code is codes.LITERAL:
        return {chr(value)}
    assert code is codes.RANGE, part
    return {chr(each) for each in range(value[0], value[1] + 1)}


@pytest.mark.parametrize(
    ("pattern", "ends"),
    [
        ("_FROM", "_FROM_ENDS"),
        ("_WAY", "_WAY_ENDS"),
        ("_MAKER", "_LABEL_ENDS"),
        ("_FACTORY_PRINT", "_LABEL_ENDS"),
        ("_SELF", "_SELF_ENDS"),
        ("_NAMED", "_NAMED_ENDS"),
        ("_HOME_BEFORE", "_HOME_ENDS"),
        ("_REPORTER", "_REPORTER_ENDS"),
        ("_MARK", "_MARK_ENDS"),
        ("_MARK_STRONG", "_STRONG_ENDS"),
        ("_CLAUSE", "_CLAUSE_ENDS"),
        ("_SENTENCE", "_SENTENCE_ENDS"),
        ("_SELLER", "_SELLER_ENDS"),
    ],
)
def test_the_words_before_a_place_end_as_the_look_before_them_says(pattern, ends):
    source = getattr(place_cues, pattern).pattern.replace("地址[^,，。;；]{0,3}", "地址")  # any end: looked for by 地址
    missing = _last(parser.parse(source))[0] - getattr(place_cues, ends)
    assert missing == set(), f"add these to {ends}"
    assert "\n" in getattr(place_cues, ends), "$ stands before a last line feed, too"
