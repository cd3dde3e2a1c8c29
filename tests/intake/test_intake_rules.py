"""Rules of the conventions at their edges: what a rule takes, beside what looks like it and is left."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from hotline.intake.normalise import normalise

RECEIVED = datetime(2026, 3, 18, 2, 0, tzinfo=UTC)


def read(text, home=None):
    return normalise(text, received_at=RECEIVED, home_region=home)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("电话零七一六，八三五幺，二三四，三个人在等。", ["07168351234"]),
        ("电话是洞幺洞，八三五五，幺二三四。", ["01083551234"]),
        ("客服四零零，六六零，零八零八。", ["4006600808"]),
        ("零幺幺，八三五五，幺二三四，没有这个区号。", []),
        ("卡号是6228 4800 1391 2345 678。", []),
        ("手机1391 2345 678。", ["13912345678"]),
        ("券号13900139001，刮开了。", []),
    ],
)
def test_phones(text, expected):
    assert list(read(text).phones) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("讲了半天，九十成交。", [90]),
        ("充5000送800元。", [5000, 800]),
        ("满三送一的活动，付款没有减。", []),
        ("满300减150，付款才减了四十。", [300, 150, 40]),
        ("说88，理完了要我388。", [88, 388]),
        ("说88，我就信了，付款时没票。", []),
        ("卖和田大枣，19.9三斤。", ["19.9"]),
        ("价钱三十九块九两斤。", ["39.9"]),
        ("门口卖的，50块三根。", [50]),
        ("每双的差价1440块一直说补。", [1440]),
        ("补七百元零五毛。", ["700.5"]),
        ("补七百元零五分。", ["700.05"]),
        ("扔下一百块走了，没找钱。", [100]),
        ("我们一块走的，没给钱。", []),
        ("多收服务费10%，168.8，没票。", ["168.8"]),
        ("拿卡尺量，2.6，这钱花得冤。", []),
        ("加了一箱95，跑六十里就坏，修车的收了钱。", []),
        ("建议给12330也开个小程序，不花钱。", []),
        ("打电话要加0086，收费的。", []),
        ("买的千元机坏了，50元机建费没退。", [50]),
        ("这双鞋四百五，穿了三天。", [450]),
        ("一毛钱都没退，一分钱不值。", []),
    ],
)
def test_amounts(text, expected):
    assert [each.value for each in read(text).amounts_yuan] == [Decimal(each) for each in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("腊月二十三买的糖瓜。", ["2026-02-10"]),
        ("去年腊月二十三买的。", ["2026-02-10"]),
        ("腊月三十买的，那年没有三十。", []),
        ("正月十三来的。", ["2026-03-01"]),
        ("二月二庙会上买的。", ["2025-03-01"]),
        ("12号付定金，25号说没货。", ["2026-03-12", "2026-02-25"]),
        ("登机口12号。门牌15号。", []),
        ("3月1日装的，三天后又坏了。", ["2026-03-01"]),
        ("三天前装的。", ["2026-03-15"]),
        ("授权公告日2021年11月5日。", ["2021-11-05"]),
        ("公告2021年11月5日第3号。", []),
    ],
)
def test_dates(text, expected):
    assert [day.isoformat() for day in read(text).dates] == expected


@pytest.mark.parametrize(
    ("text", "home", "expected"),
    [
        ("长春的朝阳区一家店卖假酒，我是打你们北京电话的。", "110102", "220104"),
        ("你们北京西单一家店卖假酒。", None, "110000"),
        ("在济南市中区经四路一家店。", None, "370103"),
        ("我 在 浙江 省 杭州 市 下城 区 武林 广场 买 的 衣服", None, "330105"),
        ("在西湖区朝阳洲买的房子，南昌的西湖区，不是杭州那个。", None, "360103"),
        ("我去溧水县城，现在叫溧水区了，老街上一家银楼。", None, "320117"),
        ("去青州古城玩，停车场乱收费。", "370100", "370781"),
        ("你要正品去香港买。", None, None),
        ("我这边临朐，集上有人卖假药。", "370700", "370724"),
        ("租的房，房子在西城区南菜园，房东不退押金。", None, "110102"),
        ("我房子在西城区，网上买的假鞋。", None, None),
        ("罐子上写灌装地山东蓬莱。", None, None),
        ("商标转让要到北京来吗？", None, None),
        ("你们北京能查吗？", None, None),
        ("苏州吴江的工厂生产的，我在北京买的。", None, "110000"),
        ("去潍城区一家药房拿药。", None, "370702"),
        ("昌平区那边的陵园乱收费。", None, "110114"),
        ("大润发宝坻店买的汤圆。", "120115", "120115"),
    ],
)
def test_regions(text, home, expected):
    region = read(text, home).region
    assert (region.adcode if region else None) == expected


def test_words_put_apart_by_speech_to_text_are_put_together_but_not_spoken_numbers():
    got = read("我 在 店 里 买 的 衣服 三百 九十 八 元 电话 零五七一 八五八五 一二三四 幺三九 零零零零 幺幺二二")
    assert got.phones == ("057185851234", "13900001122")
    assert [each.value for each in got.amounts_yuan] == [398]
    assert read("李 先生 来电").text == "李 先生 来电"
