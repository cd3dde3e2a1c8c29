"""Masked text: what an agency, a list or a report sees.

Every phone and identity number is masked, whoever's it is; so are the caller's own name and address, from the form
and where the text announces them (我叫…, 家住…). Of a 举报 nothing is left of them, not even the ends of a number or a
surname: see `whole`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hotline.intake.phones import Found
    from hotline.records import Reporter

Span: TypeAlias = tuple[int, int, str]

_SURNAMES = Path(__file__).with_name("surnames.txt").read_text(encoding="utf-8").strip()
_DOUBLE = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|司徒|夏侯|端木|南宫"
_NAME = rf"(?:{_DOUBLE}|[{_SURNAMES}])[\u4e00-\u9fff·]{{1,2}}"
_STOP = r"(?=[,，。;；、:：\s(（)）!！]|$|电话|手机|联系|身份证|今年|是|住|，|的|男|女|先生|女士|\d)"
_SAID_NAME = re.compile(
    rf"(?:(?:我叫|我的名字[叫是]|我名叫|本人叫|本人姓名|我姓名|(?<!位)姓名|(?<!被)(?:投诉人|举报人|反映人)|诉求人|来电人|联系人|消费者姓名)[是为:：\s]{{0,3}}"
    rf"|(?:我是|本人是?|这里是))(?P<name>{_NAME}?){_STOP}"
)
_SAID_SURNAME = re.compile(
    rf"(?:我是|我姓|本人姓|免贵姓|来电人|诉求人|(?<!被)投诉人)[:：\s]{{0,2}}(?P<name>{_DOUBLE}|[{_SURNAMES}])(?=先生|女士|小姐|老师|某|[,，。;；\s]|$)"
)
_CALLER = re.compile(
    rf"(?P<name>{_DOUBLE}|[{_SURNAMES}])(?=(?:先生|女士|小姐|同志)(?:来电|致电|反映|称|投诉|举报|打电话))"
)
_NO_NAME = re.compile(r"[生人员户师主者民客商工家属友方门店时候事]$")
_ADDRESS = re.compile(
    r"(?:我?家住在?|我住在?|本人住在?|本人住址|家庭住址|家庭地址|住址|我家在|我家地址|我的地址|联系地址|通讯地址|投诉人地址|举报人地址|诉求人地址|户籍地址|户籍所在地)"
    r"[是为:：\s]{0,3}(?P<address>(?!的)[^,，。;；!！?？\n]{1,60}(?:省|市|区|县|镇|乡|村|街道?|路|"
    r"巷|弄|胡同|号|栋|幢|楼|座|单元|室|小区|花园|苑|公寓|家属院|组|屯)(?:\d{1,5}(?:室|号|户)?)?)"
)
_LEAD = re.compile(r"^[\u4e00-\u9fff]{1,7}?(?:自治区|自治州|省|市|区|县|街道|镇)")
# One class of characters at the front, so that the engine skips what cannot match.
_SAYS = re.compile(
    r"[我本姓投举反诉来联免这先女小同住地家户](?:(?<=我)(?:[叫姓是住家地]|名叫|的[名地])|(?<=本)人|(?<=姓)名|(?<=举)报人|(?<=反)映人|"
    r"(?<=诉)求人|(?<=来)电人|(?<=联)系人|(?<=投)诉人|(?<=免)贵|(?<=这)里是|(?<=先)生|(?<=女)士|(?<=小)姐|(?<=同)志|(?<=住)[在址]|(?<=地)址|(?<=家)住|(?<=户)籍)"
)
_ALL_SURNAMES = frozenset(_SURNAMES) | {each[0] for each in _DOUBLE.split("|")}
_CALLED = "举报人|投诉人|反映人|诉求人|来电人|联系人|消费者|姓名|本人|我叫|我是|是"
_TITLE = "本人|先生|女士|小姐|同志|电话|手机"
# Cleaning takes a long row of stars for a line: an identity number may be left with a space in its middle.
_HALF_NUMBER = re.compile(r"(?<![\d*])(?:(?P<id>\d{6}(?:[*×]{2,}| )\d{3}[\dXx])|\d{2,5}[*×]{2,}\d{2,4})(?![\d*])")
_TAIL = re.compile(r"(?:尾号|末[四4]位|后[四4]位|最后[四4]位)\D{0,4}(?P<tail>\d{3,4}[Xx]?)(?!\d)")
_HALF_NAME = re.compile(rf"(?:{_DOUBLE}|[{_SURNAMES}])\*{{1,3}}(?!\*)")
_NICKNAME = re.compile(rf"(?:我是|我叫|叫我)[小老阿大](?P<name>{_DOUBLE}|[{_SURNAMES}]){_STOP}")
_LIVES = re.compile(r"[住址]|我家|所在地")
_MIN_ADDRESS = 5
_MAX_ADDRESS, _MAX_NAME = 120, 12
_NUMBERS = re.compile(r"[0-9*]{1,12}")
_MIN_DIGITS = 7
_SEPARATORS = frozenset(" -—·.,，")
_WITH_SEPARATOR = 2  # places from one digit to the next
_HALF_HIDDEN = re.compile(r"[*某xX×○]|先生|女士|小姐")
_HIDDEN = "****"
PHONE, ID_NUMBER, NAME = "[电话]", "[证件号]", "[姓名]"
"""What stands in the place of a number or a name of which nothing may be left."""
_LONGEST_PHONE = 12


def mask_number(digits: str) -> str:
    """139****0000; an identity number keeps its first six and last four characters."""
    if len(digits) > _LONGEST_PHONE:
        return digits[:6] + "*" * (len(digits) - 10) + digits[-4:]
    if len(digits) <= 8:  # noqa: PLR2004 - a local number without its area code
        return digits[:2] + _HIDDEN + digits[-2:]
    return digits[:3] + _HIDDEN + digits[-4:]


def mask_name(name: str) -> str:
    """张三 → 张*."""
    return name[:1] + "*" * max(1, len(name) - 1)


def _spaced(text: str, digits: str) -> Iterator[tuple[int, int]]:
    """Each place where the digits of a number stand, however they are separated (at most one sign between two).

    Every caller has another number: a pattern for each would be compiled once and never used again.
    """
    places = [place for place, char in enumerate(text) if char not in _SEPARATORS]
    bare, last = "".join(map(text.__getitem__, places)), len(digits) - 1
    at = bare.find(digits)
    while at >= 0:
        found = places[at : at + len(digits)]
        close = all(after - before <= _WITH_SEPARATOR for before, after in pairwise(found))
        if close:
            yield found[0], found[last] + 1
        at = bare.find(digits, at + (len(digits) if close else 1))


@dataclass(frozen=True, slots=True)
class _Manner:
    """How what is hidden is shown."""

    number: Callable[[str], str]
    name: Callable[[str], str]
    surname: Callable[[str], str]


_PARTLY = _Manner(mask_number, mask_name, lambda surname: "*" * len(surname))
_WHOLE = _Manner(lambda digits: ID_NUMBER if len(digits) > _LONGEST_PHONE else PHONE, lambda _: NAME, lambda _: NAME)


def _remains(text: str, written: str, reporter: Reporter | None) -> list[Span]:
    """What else tells of the caller of a 举报: a tail that is spoken of, what is half hidden already, a given name."""
    spans = [(*match.span(), ID_NUMBER if match["id"] else PHONE) for match in _HALF_NUMBER.finditer(written)]
    spans += [(*match.span("tail"), PHONE) for match in _TAIL.finditer(written)]
    spans += [(*match.span(), NAME) for match in _HALF_NAME.finditer(text)]
    spans += [(*match.span("name"), NAME) for match in _NICKNAME.finditer(text)]
    name = reporter.name.strip() if reporter else ""
    given = name[2:] if name[:2] in _DOUBLE.split("|") else name[1:]
    if 1 < len(given) <= _MAX_NAME and name[:1] in _ALL_SURNAMES:
        spans += _everywhere(text, given, NAME)
    return spans


def _said(text: str, manner: _Manner = _PARTLY) -> list[Span]:
    """The caller's name and home, where the text announces them."""
    if not _SAYS.search(text):
        return []
    spans = [
        (*match.span("name"), manner.name(match["name"]))
        for match in _SAID_NAME.finditer(text)
        if not (
            match[0].startswith(("我是", "本人", "这里是"))
            and (_NO_NAME.search(match["name"]) or text.startswith("的", match.end()))
        )
    ]
    spans += [
        (*match.span("name"), manner.surname(match["name"]))
        for pattern in (_SAID_SURNAME, _CALLER)
        for match in pattern.finditer(text)
    ]
    if _LIVES.search(text):
        spans += [(*match.span("address"), _HIDDEN) for match in _ADDRESS.finditer(text)]
    return spans


