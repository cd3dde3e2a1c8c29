import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotline.intake.normalise import normalise
from hotline.intake.submission import Draft, complaint_from_draft
from hotline.records import Reporter, Respondent
from hotline.vocabulary import Kind

RECEIVED = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
GOLDEN = Path(__file__).parents[1] / "golden" / "places.csv"
HOME = "110102"


def place(text, hint="", home=HOME):
    region = normalise(text, received_at=RECEIVED, location_hint=hint, home_region=home).region
    return region.adcode if region else ""


def test_the_places_read_by_hand_are_found_and_hardly_any_other():
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    read = [(place(row["text"], row["hint"], row["home"] or None), row["expected"]) for row in rows]
    said = sum(bool(found) for found, _ in read)
    right = sum(bool(found) and found == expected for found, expected in read)
    assert len(rows) > 600
    assert right / said >= 0.98
    assert right / sum(bool(expected) for _, expected in read) >= 0.97


@pytest.mark.parametrize(
    "text",
    [
        "我是开货车的，河北张家口人，广安门货场旧址边上有个库，从河北白沟那边拉冲锋衣",
        "罐子上的圆标查不着，懂茶的同事喝了说这是四川的早茶",
        "阿里平台店铺卖的餐椅抄我们的外观",
        "天桥艺术中心边上有个摊位卖乐高",
        "卖我陈年普洱，内飞是改过的",
        "一卷一卷的标，白天用三轮拉到丰台去",
        "我们一家四口从湖北来玩，在大栅栏西街买了个玉镯",
        "鸡蛋号码一查是山东一家菜农的",
        "深圳一个代理商在你们北展电子展上摆样",
        "袋子印五常大米，产地写的唐山",
        "西直门外售楼处，房子在昌平",
        "复合肥含量不够",
        "孩子长高药是假的",
    ],
)
def test_other_places_are_not_the_matter(text):
    assert place(text) == ""


@pytest.mark.parametrize(
    ("text", "adcode"),
    [
        ("柜里一半是免税香烟，从满洲里过来的，报关的是西城的贸易公司", "110102"),
        ("西城区广外大街瑞隆烟酒", "110102"),
        ("你们西城月坛那块一家叫沃丰的，我在房山种菜", "110102"),
        ("被投诉人地址：江苏省南京市鼓楼区中山北路10号", "320106"),
        ("重庆市渝北区一家店", "500157"),
    ],
)
def test_the_place_said_to_be_the_matters(text, adcode):
    assert place(text) == adcode


def complaint(**fields):
    draft = Draft(channel="12315", external_id="1", received_at=RECEIVED, **fields)
    return complaint_from_draft(draft, complaint_id="c", submission_id="s", office_id="o", home_region=HOME)


@pytest.mark.parametrize(
    ("fields", "adcode"),
    [
        ({"text": "在天津买的假货", "respondent": Respondent(address="西城区马连道路11号")}, "110102"),
        ({"text": "在天津买的假货", "respondent": Respondent(address="北京展览馆8号馆")}, "120000"),
        ({"text": "在天津买的假货", "happened_where": "北京市丰台区"}, "110106"),
        (
            {"text": "假货", "respondent": Respondent(address="河北省香河县"), "happened_where": "西城区"},
            "131024",
        ),
        ({"text": "在天津买的假货", "location_hint": "西城区"}, "120000"),
        ({"text": "假货", "location_hint": "110102"}, "110102"),
    ],
)
def test_the_respondents_place_comes_before_the_text_and_the_hint_last(fields, adcode):
    assert complaint(**fields).region.adcode == adcode


@pytest.mark.parametrize(
    ("kind", "goods"), [(Kind.DISPUTE, "手机 电话139****0000 王**"), (Kind.REPORT, "手机 电话[电话] [姓名]")]
)
def test_numbers_and_the_callers_name_in_goods_are_masked(kind, goods):
    given = "手机 电话13900000000 王小五"
    assert complaint(text="假货", kind=kind, goods=given, reporter=Reporter(name="王小五")).goods == goods


@pytest.mark.parametrize(
    "shown", ["王小五", "王*五", "王**", "王某某", "王某", "王小*", "王女士", "白纸坊街*号院2楼", "白纸坊街5号院*楼"]
)
def test_the_callers_half_hidden_name_and_address_are_masked_too(shown):
    reporter = Reporter(name="王小五", address="北京市西城区白纸坊街5号院2楼")
    got = normalise(f"店里说{shown}的单子退不了", received_at=RECEIVED, reporter=reporter).masked_text
    assert shown not in got
    assert "白纸坊" not in got
