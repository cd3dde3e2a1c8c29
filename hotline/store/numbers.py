"""Case numbers that can be read out: `2026-010123-7` is year, office and running number, check digit.

A complaint that comes by itself takes its number in the short transaction that registers it: numbers follow the order
of registration and none is lost. A long unit of work (a file, a split) takes its numbers before, in a transaction of
their own, so that it never holds the counter's lock; a number whose case was not saved then leaves a gap.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite

from hotline.errors import InvalidInputError
from hotline.store.dialect import is_postgresql
from hotline.store.engine import write_transaction
from hotline.store.kept import ask
from hotline.store.tables import NUMBER_COUNTER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine, Executable
    from sqlmodel import Session


_PREFIX = re.compile(r"[0-9]{1,2}")
_NUMBER = re.compile(r"([0-9]{4})-?([0-9]{6,10})-?([0-9])")
_SHORT = re.compile(r"([0-9]{6,10})(?:-([0-9]))?")
_MIDDLE = 6  # digits at least between the year and the check digit
_HIGHEST_DIGIT = 9


def take_numbers(engine: Engine, office_prefix: str, year: int, count: int) -> tuple[str, ...]:
    """Take the next `count` numbers of an office. Call it before the unit of work that uses them, never inside one.

    Raises:
        InvalidInputError: The office's prefix is not one or two digits.
    """
    with write_transaction(engine) as session:
        return next_numbers(session, office_prefix, year, count)


def next_numbers(session: Session, office_prefix: str, year: int, count: int) -> tuple[str, ...]:
    """Take the next `count` numbers inside a short unit of work: they are given back where it fails.

    Others who want a number of the office wait until it ends.

    Raises:
        InvalidInputError: The office's prefix is not one or two digits.
    """
    if not _PREFIX.fullmatch(office_prefix):
        message = "办公室的编号前缀应为一到两位数字，请在办公室设置中改正。"
        raise InvalidInputError(message, number_prefix="一到两位数字")
    values = {"prefix": f"{int(office_prefix):02d}", "year": year, "taken": count, "first": 1 + count}
    ((following,),) = ask(session, _taking(is_postgresql(session)), values)
    return tuple(format_number(office_prefix, year, number) for number in range(following - count, following))


@cache
def _taking(on_postgresql: bool) -> Executable:  # noqa: FBT001 - a cache's key.
    """The statement is kept: building it costs more than running it."""
    statement = (postgresql.insert if on_postgresql else sqlite.insert)(NUMBER_COUNTER)
    statement = statement.values(prefix=bindparam("prefix"), year=bindparam("year"), next=bindparam("first"))
    taken = {"next": NUMBER_COUNTER.c.next + bindparam("taken")}
    return statement.on_conflict_do_update(index_elements=["prefix", "year"], set_=taken).returning(
        NUMBER_COUNTER.c.next
    )


def format_number(office_prefix: str, year: int, running: int) -> str:
    """Write a number: the office's prefix as two digits, so that no two offices can ever share one."""
    middle = f"{int(office_prefix):02d}{running:04d}"
    return f"{year}-{middle}-{luhn(f'{year}{middle}')}"


def luhn(digits: str) -> int:
    """The Luhn check digit: it catches every single wrong digit and nearly all swapped neighbours."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > _HIGHEST_DIGIT else value
    return -total % 10


def is_misread(text: str) -> bool:
    """Whether a text has the form of a case number and its check digit says that a digit is wrong.

    Eleven digits may be a telephone number as well, and a year begins with 2.
    """
    match = _NUMBER.fullmatch(re.sub(r"\s", "", text))
    return match is not None and match[1].startswith("2") and parse_number(text) is None


def without_year(text: str, years: Iterable[int]) -> tuple[str, ...]:
    """The numbers somebody may mean who leaves out the year, and perhaps the check digit: `010123-7`, `010123`."""
    match = _SHORT.fullmatch(re.sub(r"\s", "", text))
    if match is None:
        return ()
    middle, check = match.groups()
    readings: list[tuple[str, str | None]] = [(middle, check)]
    if check is None and len(middle) > _MIDDLE:
        readings.append((middle[:-1], middle[-1]))
    checked = ((year, digits, last, str(luhn(f"{year}{digits}"))) for year in years for digits, last in readings)
    return tuple(f"{year}-{digits}-{right}" for year, digits, last, right in checked if last in {None, right})


def parse_number(text: str) -> str | None:
    """The number as stored, from what a person typed (with or without hyphens), or None where it is none."""
    match = _NUMBER.fullmatch(re.sub(r"\s", "", text))
    if match is None:
        return None
    year, middle, check = match.groups()
    return f"{year}-{middle}-{check}" if luhn(year + middle) == int(check) else None
