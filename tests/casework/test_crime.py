from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from hotline.casework.crime import MET, NEAR, crime_flags
from hotline.casework.crime_facts import read_facts
from hotline.casework.crime_rules import Measure, load_crime_rules
from hotline.errors import PolicyError

TODAY = date(2026, 11, 1)


def found(category, text, day=TODAY, **more):
    return {flag.rule: (flag.level, flag.percent) for flag in crime_flags(category, text, day, **more)}


@pytest.mark.parametrize(
    ("rule", "category", "text"),
    [
        ("C213-GOODS", "trademark", "作坊加工假冒商品，经营额{:.0f}元"),
        ("C214", "trademark", "网店卖假货，销售额{:.0f}元"),
        ("C216", "patent", "假冒专利产品，销售额{:.0f}元"),
        ("C217", "copyright", "盗版光盘，销售额{:.0f}元"),
        ("C218", "copyright", "盗版光盘，销售额{:.0f}元"),
        ("C219", "trade_secret", "前员工带走图纸，造成损失{:.0f}元"),
        ("C140", "product_quality", "劣质电缆，销售额{:.0f}元"),
        ("C147", "agricultural_inputs", "假种子绝收，损失{:.0f}元"),
        ("C225-TOBACCO", "tobacco", "无证卖烟，销售额{:.0f}元"),
        ("C225-BOOKS", "copyright", "非法出版物，销售额{:.0f}元"),
        ("C225-BOOKS-UNIT", "copyright", "印刷厂盗印，销售额{:.0f}元"),
    ],
)
def test_a_sum_is_compared_at_79_80_and_100_percent(rule, category, text):
    rules = {each.id: each for each in load_crime_rules()}
    measure = Measure.LOSS if "损失" in text else Measure.TURNOVER
    value = next(each.value for each in rules[rule].thresholds if each.measure is measure)
    assert rule not in found(category, text.format(value * Decimal("0.799")))
    assert found(category, text.format(value * Decimal("0.8")))[rule] == (NEAR, 80)
    assert found(category, text.format(value - 1))[rule] == (NEAR, 99)
    assert found(category, text.format(value))[rule] == (MET, 100)


@pytest.mark.parametrize(
    ("rule", "category", "text", "level"),
    [
        ("C213-SERVICE", "trademark", "冒用品牌门头维修，违法所得5万元", MET),
        ("C214", "trademark", "违法所得3万元", MET),
        ("C214", "trademark", "库存货值15万元的假包", MET),
        ("C214", "trademark", "假包已卖出4万元，库存货值11万元", MET),
        ("C140", "product_quality", "已售2万元，库存9万元", MET),
        ("C215", "mark_printing", "印制商标标识8000件", NEAR),
        ("C215", "mark_printing", "印制商标标识1万件", MET),
        ("C217", "online_copyright", "网站传播盗版小说500部", MET),
        ("C217", "online_copyright", "盗版影视点击8万次", NEAR),
        ("C217", "online_copyright", "盗版软件下载1万次", MET),
        ("C217", "online_copyright", "盗版网站有付费会员1000人", MET),
        ("C217", "online_copyright", "传播盗版小说300部，获利1.6万元", MET),
        ("C225-TOBACCO", "tobacco", "查到假烟20万支", MET),
        ("C225-BOOKS", "copyright", "盗印教材2000本", MET),
    ],
)
def test_other_measures(rule, category, text, level):
    assert found(category, text)[rule][0] == level


def test_repeat_and_several_marks_lower_the_threshold():
    assert "C214" not in found("trademark", "销售额3万元的假货")
    assert found("trademark", "老板受过处罚，又有销售额3万元的假货")["C214"] == (MET, 100)
    assert found("trademark", "卖多个品牌的假货，销售额3万元")["C214"] == (MET, 100)


