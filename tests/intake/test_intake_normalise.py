from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.intake.normalise import normalise
from hotline.records import Reporter

RECEIVED = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)  # A Saturday, 10:00 in Shanghai.


def read(text, **more):
    return normalise(text, received_at=RECEIVED, **more)


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("电话13900000000。", ["13900000000"]),
        ("打+86 139-0000-1111找我", ["13900001111"]),
        ("0086 13900001111", ["13900001111"]),
        ("幺三九 零零零零 幺幺幺幺", ["13900001111"]),
        ("一三九洞洞洞洞一一一一", ["13900001111"]),
        ("１３９００００１１１１", ["13900001111"]),
        ("010-66001234转801", ["01066001234"]),
        ("(0316)2345678", ["03162345678"]),
        ("400-800-8888", ["4008008888"]),
        ("手机1 3 9 0 0 0 0 1 1 1 1", ["13900001111"]),
        ("139****0000", []),
        ("1390000000", []),
        ("拨打110和12315都没用", []),
        ("订单号13912345678", []),
        ("QQ:13912345678", []),
        ("订单20261120139123456789", []),
        ("两个电话13900000000、13900001111，还是13900000000", ["13900000000", "13900001111"]),
    ],
)
def test_phones(text, phones):
    assert list(read(text).phones) == phones


def test_identity_numbers_need_a_valid_check_digit_and_are_masked_either_way():
    got = read("身份证11010519491231002x，另一张110105194912310021")
    assert got.id_numbers == ("11010519491231002X",)
    assert "194912310" not in got.masked_text
    assert not got.phones


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("花了三千二百块", [("3200", False)]),
        ("一共1.2万", [("12000", False)]),
        ("1万5千元", [("15000", False)]),
        ("八十八块五", [("88.5", False)]),
        ("3块5一斤", [("3.5", False)]),
        ("花四百五买的", [("450", False)]),
        ("两百来块", [("200", True)]),
        ("3000多块", [("3000", True)]),
        ("约2000元", [("2000", True)]),
        ("￥１，２８０．００", [("1280", False)]),
        ("1,280元", [("1280", False)]),
        ("300到500元", [("300", False), ("500", False)]),
        ("标价4999", [("4999", False)]),
        ("卖十二一瓶", [("12", False)]),
        ("退了-500元", [("500", False)]),
        ("伍佰元整", [("500", False)]),
        ("花费15元购买油面筋", [("15", False)]),
        ("付了500，300个没发货", [("500", False)]),
        ("几百块", []),
        ("三五百块", []),
        ("十几块", []),
        ("一分钱一分货", []),
        ("100美元", []),
        ("型号A4999，52度，500毫升，买了3瓶，打8折，涨了20%", []),
        ("元旦买的", []),
    ],
)
def test_amounts(text, amounts):
    assert [(str(each.value), each.approx) for each in read(text).amounts_yuan] == amounts


def test_amounts_are_decimals():
    assert read("0.5元").amounts_yuan[0].value == Decimal("0.5")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("昨天买的", ["2026-11-20"]),
        ("大前天", ["2026-11-18"]),
        ("上礼拜五", ["2026-11-13"]),
        ("这周三", ["2026-11-18"]),
        ("下周一", ["2026-11-23"]),
        ("后天", ["2026-11-23"]),
        ("换表后天然气涨价", []),
        ("本月12号", ["2026-11-12"]),
        ("上个月3号", ["2026-10-03"]),
        ("去年双十一", ["2025-11-11"]),
        ("中秋节那天", ["2026-09-25"]),
        ("大年初三", ["2026-02-19"]),
        ("除夕", ["2026-02-16"]),
        ("今年3.15那天", ["2026-03-15"]),
        ("12月5日", ["2025-12-05"]),
        ("2月27至28日", ["2026-02-27", "2026-02-28"]),
        ("二〇二五年三月八号", ["2025-03-08"]),
        ("2025-12-01", ["2025-12-01"]),
        ("三天前", ["2026-11-18"]),
        ("昨天20号买的", ["2026-11-20"]),
        ("2026年2月30日", []),
        ("4月31日", []),
        ("月底、上周、3月中旬、国庆期间", []),
        ("批号20260101，版本2026.1.1，专利2025-01-01", []),
        ("周六福的戒指，每周五开门", []),
        ("五一路三十二号", []),
    ],
)
def test_dates(text, days):
    assert [day.isoformat() for day in read(text).dates] == days


