"""How callers name themselves in a text.

A name is the caller's where they say so (我叫…, 举报人：…, 请联系我，王先生, a signature at the end). What is said of
the respondent (被举报人：…, 该店联系人…, 客服王女士称) is not: the agency must find them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from hotline.intake.family_names import (
    ALONE,
    ANY,
    FIRSTS,
    NOT_NAMES,
    ONE,
    TITLE,
    is_a_common_family,
    is_a_name,
    may_be_a_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Told: TypeAlias = tuple[int, int, str]
"""Start, end and what stands there."""
NAME, SURNAME = "name", "surname"

# What is masked already still begins an introduction: old rows are masked anew.
_CHAR = r"(?:(?![的了在是我你他她们这那被次请])[\u4e00-\u9fff·])"
# Where hardly anything but a name can stand: any family's, and names that have none.
_NAMELESS = rf"(?:\[姓名\]|{ANY}\*{{1,4}}|{ALONE}|{ANY}(?!{TITLE}){_CHAR}{{1,2}}?)"
ANYONE = rf"(?P<name>{_NAMELESS})"
_SHORT = rf"(?P<name>\[姓名\]|\*{{1,2}}|{ONE})"
_END = r"[,，。;；、:：\s(（)）!！?？]|$"
_STOP = (
    rf"(?={_END}|电话|手机|联系|身份证|今[年天早]|昨|前天|上[周月个]|去年|[是在住我的买\d\[]|家住|本人|先生|小姐|女士|同志|[啊呀呢吧哈]|"
    r"举报|投诉|反映|来电|[要想](?=[求举投反问咨退])|网购|购买|地址|收[货件])"
)
WHO = r"(?:投诉|举报|反映|诉求|来[电信访]|写信|致电|申诉|申请|报案|求助|咨询|检举|控告|陈情)[人者]"
_I = "(?:[我俺咱偶]|本人|鄙人)"
_ROLE = "市民|居民|村民|消费者|顾客|客户|业主|住户|家长|学生|读者|职工|员工|会员|用户"
_FREE = r"(?<![被他她其店司厂家方位业户的该])(?<!退货)"
# Each is tried where a word of _TRIGGER begins.
_LABEL = re.compile(
    rf"(?:{_I}(?:名?叫|的?(?:名字|[大全真本]名)(?=[叫是为:：\s])|姓名|系)|鄙人|大名叫|(?<![位人主板者家员方商])姓名|(?<!被){WHO}(?:姓名|名字|签[名字]|自称|名叫)?|"
    rf"我是[^,，。]{{1,14}}[,，](?:今年[^,，。]{{1,8}}[,，])?名?叫|消费者姓名|(?:实名(?:举报|投诉)?|称呼|代签)(?=[:：])|{_FREE}(?:联[系络]人|收[货件]人)(?:姓名)?|(?:署名|落款|签[名字])(?=[是为:：\s])|敬礼)"
    rf"[是为叫:：\s!！(（]{{0,3}}{ANYONE}{_STOP}"
)
# Any name at all, were it of a family that the list does not know, where the label cannot mean anything else.
_LABELLED = re.compile(
    rf"(?:(?<![位人主板者家员方商])姓名|本人姓名|(?<!被){WHO}(?:姓名)?|{_FREE}联[系络]人|署名)[:：]\s?"
    rf"(?P<name>{ALONE}|[\u4e00-\u9fff]{{2,3}})(?={_END}|电话|手机|身份证)"
)
_AM = re.compile(
    rf"(?:[我俺咱](?:就|这边|这里)?是|本人是?|这[里边]是)(?:[\u4e00-\u9fff]{{0,8}}(?:{_ROLE}))?{ANYONE}"
    rf"(?!的)(?={_END}|电话|手机|联系|身份证|今年|[是住\d\[]|先生|举报|投诉|反映|要|想)"
)
_FAMILY = re.compile(
    rf"(?:[我俺咱]姓|本人姓|免贵[,，]?姓|贵姓|{WHO}自?称?[其他她]?姓)(?P<name>\[姓名\]|\*{{1,2}}|{ANY})(?={_END}|{TITLE}|[某叫名住单])"
    rf"(?:[,，]?(?:我?叫|名叫?|全名叫?)(?P<full>{ANY}[\u4e00-\u9fff·]{{1,2}}){_STOP}|"
    rf"[,，、.…\s]{{1,3}}(?P<twice>(?P=name){_CHAR}{{1,2}}?)(?!的){_STOP})?"
)
# 我是师院学生，安小满，…
_AMONG = re.compile(
    rf"[我俺]是[^,，。、]{{0,14}}[生人师员工长主户民家客手者妈爸友士部][,，](?:今年[^,，。]{{1,8}}[,，])?{ANYONE}(?=[,，。]|电话|手机|联系)"
)
# 今接上官海燕来电
_CALLED_IN = re.compile(
    rf"[今现兹刚日]?(?:接到?|收到)(?:{_ROLE}|群众)?{ANYONE}(?=来[电信访]|电话|致电|反映|投诉|举报|打来)"
)
# 别透露我名字：裴小龙
_SECRET = re.compile(rf"(?:保密|匿名|透露|泄露|公开|告诉)[^。！？!?\n:：（(]{{0,12}}[:：（(]\s?{ANYONE}(?={_END})")
# 由其女儿卓玛转述
_DEPUTY = re.compile("代[为述写笔诉投举反其]|转述")
_DEPUTY_LENGTH = 10
_KIN = (
    "老公|老婆|女儿|儿子|孩子|儿媳|媳妇|女婿|孙女|孙子|妻子|丈夫|爱人|老伴|母亲|父亲|爸爸?|妈妈?|侄[儿女子]|哥哥?|姐姐?|"
    "弟弟?|妹妹?"
)
_SPOKEN_FOR = re.compile(
    rf"(?:(?:{_KIN}|同[学事]|邻居|朋友|工友|翻译|家属){ANYONE}(?=代|转述|帮忙|替|来电|致电)|由(?P<deputy>{_NAMELESS})(?=代[为述写笔诉投举反其]))"
)
# 我老公农家贵买的
_KINDRED = re.compile(
    rf"(?:我|本人|俺|来电人|投诉人)的?(?:{_KIN})(?P<name>{ALONE}|{ONE}{_CHAR}{{1,2}}?)(?=[,，。在买被去是跟和给说来的])"
)
# 别说是…举报的
_TOLD_ON = re.compile(rf"(?:说|知道)(?:是|我)*{ANYONE}(?=(?:举报|投诉|反映|告|说)的)")
# 我符小岚，… at the head of a clause
_BARE = re.compile(
    rf"[我俺](?<![\u4e00-\u9fff].)(?![和向于时从与同])(?P<name>{ALONE}|{ONE}(?!{TITLE}){_CHAR}{{1,2}})(?=[,，啊呀])"
)
# 陈秀英反映：… at the head of a line
_HEAD_SAYS = re.compile(rf"{ANYONE}(?=(?:反映|来电|来信|致电|投诉|举报|称|诉)(?:称|反映)?[:：,，])")
_SAYING = re.compile("反映|来电|来信|致电|投诉|举报|称|诉")
_HEAD_LENGTH = 12
# A firm complains: its clerk is the caller where somebody else is complained of.
_CLERK = re.compile(
    rf"(?<!被)(?:投诉|举报|反映|申诉)(?:单位|企业|公司|方)[:：][^:：]{{2,60}}经办人[:：]\s?{ANYONE}(?={_END})"
    r"(?=[\s\S]{0,200}?(?:(?:投诉|举报)对象|被(?:投诉|举报)))"
)
_TITLED = re.compile(
    rf"(?:我是|本人|这里是|(?<!被){WHO}|{_FREE}(?:联系人|收[货件]人)|(?:联系|回复|通知|找|打给|告诉)我|(?:{_ROLE}))"
    rf"[是为:：,，\s]{{0,2}}{_SHORT}(?P<title>{TITLE}|某)"
    rf"(?:[,，]\s?(?P<full>(?P=name){_CHAR}{{1,2}})(?={_END}))?"
)
_NICKNAME = re.compile(
    rf"(?:我是|我叫|叫我|喊我|称呼我)(?:[^,，。]{{0,10}}那个)?[小老阿大](?![师板总乡家])(?!老){_SHORT}(?={_END}|[就吧啊呀]|电话|手机|今|住)"
)
_CITIZEN = re.compile(rf"(?:{_ROLE}|网友|群众){ANYONE}(?=反映|来[电信]|称|投诉|举报|致电|[:：]|$)")
# 来电人陈秀英称, 消费者占小梅于昨日
_SAYS = re.compile(rf"(?:(?<!被){WHO}|{_ROLE}){ANYONE}(?=称|表示|说|诉|于|认为|要求)")
# 大伙叫我…, where 叫我 may go on with what was ordered as well.
_CALL_ME = re.compile(rf"(?:叫|喊|称呼)我(?![别从去来等有过要能自])(?!{ANY}[去来就先])(?P<name>{_NAMELESS}){_STOP}")
# Whom a paper or an account names: the caller or theirs.
_ON_PAPER = re.compile(
    rf"(?:(?:消费者|市民|读者|顾客|业主)(?=[:：])|就诊人|机主|户主|付款人|入住人|订票人|预[订约]人|[投参]保人|患者|真实姓名|网名[^,，。]{{1,8}}[,，]真名)[是为叫:：\s]{{0,2}}{ANYONE}(?={_END}|电话|手机|身份证)"
)
_CALLER = re.compile(
    rf"(?<![板主理服长售人员家方傅商])(?P<name>{ONE})(?P<title>先生|女士|小姐|同志)(?=(?:[（(][^（()）]{{0,20}}[)）])?(?:来[电信访]|致电|反映|称|投诉|举报|打电话|咨询|求助))"
)
_NUMBER = r"[,，、:：\s(（]{0,2}(?:电话|手机)?[:：\s]{0,2}(?:1[3-9]\d[\d*]|\[电话\])"
# Alone on the last line, or behind the last sentence with a number: places and thanks end texts as well.
_SIGNED = re.compile(
    rf"(?:\n(?P<name>{ONE}(?!{TITLE}){_CHAR}{{1,2}})(?:敬上|[\d年月日./\s-]{{0,20}})|"
    rf"[。！!?？]\s?(?P<behind>{ONE}(?!{TITLE}){_CHAR}{{1,2}})(?:敬上|{_NUMBER}.{{0,40}}))$"
)
_HEADED = re.compile(rf"(?P<name>{ONE}(?!{TITLE}){_CHAR}{{1,2}})(?={_NUMBER}|[,，、:：\s(（]身份证)")
# Whose part of a form it is; 联系人, 姓名 and the like are his whom the last one names.
_LABELS = re.compile(
    rf"(?P<other>被(?:投诉|举报|反映|申诉)(?:人|单位|商家|企业|方)?|(?:投诉|举报)对象)|{WHO}[:：]|消费者[:：]"
)
_OF_EITHER = re.compile(r"联[系络]人|姓名|收[货件]人")
_FORM_LENGTH = 120
# Each branch begins with a character: a class, a look or an anchor there would make every place be tried.
_SELF = "(?:叫|是|姓|系|名|就是|这[边里]是|的[名大全真本]|[大全真本]名)"
_TRIGGER = re.compile(
    rf"我{_SELF}|我的?(?:{_KIN})|我(?=.{{2,4}}[,，啊呀])|俺{_SELF}|俺(?=.{{2,4}}[,，啊呀])|咱{_SELF}|偶{_SELF}|本人|鄙人|大名|姓名|举报[人者]|反[映应][人者]|诉求人|来[电信访][人者]|写信人|致电人|"
    r"联[系络]人|联系我|投诉[人者]|申[诉请][人者]|报案人|求助[人者]|咨询[人者]|检举人|控告人|陈情人|贵姓|免贵|这[里边]是|叫我|喊我|称呼|"
    r"市民|居民|村民|消费者|顾客|业主|网友|群众|收[货件]人|实名|代签|就诊人|机主|户主|付款人|入住人|订票人|预[订约]人|投保人|参保人|"
    r"患者|网名|住户|家长|读者|用户|署名|落款|签[名字]|敬礼|回复我|通知我|找我|打给我|告诉|保密|匿名|透露|泄露|公开|"
    r"今接|今收到|现接|现收到|兹接|兹收到|刚接|刚收到|日接|日收到"
)
# What can begin with the first character of a trigger; all the others introduce in the same ways.
_SELVES = (_LABEL, _AM, _AMONG, _KINDRED)
_BRIEFLY, _VERBS = frozenset("我俺"), frozenset("叫是姓系名就这的大全真本")
_WAYS = (
    dict.fromkeys("我俺咱偶", _SELVES)
    | dict.fromkeys("本鄙", (_LABEL, _LABELLED, _AM, _KINDRED))
    | dict.fromkeys("市居村顾业网群住家读用", (_AM, _CITIZEN, _SAYS, _ON_PAPER))
    | dict.fromkeys("保匿透泄公告", (_SECRET,))
    | dict.fromkeys("今现兹刚日接", (_CALLED_IN,))
    | dict.fromkeys("就机户付入订预投参患", (_LABEL, _LABELLED, _SAYS, _KINDRED, _ON_PAPER))
)
_BY_NAME_ONLY = frozenset("保匿透泄公今现兹刚日接就机户付入订预参患署落签敬实代")
_OTHERWISE = (_LABEL, _LABELLED, _AM, _CITIZEN, _SAYS, _CALL_ME, _KINDRED, _ON_PAPER)
# Between these anything may stand that is no name.
_STRICT: dict[re.Pattern[str], Callable[[str], bool]] = {
    _LABELLED: bool,
    _AMONG: is_a_name,
    _CALLED_IN: may_be_a_name,
    _SECRET: may_be_a_name,
    _CITIZEN: may_be_a_name,
    _SAYS: is_a_name,
    _CALL_ME: is_a_name,
    _ON_PAPER: is_a_name,
    _KINDRED: is_a_name,
    _BARE: is_a_name,
}
_AFTERWARDS = frozenset(("full", "twice"))
_TITLES = re.compile("先生|女士|小姐|同志")
_NO_PERSON = re.compile(r"[生人员户师主者民客商工家属友方门店时候事病州]$")
# Surnames that are small words as well: before them a name needs a sign behind it (反映人向工会反映).
_WORDS_TOO, _POINTS = "向于和时", frozenset(",，。;；、:： (（")
_NEVER_IN = re.compile("[次经被了你我他她它们这那请]")
_NOBODY = re.compile(f"[人员厂店公司户匿密无不某院局未]|{TITLE}")
# Behind a name these make it a shop's: 王强烤鸭店.
_SHOP = re.compile(
    r"(?:(?![在去到被说从和跟与向给的是把对买称投举要等该本我他她来也就又曾还])[\u4e00-\u9fff]){0,4}?"
    r"(?:店|商行|公司|厂|铺|超市|商贸|工作室|饭庄|诊所|药房)"
)
_STAFF = re.compile("(?:老板|老板娘|店主|店长|经理|客服|销售|店员|卖家|商家|对方|师傅|主管|负责人|房东|法人)$")
_OPENING, _CLOSING = "“「《", "”」》"
_STAFF_LENGTH, _SIGNATURE = 4, 60


def names(text: str) -> list[Told]:
    """Names and surnames that the text says are its caller's."""
    found = [*_introduced(text), *_signed(text)]
    if "先生" in text or "女士" in text or "小姐" in text or "同志" in text:
        found += [(*match.span("name"), SURNAME) for match in _CALLER.finditer(text)]
    return found