@pytest.mark.parametrize(
    ("category", "text", "day", "rule", "level"),
    [
        ("patent", "假冒专利造成损失30万元", date(2025, 4, 25), "C216-2004", None),
        ("patent", "假冒专利造成损失30万元", date(2025, 4, 26), "C216", MET),
        ("mark_printing", "印制商标标识1万件", date(2025, 4, 25), "C215-2004", None),
        ("mark_printing", "印制商标标识2万件", date(2025, 4, 25), "C215-2004", MET),
        ("copyright", "卖盗版书获利5万元", date(2025, 4, 25), "C218-2004", None),
        ("copyright", "卖盗版书获利5万元", date(2025, 4, 26), "C218", MET),
        ("trademark", "冒用品牌门头维修，获利5万元", date(2025, 4, 25), "C213-SERVICE", None),
        ("drug", "卖假药", date(2011, 4, 30), "C141", None),
        ("drug", "卖假药", date(2011, 5, 1), "C141", MET),
    ],
)
def test_the_regime_of_the_day_of_receipt(category, text, day, rule, level):
    assert found(category, text, day).get(rule, (None, 0))[0] == level


def test_acts_need_no_sum():
    assert found("drug", "诊所卖假药")["C141"] == (MET, 0)
    assert found("food", "火锅店用地沟油和罂粟壳")["C144"] == (MET, 0)
    assert found("food", "卖病死猪肉")["C143"] == (MET, 0)
    assert found("product_quality", "诊所卖假药") == {}, "the category decides which acts are looked for"


@pytest.mark.parametrize("sign", ["窝点", "批量", "跨省", "受过处罚"])
def test_ipr_signs_make_a_reasonable_suspicion_where_the_sum_is_not_known(sign):
    text = f"卖假冒名牌包，{sign}"
    assert found("trademark", text)["W30"] == (MET, 0)
    assert "W30" not in found("product_quality", text)
    assert "W30" not in found("trademark", f"{text}，销售额9万元"), "a met threshold says more"
    assert "W30" not in found("trademark", text, date(2020, 8, 6))


def test_a_respondent_complained_of_again_and_again_is_a_sign():
    assert found("trademark", "卖假冒名牌包", repeats=1) == {}
    assert found("trademark", "卖假冒名牌包", repeats=2) == {"W30": (MET, 0)}


def test_what_the_caller_claims_is_no_sum_of_the_offence():
    assert found("trademark", "买到假包，要求退款并赔偿6万元") == {}
    assert found("trademark", "买到假包", amounts=[Decimal(50000)])["C214"] == (MET, 100)


def test_a_flag_says_what_was_found_and_where():
    flag = next(each for each in crime_flags("trademark", "网店卖假货，销售额60万元", TODAY) if each.rule == "C214")
    assert (flag.threshold, flag.found) == ("经营（销售）数额 50,000 元", "经营（销售）数额 600,000 元")
    assert flag.words == ("销售额60万元",)
    assert flag.grave
    assert flag.mark == "2销售假冒注册商标的商品 1200%"


def test_facts_are_read_clause_by_clause():
    facts = read_facts("已卖出4万元，库存货值1,200元；获利3000元")
    assert facts.sum_of(Measure.TURNOVER) == 40000
    assert facts.sum_of(Measure.UNSOLD) == 1200
    assert facts.sum_of(Measure.GAIN) == 3000


@pytest.mark.parametrize(
    "row",
    [
        'crime = "x"',
        'id = "A"\ncrime = "x"\narticle = "y"\nsince = 2020-01-01\ncategories = ["food"]',
        'id = "A"\ncrime = "x"\narticle = "y"\nsince = 2020-01-01\nthresholds = [{ measure = "gain", value = -1 }]',
        'id = "A"\ncrime = "x"\narticle = "y"\nsince = 2020-01-01\nthresholds = [{ measure = "no", value = 1 }]',
    ],
)
def test_a_bad_rule_is_named(tmp_path, row):
    path = tmp_path / "rules.toml"
    path.write_text(f"[[rule]]\n{row}\n", encoding="utf-8")
    with pytest.raises(PolicyError, match="刑事门槛"):
        load_crime_rules(path)


def test_an_unreadable_file_is_named(tmp_path):
    with pytest.raises(PolicyError, match="刑事门槛文件"):
        load_crime_rules(tmp_path / "none.toml")
