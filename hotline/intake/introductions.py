"""How callers name themselves in a text.

A name is the caller's where they say so (我叫…, 举报人：…, 请联系我，王先生, a signature at the end). What is said of
the respondent (被举报人：…, 该店联系人…, 客服王女士称) is not: the agency must find them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Told: TypeAlias = tuple[int, int, str]
"""Start, end and what stands there."""
NAME, SURNAME = "name", "surname"

SURNAMES = Path(__file__).with_name("surnames.txt").read_text(encoding="utf-8").strip()
DOUBLE = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|司徒|夏侯|端木|南宫"
ONE = rf"(?:{DOUBLE}|[{SURNAMES}])"
# What is masked already still begins an introduction: old rows are masked anew.
_CHAR = r"(?:(?![的了在是我你他她们这那被次请])[\u4e00-\u9fff·])"
_TITLE = "先生|女士|小姐|同志|老师|师傅|阿姨|大爷|大妈|大姐"
_FULL = rf"(?P<name>\[姓名\]|{ONE}\*{{1,4}}|{ONE}(?!{_TITLE}){_CHAR}{{1,2}}?)"
_SHORT = rf"(?P<name>\[姓名\]|\*{{1,2}}|{ONE})"
_END = r"[,，。;；、:：\s(（)）!！?？]|$"
_STOP = (
    rf"(?={_END}|电话|手机|联系|身份证|今[年天早]|昨|前天|上[周月个]|去年|[是在住我的买\d\[]|家住|本人|先生|小姐|女士|同志|[啊呀呢吧哈]|"
    r"举报|投诉|反映|来电|[要想](?=[求举投反问咨退])|网购|购买|地址|收[货件])"
)
WHO = r"(?:投诉|举报|反映|诉求|来电|申诉|申请|报案|求助|咨询|检举|控告)[人者]"
_ROLE = "市民|居民|村民|消费者|顾客|客户|业主|住户|家长|学生|读者|职工|员工|会员|用户"
_FREE = r"(?<![被他她其店司厂家方位业户的该])(?<!退货)"
# Each is tried where a word of _TRIGGER begins.
_LABEL = re.compile(
    rf"(?:我(?:名?叫|的?名字[叫是]|姓名|系)|本人(?:名?叫|姓名)|(?<![位人主板者家员方商])姓名|(?<!被){WHO}(?:姓名)?|"
    rf"我是[^,，。]{{1,14}}[,，]名?叫|消费者姓名|{_FREE}(?:联系人|收[货件]人)(?:姓名)?|(?:署名|落款)(?=[是为:：\s])|敬礼)[是为叫:：\s!！]{{0,3}}{_FULL}{_STOP}"
)
# Any name at all, were it of a family that the list does not know, where the label cannot mean anything else.
_LABELLED = re.compile(
    rf"(?:(?<![位人主板者家员方商])姓名|本人姓名|(?<!被){WHO}(?:姓名)?)[:：]\s?"
    rf"(?P<name>[\u4e00-\u9fff]{{2,3}}|[\u4e00-\u9fff]{{1,8}}·[\u4e00-\u9fff·]{{1,12}})(?={_END}|电话|手机|身份证)"
)
_AM = re.compile(
    rf"(?:我是|本人是?|这里是)(?:[\u4e00-\u9fff]{{0,8}}(?:{_ROLE}))?{_FULL}"
    rf"(?!的)(?={_END}|电话|手机|联系|身份证|今年|[是住\d\[]|先生|举报|投诉|反映|要|想)"
)
_FAMILY = re.compile(
    rf"(?:我姓|本人姓|免贵姓|{WHO}自?称?[其他她]?姓){_SHORT}(?={_END}|{_TITLE}|[某叫名住单])(?:[,，]?(?:我?叫|名叫?|全名叫?)(?P<full>{ONE}[\u4e00-\u9fff·]{{1,2}}){_STOP})?"
)
_TITLED = re.compile(
    rf"(?:我是|本人|这里是|(?<!被){WHO}|{_FREE}(?:联系人|收[货件]人)|(?:联系|回复|通知|找|打给|告诉)我|(?:{_ROLE}))"
    rf"[是为:：,，\s]{{0,2}}{_SHORT}(?P<title>{_TITLE}|某)"
    rf"(?:[,，]\s?(?P<full>(?P=name){_CHAR}{{1,2}})(?={_END}))?"
)
_NICKNAME = re.compile(
    rf"(?:我是|我叫|叫我|喊我|称呼我)(?:[^,，。]{{0,10}}那个)?[小老阿大](?![师板总乡家])(?!老){_SHORT}(?={_END}|[就吧啊呀]|电话|手机|今|住)"
)
_CITIZEN = re.compile(rf"(?:{_ROLE}|网友|群众){_FULL}(?=反映|来电|称|投诉|举报|致电|[:：]|$)")
_CALLER = re.compile(
    rf"(?<![板主理服长售人员家方傅商])(?P<name>{ONE})(?P<title>先生|女士|小姐|同志)(?=(?:[（(][^（()）]{{0,20}}[)）])?(?:来[电信访]|致电|反映|称|投诉|举报|打电话|咨询|求助))"
)
_NUMBER = r"[,，、:：\s(（]{0,2}(?:电话|手机)?[:：\s]{0,2}(?:1[3-9]\d[\d*]|\[电话\])"
# Alone on the last line, or behind the last sentence with a number: places and thanks end texts as well.
_SIGNED = re.compile(
    rf"(?:\n(?P<name>{ONE}(?!{_TITLE}){_CHAR}{{1,2}})(?:敬上|[\d年月日./\s-]{{0,20}})|"
    rf"[。！!?？]\s?(?P<behind>{ONE}(?!{_TITLE}){_CHAR}{{1,2}})(?:敬上|{_NUMBER}.{{0,40}}))$"
)
_HEADED = re.compile(rf"(?P<name>{ONE}(?!{_TITLE}){_CHAR}{{1,2}})(?={_NUMBER}|[,，、:：\s(（]身份证)")
# Whose part of a form it is; 联系人, 姓名 and the like are his whom the last one names.
_LABELS = re.compile(
    rf"(?P<other>被(?:投诉|举报|反映|申诉)(?:人|单位|商家|企业|方)?|(?:投诉|举报)对象)|{WHO}[:：]|消费者[:：]"
)
_OF_EITHER = re.compile(r"联系人|姓名|收[货件]人")
_FORM_LENGTH = 120
_TRIGGER = re.compile(
    r"我(?:叫|是|姓|系|名|的名)|本人|姓名|举报[人者]|反映[人者]|诉求人|来电[人者]|联系[人我]|投诉[人者]|申[诉请][人者]|报案人|求助[人者]|"
    r"咨询[人者]|检举人|控告人|免贵|这里是|叫我|喊我|称呼我|市民|居民|村民|消费者|顾客|业主|网友|群众|收[货件]人|署名|落款|敬礼|"
    r"回复我|通知我|找我|打给我|告诉我"
)
_TITLES = re.compile("先生|女士|小姐|同志")
_NO_PERSON = re.compile(r"[生人员户师主者民客商工家属友方门店时候事病州]$")
# Words that begin like a name, and places.
_NOT_NAMES = frozenset(Path(__file__).with_name("not_names.txt").read_text(encoding="utf-8").split())
# Surnames that are small words as well: before them a name needs a sign behind it (反映人向工会反映).
_WORDS_TOO, _POINTS = "向于和时", frozenset(",，。;；、:： (（")
_NEVER_IN = re.compile("[次经被了你我他她它们这那请]")
_NOBODY = re.compile(f"[人员厂店公司户匿密无不某院局未]|{_TITLE}")
# Behind a name these make it a shop's: 王强烤鸭店.
_SHOP = re.compile(
    r"(?:(?![在去到被说从和跟与向给的是把对买称投举要等该本我他她来也就又曾还])[\u4e00-\u9fff]){0,4}?"
    r"(?:店|商行|公司|厂|铺|超市|商贸|工作室|饭庄|诊所|药房)"
)
_STAFF = re.compile("(?:老板|老板娘|店主|店长|经理|客服|销售|店员|卖家|商家|对方|师傅|主管|负责人|房东|法人)$")
_STAFF_LENGTH, _SIGNATURE = 4, 60


def names(text: str) -> list[Told]:
    """Names and surnames that the text says are its caller's, and each place where they stand again."""
    found = [*_introduced(text), *_signed(text)]
    if "先生" in text or "女士" in text or "小姐" in text or "同志" in text:
        found += [(*match.span("name"), SURNAME) for match in _CALLER.finditer(text)]
    return found + [again for known in set(_known(text, found)) for again in _again(text, *known)]


