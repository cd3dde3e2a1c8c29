"""Names that stand alone, and what a name is: families, given names, and words that begin like one."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from hotline.intake import family_names
from hotline.intake.normalise import hidden, masked
from hotline.intake.submission import Draft, complaint_from_draft

NAMES = ("樊巧云", "苟振东", "支月娥", "仝学军", "逯长河", "上官婉", "李娜", "阿依古丽", "扎西平措", "支强")
NUMBERS = ("13812340000", "138 1234 0000", "010-88886666", "138****0000", "[电话]")
OWN = ("{name}，{number}", "{number}{name}", "联系{name}，{number}。", "{name} 电话：{number}", "{number}（{name}）")
OTHERS = (
    "老板叫{name}，{number}",
    "店主{name}，{number}",
    "法定代表人：{name}，电话{number}",
    "举报 {name} {number} 卖假烟",
    "转账给{number}，{name}",
    "{name}烤鸭店，{number}",
    "联系客服{name}，{number}",
)


@pytest.mark.parametrize(("name", "number", "way"), list(product(NAMES, NUMBERS, OWN)))
def test_a_name_beside_the_callers_number_is_hidden(name, number, way):
    assert name not in masked("买的鞋开胶了，要求退款。" + way.format(name=name, number=number))


@pytest.mark.parametrize(("name", "number", "way"), list(product(NAMES, NUMBERS[:3], OTHERS)))
def test_a_name_beside_the_respondents_number_stays(name, number, way):
    assert name in masked(f"买的鞋开胶了，{way.format(name=name, number=number)}，请查处。")


@pytest.mark.parametrize(
    "words",
    [
        "谢谢",
        "平台",
        "方便面",
        "车厘子",
        "时间",
        "高兴",
        "金额大",
        "颜色差",
        "急急急",
        "白瓶子",
        "承德",
        "经鉴定",
        "商家",
    ],
)
def test_a_word_beside_a_number_stays(words):
    text = f"要求退款，{words}，13812340000，{words}。"
    assert masked(text).count(words) == 2


def test_a_name_beside_a_service_number_is_not_the_callers():
    assert "樊巧云" in masked("客服说退不了。4008001234，樊巧云。")


@pytest.mark.parametrize("name", ["于", "欧", "万俟", "第五", "年", "福", "仉", "冼", "邴", "占", "敬", "公"])
def test_the_families_are_those_of_the_baijiaxing_and_of_today(name):
    known = family_names.SURNAMES + family_names._WORD_SURNAMES
    assert name in known or name in family_names.ANY


def test_no_family_stands_twice_and_no_word_is_of_no_family():
    singles = family_names.SURNAMES + family_names._WORD_SURNAMES
    assert len(singles) == len(set(singles)) > 500
    assert {word for word in family_names._WORDS if word[0] not in family_names.FIRSTS} <= family_names.NOT_NAMES


def test_a_row_masked_by_earlier_rules_loses_the_name_beside_its_number():
    text = "商家愿退八百，不接受。齐占军，150 3170 0091。齐占军说的。"
    draft = Draft(channel="12315", external_id="1", text=text, received_at=datetime(2026, 11, 20, 2, 0, tzinfo=UTC))
    made = complaint_from_draft(draft, complaint_id="c", submission_id="s", office_id="o", home_region=None)
    old = replace(made, masked_text="商家愿退八百，不接受。齐占军，150****0091。齐占军说的。")
    assert hidden(old, whole=False).masked_text == "商家愿退八百，不接受。齐**，150****0091。齐**说的。"
    report = replace(made, masked_text="商家愿退八百，不接受。齐占军，[电话]。齐占军说的。")
    assert "占军" not in hidden(report, whole=True).masked_text


@pytest.mark.parametrize(
    "piece", ["13812340000，樊", "樊巧云，", "名叫樊巧云，", "我樊巧云，", "姓樊，樊", "代樊", "\n樊反映"]
)
@pytest.mark.timeout(20)
def test_repetition_takes_bounded_time(piece):
    assert masked(piece * 2_000)