def throughout(text: str, found: list[Told]) -> list[Told]:
    """What was found, and each place where a known name stands again."""
    if not found:
        return found
    return found + [again for known in set(_known(text, found)) for again in _again(text, *known)]


def repeated(text: str, told: str) -> list[Told]:
    """Each place in the text of the names that another text tells: what was masked once does not tell them itself."""
    found = _introduced(told), _signed(told)
    known = set(_known(told, [place for each in found for place in each]))
    return [again for word in known for again in _again(text, *word)]


def _introduced(text: str) -> Iterator[Told]:
    """Where the caller says it."""
    starts = [trigger.start() for trigger in _TRIGGER.finditer(text)]
    for at in (0, *starts) if text.startswith("接") else starts:
        if text[at] in _BRIEFLY and text[at + 1] not in _VERBS:
            bare = _full(_KINDRED, text, at) or _full(_BARE, text, at)
            if bare:
                yield (*bare, NAME)
            continue
        if _OF_EITHER.match(text, at) and form(text, at) == "other":
            continue
        full = next(filter(None, (_full(pattern, text, at) for pattern in _WAYS.get(text[at], _OTHERWISE))), None)
        if full:
            yield (*full, NAME)
            continue
        for pattern in () if text[at] in _BY_NAME_ONLY else (_FAMILY, _TITLED, _NICKNAME):
            match = pattern.match(text, at)
            if match:
                yield (*match.span("name"), SURNAME)
                yield from (
                    (*match.span(group), NAME) for group in _AFTERWARDS & match.re.groupindex.keys() if match[group]
                )
                break
    yield from _told_besides(text)