def repeated(text: str, told: str) -> list[Told]:
    """Each place in the text of the names that another text tells: what was masked once does not tell them itself."""
    found = _introduced(told), _signed(told)
    known = set(_known(told, [place for each in found for place in each]))
    return [again for word in known for again in _again(text, *word)]


def _introduced(text: str) -> Iterator[Told]:
    """Where the caller says it."""
    for trigger in _TRIGGER.finditer(text):
        at = trigger.start()
        if _OF_EITHER.match(text, at) and form(text, at) == "other":
            continue
        full = next(filter(None, (_full(pattern, text, at) for pattern in (_LABEL, _LABELLED, _AM, _CITIZEN))), None)
        if full:
            yield (*full, NAME)
            continue
        for pattern in (_FAMILY, _TITLED, _NICKNAME):
            match = pattern.match(text, at)
            if match:
                yield (*match.span("name"), SURNAME)
                if pattern is not _NICKNAME and match["full"]:
                    yield (*match.span("full"), NAME)
                break


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
    if name in _NOT_NAMES or _NEVER_IN.search(name) or (pattern is _LABELLED and _NOBODY.search(name)):
        return None
    if name[0] in _WORDS_TOO and text[match.end() : match.end() + 1] not in _POINTS:
        return None
    loose = pattern is _AM or pattern is _CITIZEN
    return None if loose and _NO_PERSON.search(name) else match.span("name")


def _signed(text: str) -> list[Told]:
    """A name that stands alone behind the last sentence, or before a number at the head."""
    tail, first = text[-_SIGNATURE:], _HEADED.match(text)
    # What a signature needs is looked for first: most texts have none.
    signed = "1" in tail or "\n" in tail or "[" in tail or "敬上" in tail
    last = _SIGNED.search(text, max(0, len(text) - _SIGNATURE)) if signed else None
    places = [last.span("name" if last["name"] else "behind")] if last else []
    places += [first.span("name")] if first else []
    return [
        (*place, NAME)
        for place in places
        if text[slice(*place)] not in _NOT_NAMES and not _NEVER_IN.search(text, *place)
    ]


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
        if what == NAME and not _SHOP.match(text, end):
            yield at, end, NAME
        elif what == SURNAME and not _STAFF.search(text, max(0, at - _STAFF_LENGTH), at):
            yield at, end - 2, SURNAME
        at = text.find(word, end)
