"""Column names of a workbook's sheet whose header is merged over columns or has two levels.

A group (来电人) stands above its columns (姓名, 电话); what has no group is merged over both lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hotline.intake.channels import Channel

MOST_LINES = 4
"""Lines of a header; a merge over more of them is none of its."""
_OTHER_SIDE = "被投诉人"


class Merge(NamedTuple):
    """Merged cells: first and last line and column, counted from 0 within the sheet's used part."""

    top: int
    left: int
    bottom: int
    right: int


class Header(NamedTuple):
    """A name for every column, and the lines it takes."""

    names: tuple[str, ...]
    first: int
    last: int


def header_at(lines: Sequence[Sequence[str]], index: int, merges: Iterable[Merge], channel: Channel) -> Header:
    """The header of which the line `index` is one: with the lines that its cells are merged with."""
    merges = tuple(merges)
    tall = [
        each for each in merges if each.left == each.right and each.top <= index <= each.bottom < each.top + MOST_LINES
    ]
    first = min((each.top for each in tall), default=index)
    last = min(max((each.bottom for each in tall), default=index), len(lines) - 1)
    levels = [_level(lines[line], line, merges) for line in range(first, last + 1)]
    width = max(len(level) for level in levels)
    columns = ([level[at] if at < len(level) else "" for level in levels] for at in range(width))
    return Header(tuple(_name(column, channel) for column in columns), first, last)


def _level(cells: Sequence[str], line: int, merges: Iterable[Merge]) -> list[str]:
    """One line of the header, each group's name over all of its columns."""
    level = list(cells)
    for each in merges:
        if each.top == line and each.left < len(level):
            for column in range(each.left + 1, min(each.right + 1, len(level))):
                level[column] = level[column] or level[each.left]
    return level


def _name(column: Sequence[str], channel: Channel) -> str:
    """What a column is called: group and name together, the name alone, or the group, whichever says a field.

    The phone below 被投诉方 is not the caller's.
    """
    told = list(dict.fromkeys(cell.strip() for cell in column if cell.strip()))
    if len(told) < 2:  # noqa: PLR2004 - one name needs no choice.
        return told[0] if told else ""
    group, name = told[0], told[-1]
    of_other = (channel.field_of(group) or "").startswith("respondent_")
    choices = (group + name, _OTHER_SIDE + name, group) if of_other else (group + name, name, group)
    return next((choice for choice in choices if channel.field_of(choice)), group + name)
