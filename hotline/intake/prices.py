"""Whether a number without a currency word is a sum of money: only where the sentence speaks of a price.

The convention: a bare number counts where the sentence speaks of a price (标价4999, 卖十二一瓶); model numbers,
degrees, volumes, counts, percentages and idioms never do. Three readings, from the plainest to the one that asks most:

1. A price word stands right before it (标价4999, 模拟费每小时60).
2. It is so much a piece (1280一盒, 四十五一只).
3. It is said as sums are (六百八, 8,000), or behind a word that leads to a sum (先是200, 一张888的), or is a clause of
   its own (扣了24节，7200，), stands alone at the end of its words, and the sentence speaks of a price.

What follows may say it as well: 九十成交, 满3000减500, 二十的路收四十, 说88，理完了要388. A number that begins with a
superfluous zero is never a sum, nor is a hotline's (12315).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hotline.intake.numbers import DIGITS, HAN_NUMERAL, to_decimal

if TYPE_CHECKING:
    from decimal import Decimal

COUNTER = "个件台瓶斤盒条包双套只袋箱张本部支份碗杯罐桶片颗粒块次桌"
"""What goods are counted by."""
PER = rf"(?:[{COUNTER}升克米平位天月年晚趟针筏副幅亩吨节床枝棵头串家]|公斤|小时|平米|人次?|[丸苗门注株])"
"""What a price is for."""
_EACH = re.compile(rf"(?:一|每|/){PER}(?![\d{HAN_NUMERAL}])")
_FILLER = (
    rf"(?:了|为|是|到|[我俺咱]们?|你|您|他|她|成|至|达|约|大约|差不多|将近|近|大概|才|只|就|要|再|又|也|:|：|竟|得|[ ]|"
    rf"不到|不足|超过|足足|整整|起码|最[少多]|至[少多]|小|有|仅|还|居然|竟然|另外|突然|直接|"
    rf"每{PER}|一{PER}|[”」])"
)
_PRICE = re.compile(
    r"(?:(?<!评)价[格钱位值]?|(?<![峰产数阈均比])值|(?<![免白浪])费[用单]?|(?<![危风冒惊探])险|税|[门机车船]票|滞纳金|[票费款钱额价]共|到账[只就才仅也]?有?|"
    r"[卡账]里?[户上]?[就又]?少|共[^,，。；;]{0,2}[打转付给交汇充投借还][我你他她给到]{0,2}|外?加上[\u4e00-\u9fff]{1,2}|"
    r"(?:货|房|尾|车|余|欠|借|贷|退|付|罚|首付|全|预付|工程|赔偿|同)款|"
    r"(?:押|定|订|租|奖|罚|本|佣|违约|保证|补偿|赔偿|保险|补助)金|[金差总余面]额|零售价|票面|面值|工资|[月时日年底]薪|租|"
    r"[花付卖补罚欠充赔退赚骗砍返][到掉走给]?|收[取费]?|转[账了给]|支付|退[款还]|赔偿|收费|付款|消费|缴纳?|交|(?<!参)加收|另加|再加|加(?!了?一?箱)|只要|要|扣除?|抵|损失|钱|"
    r"仅售|售|合计|共计|一共|总共|总计|合起来|合着|加起来|算下来|统共|优惠|便宜|[直又]?降|涨|抬|全包|减免?|多出|倒贴|办卡|充卡|[投放存]了|吊牌|折后|折扣后|打完折|到手|实付|实收|人均|套餐|开票)"
    rf"{_FILLER}{{0,3}}$"
)
# With what character the expression above can end, but for 加上 and two more: a look that spares the search.
_PRICE_ENDS = frozenset(
    f"{COUNTER}升克米平位天月年晚趟针筏副幅亩吨节床枝棵头串家公斤小时丸苗门注株人次"
    "了为是到们我你您他她俺咱成至达约多近概才只就要再又也:：竟得 ”」足过整码少小有仅还然外接"
    "价格钱位值费用单险税票金共账户上打转付给交汇充投借还款额面资薪租花卖补罚欠赔退赚骗砍返掉走收取偿费纳缴加扣除抵失售计来着惠宜降涨抬包免减出贴卡牌后折手均餐投放存"
)
_LEADS = re.compile(
    rf"(?:会员|附加|零售|批发|了张|按照?|都[是要卖收]|(?<!总)(?<!一)共|(?<![岁人他她娃孩子我说卡质量度分])才|一笔|变咗|变了|(?:平时|平常|以前|往常|原先|原来)[才只也就要是都]{{0,3}}|"
    rf"(?:蛋糕|盒饭|套系|礼盒|锅底|酒水|果盘|门票|课程|保养|手镯|项链|戒指|相册|床垫)|吃了|喝了|用了|[调升高低谈砍][到至成]|[旗舰网线]店?[才只就]|[\d百千万][送返赠减抵]|"
    rf"(?:费|租金?|工资|价格?|押金|利息)[^\d，]{{1,9}}[才只就是到成]|[给剩]了[我你他她]们?|[才只就]给[我你他她]们?|(?<!加)(?<!加了)[一二两三四五六七八九十几][{COUNTER}]|每{PER}|卖的[\u4e00-\u9fff]{{1,4}}|(?:讲|先|再|起初|后来|最后|说|算|不|写|标|打|印|开|报|显示|变|改)(?:的|了)?[是成好]|变成了?|买了?|[给拿剩差])了?$"
)
# 这双鞋四百五, 健康证八十: goods or a paper and the sum that it costs, said as sums are.
_COSTS = re.compile(rf"(?:[这那][{COUNTER}双][\u4e00-\u9fff]{{1,4}}|证)$")
# 一碗面二十二, 一晚380: what one of it costs; where the words are counted or measured no such counter stands.
_PORTION = re.compile(
    r"(?:(?:一|每)(?:[碗份杯盘串斤][\u4e00-\u9fff]{0,4}|个?人|位|晚上?|间|课时)|[两俩三四五六七八九]个?晚上?|[两俩]人|[两三四五六]个人)(?:就?[是要])?$"
)
# 一小时十五, 一盒药98: as much, but where these words may also count (一箱24) the sentence must speak of a price.
_ONE_OF = re.compile(
    r"(?<!加)(?<!加了)(?:一|每)个?(?:小时|钟头|天|月|年|度|方|平米?|节课?|次|趟|[盒瓶箱条袋包件双套支罐桶床辆][\u4e00-\u9fff]{0,3})(?:就?[是要])?$"
)
_HOLDS_ONE = re.compile(r"[一每两俩三四五六七八九贴剪洗修配补烫染拔按刮这那证]")
_PORTION_SAID = re.compile(
    r"[1-9]\d{1,4}(?:\.\d{1,2})?|\d(?:\.\d)?[kKwW]|.?[十百千万][一二三四五六七八九]?|[一二两三四五六七八九十百千万]{3,6}"
)
# 说38，剪完说是总监剪的188: the sum asked in the end, behind the one that was named first.
_AFTER_BID = re.compile(
    r"(?:说|讲|报|谈)(?:是|的|好)?[1-9]\d{1,4}(?:\.\d)?，[^，。！？；\d]{0,10}(?:说|要|收|变|改|的)[^，。！？；\d]{0,7}$"
)
# 贴个膜三十, 洗次车五十: what is done to one thing, and what it costs.
_DONE = re.compile(r"[贴剪洗修配补烫染拔按刮][一了]?[个把次颗张条块副][\u4e00-\u9fff]{1,3}(?:就?要)?$")
# 交了五百定金, 600的押金: what the sum was paid as.
_PAID_AS = re.compile(
    r"的?[\u4e00-\u9fff]{0,3}?(?:[定订押租奖罚佣]金|(?:保证|违约|赔偿|补偿|补助)金|(?:工本|手续|服务|中介|学|运|电|水|物业|检测|材料|维修|上门|人工)费|"
    r"现金|货款|房款|首付|尾款|工资|房租|租金|红包|差价|代金券|优惠券)"
)
# 停车费从150涨到300: a price that went from one sum to another.
_TURNS = re.compile(r"[直又一下就给]{0,2}[涨降提加调跌变升抬砍改][价高低]?[到成至为]")
_FROM_SUM = re.compile(rf"[从由](?:每{PER})?$")
_PRICED = re.compile(r"[价费租钱款薪资金]")
_COSTS_SAID = re.compile(r".?[十百千万][一二三四五六七八九]?|[一二两三四五六七八九十百千万]{3,6}")
_SHORT = re.compile(
    r"(?:[一二两三四五六七八九][万千]){0,2}[一二两三四五六七八九][百千万][一二三四五六七八九]|\d{1,3}万\d"
)
"""Said as hardly anything but money is: 三百六, 8万6."""
_BODY = re.compile(r"血[压糖脂]|心[跳率脏]|脉搏|近视|散光|散瞳|视力|体重|身高|胆固醇|时速|公里|里程")
_NO_END = re.compile(r"到(?!账)|[元块毛角圆]")
_SOLD = re.compile(rf"成交|拿下|的[\u4e00-\u9fff]{{1,3}}[收卖要]价?[了我你他成到]?[\d{HAN_NUMERAL}]")
_OFF = re.compile(r"(?:就|立|再|可|元)?(?:减|返|送|赠)[\d一二三四五六七八九十]")
_CHARGED_MORE = re.compile(
    rf"[,，][^,，。！？!?；;]{{0,6}}(?:(?:要|收|变成?|改|算成?|结成)[了我你他她们成到]{{0,3}}[\d{HAN_NUMERAL}]|说[^,，。！？!?；;\d]{{0,8}}\d)[\d{HAN_NUMERAL}]"
)
# 鸡尾酒88，结账变成168: the first sum of two.
_BILLED = re.compile(r"[,，]结[账帐算][时的]{0,2}(?:变|算|成|收|要|是)[成了我]{0,2}\d{2}|变[成了咗]\d{2}")
_BUNDLE = re.compile(rf"[两二三四五六七八九十半]{PER}")
_MEASURED = re.compile(
    r"(?:(?<!一)次|%[\u4e00-\u9fff]{0,6}|近视|散光|体?重|体温|[高发]烧|烧到|心跳|跳到|飙到|[员职]工|学生|[量测称][了出来]{0,3}|版本|系统|浓度|度数|尺寸|[公人页层岁码线度号楼房路街巷幢栋室][数里龄]*|里程|续航|实测|[重长高宽深厚大]|面积|容量|功率|含量|[血高低]压|血糖|心率|身高|销量|产量|播放量?|点击量?|粉丝|收藏|评[论价分]|"
    r"编码|尾号|型|频道|分数?|考|比例|倍|折|时速|跑|走|行驶|开|温度|转速|像素|电量|邮编|密码|验证码|第|百分之|之|比)了?(?:[是为到约有达共近才只:：]|一直|不到|不足|超过){0,3}$"
)
_NUMBER_WORD = re.compile(r"(?:号码?|编号|尾号|型号|邮编|密码|代码|QQ|qq|微信|电话)[是为:： ]{0,3}$")
_END = re.compile(
    rf"(?=$|[,，。；;、！!？?\s)）/\n”」』\"]|(?:一|每){PER}|每|的(?!手机|内存|硬盘|存储)|买|左右|上下|还|却|结果|给|我|他|让|整|起|不|就|吗|钱|卡(?!路)|（|\(|了|当[天场时])"
)
_LATE_END = re.compile(
    r"(?=没|才|未|都|也|又|再|全|跟|被|现金|算|收|退|赔|付|转(?!的?(?:电机|马达|硬盘)|速|每|/)|卖|做|当|吧|啊|呢|呀|嘛|多|扣|(?<!万)加(?![仑油急班盟工热长厚大])|进[去来账]|充(?![电气绒满分])|换|分[一二三四五六七八九十\d]{1,2}[个次期年天月])"
)
SPEAKS = "给账价票元块钱费款金租赔退付买卖购售贵收转补罚欠押充缴交花刷骗拿扣差要消损资计共优便涨降"
"""A sentence without one of these characters speaks of no price."""
_SPEAKS = re.compile(rf"[{SPEAKS}]|套餐|吊牌价?\d|人均|合同|办卡|打完?折|[\d百千万]块|[\d{HAN_NUMERAL}]一{PER}")
_RANGE = re.compile(rf"[\d{HAN_NUMERAL}.,]{{1,12}}(?:-|~|—|～|–|到|至)$")
_A_PIECE = re.compile(r"(?:价[格钱]?|[卖售收]|块)[到了]?$")
_STOP = re.compile(r"[。！？!?；;\n]")
_RANGE_SIGNS = frozenset("-~—～–到至")
_MAY_END = frozenset(
    '一每/,，。；;、！!？?)）\n”"」』 的买左上还却结给我他让整起不就吗钱卡（(了'
    "没才未都也又再全跟被现算收退赔付转卖做当吧啊呢呀嘛多分扣加充换进"
)
_DEPENDS = frozenset("进加充转分")
_MAY_SAY = frozenset("成拿的减返变送赠就立再可元涨降提加调跌变升抬砍改直又一下给,，两二三四五六七八九十半")
_NO_SUM_BEFORE = frozenset(
    f"{COUNTER}升克米平位天月年晚趟针筏副幅亩吨节床枝棵头串家公小人岁号度级楼层路名分字毫千百万亿兆倍折成点时秒页条种项单盆遍通株篇捆具味类提卷册首幕帧格抽枚羽匹尾窝餐厘里伏瓦码英寸"
    "周日届期股批户辆间场座根把朵群番阶伙排行步圈多几余来左上下开吋丝款寸线集环维围-~—～–至%％.,:：/、·*×xX℃°后前以内外"
)
"""What follows a number that is a count, a measure or a place in a row."""
COUNTS = _NO_SUM_BEFORE - _MAY_SAY - _MAY_END - {"包"}
"""Before one of these no bare number is a sum: a look that spares most of them the reading."""
_PIECES = frozenset(f"{COUNTER}升克米平位天月年晚趟针筏副幅亩吨节床枝棵头串家公小人")
_PIECE = re.compile(PER)
_TENS = frozenset("十拾廿点")
_ALL_DIGITS = frozenset(DIGITS)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?")
_LARGE = frozenset("百佰千仟万萬亿")
_VAGUE_BEFORE = frozenset("几数第")
_OWN = re.compile(r"[1-9]\d{2,5}(?:\.\d{1,2})?")
ABOUT = re.compile(r"[百千万][一二三四五六七八九]?[十百千]")
"""百八十, 千八百: no more than a guess, as 几百 is."""
_CODE = re.compile(r"0\d.*|12[13]\d\d")
_AS_PRICED = re.compile(r"包邮(?![费寄件政])|买(?:的|来的|回来)")
_PRICED_NUMBER = re.compile(r"(?!(?:20[0-3]\d|618|520|315|1111|1212)$)[1-9]\d{1,4}|[1-9]\d{0,4}\.\d{1,2}")
_PRICE_BEGINS = frozenset({"", *"我他她们才就是花用以满价卖标着写，。,；：:！？\n （("})
_OWN_ENDS = frozenset("，。")
_COUNTED = 2
_BEFORE, _AFTER, _NEAR = 48, 32, 16
_MAX = 100_000_000


def _sentence_speaks(text: str, start: int, end: int) -> bool:
    """Whether the sentence around the number speaks of money, on either side of it."""
    before = _STOP.split(text[max(0, start - _BEFORE) : start])[-1]
    return bool(_SPEAKS.search(before) or _SPEAKS.search(_STOP.split(text[end : end + _AFTER], maxsplit=1)[0]))


def _words_before(text: str, start: int) -> str:
    """The words of the clause before a number; before the lower end, where it ends a range (1600到2000)."""
    before = text[start - _NEAR if start > _NEAR else 0 : start]
    if before[-1:] in _RANGE_SIGNS and (low := _RANGE.search(before)):
        before = before[: low.start()]
    return before.rpartition("，")[2].rpartition("。")[2]


def _price_before(before: str) -> bool:
    """Whether the words before a number end with a price word."""
    if before[-1:] not in _PRICE_ENDS and "加上" not in before:
        return False
    return _PRICE.search(before) is not None


def behind_price_word(text: str, start: int) -> bool:
    """Whether a price word stands right before a place."""
    return _price_before(_words_before(text, start))


def bare_sum(text: str, number: str, start: int, stop: int, end: int) -> Decimal | None:
    """The value of a number without a currency word, if it is a sum of money.

    Args:
        text: The whole text.
        number: The number as it stands there.
        start: Where it begins.
        stop: Where it ends.
        end: Where it ends with a vague word behind it (三千多).
    """
    after = text[end : end + 1]
    says, ends = after in _MAY_SAY, not after or after in _MAY_END
    goes_on = (
        (not ends or after in _DEPENDS) and len(number) > 1 and not after.isascii() and after not in _NO_SUM_BEFORE
    )
    if not ends and not says and not goes_on and after != "包" and (number[-1] != "一" or after not in _PIECES):
        return None
    if after in {"包", "买"} and _AS_PRICED.match(text, end) and _bought_for(text, number, start):
        return to_decimal(number)
    piece = number[-1] == "一" and not number[0].isascii() and _PIECE.match(text, stop) is not None
    if piece:
        counted, number = number[-2:-1] in _TENS, number[:-1]
    if _no_sum(number) or text[max(0, start - 1) : start] in _VAGUE_BEFORE:
        return None
    if text[start - 1 : start] == "上" and number[0] in _LARGE:
        return None  # 上千
    before = _words_before(text, start)
    if piece:  # 四十五一只 is so much a piece; 二十一个 may be a count.
        fits = not counted or _A_PIECE.search(before) is not None
    else:
        fits = (ends and _is_price(text, before, number, (start, end))) or (
            (says or goes_on) and _said_behind(text, before, number, end)
        )
    value = to_decimal(number) if fits else None
    return None if value is None or value >= _MAX else value


def _bought_for(text: str, number: str, start: int) -> bool:
    """Whether a number before 包邮 or 买的 is the price: 99.9包邮, 我1980买的手表; 2020买的 names the year."""
    return _PRICED_NUMBER.fullmatch(number) is not None and text[max(0, start - 1) : start] in _PRICE_BEGINS


def _no_sum(number: str) -> bool:
    """八两, 二〇二五, 四: digits without a 十 or above are no numeral that a sum is said with; 0086 and 12315."""
    return _ALL_DIGITS.issuperset(number) or number[-1] == "W" or _CODE.fullmatch(number) is not None or _about(number)


def _about(number: str) -> bool:
    """Whether it is 百八十 or the like."""
    return number[0] in _LARGE and ABOUT.fullmatch(number) is not None


def _is_price(text: str, before: str, number: str, place: tuple[int, int]) -> bool:
    """The readings of the module's docstring, for a number that is not followed by its own 一 and a piece."""
    end = place[1]
    closed = _END.match(text, end) is not None
    large = (len(number) > 1 and not _LARGE.isdisjoint(number)) or _GROUPED.fullmatch(number) is not None
    if not closed and not _LATE_END.match(text, end):
        return False
    if (closed and number[0].isascii() and _EACH.match(text, end)) or _price_before(before):
        return True
    if closed and len(number) > _COUNTED and _SHORT.fullmatch(number) and _alone_says_money(text, before, place[0]):
        return True
    if not large and not _LEADS.search(before) and not _own_clause(text, before, number, place):
        return closed and (_costs(text, before, number, place) or _asked_in_the_end(text, number, place[0]))
    if _MEASURED.search(before) or _NUMBER_WORD.search(before):
        return False
    return _sentence_speaks(text, *place) or (closed and _costs(text, before, number, place))


