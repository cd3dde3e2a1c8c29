"""Masked text: what an agency, a list or a report sees.

Every phone and identity number is masked, whoever's it is; so are the caller's own name and address, from the form
and where the text announces them (我叫…, 家住…; `introductions`, `homes`). Of a 举报 nothing is left of them, not even
the ends of a number or a surname: see `whole`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from hotline.intake import homes, introductions, lone_names
from hotline.intake.family_names import DOUBLE, ONE, SURNAMES
from hotline.intake.introductions import NAME as FULL_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hotline.intake.phones import Found
    from hotline.records import Reporter

Span: TypeAlias = tuple[int, int, str]

_LEAD = re.compile(r"^[\u4e00-\u9fff]{1,7}?(?:自治区|自治州|省|市|区|县|街道|镇)")
_ALL_SURNAMES = frozenset(SURNAMES) | {each[0] for each in DOUBLE.split("|")}
_CALLED = "举报人|投诉人|反映人|诉求人|来电人|联系人|消费者|姓名|本人|我叫|我是|是"
_TITLE = "本人|先生|女士|小姐|同志|电话|手机"
# Cleaning takes a long row of stars for a line: an identity number may be left with a space in its middle.
_HALF_NUMBER = re.compile(r"(?<![\d*])(?:(?P<id>\d{6}(?:[*×]{2,}| )\d{3}[\dXx])|\d{2,5}[*×]{2,}\d{2,4})(?![\d*])")
_TAIL = re.compile(r"(?:尾号|末[四4]位|后[四4]位|最后[四4]位)\D{0,4}(?P<tail>\d{3,4}[Xx]?)(?!\d)")
_HALF_NAME = re.compile(rf"{ONE}\*{{1,3}}(?!\*)")
_MIN_ADDRESS, _MOST_STARS = 5, 4
_MAX_ADDRESS, _MAX_NAME = 120, 12
_NUMBERS = re.compile(r"[0-9*]{1,12}")
_MIN_DIGITS = 7
_SEPARATORS = frozenset(" -—·.,，")
_WITH_SEPARATOR = 2  # places from one digit to the next
_SHOWN = re.compile(r"[*\[]")
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
    """张三 → 张*; a long row of stars would be taken for a line when the text is cleaned again."""
    return name[:1] + "*" * min(_MOST_STARS, max(1, len(name) - 1))


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
    name = reporter.name.strip() if reporter else ""
    given = name[2:] if name[:2] in DOUBLE.split("|") else name[1:]
    if 1 < len(given) <= _MAX_NAME and name[:1] in _ALL_SURNAMES:
        spans += _everywhere(text, given, NAME)
    return spans


def _said(text: str, numbers: list[Found], manner: _Manner, raw: str = "") -> list[Span]:
    """The caller's name and home, where the text announces them, and what else they say of themselves."""
    digits = [(found.start, found.end) for found in numbers]
    told = introductions.names(text)
    told += lone_names.names_beside(text, digits)
    told += lone_names.signatures(text)
    told += lone_names.said_of_nobody_else(text)
    told = introductions.throughout(text, told)
    if raw:
        told += introductions.repeated(text, raw)
    people = [(start, end) for start, end, _ in told]
    spans = []
    for start, end, what in told:
        if not _SHOWN.search(text, start, end):
            spans.append((start, end, (manner.name if what == FULL_NAME else manner.surname)(text[start:end])))
    spans += [(start, end, _HIDDEN) for start, end in homes.homes(text, people, digits)]
    for start, end, of_a_paper in homes.contacts(text, people, digits):
        spans.append((start, end, ID_NUMBER if of_a_paper and manner is _WHOLE else _HIDDEN))
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
    surname = name[:2] if name[:2] in DOUBLE.split("|") else name[:1]
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


def mask(
    text: str,
    written: str,
    numbers: list[Found],
    reporter: Reporter | None,
    *,
    whole: bool = False,
    told: str = "",
) -> str:
    """The text with all of that masked. `written` is the text with spoken digits as digits, place by place the same.

    With `whole` nothing of a number or a name is left. `told` is the text as it arrived where this one is masked
    already: it still tells the caller's name.
    """
    manner = _WHOLE if whole else _PARTLY
    spans = [(found.start, found.end, manner.number(found.digits)) for found in numbers]
    spans += _said(text, numbers, manner, told)
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
