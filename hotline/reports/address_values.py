"""Reads one parameter of an address: a word, a code, a day, a moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from hotline.errors import InvalidInputError
from hotline.reports.figure_words import ClockState
from hotline.vocabulary import Term

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T", bound=Term)


def moment_of(query: Mapping[str, str], clock: ClockState | None) -> datetime | None:
    """The moment of a paper; how a clock that ran stood then is not kept, so only ended ones can be asked for."""
    typed = query.get("asof", "").strip()
    if not typed:
        return None
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        message = "统计时间无法识别，请从报表里的链接重新打开。"
        raise InvalidInputError(message, asof="时间无法识别")
    if clock not in {None, ClockState.MET, ClockState.LATE}:
        message = "进行中的时限只能按现在查看，请去掉统计时间。"
        raise InvalidInputError(message, asof="只能按现在查看")
    return found


def term_of(terms: type[T], query: Mapping[str, str], name: str) -> T | None:
    """The word of the vocabulary under a name, None where there is none.

    Raises:
        InvalidInputError: There is no such word.
    """
    typed = query.get(name, "")
    if not typed:
        return None
    for member in terms:
        if member == typed:
            return member
    message = "筛选条件无效，请从页面上的选项中选择。"
    raise InvalidInputError(message, **{name: "没有这个选项"})


def code_of(query: Mapping[str, str], name: str) -> str:
    """The code under a name, an empty one where there is none.

    Raises:
        InvalidInputError: It is none of ours.
    """
    code = query.get(name, "").strip()
    if len(code) > 64 or not code.isprintable():  # noqa: PLR2004 - no code of ours is as long.
        message = "筛选条件无效，请从页面上的选项中选择。"
        raise InvalidInputError(message, **{name: "没有这个选项"})
    return code


def day_of(query: Mapping[str, str], name: str) -> date | None:
    """The day under a name, None where there is none.

    Raises:
        InvalidInputError: It is no day that can be meant.
    """
    typed = query.get(name, "").strip()
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = None
    if day is None or not date(1990, 1, 1) <= day <= date(2199, 12, 31):
        message = "日期无法识别，请写成 2026-11-21 的样子。"
        raise InvalidInputError(message, **{name: "日期无法识别"})
    return day
