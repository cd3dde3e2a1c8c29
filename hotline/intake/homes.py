"""Where callers say that they live, and by what else they can be reached or told: contacts and documents of their own.

An address is the caller's by its words (我家住…, 我的地址) or because it follows the caller's name or number
(举报人王强，住…). What is told of somebody else (该店老板住在…, 被投诉人：… 地址：…) stays: the agency must
find the shop.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from hotline.intake.family_names import ONE
from hotline.intake.introductions import WHO, form

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

Place: TypeAlias = tuple[int, int]
_N = r"[\dA-Za-z一二三四五六七八九十零〇幺]"
_RUN = re.compile(r"[^,，。;；!！?？\n()（）、*\[\]]{2,60}")
_SUFFIX = re.compile(
    r"(?:省|市|区|县|州|镇|乡|村|街道?|路|大道|道(?=\d)|巷|弄|胡同|(?<=[一二三四五六七八九十])条|号院?|院|栋|幢|楼|座|单元|室|层|"
    r"小区|花园|家园|苑|公寓|大厦|宿舍|家属院|组|屯|队|[东南西北中安平和一二三四五六七八九]里|里(?=\d))"
    rf"(?:[东西南北]?{_N}{{1,5}}(?:[-—－]{_N}{{1,5}}){{0,3}}(?:室|号|户|楼|层|房)?(?!\d))?"
)
_BREAK = re.compile(
    r"举报|投诉|反映|发现|要(?!塞)|想[要举投问反咨]|买|在|(?<![省市区县镇乡村])的|电话|手机|联系|身份证|微信|附近|旁边|对面|楼下|门口|隔壁|"
    r"昨|今[天年早]|上周|去年|我|他|她|有[人一个家]|[一这那]家|经常|收[货件]|姓名|邮编|邮箱|被|[:：]"
)
_NO_HOME = re.compile(
    r"[的院宿房户建店进过了不着他她同这那几哪]|一起|附近|楼上|楼下|隔壁|对门|酒店|宾馆|旅馆|民宿|超市"
)
_LEAST = 3
_OWN = (
    r"(?:我|本人|俺|咱)们?(?:是)?家?(?:人)?(?:现在?|目前|暂|常|就|也|一直|都)?[居租借]?住(?:的地方)?(?:在|址|于)?|(?:我|本人)们?家(?:就?在|的?地址|(?=[:：]))|(?:我|本人|俺)(?:户口在|租的?房子?在)|(?:我|本人|俺)们?的?(?:学校)?宿舍(?:就?在|[是:：])|"
    r"(?:我|本人)们?的?(?:家庭|联系|收货|收件|通[讯信]|居住|现)?(?:住址|地址|住所)|(?<!被)"
    + WHO
    + r"的?(?:(?:家庭|联系)?(?:住址|地址)|家?住在)|消费者地址|住的地方"
)
_LIKELY = (
    r"家住在?|(?<![\u4e00-\u9fff])家在|家庭住址|家庭地址|现?居?住址|现居住?地?|居住地址?|"
    r"现住|联系地址|(?:安装|上门|维修|送货|邮寄|身份证)地址|户籍地(?!址)|通[讯信]处|(?:请|回信|信件|回复)寄(?:到|往|至)?|送到我家|"
    r"通[讯信]地址|户籍(?:地址|所在地)|常住地址|收[货件]地(?:址|(?=[:：]?[\u4e00-\u9fff]{2,4}[省市]))"
)
_CUE = re.compile(rf"(?:(?P<own>{_OWN})|(?P<likely>{_LIKELY}))[是为在:：\s]{{0,3}}")
_TRIGGER = re.compile(
    "[住址]|户[籍口]|租的?房|[讯信]处|[请信件复]寄|到我家|家在|我们?家|所在地|收[货件]地|宿舍[在就是:：]"
)
# The last lines of a letter: who wrote it stands in its first ones.
_SPEAKS_OF_HOME = re.compile("宿舍|所在地|收货地|收件地|户籍|户口|租房|租的房|通讯处|通信处|请寄|信寄|件寄|复寄")
_LETTER_END = re.compile(
    r"\n(?:联系|家庭)?地址[:：]\s?(?=\S[^\n]{4,60}\n(?:邮编[^\n]*\n)?(?:联系)?(?:电话|手机)[^\n]*\s*$)"
)
_WRITER = re.compile(rf"^(?:[^\n]{{0,20}}\n)?(?:{WHO}|署名)[:：]")
_RESPONDENT = re.compile("店名|名称|单位[:：]|公司[:：]|商家[:：]|对象|被投诉|被举报")
_BACK, _ON = 12, 8
# 住 at the head of a clause speaks of the caller where the clauses before it do.
_HEAD = re.compile("[现目暂就也住](?:(?<=住)|在?住|前住)(?:在|于)?")
_CLAUSE = frozenset(",，、;；。 \n")
_FILLER = (
    r"(?:男|女|先生|女士|小姐|同志|[汉满回蒙藏壮]族|今?年?\d{1,3}周?岁|\d{4}年生|系|身份证号?码?|证件号码?|(?:联系)?电话|手机号?码?|"
    r"联系方式|座机|号码|微信同号|已?退休|退休工人|我)"
)
_CHAIN = re.compile(
    rf"(?P<gap>[\s,，、;；:：。()（）]{{0,3}})(?:{_FILLER}[\s,，、;；:：是为()（）]{{0,3}}){{0,6}}"
    r"(?:(?P<lives>(?:我|本人|人|家|现在?|目前|暂|常|就|也){0,3}居?住(?:在|于|址)?)|(?P<place>(?:详细|本人|我的?|邮寄)?(?:地址|所在地))(?!栏))?[是为在:：\s]{0,3}"
)
_GOES_ON = re.compile(
    rf"[,，、\s]{{1,2}}(?P<rest>[\u4e00-\u9fffA-Za-z\d-]{{0,14}}?{_N}{{1,4}}(?:号院?|栋|幢|楼|单元|室|号楼|门|层)(?:{_N}{{1,5}}(?:号院?|栋|幢|楼|单元|室|号楼|门|层)?){{0,4}})(?=[,，。;；!！?？\s)）]|$)"
)
_COARSE = re.compile(r"[省市区县镇乡村]$|街道$")
_SHOP = re.compile(r"店|摊|卖|超市|公司|商|铺|厂|馆|市场|餐")
_LEAD = re.compile(r"[\u4e00-\u9fff]{2,7}?(?:省|市|区|县)")
_NUMBERED = re.compile(rf"{_N}(?:[号室户栋幢楼层]|号[院楼])?$")
_END = re.compile(r"\s*(?:[,，。;；!！?？\s)）]|$)")
# A number or a name as it stands once it is masked.
_MASKED = re.compile(r"\[(?:电话|证件号|姓名)\]|\d{2,6}\*{4,8}[\dXx]{2,4}")
_PERSON = (
    r"被(?:投诉|举报|反映|申诉|诉|告|检举)(?:人|单位|商家|方|企业|对象)?|商家|店家?|店铺|店主|老板娘?|卖[家方]|商户|摊主|对方|公司|厂家?|负责人|法人|"
    r"法定代表人|经理|店长|主播|房东|客服|销售|业务员|司机|[他她其]|此人|该人|嫌疑人|经营者|供货商"
)
_OTHER = re.compile(
    rf"(?:{_PERSON})的?(?:叫|姓|名|电话|手机|联系|微信|身份|本人|真名|现?家?住|家|户籍|地址|为|是|[:：]|留|发来|给|[王李张刘陈赵\[]|$)|退货|寄回|"
    rf"(?:举报|投诉|反映|状告)(?![人者]){ONE}[\u4e00-\u9fff]{{1,2}}$"
)
_MINE = re.compile(rf"我|本人|咱|俺|(?<!被){WHO}|消费者|市民|署名")
_EITHER = re.compile(r"(?<![店司厂家方位该])联系人|收[货件]人|(?<![人主板者])姓名")
_SEGMENT = re.compile(r"[,，、\s]")
_BEFORE, _LETTER, _NEAR = 60, 200, 2
_SENTENCES = "。！？!?\n；;"
_CONTACT_NAME = r"(?:微信|QQ|qq|扣扣|邮箱|电子邮[箱件]|[Ee]-?mail|VX|vx|V信)(?:号码?|地址|账号)?"
_CONTACT = re.compile(
    rf"(?:(?:我|本人|我们)的?(?:个人)?|(?<!被){WHO}的?){_CONTACT_NAME}(?:也?是|为|叫|[:：\s]){{0,3}}(?P<word>[A-Za-z0-9][A-Za-z0-9_.+@-]{{4,63}})"
)
_NEXT_CONTACT = re.compile(
    rf"[\s,，、;；:：。]{{0,3}}(?:联系)?{_CONTACT_NAME}(?:是|为|[:：\s]){{0,3}}(?P<word>[A-Za-z0-9][A-Za-z0-9_.+@-]{{4,63}})"
)
_DOCUMENT = re.compile(
    r"(?:(?:护照|军官证|士兵证|港澳通行证|台胞证|通行证|居住证|学生证|社保卡|医保卡|身份证)号?码?|(?:我|本人)的?工号)[是为:：\s]{0,3}"
    r"(?P<word>[A-Za-z]{0,2}\d{4,17}[Xx]?)(?![\w*]| \d{3}[\dXx])"
)
_PAPER = re.compile(r"[证卡照号]号?码?[是为:：\s]{0,3}[A-Za-z\d]")
_REACHED = re.compile("微信|邮|QQ|qq|扣扣|mail|VX|vx|V信")


def homes(text: str, people: Collection[Place], numbers: Collection[Place]) -> Iterator[Place]:
    """The caller's addresses; `people` are the places of the caller's name, `numbers` those of any number."""
    if "住" in text or "址" in text or "家" in text or _SPEAKS_OF_HOME.search(text):
        yield from _announced(text)
    masked = [match.span() for match in _MASKED.finditer(text)] if "*" in text or "[" in text else ()
    if people or numbers or masked:
        own = set(people)
        for place in {*own, *numbers, *masked}:
            yield from _following(text, place, "caller" if place in own or _by_a_name(place, own) else "")


def _by_a_name(place: Place, own: Collection[Place]) -> bool:
    """Whether a number stands beside the caller's name: then it is the caller's as well."""
    return any(0 <= place[0] - end <= _NEAR or 0 <= start - place[1] <= _NEAR for start, end in own)


def _announced(text: str) -> Iterator[Place]:
    """The addresses that have a word for it before them."""
    for trigger in _TRIGGER.finditer(text):
        cue = _CUE.search(text, max(0, trigger.start() - _BACK), trigger.end() + _ON)
        if cue and (cue["own"] or owner(text, cue.start()) != "other"):
            yield from _whole(text, cue.end())
    letter = _LETTER_END.search(text, max(0, len(text) - _LETTER)) if "\n" in text else None
    if letter and _WRITER.match(text) and not _RESPONDENT.search(text):
        yield from _whole(text, letter.end())
    for head in _HEAD.finditer(text) if "住" in text else ():
        if text[head.start() - 1] in _CLAUSE and owner(text, head.start()) == "caller":
            yield from _whole(text, head.end())


def _following(text: str, place: Place, whose: str) -> Iterator[Place]:
    """The address behind a name or a number."""
    link = _CHAIN.match(text, place[1])
    if link is None or (whose := whose or owner(text, place[0])) == "other":
        return
    if not (link["lives"] or link["place"]):
        yield from _bare(text, link.end(), whose)
        return
    found = list(_whole(text, link.end()))
    ended = bool(found) and _END.match(text, found[-1][1]) is not None
    told = whose == "caller" and ended and ("。" not in link["gap"] or form(text, place[0]) != "")
    if link["lives"] or told:
        yield from found


def _bare(text: str, at: int, whose: str) -> Iterator[Place]:
    """An address without a word for it: from its town or district to its number, where no shop is spoken of next."""
    end = _address(text, at) if whose == "caller" and _LEAD.match(text, at) else None
    if end and _NUMBERED.search(text, at, end) and _END.match(text, end) and not _SHOP.search(text, end, end + 12):
        yield at, end


def _whole(text: str, at: int) -> Iterator[Place]:
    """The address that begins there, with the parts of it that follow behind a comma."""
    end = _address(text, at)
    if end is None:
        return
    yield at, end
    for _ in range(3):
        rest = _GOES_ON.match(text, end)
        if rest is None or not (rest["rest"][0].isdigit() or _COARSE.search(text, at, end)):
            return
        if _SHOP.search(text, rest.end(), rest.end() + 12) and not rest["rest"][0].isdigit():
            return
        yield rest.span("rest")
        end = rest.end()


def _address(text: str, at: int) -> int | None:
    """Where the address that begins there ends: behind its last street, house or room, before the next words."""
    run = _RUN.match(text, at)
    if run is None or _NO_HOME.match(text, at):
        return None
    stop = _BREAK.search(text, at + 1, run.end())
    ends = [match.end() for match in _SUFFIX.finditer(text, at, stop.start() if stop else run.end())]
    return ends[-1] if ends and ends[-1] - at >= _LEAST else None


def owner(text: str, at: int) -> str:
    """Of whom the words before a place speak: "caller", "other" or nobody."""
    begin = max(0, at - _BEFORE)
    begin = max(begin, *(text.rfind(sign, begin, at) + 1 for sign in _SENTENCES))
    for tried, segment in enumerate(reversed(_SEGMENT.split(text[begin:at]))):
        other = max((match.end() for match in _OTHER.finditer(segment)), default=0)
        mine = max((match.end() for match in _MINE.finditer(segment)), default=0)
        if other or mine:
            return "other" if other >= mine else "caller"
        if _EITHER.search(segment):
            return form(text, at) or "caller"
        if tried > 3:  # noqa: PLR2004 - farther back they speak of something else
            break
    return form(text, at)


def contacts(text: str, people: Collection[Place], numbers: Collection[Place]) -> Iterator[tuple[int, int, bool]]:
    """E-mail, WeChat and QQ of the caller, and documents other than identity cards (True)."""
    if ("证" in text or "卡" in text or "照" in text or "工号" in text) and _PAPER.search(text):
        for match in _DOCUMENT.finditer(text):
            if owner(text, match.start()) != "other":
                yield (*match.span("word"), True)
    if not _REACHED.search(text):
        return
    for match in _CONTACT.finditer(text):
        yield (*match.span("word"), False)
    own = set(people)
    for place in {*own, *numbers}:
        following = _NEXT_CONTACT.match(text, place[1])
        if following and (place in own or owner(text, place[0]) == "caller"):
            yield (*following.span("word"), False)