def _costs(text: str, before: str, number: str, place: tuple[int, int]) -> bool:
    """Whether goods, a paper or a portion stands before the sum that it costs, said as sums are."""
    if not _HOLDS_ONE.search(before):
        return False
    if _PORTION_SAID.fullmatch(number) and _ONE_OF.search(before) and _sentence_speaks(text, *place):
        return True
    if _COSTS_SAID.fullmatch(number) and (_COSTS.search(before) or _DONE.search(before)):
        return True
    return _PORTION_SAID.fullmatch(number) is not None and _PORTION.search(before) is not None


def _asked_in_the_end(text: str, number: str, start: int) -> bool:
    """Whether the clauses before name another sum that was spoken of first."""
    return len(number) > 1 and number[0].isascii() and _AFTER_BID.search(text, max(0, start - 32), start) is not None


def _alone_says_money(text: str, before: str, start: int) -> bool:
    """Whether 三百六 is money by its form: blood pressure and short sight are said so too."""
    if _MEASURED.search(before) or _NUMBER_WORD.search(before):
        return False
    return _BODY.search(text, max(0, start - _AFTER), start) is None


def _own_clause(text: str, before: str, number: str, place: tuple[int, int]) -> bool:
    """Whether a written number of three digits or more makes a clause of its own: 加收服务费10%，168.8，."""
    start, end = place
    if before or not number[0].isascii() or not _OWN.fullmatch(number):
        return False
    if not start or text[start - 1] != "，" or text[end : end + 1] not in _OWN_ENDS:
        return False
    return _NUMBER_WORD.search(text[max(0, start - _NEAR) : start - 1]) is None


