"""What the words around a place make of it: one table for each rule, with cases on both sides of it."""

import pytest

from hotline.intake.places import find_place_of_matter


def place(text, home=None, hint=""):
    region = find_place_of_matter(text, hint, home)
    return region.adcode if region else ""


@pytest.mark.parametrize(
    ("text", "home", "adcode"),
    [
        ("营业执照上写的是湖北省武汉市洪山区光谷步行街", "420000", "420111"),
        ("网站备案是浙江温州瑞安的公司", "340000", "330381"),
        ("发货单上写福建莆田荔城区西天尾镇", "350000", "350304"),
        ("发货地显示揭阳市普宁，买的鞋是假的", "445200", "445281"),
        ("面单是辛集发的，货是假的", None, "130181"),
        ("在洪山区一家店买的，执照上写的是黄冈市", "420000", "420111"),
        ("发货地在河南长葛，蜜一点不结晶", None, ""),
        ("面单就写“五金”", None, ""),
        ("他IP显示江苏", "120115", ""),
    ],
)
def test_a_seller_is_where_its_papers_say_when_nothing_else_is_said(text, home, adcode):
    assert place(text, home) == adcode


@pytest.mark.parametrize(
    ("text", "home", "adcode"),
    [
        ("市民说当晚去合肥巢湖市半汤温泉度假村，多收了夜场费", "340100", "340181"),
        ("我去桂林临桂县会仙镇喝喜酒，在镇上买的桂花酒", "450300", "450312"),
        ("喊我去江北区观音桥听养生课，办了张卡", "500000", "500157"),
        ("我要去合肥巢湖市找他", "340100", ""),
        ("货卖不出去，武汉洪山区中百仓储第三排", "420000", "420111"),
        ("大篷车听说去了鄂尔多斯杭锦旗", None, ""),
        ("从济南西站打车去趵突泉，司机不打表", "370100", "370100"),
    ],
)
def test_who_went_there_tells_of_there(text, home, adcode):
    assert place(text, home) == adcode


@pytest.mark.parametrize(
    ("text", "home", "adcode"),
    [
        ("我公司（注册地：福建省南平市）在汕头市潮南区一门店发现假货", "440500", "440514"),
        ("被投诉人（注册地：福建省南平市）的洗发水是假的", "440500", "350700"),
        ("店铺在网上卖假奶粉。杭州某公司打假组 小唐", "445200", ""),
        ("黑龙江某酒业集团法务部：市面发现大量假酒", None, ""),
        ("收货地郑州市二七区大学北路75号，网上买的面霜", "410000", ""),
        ("退货地址：浙江省金华市婺城区宾虹路860号", None, ""),
        ("我地址苏州市姑苏区平江路，网上买的蟹", None, ""),
        ("机构做坏了双眼皮，她住通州区", "110105", ""),
        ("券退不了。我姓屠，合肥的，0551-6533 1234", None, ""),
        ("上海南汇的小微企业主。网上买的软件是盗版", "310000", ""),
        ("我老家就是巴州的，香梨我认得", None, ""),
        (
            "来信人：朱丽萍\n歌曲被一家文化公司拿去做彩铃。\n请求支付版税。\n地址：通化市东昌区玉皇山路56号\n电话：0435-3216688",
            "220500",
            "",
        ),
        (
            "来信人：朱丽萍\n请求查处。\n商家：天月文化\n地址：通化市东昌区玉皇山路56号\n电话：0435-3216688",
            "220500",
            "220502",
        ),
    ],
)
def test_the_callers_own_place_is_not_the_matters(text, home, adcode):
    assert place(text, home) == adcode


@pytest.mark.parametrize(
    ("text", "adcode"),
    [
        ("俺是驻马店西平的，八月十五前一天在县城东关集上买的月饼", "411721"),
        ("我是甘南舟曲的村民，前年村里装了八十盏路灯", "623023"),
        ("我是甘南舟曲的村民，网上买了个手机", ""),
        ("来电人系拉萨市城关区八廓街一唐卡店主，称纹样被北京东路另一店铺印成丝巾", "540102"),
        ("来电人系拉萨市城关区八廓街一唐卡店主，称纹样被网店印成丝巾", ""),
    ],
)
def test_who_speaks_of_the_village_or_the_shop_next_door_means_their_own(text, adcode):
    assert place(text) == adcode


@pytest.mark.parametrize(
    ("text", "home", "adcode"),
    [
        ("我喺东莞虎门富民商业城买咗条裤。我响广西玉林嚟嘅", "441900", "441900"),
        ("响佛山买咗部假手机", "440000", "440600"),
        ("我喺罗湖口岸附近做药房嘅", "440300", "440303"),
        ("我喺香港做验货", "440000", ""),
        ("喺香港注册咗嘅商标，返内地用得唔得", "440000", ""),
    ],
)
def test_cantonese_says_where_with_other_words(text, home, adcode):
    assert place(text, home) == adcode


@pytest.mark.parametrize(
    ("text", "home", "adcode"),
    [
        ("义乌国际商贸城四区买的保暖内衣", "330782", "330782"),
        ("东莞虎门富民商业大厦买的", "441900", "441900"),
        ("哈密二道湖轮胎城，进门第二家", None, "650500"),
        ("香格里拉买的松茸酱鼓盖了", None, "533401"),
        ("托成都念书的外甥买了八样", None, ""),
        ("天桥上买的充电宝是假的", "370000", ""),
        ("海南椰子买了一箱全是坏的", None, ""),
        ("峨眉山脚下买的东西", None, ""),
        ("长白山山门底下一溜地摊", "220000", ""),
    ],
)
def test_a_purchase_there_is_enough_for_a_name_that_is_no_common_word(text, home, adcode):
    assert place(text, home) == adcode


@pytest.mark.parametrize(
    ("text", "home", "adcode"),
    [
        ("朝阳区北京路重庆小面馆吃出半只蟑螂", "370000", ""),
        ("去北京玩，在朝阳区一家店吃出蟑螂", "370000", "110105"),
    ],
)
def test_the_name_of_a_road_decides_between_no_namesakes(text, home, adcode):
    assert place(text, home) == adcode


@pytest.mark.parametrize(
    ("text", "adcode"),
    [
        ("融水县一家店", "450225"),
        ("在彭水买的手机", "500243"),
        ("博州一家店", "652700"),
        ("呼盟一家奶站", "150700"),
        ("鄂温克旗一家店", "150724"),
        ("科左中旗一个种子店", "150521"),
        ("加格达奇一家超市", "232700"),
    ],
)
def test_what_people_call_autonomous_bodies_and_leagues(text, adcode):
    assert place(text) == adcode
