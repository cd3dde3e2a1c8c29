"""Finding cases: by number, phone, respondent or words; a 举报 never by who called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import false, or_, select

from hotline.store.dialect import begins_with, holds_all_words
from hotline.store.lines import CaseLine, case_line_of, case_lines
from hotline.store.numbers import parse_number, without_year
from hotline.store.related_callers import unsealed_reporters
from hotline.store.tables import CASE, COMPLAINT, NUMBER_COUNTER, REPORTER, SEARCH_DOC
from hotline.store.visibility import visible_cases
from hotline.store.words import fold_name, query_words
from hotline.vocabulary import DESK_ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement
    from sqlmodel import Session

    from hotline.records import Actor
    from hotline.store.crypto import Keyring

NUMBER, PHONE, ID_NUMBER, RESPONDENT, WORDS = "number", "phone", "id_number", "respondent", "words"
MAX_QUERY = 200
_PHONE_DIGITS = range(7, 14)
_MIN_NAME = 2


@dataclass(frozen=True, slots=True)
class Hit:
    """A case found, and by what: `number`, `phone`, `id_number`, `respondent` or `words`."""

    line: CaseLine
    by: str


def search(session: Session, q: str, actor: Actor, keyring: Keyring, *, limit: int = 50) -> tuple[Hit, ...]:
    """One search box: a number, a phone or ID number, a respondent, or words, in this order, the newest first in each.

    A caller is found by phone or ID number only by the desk: an agency could otherwise try out numbers.
    """
    query = q.strip()[:MAX_QUERY]
    hits: dict[str, Hit] = {}
    for by, condition in _ways(session, query, actor, keyring):
        room = limit - len(hits)
        if room <= 0:
            break
        # One case may have several complaints: it is found by any of them and shown once, by its first.
        cases = select(COMPLAINT.c.case_id).where(condition)
        statement = case_lines().where(CASE.c.id.in_(cases), visible_cases(actor), CASE.c.id.not_in(list(hits)))
        rows = session.execute(statement.order_by(CASE.c.received_at.desc(), CASE.c.id.desc()).limit(room))
        for row in rows:
            hits[row.case_id] = Hit(case_line_of(row), by)
    return tuple(hits.values())


def _ways(session: Session, query: str, actor: Actor, keyring: Keyring) -> Iterable[tuple[str, ColumnElement[bool]]]:
    numbers = _numbers(session, query)
    if numbers:
        yield NUMBER, COMPLAINT.c.case_id.in_(select(CASE.c.id).where(CASE.c.number.in_(numbers)))
    digits = re.sub(r"[\s\-()+（）]", "", query)
    if digits.isascii() and digits.isdigit() and len(digits) in _PHONE_DIGITS:
        phone = COMPLAINT.c.respondent_phone == digits
        yield PHONE, or_(phone, _called(REPORTER.c.phone_index, "phone", query, actor, keyring))
    if re.fullmatch(r"\d{17}[\dXx]", digits) and actor.role in DESK_ROLES:
        yield ID_NUMBER, _called(REPORTER.c.id_index, "id_number", query, actor, keyring)
    name = fold_name(query)
    if len(name) >= _MIN_NAME:
        yield RESPONDENT, begins_with(session, COMPLAINT.c.respondent_key, name)
    words = query_words(query)
    if words:
        yield WORDS, COMPLAINT.c.id.in_(select(SEARCH_DOC.c.complaint_id).where(holds_all_words(session, words)))


def _numbers(session: Session, query: str) -> list[str]:
    """The case numbers that the query may be: as read out, or without the year, of each year with cases."""
    number = parse_number(query)
    if number is not None:
        return [number]
    years = session.execute(select(NUMBER_COUNTER.c.year).distinct()).scalars()
    return list(without_year(query, years))


def _called(column: ColumnElement[Any], kind: str, value: str, actor: Actor, keyring: Keyring) -> ColumnElement[bool]:
    wanted = unsealed_reporters().where(column.in_(keyring.blind_indexes(kind, value)))
    if actor.role not in DESK_ROLES:
        wanted = wanted.where(false())
    return COMPLAINT.c.id.in_(wanted)
