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
PER = rf"(?:[{COUNTER}升克米平位天月年晚趟针筏副幅亩吨节床枝棵头串家]|公斤|小时|平米|人次?)"
"""What a price is for."""
_EACH = re.compile(rf"(?:一|每|/){PER}(?![\d{HAN_NUMERAL}])")
_FILLER = (
    rf"(?:了|为|是|到|我们?|你|您|他|她|成|至|达|约|大约|差不多|将近|近|大概|才|只|就|要|再|又|也|:|：|竟|得|[ ]|"
    rf"每{PER}|一{PER}|[”」])"
)
_PRICE = re.compile(
    r"(?:(?<!评)价[格钱位值]?|(?<![峰产数阈均比])值|(?<![免白浪])费[用单]?|(?<![危风冒惊探])险|税|[门机车船]票|滞纳金|[票费款钱额价]共|到账[只就才仅也]?有?|"
    r"[卡账]里?[户上]?[就又]?少|共[^,，。；;]{0,2}[打转付给交汇充投借还][我你他她给到]{0,2}|外?加上[\u4e00-\u9fff]{1,2}|"
    r"(?:货|房|尾|车|余|欠|借|贷|退|付|罚|首付|全|预付|工程|赔偿|同)款|"
    r"(?:押|定|订|租|奖|罚|本|佣|违约|保证|补偿|赔偿|保险|补助)金|[金差总余面]额|零售价|票面|面值|工资|[月时日年底]薪|租|"
    r"[花付卖补罚欠充赔退赚骗砍返][到掉走给]?|收[取费]?|转[账了给]|支付|退[款还]|赔偿|收费|付款|消费|缴纳?|交|(?<!参)加收|另加|再加|加(?!了?一?箱)|只要|要|扣除?|抵|损失|钱|"
    r"仅售|售|合计|共计|一共|总共|总计|合起来|加起来|算下来|统共|优惠|便宜|[直又]?降|涨|抬|全包|减免?|多出|倒贴)"
    rf"{_FILLER}{{0,3}}$"
)
_LEADS = re.compile(
    rf"(?:会员|附加|[给剩]了[我你他她]们?|[才只就]给[我你他她]们?|(?<!加)(?<!加了)[一二两三四五六七八九十几][{COUNTER}]|每{PER}|卖的[\u4e00-\u9fff]{{1,4}}|(?:讲|先|再|起初|后来|最后|说|算|不|写|标|显示|变|改)(?:的|了)?[是成好]|变成了?|买了?|[给拿剩差])了?$"
)
# 这双鞋四百五, 健康证八十: goods or a paper and the sum that it costs, said as sums are.
_COSTS = re.compile(rf"(?:[这那][{COUNTER}双][\u4e00-\u9fff]{{1,4}}|证)$")
_COSTS_SAID = re.compile(r".?[十百千万][一二三四五六七八九]?|[一二两三四五六七八九十百千万]{3,6}")
_SOLD = re.compile(rf"成交|拿下|的[\u4e00-\u9fff]{{1,3}}[收卖要]价?[了我你他成到]?[\d{HAN_NUMERAL}]")
_OFF = re.compile(r"(?:就|立|再|可|元)?(?:减|返|送|赠)[\d一二三四五六七八九十]")
_CHARGED_MORE = re.compile(
    rf"[,，][^,，。！？!?；;]{{0,6}}(?:要|收|变成?|改)[了我你他她们成到]{{0,3}}[\d{HAN_NUMERAL}]{{2}}"
)
_BUNDLE = re.compile(rf"[两二三四五六七八九十半]{PER}")
_MEASURED = re.compile(
    r"(?:(?<!一)次|[公人页层岁码线度号楼房路街巷幢栋室][数里龄]*|里程|续航|实测|[重长高宽深厚大]|面积|容量|功率|含量|[血高低]压|血糖|心率|身高|销量|产量|播放量?|点击量?|粉丝|收藏|评[论价分]|"
    r"编码|尾号|型|频道|分数?|考|比例|倍|折|时速|跑|走|行驶|开|温度|转速|像素|电量|邮编|密码|验证码|第|百分之|之|比)了?(?:[是为到约有达共近才只:：]|一直|不到|不足|超过){0,3}$"
)
_NUMBER_WORD = re.compile(r"(?:号码?|编号|尾号|型号|邮编|密码|代码|QQ|qq|微信|电话)[是为:： ]{0,3}$")
_END = re.compile(
    rf"(?=$|[,，。；;、！!？?\s)）/\n”」』]|(?:一|每){PER}|每|的(?!手机|内存|硬盘|存储)|买|左右|上下|还|却|结果|给|我|他|让|整|起|不|就|吗|钱|卡(?!路)|（|\(|了|当[天场时])"
)
_LATE_END = re.compile(
    r"(?=没|才|未|都|也|又|再|全|跟|被|现金|算|收|退|赔|付|转|卖|做|当|吧|啊|呢|呀|嘛|多|分[一二三四五六七八九十\d]{1,2}[个次期年天月])"
)
SPEAKS = "给账价元块钱费款金租赔退付买卖购售贵收转补罚欠押充缴交花刷骗拿扣差要消损资计共优便涨降"
"""A sentence without one of these characters speaks of no price."""
_SPEAKS = re.compile(rf"[{SPEAKS}]|[\d{HAN_NUMERAL}]一{PER}")
_RANGE = re.compile(rf"[\d{HAN_NUMERAL}.,]{{1,12}}(?:-|~|—|～|–|到|至)$")
_A_PIECE = re.compile(r"(?:价[格钱]?|[卖售收]|块)[到了]?$")
_STOP = re.compile(r"[。！？!?；;\n]")
_RANGE_SIGNS = frozenset("-~—～–到至")
_MAY_END = frozenset(
    "一每/,，。；;、！!？?)）\n”」』 的买左上还却结给我他让整起不就吗钱卡（(了"
    "没才未都也又再全跟被现算收退赔付转卖做当吧啊呢呀嘛多分"
)
_MAY_SAY = frozenset("成拿的减返送赠就立再可元,，两二三四五六七八九十半")
_PIECES = frozenset(f"{COUNTER}升克米平位天月年晚趟针筏副幅亩吨节床枝棵头串家公小人")
_PIECE = re.compile(PER)
_TENS = frozenset("十拾廿点")
_ALL_DIGITS = frozenset(DIGITS)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?")
_LARGE = frozenset("百佰千仟万萬亿")
_VAGUE_BEFORE = frozenset("几数第上")
_OWN = re.compile(r"[1-9]\d{2,5}(?:\.\d{1,2})?")
_CODE = re.compile(r"0\d.*|12[13]\d\d")
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


