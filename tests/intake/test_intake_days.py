"""Days, phones, addresses and the repair of mojibake: rules that blind texts have shown to be missing."""

from datetime import UTC, date, datetime

import pytest

from hotline.intake.dates import find_dates
from hotline.intake.normalise import normalise
from hotline.intake.urls import find_urls


@pytest.mark.parametrize(
    ("text", "today", "days"),
    [
        ("腊月二十三我在镇上买了尿素", date(2013, 3, 20), ["2013-02-03"]),
        ("三月初三买的", date(2008, 6, 1), ["2008-04-08"]),
        ("前日子买了两瓶农药", date(2012, 9, 4), []),
        ("前日买了两瓶农药", date(2012, 9, 4), ["2012-09-02"]),
        ("卖肉的摊位是二十三号。", date(2017, 2, 8), []),
        ("买肉的日子是二十三号。", date(2017, 2, 8), ["2017-01-23"]),
        ("来电人：邵国庆，电话", date(2022, 9, 1), []),
        ("店员是国庆那天来的", date(2022, 9, 1), ["2021-10-01"]),
        ("同年二月二剪的头", date(2026, 11, 21), ["2026-03-20"]),
        ("2025年2月买的，同年二月二退的", date(2026, 11, 21), ["2025-03-01"]),
        ("农历廿三买的", date(2026, 11, 21), ["2026-11-01"]),
        ("2025年的十二月初八买的", date(2026, 11, 21), ["2026-01-26"]),
        ("飘带上的编号是16号", date(2026, 11, 21), []),
        # More than one day with one year, month or week.
        ("2021年12月30日至1月2日参展", date(2026, 11, 21), ["2021-12-30", "2022-01-02"]),
        ("2025年10月1号-3号", date(2026, 11, 21), ["2025-10-01", "2025-10-03"]),
        ("2022.5.1-2022.5.7参展", date(2026, 11, 21), ["2022-05-01", "2022-05-07"]),
        ("本年九月三日、九月十一日两次", date(2026, 11, 21), ["2026-09-03", "2026-09-11"]),
        ("10月1号 2号 三号都去了", date(2026, 11, 21), ["2026-10-01", "2026-10-02", "2026-10-03"]),
        ("上周二、周三都去了", date(2023, 11, 22), ["2023-11-14", "2023-11-15"]),
        ("上周六日去的", date(2023, 11, 22), ["2023-11-18", "2023-11-19"]),
        ("周二、周四去的", date(2023, 11, 22), ["2023-11-21", "2023-11-16"]),
        ("每周二、周五夜里生产", date(2023, 11, 22), []),
        ("下周的周三开庭", date(2023, 11, 22), ["2023-11-29"]),
        # What the day is told from.
        ("上上个月3号买的", date(2023, 11, 22), ["2023-09-03"]),
        ("2023年3月办的卡，当月18号关门", date(2023, 11, 22), ["2023-03-18"]),
        ("当月18号关门", date(2023, 11, 22), ["2023-11-18"]),
        ("再过三天到期", date(2023, 11, 22), ["2023-11-25"]),
        ("买了三天后坏了", date(2023, 11, 22), []),
        ("昨晨买的", date(2023, 11, 22), ["2023-11-21"]),
        ("二零零三年五月一号，零三年五月二号", date(2023, 11, 22), ["2003-05-01", "2003-05-02"]),
        ("20231001下单", date(2023, 11, 22), ["2023-10-01"]),
        ("单号20231001", date(2023, 11, 22), []),
        # Feasts.
        ("去年十一在舟山吃饭", date(2026, 11, 21), ["2025-10-01"]),
        ("去年十一月在舟山吃饭", date(2026, 11, 21), []),
        ("孩子今年十一，在上学", date(2026, 11, 21), []),
        ("腊月初八买的", date(2023, 11, 22), ["2022-12-30"]),
        ("腊八那天", date(2026, 1, 19), ["2025-01-07"]),
        ("年初三买的烟花", date(2026, 11, 21), ["2026-02-19"]),
        ("年初一批货", date(2026, 11, 21), []),
        ("今年初三买的", date(2026, 11, 21), []),
        ("八一建军节买的", date(2026, 11, 21), ["2026-08-01"]),
        ("大年夜，端阳，八月半", date(2026, 11, 21), ["2026-02-16", "2026-06-19", "2026-09-25"]),
    ],
)
def test_days(text, today, days):
    assert [day.isoformat() for day in find_dates(text, today)] == days


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("http：//www.Example.com：8080/index.html 架设私服", ("http://www.example.com:8080/index.html",)),
        ("网址shop.example.com：443，请查", ("http://shop.example.com:443",)),
        ("https://shop.example.com:443/a", ("https://shop.example.com/a",)),
        ("http://例子.com/路径", ("http://例子.com/路径",)),
        ("花了3.5元，版本1.76.0218", ()),
        ("网店：shop.com", ("http://shop.com",)),
    ],
)
def test_urls(text, urls):
    assert find_urls(text) == urls


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("编码：13800138000", ()),
        ("付了13800138000元", ()),
        ("电话13800138000，元旦后打", ("13800138000",)),
        ("编号在背面，电话13800138000", ("13800138000",)),
    ],
)
def test_phones(text, phones):
    assert normalise(text, received_at=datetime(2026, 11, 21, tzinfo=UTC)).phones == phones


@pytest.mark.parametrize("repaired", [True, False])
def test_a_repair_is_said(repaired):
    good = "你购的商品是假的，商家让我打电话，他不肯退钱。"
    text = good.encode("gb18030").decode("latin-1") if repaired else good
    found = normalise(text, received_at=datetime(2026, 11, 21, tzinfo=UTC))
    assert (found.text, found.repaired) == (good, repaired)
