"""What readers hand on: rows that can be tried and rows that cannot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hotline.intake.channels import Channel

_TOTALS = re.compile(
    r"(?:合\s*计|总\s*计|小\s*计|共\s*计|总\s*数)\s*[:：]?\s*[\d,，.]*\s*[条件单个宗起笔元人次]?[。.]?"
)
_GUARD = re.compile(r'^="(.*)"$|^\'(?:(?=[\d+=@-])|(?=[^\']+$))', re.DOTALL)
_WHOLE_FLOAT = re.compile(r"(\d{4,})\.0+")
_POWER = re.compile(r"([1-9])\.(\d{1,18})[eE](\+?)(\d{1,2})")
NUMBERS = frozenset({"external_id", "reporter_phone", "respondent_phone", "reporter_id_number"})
"""Our fields that hold digits which are no quantity."""
_ERRORS = re.compile(r"#(?:N/A|VALUE!|REF!|NAME\?|DIV/0!|NUM!|NULL!|#{2,})")
HEADER_SEARCH = 30
_BLANK = " \t\r\n\x00\x1a\u3000\xa0"


@dataclass(frozen=True, slots=True)
class RawRow:
    """A data record: `row` counts from 1, `line` is where it begins, `raw` is its original content."""

    row: int
    line: int
    fields: Mapping[str, str]
    raw: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A record that cannot be used, with the reason in Chinese and its original content."""

    row: int
    line: int
    reason: str
    raw: str


Row: TypeAlias = "RawRow | RefusedRow"


@dataclass(frozen=True, slots=True)
class Reading:
    """A file opened: its form, its encoding, its records, read as they are asked for, and a table's column names."""

    form: str
    encoding: str
    records: Iterator[Row]
    header: tuple[str, ...] = ()


def unguard(cell: str) -> str:
    """A cell without what spreadsheets put around text: a leading apostrophe, tabs, an equals sign with quotes."""
    cell = cell.replace("\x00", "").strip()
    guard = _GUARD.match(cell)
    if guard is None:
        return cell
    return guard[1].strip() if guard[1] is not None else cell[1:]


def plain_number(value: str) -> str:
    """A number as people wrote it, where a program made a float of it (13900001111.0, 1.3900001111E10).

    Java writes all digits that count (1.39E10 is 13900000000); a spreadsheet, which writes E+10, cuts them off at the
    width of the column. Empty where digits were lost (1.39E+10): it is nobody's number, and two complaints must not
    share such an id.
    """
    if whole := _WHOLE_FLOAT.fullmatch(value):
        return whole[1]
    power = _POWER.fullmatch(value)
    if power is None or len(power[2]) > int(power[4]):
        return value
    digits, places = power[2], int(power[4])
    lost = power[3] and len(digits) + 1 < places
    return "" if lost else (power[1] + digits).ljust(places + 1, "0")


def raw_bytes(raw: str) -> bytes:
    """The original content of a record as bytes, for keeping; bytes that fitted no character come back as they were."""
    try:
        return raw.encode("utf-8", errors="surrogateescape")
    except UnicodeEncodeError:
        return raw.encode("utf-8", errors="surrogatepass")


def is_blank(cells: Sequence[str]) -> bool:
    """Whether a record is wholly blank."""
    return not any(cell.strip(_BLANK) for cell in cells)


def is_totals(cells: Sequence[str]) -> bool:
    """Whether a record is a totals line: its first cell with content says 合计 and nothing of a complaint."""
    first = next((cell.strip() for cell in cells if cell.strip()), "")
    return bool(_TOTALS.fullmatch(first))


def mapping(cells: Sequence[str], channel: Channel) -> tuple[str | None, ...]:
    """Our field for every column."""
    return tuple(channel.field_of(cell) if cell.strip() else None for cell in cells)


def find_header(records: Sequence[Sequence[str]], channel: Channel) -> int | None:
    """The index of the header: the first record that names the text column, or a richer one soon after a title row."""
    best, best_known = None, 0
    for index, cells in enumerate(records[:HEADER_SEARCH]):
        fields = mapping(cells, channel)
        known = len({field for field in fields if field})
        filled = sum(1 for cell in cells if cell.strip())
        if "text" not in fields or (known == 1 and filled > 1 and best is not None):
            continue
        lone_title = best is not None and best_known == 1 and known > 1
        if best is None or lone_title:
            best, best_known = index, known
        if known > 1:
            break
    return best


def to_fields(header: Sequence[str | None], cells: Sequence[str]) -> dict[str, str]:
    """Our fields with their values: of two columns for one field the first that is filled; texts are put together."""
    fields: dict[str, str] = {}
    for name, cell in zip(header, cells, strict=False):
        value = unguard(cell) if name else ""
        if name in NUMBERS:
            value = plain_number(value)
        if value.startswith("#") and name != "received_at" and _ERRORS.fullmatch(value):
            continue  # What Excel shows where it could not reckon; a time like that refuses its row.
        if not name or not value:
            continue
        if name not in fields:
            fields[name] = value
        elif name == "text" and value not in fields[name]:
            fields[name] += "\n" + value
    return fields