def behind_price_word(text: str, start: int) -> bool:
    """Whether a price word stands right before a place."""
    return _PRICE.search(_words_before(text, start)) is not None


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
    if not ends and not says and (number[-1] != "一" or after not in _PIECES):
        return None
    piece = number[-1] == "一" and not number[0].isascii() and _PIECE.match(text, stop) is not None
    if piece:
        goes_on, number = number[-2:-1] in _TENS, number[:-1]
    if _no_sum(number) or text[max(0, start - 1) : start] in _VAGUE_BEFORE:
        return None
    before = _words_before(text, start)
    if piece:  # 四十五一只 is so much a piece; 二十一个 may be a count.
        fits = not goes_on or _A_PIECE.search(before) is not None
    else:
        fits = (ends and _is_price(text, before, number, (start, end))) or (
            says and _said_behind(text, before, number, end)
        )
    value = to_decimal(number) if fits else None
    return None if value is None or value >= _MAX else value


def _no_sum(number: str) -> bool:
    """八两, 二〇二五, 四: digits without a 十 or above are no numeral that a sum is said with; 0086 and 12315."""
    return _ALL_DIGITS.issuperset(number) or _CODE.fullmatch(number) is not None


def _is_price(text: str, before: str, number: str, place: tuple[int, int]) -> bool:
    """The readings of the module's docstring, for a number that is not followed by its own 一 and a piece."""
    end = place[1]
    closed = _END.match(text, end) is not None
    large = (len(number) > 1 and not _LARGE.isdisjoint(number)) or _GROUPED.fullmatch(number) is not None
    if not closed and not _LATE_END.match(text, end):
        return False
    if (closed and number[0].isascii() and _EACH.match(text, end)) or _PRICE.search(before):
        return True
    if not large and not _LEADS.search(before) and not _own_clause(text, before, number, place):
        return closed and _COSTS.search(before) is not None and _COSTS_SAID.fullmatch(number) is not None
    if _MEASURED.search(before) or _NUMBER_WORD.search(before):
        return False
    if _sentence_speaks(text, *place):
        return True
    return closed and _COSTS.search(before) is not None and _COSTS_SAID.fullmatch(number) is not None


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
    if _SOLD.match(text, end):
        return True
    if before[-1:] in {"满", "充"} and _OFF.match(text, end):
        return len(number) > _COUNTED
    if "." in number and _BUNDLE.match(text, end):
        return not _MEASURED.search(before)
    return before[-1:] in {"说", "讲", "谈"} and number[0].isascii() and _CHARGED_MORE.match(text, end) is not None
