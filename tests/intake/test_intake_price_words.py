"""The word lists of prices: every group's example is found by its group, and what is derived fits what is read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from hotline.intake import price_before, price_behind, price_words, prices
from hotline.intake.amounts import find_amounts
from hotline.intake.numbers import HAN_NUMERAL

TABLE = tomllib.loads(Path(price_words.__file__).with_name("prices.toml").read_text(encoding="utf-8"))
NUMBER = re.compile(rf"[\d.{HAN_NUMERAL}]+")
KEYS = {"why", "example", "chars", "words", "between", "unless"}


def groups(section, name="", path=()):
    for key, value in section.items():
        if isinstance(value, dict):
            yield from groups(value, key, (*path, key))
    if "why" in section:
        yield path, section


ALL = [pytest.param(path, group, id=".".join(path)) for path, group in groups(TABLE)]


def starts_of_numbers(example):
    return [at for at in range(len(example)) if NUMBER.fullmatch(example, at)]


def ends_of_numbers(example):
    return [at for at in range(1, len(example) + 1) if NUMBER.fullmatch(example, 0, at)]


def is_found(section, group, example):
    if section == "before":
        pattern = re.compile(price_words._expression(group, back=True))
        return any(pattern.match(example[:start][::-1]) for start in starts_of_numbers(example))
    pattern = re.compile(price_words._expression(group, back=False))
    if section == "behind":
        return any(pattern.match(example, end) for end in ends_of_numbers(example))
    return pattern.search(example) is not None


@pytest.mark.parametrize(("path", "group"), ALL)
def test_every_group_says_why_and_finds_its_examples(path, group):
    assert group["why"].endswith(".")
    assert {key for key, value in group.items() if not isinstance(value, dict)} <= KEYS
    for example in group["example"].split(", "):
        assert is_found(path[0], group, example), example


def test_a_name_is_used_once():
    names = [name for section in TABLE.values() for name in section]
    assert len(names) == len(set(names))


def test_no_word_stands_twice_in_a_group():
    for path, group in groups(TABLE):
        phrases = price_words._phrases(group)
        assert len(phrases) == len(set(phrases)), path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("price", ["评价", "峰值", "免费", "风险是", "加了一箱", "人数"]),
        ("leads", ["他才", "总共", "加了两桶", "加一箱"]),
        ("one_of", ["加了一箱"]),
        ("measured", ["一次"]),
        ("no_exact_before", ["网上", "晚上"]),
    ],
)
def test_unless_takes_words_back_before_a_number(name, words):
    pattern = price_words.before(name)
    assert [word for word in words if pattern.match(word[::-1])] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("closes", ["的手机", "卡路里"]),
        ("closes_late", ["转速", "充电", "加油"]),
        ("each", ["一个二"]),
        ("no_end", ["到账"]),
        ("bought", ["包邮费"]),
        ("no_yuan", ["元购买", "元月租"]),
        ("parts_counted", ["一斤", "包邮"]),
    ],
)
def test_unless_takes_words_back_behind_a_number(name, words):
    assert [word for word in words if price_words.behind(name).match(word)] == []


def test_words_before_are_read_backwards():
    price = price_words.before("price")
    assert price.match("手续费每小时"[::-1])
    assert price.match("花了我足足"[::-1])
    assert not price.match("花钱买了这么一台"[::-1])


def test_where_words_begin_and_end_is_derived():
    assert price_words.firsts("turns") == frozenset("直又一下就给涨降提加调跌变升抬砍改卖")
    assert price_words.firsts("sold") == frozenset("成拿的")
    assert price_words.lasts("no_exact_before") >= frozenset("约概近多到过少上乎几¥ ")
    assert price_words.lasts("foreign") == {name[-1] for name in TABLE["unit"]["foreign"]["words"].split()}


def test_a_set_that_shuts_out_has_no_characters_to_know_words_by():
    with pytest.raises(ValueError, match="no word is known"):
        price_words.lasts("bid")


@pytest.mark.parametrize("char", sorted(price_behind.COUNTED))
def test_before_a_character_of_counts_nothing_would_be_read(char):
    bare = price_before.Bare(f"标价300{char}", "300", 2, 5, "价标")
    assert not price_behind.closes(bare.text, 5)
    assert not price_behind.closes_late(bare.text, 5)
    assert not price_behind.may_say(bare, ends=False)
    assert prices.bare_sum(bare.text, "300", 2, 5, 5) is None


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("四十块一副", [("40", False)]),
        ("九块九一副", [("9.9", False)]),
        ("电费一块二一度", [("1.2", False)]),
        ("三毛五一枚", [("0.35", False)]),
        ("15元24小时", [("15", False)]),
        ("损失六十余万元", [("600000", True)]),
        ("原价1299现价399", [("1299", False), ("399", False)]),
        ("羊奶霜一百二一罐", [("120", False)]),
        ("蘸水每人18，没标", [("18", False)]),
        ("五个人七千五，退", [("7500", False)]),
        ("三块五一斤", [("3.5", False)]),
        ("五块三个", [("5", False)]),
        ("三块一样的", [("3", False)]),
        ("价签写十二，刷卡刷了二十一，不退", [("12", False), ("21", False)]),
        ("标签鸡蛋3.98，结账4.58", [("3.98", False), ("4.58", False)]),
        ("原价1999现在699，从没卖过1399", [("1999", False), ("699", False), ("1399", False)]),
        ("卡里还有1800，没人接电话", [("1800", False)]),
        ("官网798，我买的是299，不退", [("798", False), ("299", False)]),
        ("满40减12，实付31块4毛", [("40", False), ("12", False), ("31.4", False)]),
        ("卖二十五一个、四十五两个，不退", [("25", False), ("45", False)]),
        ("烟价从78提到218", [("78", False), ("218", False)]),
        ("定金120+尾款439", [("120", False), ("439", False)]),
        ("进价90，出380，假货", [("90", False), ("380", False)]),
        ("一公斤六十八，买了假的", [("68", False)]),
        ("收费的护士量血糖由7.8升至11.2", []),
        ("一分钱赔偿都不要", []),
        ("他还骂我二百五，不退钱", []),
        ("超市买的84没日期，不退钱", []),
        ("我报了110，他不退钱", []),
        ("共三百零一个，收了钱", []),
        ("他是个二百五，收了钱", []),
        ("门票一个二百五，太贵", [("250", False)]),
        ("文章十万加，收了钱", []),
        ("加了一箱92，多收钱", []),
    ],
)
def test_sums_of_everyday_speech(text, sums):
    assert [(str(money.value), money.approx) for money in find_amounts(text)] == sums