def _said_behind(text: str, before: str, number: str, end: int) -> bool:
    """Whether what follows the number makes it a sum: 九十成交, 充5000送800, 说88，理完了要388, 19.9三斤."""
    after = text[end : end + 1]
    if after in _MAY_SAY and _SOLD.match(text, end):
        return True
    if len(number) > 1 and after not in _NO_SUM_BEFORE and _goes_on(text, before, number, end):
        return True
    if before[-1:] in {"满", "充"} and _OFF.match(text, end):
        return len(number) > _COUNTED
    if _TURNS.match(text, end):
        from_a_price = _FROM_SUM.search(before) is not None and _PRICED.search(before) is not None
        return from_a_price or _LEADS.search(before) is not None
    if "." in number and _BUNDLE.match(text, end):
        return not _MEASURED.search(before)
    return number[0].isascii() and _charged_more(text, before, number, end)


def _charged_more(text: str, before: str, number: str, end: int) -> bool:
    """Whether the next clause names what was charged instead: 鸡尾酒88，结账变成168; 标88，结账算成188."""
    if len(number) > 1 and _BILLED.match(text, end):
        return True
    return before[-1:] in {"说", "讲", "谈", "标"} and _CHARGED_MORE.match(text, end) is not None


def _goes_on(text: str, before: str, number: str, end: int) -> bool:
    """Whether it is a sum though the clause goes on: 交了五百定金, 充值100到账, 给了一百五走的."""
    if _PAID_AS.match(text, end) and not _MEASURED.search(before) and not _NUMBER_WORD.search(before):
        return True
    if not _NO_END.match(text, end) and _price_before(before):
        return True
    if not _SHORT.fullmatch(number) or number[-1] == "一" or not _sentence_speaks(text, end, end):
        return False
    return _alone_says_money(text, before, end - len(number))
