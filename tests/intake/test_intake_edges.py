"""Days, sums, places and addresses that were once misread, each beside what looks like it."""

from datetime import UTC, datetime

import pytest

from hotline.intake.normalise import normalise

RECEIVED = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def read(text, hint="", home=None):
    return normalise(text, received_at=RECEIVED, location_hint=hint, home_region=home)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("98年5月1日注册的商标", ["1998-05-01"]),
        ("九八年5月1日注册的商标", ["1998-05-01"]),
        ("26年5月1日买的", ["2026-05-01"]),
        ("保质期到28年5月1日", ["2028-05-01"]),
        ("上个月今天买的", ["2026-10-20"]),
        ("去年今天买的", ["2025-11-20"]),
        ("上周今天买的", ["2026-11-13"]),
        ("就是今天买的", ["2026-11-20"]),
        ("腊八", ["2026-01-26"]),
        ("冬至", ["2025-12-21"]),
        ("平安夜买的", ["2025-12-24"]),
        ("去年618", ["2025-06-18"]),
        ("去年618人买过", []),
        ("编号618", []),
        ("11.3号", ["2026-11-03"]),
        ("两天前", ["2026-11-18"]),
        ("2026-11-05T09:00:00Z", ["2026-11-05"]),
        ("型号2026-11-05TX", []),
    ],
)
def test_days(text, expected):
    assert [str(day) for day in read(text).dates] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("交了2000定金", [2000]),
        ("99.9包邮", [99.9]),
        ("买了3包邮票", []),
        ("1980买的手表", [1980]),
        ("2020买的手表", []),
        ("双十一，618买的", []),
        ("50%折扣后180", [180]),
        ("五六百块钱", [500, 600]),
        ("三四万元", [30000, 40000]),
        ("七八十元", [70, 80]),
        ("块儿八毛的东西", []),
        ("块儿八毛", []),
        ("三块儿八毛", [3.8]),
        ("收了一张百元大钞", []),
        ("收了一百元假币", [100]),
        ("茶位费每人6块三十块钱", [6, 30]),
        ("往里灌84消毒液，钱没退", []),
        ("花钱做土壤检测，有机质不到二十", []),
    ],
)
def test_sums(text, expected):
    assert [float(each.value) for each in read(text).amounts_yuan] == expected


@pytest.mark.parametrize(
    ("text", "hint", "expected"),
    [
        ("重庆火锅店卖的锅底是假的", "", None),
        ("重庆一家火锅店卖的锅底是假的", "", "500000"),
        ("在重庆市渝中区火锅店吃的", "", "500103"),
        ("陕西凉皮店卖假货", "", None),
        ("沙县小吃不干净", "", None),
        ("沙县一家超市卖假货", "", "350405"),
        ("买了新疆和田玉手镯，是假的", "", None),
        ("新疆和田一家店卖假货", "", "653200"),
        ("鼓楼区一家店卖假货", "徐州市", "320302"),
        ("鼓楼区一家店卖假货", "江苏省", "320000"),
        ("朝阳区一家店卖假货", "北京市", "110105"),
        ("西城区一家店卖假货", "徐州市", "110102"),
        ("雄安新区容城一家店卖假货", "", "130629"),
        ("雄安新区一家店卖假货", "", None),
    ],
)
def test_places(text, hint, expected):
    region = read(text, hint).region
    assert (region.adcode if region else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://中文.com/路径", ["https://中文.com/路径"]),
        ("网址https://中文.com/路径，打不开", ["https://中文.com/路径"]),
        ("在http://商城.中国:80/ 买的", ["http://商城.中国"]),
        ("https://www.abc.com这个网站", ["https://www.abc.com"]),
        ("https://www.abc.com/a这个网站", ["https://www.abc.com/a"]),
        ("他说https://没有网址", []),
    ],
)
def test_addresses(text, expected):
    assert list(read(text).urls) == expected