def test_dates_are_reckoned_in_shanghai():
    late = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    assert normalise("今天", received_at=late).dates == (date(2026, 11, 21),)


def test_dates_at_the_edge_of_the_calendar_do_not_fail():
    first = datetime(1, 1, 1, tzinfo=UTC)
    assert normalise("去年昨天，去年双十一", received_at=first).dates == ()


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("看HTTPS://Shop.Example.COM/A?b=1。", ["https://shop.example.com/A?b=1"]),
        ("www.fake-shop.com在卖", ["http://www.fake-shop.com"]),
        ("hxxp://a.cn:80/", ["http://a.cn"]),
        ("邮箱a@qq.com 合同.doc pic.jpg", []),
    ],
)
def test_urls(text, urls):
    assert list(read(text).urls) == urls


@pytest.mark.parametrize(
    ("text", "home", "adcode"),
    [
        ("北京市西城区广安门", None, "110102"),
        ("在北京西城买的", None, "110102"),
        ("天津宝坻的店", None, "120115"),
        ("河北省唐山市路北区", None, "130203"),
        ("驻马店市驿城区", None, "411702"),
        ("东莞虎门镇", None, "441900"),
        ("商家在福建莆田", None, "350300"),
        ("宣武区菜市口", None, "110102"),
        ("襄樊市", None, "420600"),
        ("密云县", None, "110118"),
        ("朝阳区的店", None, None),
        ("朝阳区的店", "110102", "110105"),
        ("长春的朝阳区", "110102", "220104"),
        ("鼓楼区", "110102", None),
        ("买到假货", "110102", None),
        ("家住海淀区，在西城区买的", None, "110102"),
        ("我是河南人，在天津买的", None, "120000"),
        ("南京路上买的青岛啤酒和五常大米", None, None),
        ("产地河北省唐山市", None, None),
        ("身份证110102199001011234", None, None),
        ("在昌平买的", "110102", "110114"),
        ("在昌平买的", None, "110114"),
    ],
)
def test_region(text, home, adcode):
    region = read(text, home_region=home).region
    assert (region.adcode if region else None) == adcode


def test_the_hint_serves_only_a_silent_text():
    assert read("假货", location_hint="西城区").region.name == "北京市西城区"
    assert read("假货", location_hint="110102").region.level == "county"
    assert read("在天津市买的假货", location_hint="西城区").region.adcode == "120000"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("乾隆年間在瞭望塔，於先生說", "乾隆年间在瞭望塔，於先生说"),
        ("假\u200b货\u202e！！！！😀", "假货！"),
        ("<p>假&amp;货</p><br>", "假&货"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("'; DROP TABLE x; --", "'; DROP TABLE x; --"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("。。。。。", "。"),
        ("＝＝＝＝＝＝假货", "假货"),
        ("鎴戜拱浜嗗亣璐э紝鐢佃瘽", "我买了假货，电话"),
        ("我买了假货".encode().decode("latin-1"), "我买了假货"),
        ("  a \r\n\r\n b ", "a\nb"),
        ("", ""),
    ],
)
def test_cleaned_text(raw, clean):
    assert read(raw).text == clean


def test_masking_hides_the_caller_wherever_the_text_repeats_them():
    reporter = Reporter(name="王小五", phone="66001234", address="北京市西城区白纸坊街5号院2楼")
    got = read("王小五说，白纸坊街5号院2楼的王小五，电话6600 1234，139 0000 0000", reporter=reporter).masked_text
    assert "王小五" not in got
    assert "白纸坊" not in got
    assert "1234" not in got.replace("****", "")
    assert "139****0000" in got


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("我叫张三，买到假货", "张三"),
        ("你好，我是李四，买到假货", "李四"),
        ("投诉人：赵六 电话", "赵六"),
        ("张女士来电反映买到假货", "张"),
        ("家住北京市西城区白纸坊街5号楼3单元，买到假货", "白纸坊"),
        ("电话幺三九零零零零幺幺幺幺", "零零零零"),
        ("订单号13912345678", "1234"),
    ],
)
def test_masking_in_free_text(text, gone):
    assert gone not in read(text).masked_text


@pytest.mark.parametrize("text", ["我是高中生，买到假货", "我叫他退款，他不退", "我住在酒店发现假烟"])
def test_masking_leaves_the_matter_alone(text):
    assert read(text).masked_text == text