def _everywhere(text: str, word: str, shown: str) -> list[Span]:
    """Each place where a word stands."""
    spans, at = [], text.find(word) if word else -1
    while at >= 0:
        spans.append((at, at + len(word), shown))
        at = text.find(word, at + len(word))
    return spans


def _address_parts(address: str) -> list[str]:
    """The address and what is left of it without province, city and county: people write it either way."""
    parts, rest = [], address.strip()
    while len(rest) >= _MIN_ADDRESS:
        parts.append(rest)
        lead = _LEAD.match(rest)
        if lead is None:
            break
        rest = rest[lead.end() :]
    return parts


def _half_hidden_name(text: str, name: str, shown: str = _HIDDEN) -> list[Span]:
    """The name as people half hide it: 王*五, 王**, 王某, 王某某, 王小*, 王先生 behind nothing else."""
    if not _HALF_HIDDEN.search(text):
        return []
    surname = name[:2] if name[:2] in _DOUBLE.split("|") else name[:1]
    last, middle = re.escape(name[-1]), re.escape(name[len(surname) : len(surname) + 1])
    hidden = rf"{re.escape(surname)}(?:{middle}[*某]|[*某xX×○]{{1,3}}(?:{last})?(?:先生|女士)?|先生|女士|小姐)"
    return [(*match.span(), shown) for match in re.finditer(hidden, text)]