def _told_besides(text: str) -> Iterator[Told]:
    """Who tells it for them, their family, the clerk of a firm that complains, who names himself without a verb."""
    sure: list[re.Match[str]] = []
    for cue in _DEPUTY.finditer(text) if "代" in text or "转述" in text else ():
        sure += _SPOKEN_FOR.finditer(text, max(0, cue.start() - _DEPUTY_LENGTH), cue.end())
    sure += _CLERK.finditer(text) if "经办人" in text else ()
    loose = list(_heads(text))
    loose += _TOLD_ON.finditer(text) if "的" in text and ("说是" in text or "说我" in text or "知道" in text) else ()
    for found, is_one in ((sure, may_be_a_name), (loose, is_a_name)):
        for match in found:
            group = match.lastgroup or "name"
            if is_one(match[group]):
                yield (*match.span(group), NAME)


def _heads(text: str) -> Iterator[re.Match[str]]:
    """The heads of lines at which somebody is said to tell what follows."""
    at = 0
    while at >= 0:
        begins = text[at : at + 1] in FIRSTS and _SAYING.search(text, at, at + _HEAD_LENGTH)
        match = _HEAD_SAYS.match(text, at) if begins else None
        if match:
            yield match
        at = text.find("\n", at) + 1 or -1


def form(text: str, at: int) -> str:
    """Whose part of a form a place is (投诉人：… 被投诉人：…): "caller", "other" or nobody's."""
    labels = [*_LABELS.finditer(text, max(0, at - _FORM_LENGTH), at + 1)]
    if not labels:
        return ""
    return "other" if labels[-1]["other"] else "caller"