@pytest.mark.parametrize(
    "text", ["1" * 100_000, "三千块" * 30_000, "北京市" * 33_000, "我叫张" * 33_000, "<a " * 33_000, "锛鐨" * 50_000]
)
@pytest.mark.timeout(20)
def test_hostile_repetition_takes_bounded_time(text):
    assert read(text).text


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_no_text_makes_it_fail_and_masked_numbers_are_gone(text):
    got = read(text, location_hint=text[:20], home_region=text[:6], reporter=Reporter(name=text[:3], address=text[:9]))
    got.text.encode("utf-8")
    for phone in got.phones:
        assert phone not in got.masked_text


@given(
    st.text(
        alphabet="0123456789-+ 一二三幺零洞块元万千百多约至到月日号年天前周北京市西城区我叫张住路.@/:wcnom", max_size=80
    )
)
@settings(max_examples=500, deadline=None)
def test_no_mixture_of_our_own_words_makes_it_fail(text):
    got = read(text)
    assert all(each.value >= 0 for each in got.amounts_yuan)
    assert len(set(got.dates)) == len(got.dates)


@pytest.mark.parametrize("text", ["把玻璃打坏了", "门打坏了，乾隆年间的瓶子", "他叫於大海，東西拉坏了"])
def test_what_is_simplified_already_stays_as_it_is(text):
    assert read(text).text == text.replace("東", "东")


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("一条要我六百八，抽着发霉", [("680", False)]),
        ("螃蟹四十五一只，鸡蛋五块八毛五一斤", [("45", False), ("5.85", False)]),
        ("工头欠我工钱两万整，还剩一万五没给", [("20000", False), ("15000", False)]),
        ("拿货价三百五到六百", [("350", False), ("600", False)]),
        ("办了两张卡花了不少钱，一张888的，一张1888的", [("888", False), ("1888", False)]),
        ("付了八千多，就值2600左右", [("8000", True), ("2600", True)]),
        ("差三毛五，打包费一块五", [("0.35", False), ("1.5", False)]),
        ("一毛都不能少，不多要一分钱", []),
        ("量血压，高压一百八，低压一百一，叫我买药", []),
        ("卖了十一年，买了二十一个，共十一位", []),
        ("买回来一称，才两斤一两，要了三斤八两", []),
        ("商家电话0316-2345678转8012，付款后打不通", []),
        ("里程三万二，实测不到三百，退车", []),
        ("在三元里皮具城买的", []),
    ],
)
def test_sums_without_a_currency_word(text, amounts):
    assert [(str(each.value), each.approx) for each in read(text).amounts_yuan] == amounts


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("螃蟹三十五一斤，鸡蛋三块五一斤，毛线六毛五一团", []),
        ("3月27日、28日、29日连去三天", ["2026-03-27", "2026-03-28", "2026-03-29"]),
        ("农历三月十九买的", ["2026-05-05"]),
        ("我叫秦国庆，电话没有", []),
        ("文件是佛发改价〔2019〕13号，请查", []),
    ],
)
def test_what_only_looks_like_a_day(text, days):
    assert [day.isoformat() for day in read(text).dates] == days


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("我电话是幺三六洞幺，幺零三九，五零", ["13601103950"]),
        ("热线4008-999-999转3", ["4008999999"]),
        ("座机0574—8712—1234", ["057487121234"]),
        ("他微信号wx13812345678", []),
        ("bbs.example.com/thread-13812345678-1-1.html", []),
        ("13011110001/13011110002", ["13011110001", "13011110002"]),
        ("一三五，二四六，七八九", []),
    ],
)
def test_numbers_read_out_and_numbers_in_names(text, phones):
    assert list(read(text).phones) == phones


@pytest.mark.parametrize(
    ("text", "adcode"),
    [
        ("增城市新塘镇做牛仔裤的作坊", "440118"),
        ("上个月我去南京旅游，在鼓楼区一家玉器店买的镯子", "320106"),
        ("武汉市汉阳区，呃不对，是硚口区，硚口区古田二路的一家药房", "420104"),
        ("号码归属地湖北武汉，卖假票", None),
        ("虫草是在老家绵阳涪城区一个药材铺买的", "510703"),
        ("鼓楼区一家玉器店卖假货", None),
    ],
)
def test_which_place_the_text_decides(text, adcode):
    region = read(text).region
    assert (region.adcode if region else None) == adcode
