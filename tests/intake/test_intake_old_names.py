"""Names and codes of the past lead to the adcode of today: by `former.txt`, by rule, and as they stand in texts."""

from collections import Counter

import pytest

from hotline.intake import former
from hotline.intake.places import find_place, find_place_of_matter
from hotline.intake.regions import all_regions, derived_names, find_region, namesakes, own_name


def place(text, home=None, hint=""):
    region = find_place_of_matter(text, hint, home)
    return region.adcode if region else ""


def test_every_old_body_leads_to_a_region_of_today_by_code_and_by_name():
    regions = all_regions()
    assert [body for body in former.bodies() if body.adcode not in regions] == []
    assert [body for body in former.bodies() if own_name(body.adcode) != body.today] == []
    assert len(former.bodies()) > 400


def test_every_city_of_an_old_body_is_known():
    assert [body for body in former.bodies() if not namesakes(body.city)] == []


def test_no_body_of_the_past_is_told_twice():
    told = Counter((body.city, body.name) for body in former.bodies())
    assert [body for body, times in told.items() if times > 1] == []


def test_what_is_named_by_rule_stands_in_no_line():
    """A line repeats the rule only where the rule would leave several (永定县 was never in 张家界)."""
    assert former.by_name().keys().isdisjoint(derived_names())
    assert [body for body in former.bodies() if not 1990 < body.year <= 2026] == []


@pytest.mark.parametrize("body", former.bodies(), ids=lambda body: f"{body.city}{body.name}")
def test_each_old_body_is_found_behind_its_city(body):
    assert place(f"{body.city}{body.name}一家商店卖假货") == body.adcode


def test_codes_of_the_past_lead_to_regions_of_today():
    regions = all_regions()
    assert {old: today for old, today in former.codes().items() if today not in regions or old in regions} == {}


@pytest.mark.parametrize(
    ("code", "today"),
    [
        ("110104", "110102"),
        ("310108", "310106"),
        ("371421", "371403"),
        ("320503", "320508"),
        ("441421", "441403"),
        ("500112", "500157"),
        ("542100", "540300"),
        ("320571", "320500"),
        ("110100", "110000"),
        ("110102", "110102"),
        ("999999", None),
        ("999971", None),
    ],
)
def test_a_code_of_the_past_is_the_region_of_today(code, today):
    found = find_region(code)
    assert (found.adcode if found else None) == today


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("密云县", "110118"),
        ("章丘市", "370114"),
        ("临桂县", "450312"),
        ("澄城县", "610525"),
        ("丰宁县", "130826"),
        ("延边州", "222400"),
        ("鄂温克旗", "150724"),
        ("北川县", "510726"),
        ("陵县", "371403"),
        ("遵义县", "520304"),
        ("许昌县", "411003"),
        ("武昌县", "420115"),
        ("长安县", "610116"),
        ("思茅市", "530800"),
        ("四川省万县市", "500101"),
        ("德州市陵县", "371403"),
        ("山东省德州市陵县", "371403"),
        ("资阳市简阳市", "510185"),
        ("昌都地区", "540300"),
        ("桥东区", "130702"),
        ("石家庄市桥东区", "130102"),
        ("邢台市桥东区", "130502"),
        ("东乡县", None),
    ],
)
def test_names_of_the_past_as_they_stand_in_a_form(name, code):
    found = find_region(name)
    assert (found.adcode if found else None) == code


@pytest.mark.parametrize(
    ("text", "home", "adcode"),
    [
        ("无锡市崇安区中山路218号", "320200", "320213"),
        ("在保定市新市区买的", "110102", "130602"),
        ("襄樊市襄阳区张湾镇一门店", "420000", "420607"),
        ("襄樊一家药店卖假药", None, "420600"),
        ("上海南汇惠南镇一家店", None, "310115"),
        ("天津塘沽洋货市场买的", None, "120116"),
        ("塘沽一家药店", None, "120116"),
        ("宁波江东一家火锅店", None, "330212"),
        ("广州萝岗一家工厂", None, "440112"),
        ("重庆渝北一家粮油店", None, "500157"),
        ("四川省重庆市江北区观音桥一家店", None, "500157"),
        ("巢湖市无为县城关一家店", None, "340281"),
        ("莱芜市钢城区一商店", None, "370117"),
        ("昌吉州米泉市一粮油店", None, "650109"),
        ("思茅地区澜沧县一个市场", None, "530828"),
        ("苏州平江区观前街一店", "320500", "320508"),
        ("平江一家辣条厂", None, "430626"),
        ("巴州库尔勒一超市", None, "652801"),
        ("乔口区一店", None, "420104"),
    ],
)
def test_old_names_in_texts(text, home, adcode):
    assert place(text, home) == adcode


@pytest.mark.parametrize(
    ("text", "home", "adcode"),
    [
        ("桥东区一家店", "130100", "130102"),
        ("桥东区一家店", "130500", "130502"),
        ("桥东区一家店", None, ""),
        ("江北区一家店", "330200", "330205"),
        ("江北区一家店", "500000", "500157"),
        ("江北区一家店", None, ""),
        ("东山区一家店", "440100", "440104"),
        ("东山区一家店", None, "230406"),
        ("城区一家店", "140200", "140213"),
        ("从站前到南市区要了一百六", "210800", ""),
        ("四方坪夜市的摊子", "370000", ""),
        ("崇文门一家店", "110101", ""),
    ],
)
def test_namesakes_of_the_past_are_left_to_home_and_text(text, home, adcode):
    """A name that ended long ago gives way to today's; one that people still use leaves the place open."""
    assert place(text, home) == adcode


@pytest.mark.parametrize(
    ("hint", "adcode"),
    [
        ("110103", "110101"),
        ("德州市陵县", "371403"),
        ("江苏无锡崇安区", "320213"),
        ("静安区（原闸北）大宁路", "310106"),
    ],
)
def test_hints_of_the_past(hint, adcode):
    assert place("买的手机是坏的", "110102", hint) == adcode


def test_old_names_far_from_home_are_no_place_of_the_matter():
    assert find_place("我住闸北区，在徐汇区一家店买的", "310000").adcode == "310104"
    assert find_place("发往塘沽的货", "110102") is None