def _full(pattern: re.Pattern[str], text: str, at: int) -> tuple[int, int] | None:
    """Where the whole name stands, if it is one."""
    match = pattern.match(text, at)
    if match is None:
        return None
    name = match["name"]
    if not _may_be_name(name) or (pattern is _LABELLED and _NOBODY.search(name)):
        return None
    if name[0] in _WORDS_TOO and match.end() < len(text) and text[match.end()] not in _POINTS:
        return None
    loose = pattern is _AM or pattern is _CITIZEN
    if (loose and _NO_PERSON.search(name)) or not _STRICT.get(pattern, _known_family)(name):
        return None
    return match.span("name")


def _known_family(name: str) -> bool:
    """Whether the family is one of many, or the whole a name all the same; what is masked already is one."""
    return "*" in name or "[" in name or is_a_common_family(name) or may_be_a_name(name)


def _signed(text: str) -> Iterator[Told]:
    """A name that stands alone behind the last sentence, or before a number at the head."""
    tail = text[-_SIGNATURE:]
    # What a signature needs is looked for first: most texts have none.
    if "1" in tail or "\n" in tail or "[" in tail or "敬上" in tail:
        last = _SIGNED.search(text, max(0, len(text) - _SIGNATURE))
        if last and may_be_a_name(last["name"] or last["behind"]):
            yield (*last.span("name" if last["name"] else "behind"), NAME)
    first = _HEADED.match(text)
    if first and _may_be_name(first["name"]):
        yield (*first.span("name"), NAME)


