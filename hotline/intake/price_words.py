"""The word lists of `prices.toml` as expressions.

Words before a number are matched backwards: the text before it is reversed once and every expression is anchored at the
number, so that nothing has to be searched. Such an expression is built from the group's phrases read from behind. All
phrases of a group become one tree of characters, so that few branches are tried at any place.
"""

from __future__ import annotations

import re
import tomllib
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotline.intake.numbers import HAN_NUMERAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Row = tuple[str, ...]
"""The expressions of a phrase's parts, one after the other; a character stands there by itself."""
_SECTIONS = tomllib.loads(Path(__file__).with_name("prices.toml").read_text(encoding="utf-8"))
_GROUPS: dict[str, dict[str, Any]] = {name: group for groups in _SECTIONS.values() for name, group in groups.items()}
_PART = re.compile(r"(\[[^\]]+\]|<\w+>|\\.|.)(\{\d+(?:,\d+)?\}|\?)?", re.DOTALL)
_DIGITS = "0123456789"
_CHINESE = "[\u4e00-\u9fff]"


def _phrases(group: dict[str, Any]) -> list[str]:
    """The phrases of a group itself, without those of the groups within it."""
    return [*group.get("words", "").split(), *(f"\\{char}" for char in group.get("chars", ""))]


def _choices(one: str, *, back: bool) -> list[Row]:
    """What one part of a phrase can be: each character of a set, each word of another group."""
    if one == ".":
        return [(_CHINESE,)]
    if one == "<numeral>":
        return [(char,) for char in _DIGITS + HAN_NUMERAL]
    if one[0] == "<" and len(one) > 1:
        return _rows(_phrases(_GROUPS[one[1:-1]]), back=back)
    if one[0] != "[" or len(one) == 1:
        return [(char,) for char in (_DIGITS if one == r"\d" else one[-1])]
    if one[1] == "^":
        return [(one,)]
    return [(char,) for char in one[1:-1].replace(r"\d", _DIGITS).replace("1-9", _DIGITS[1:])]


def _part(one: str, count: str, *, back: bool) -> list[Row]:
    """The same with how often it stands there."""
    choices = _choices(one, back=back)
    if not count:
        return choices
    return [(), *choices] if count == "?" else [(_tree(choices) + count,)]


def _rows(phrases: Iterable[str], *, back: bool) -> list[Row]:
    """Every way to say one of the phrases, in the order in which its parts are met."""
    return [row for phrase in phrases for row in _ways(phrase, back=back)]


def _ways(phrase: str, *, back: bool) -> Iterator[Row]:
    """Every way to say one phrase."""
    parts = [_part(one, count, back=back) for one, count in _PART.findall(phrase)]
    for way in product(*(parts[::-1] if back else parts)):
        yield tuple(part for row in way for part in row)


def _tree(rows: Iterable[Row]) -> str:
    """One expression for all rows, told apart by their first parts; those with the same rest stand together."""
    branches: dict[str, dict[Row, None]] = {}
    for row in rows:
        branches.setdefault(row[0] if row else "", {})[row[1:]] = None
    ends = branches.pop("", None) is not None
    by_rest: dict[str, list[str]] = {}
    for first, rest in branches.items():
        by_rest.setdefault(_tree(rest), []).append(first)
    choices = [either + rest for rest, heads in by_rest.items() for either in _sets(heads)]
    if len(choices) == 1 and not ends:
        return choices[0]
    return f"(?:{'|'.join(choices)}){'?' if ends else ''}" if choices else ""


def _sets(parts: list[str]) -> Iterator[str]:
    """The characters among some parts as one set, the others as they are."""
    yield from (part for part in parts if len(part) > 1)
    if single := [re.escape(part) for part in parts if len(part) == 1]:
        yield f"[{''.join(single)}]" if len(single) > 1 else single[0]


def _expression(group: dict[str, Any], *, back: bool) -> str:
    """What a group and the groups within it say, in the order in which it is met from the number."""
    unless, between = group.get("unless", "").split(), group.get("between", "")
    refused = f"(?!{_tree(_rows(unless, back=back))})" if unless else ""
    between = _tree(_rows([between], back=back))
    inner = [_expression(part, back=back) for part in group.values() if isinstance(part, dict)]
    choices = "|".join(filter(None, [_tree(_rows(_phrases(group), back=back)), *inner]))
    return f"{refused}{between}{refused if between else ''}(?:{choices})"


def expression(name: str) -> str:
    """The words of a group as they begin, to be put into a longer expression."""
    return _expression(_GROUPS[name], back=False)


def before(name: str) -> re.Pattern[str]:
    """The words of a group as they end right before a number, to be matched with the text before it reversed."""
    return re.compile(_expression(_GROUPS[name], back=True))


def behind(name: str) -> re.Pattern[str]:
    """The words of a group as they begin right behind a number, or anywhere if they are searched."""
    return re.compile(expression(name))


def chars(name: str) -> str:
    """The words of one character in a group."""
    return str(_GROUPS[name]["chars"])


def firsts(*names: str) -> frozenset[str]:
    """Every character with which the words of these groups can begin: a look that spares the reading."""
    return frozenset(char for name in names for phrase in _with_between(name) for char in _ends(phrase, back=False))


def lasts(name: str) -> frozenset[str]:
    """Every character that can stand right before a number behind the words of this group."""
    return frozenset(char for phrase in _with_between(name) for char in _ends(phrase, back=True))


def _with_between(name: str) -> list[str]:
    """The phrases of a group with what stands between them and the number, on their side of it."""
    between, phrases = _GROUPS[name].get("between", ""), _phrases(_GROUPS[name])
    ahead = name in _SECTIONS["before"]
    return [phrase + between if ahead else between + phrase for phrase in phrases]


def _ends(phrase: str, *, back: bool) -> Iterator[str]:
    """The characters at one end of a phrase: of its first part, and of the next where that one may be left out."""
    parts = _PART.findall(phrase)
    for one, count in reversed(parts) if back else parts:
        if one == "." or one.startswith("[^"):
            message = f"{phrase}: no word is known by {one}"
            raise ValueError(message)
        yield from (row[0] for row in _choices(one, back=back))
        if count != "?" and not count.startswith("{0"):
            return