def _half_hidden_address(text: str, part: str) -> list[Span]:
    """A part of the address with its numbers starred (白纸坊街*号院**楼)."""
    pieces = _NUMBERS.split(part)
    if len(pieces) == 1 or not all(piece in text for piece in pieces):
        return []
    pattern = r"[\d*某xX×]{1,6}".join(map(re.escape, pieces))
    return [(*match.span(), _HIDDEN) for match in re.finditer(pattern, text)]


def _of_reporter(text: str, written: str, reporter: Reporter, manner: _Manner) -> list[Span]:
    """What the form says of the caller, wherever the text repeats it."""
    name = reporter.name.strip()
    spans = _everywhere(text, name, manner.name(name)) if len(name) > 1 else []
    if 1 < len(name) <= _MAX_NAME and name[0] in text:
        spans += _half_hidden_name(text, name, NAME if manner is _WHOLE else _HIDDEN)
    for part in _address_parts(reporter.address[:_MAX_ADDRESS]):
        spans += _everywhere(text, part, _HIDDEN) + _half_hidden_address(text, part)
    for digits in _own_numbers(reporter):
        spans += [(start, end, manner.number(digits)) for start, end in _spaced(written, digits)]
    return spans


def hide_caller(text: str, reporter: Reporter, *, whole: bool = False) -> str:
    """A field about somebody else, with the caller's own name, phone and ID number masked in it and nothing else.

    The name counts where it stands for itself (王强; 举报人王强; 王强，13712345678) and not inside another one
    (王强商行, 王强强): that may well be what the respondent is called, as may any name of the same family.
    """
    manner = _WHOLE if whole else _PARTLY
    spans = []
    for digits in _own_numbers(reporter):
        spans += [(*found, manner.number(digits)) for found in _spaced(text, digits)]
        spans += _everywhere(text, mask_number(digits), manner.number(digits)) if whole else []
    name = reporter.name.strip()
    for written in (name, mask_name(name)) if whole else (name,):
        if 1 < len(name) <= _MAX_NAME and written in text:
            alone = (
                rf"(?:^|[^\u4e00-\u9fff·]|{_CALLED})(?P<name>{re.escape(written)})(?:{_TITLE})?(?![\u4e00-\u9fff·*])"
            )
            spans += [(*match.span("name"), manner.name(name)) for match in re.finditer(alone, text)]
    return _laid_over(text, spans)


def _own_numbers(reporter: Reporter) -> Iterator[str]:
    for number in (reporter.phone, reporter.id_number):
        digits = "".join(char for char in number if char.isalnum())
        if len(digits) >= _MIN_DIGITS and digits.isascii():
            yield digits


def mask(text: str, written: str, numbers: list[Found], reporter: Reporter | None, *, whole: bool = False) -> str:
    """The text with all of that masked. `written` is the text with spoken digits as digits, place by place the same.

    With `whole` nothing of a number or a name is left.
    """
    manner = _WHOLE if whole else _PARTLY
    spans = [(found.start, found.end, manner.number(found.digits)) for found in numbers] + _said(text, manner)
    if reporter is not None:
        spans += _of_reporter(text, written, reporter, manner)
    if whole:
        spans += _remains(text, written, reporter)
    return _laid_over(text, spans)


def _laid_over(text: str, spans: list[Span]) -> str:
    """The text with the spans in place of what they cover; what two of them cover is hidden all the same."""
    if not spans:
        return text
    out, end = [], 0
    for start, stop, shown in sorted(spans, key=lambda each: (each[0], -each[1])):
        if start >= end:
            out += [text[end:start], shown]
        elif stop > end:
            out.append(_HIDDEN)
        end = max(end, stop)
    return "".join([*out, text[end:]])