def _may_be_name(word: str) -> bool:
    """Whether a word that stands where a name would is no other one."""
    return word not in NOT_NAMES and (not _NEVER_IN.search(word) or may_be_a_name(word))


def _known(text: str, found: list[Told]) -> Iterator[tuple[str, str]]:
    """The words that are known now: a whole name, or a surname with its title."""
    for start, end, what in found:
        word = text[start:end]
        if "*" in word or "[" in word:
            continue
        title = _TITLES.match(text, end)
        if what == NAME or title:
            yield word + (title[0] if title and what == SURNAME else ""), what


def _again(text: str, word: str, what: str) -> Iterator[Told]:
    """Each place of a known word that is neither a shop's name nor somebody's of the staff."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if what == NAME and not _SHOP.match(text, end) and not _quoted_more(text, at, end):
            yield at, end, NAME
        elif what == SURNAME and not _STAFF.search(text, max(0, at - _STAFF_LENGTH), at):
            yield at, end - 2, SURNAME
        at = text.find(word, end)


def _quoted_more(text: str, at: int, end: int) -> bool:
    """Whether a name is a part of a longer one between quotation marks (“二道桥库尔班干果”)."""
    opened = max(text.rfind(sign, 0, at) for sign in _OPENING)
    closed = max(text.rfind(sign, 0, at) for sign in _CLOSING)
    return opened > closed and not (opened == at - 1 and text[end : end + 1] in _CLOSING)
