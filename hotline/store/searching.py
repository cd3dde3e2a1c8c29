"""Finding cases: by number, phone, respondent or words, and what is related to a complaint being typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import false, or_, select

from hotline.store.dialect import begins_with, document_counts, holds_all_words, holds_any_word, is_postgresql
from hotline.store.lines import CaseLine, case_line_of, case_lines, visible_cases
from hotline.store.numbers import parse_number, without_year
from hotline.store.tables import CASE, COMPLAINT, NUMBER_COUNTER, REPORTER, SEARCH_DOC
from hotline.store.words import fold_name, index_words, query_words
from hotline.vocabulary import DESK_ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement
    from sqlmodel import Session

    from hotline.records import Actor
    from hotline.store.crypto import Keyring

NUMBER, PHONE, ID_NUMBER, RESPONDENT, WORDS = "number", "phone", "id_number", "respondent", "words"
MAX_QUERY = 200
RARE_WORDS = 12
CANDIDATES = 60
Indexes: TypeAlias = str | tuple[str, ...] | None
"""A blind index, or the same under each key while the key changes."""
_PHONE_DIGITS = range(7, 14)
_MIN_NAME = 2


@dataclass(frozen=True, slots=True)
class Hit:
    """A case found, and by what: `number`, `phone`, `id_number`, `respondent` or `words`."""

    line: CaseLine
    by: str


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """An earlier complaint that may be the same matter, caller or respondent.

    `overlap` is the share (0 to 1) of the new text's words that it holds; what that means is for `intake` to judge.
    """

    line: CaseLine
    complaint_id: str
    reasons: tuple[str, ...]
    overlap: float
    masked_text: str


@dataclass(frozen=True, slots=True)
class Related:
    """The office's related complaints; `elsewhere` says that another office has some, and no more."""

    lines: tuple[RelatedLine, ...]
    elsewhere: bool


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
        for row in rows.mappings():
            hits[row["case_id"]] = Hit(case_line_of(row), by)
    return tuple(hits.values())


def related(
    session: Session,
    office_id: str,
    *,
    phone_index: Indexes = None,
    id_index: Indexes = None,
    respondent: str = "",
    text: str = "",
    exclude_complaint: str | None = None,
    limit: int = 20,
) -> Related:
    """Earlier complaints with the same caller, the same respondent, or much the same text.

    Args:
        session: A reading unit of work.
        office_id: The office that asks.
        phone_index: `Keyring.blind_index("phone", …)` or `blind_indexes` of the caller's phone.
        id_index: Likewise of the ID number, with kind `id_number`.
        respondent: The name complained of, as typed.
        text: The complaint as typed.
        exclude_complaint: The complaint itself, where it is saved already.
        limit: How many at most.
    """
    words = index_words(text)
    reasons: dict[str, set[str]] = {}
    for reason, condition in _relations(session, phone_index, id_index, respondent, words):
        for complaint_id in _newest(session, condition):
            reasons.setdefault(complaint_id, set()).add(reason)
    reasons.pop(exclude_complaint or "", None)
    found = _candidates(session, reasons, set(words))
    own = [line for line in found if line.line.office_id == office_id]
    own.sort(key=lambda line: (-len(set(line.reasons) - {WORDS}), -line.overlap, line.line.case_id))
    return Related(tuple(own[:limit]), elsewhere=len(own) < len(found))


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
    wanted = select(REPORTER.c.complaint_id).where(column.in_(keyring.blind_indexes(kind, value)))
    if actor.role not in DESK_ROLES:
        wanted = wanted.where(false())
    return COMPLAINT.c.id.in_(wanted)


def _relations(
    session: Session, phone_index: Indexes, id_index: Indexes, respondent: str, words: tuple[str, ...]
) -> Iterable[tuple[str, ColumnElement[bool]]]:
    for reason, column, index in (
        (PHONE, REPORTER.c.phone_index, phone_index),
        (ID_NUMBER, REPORTER.c.id_index, id_index),
    ):
        given = (index,) if isinstance(index, str) else index
        if given:
            yield reason, COMPLAINT.c.id.in_(select(REPORTER.c.complaint_id).where(column.in_(given)))
    name = fold_name(respondent)
    if len(name) >= _MIN_NAME:
        yield RESPONDENT, COMPLAINT.c.respondent_key == name
    rare = _rarest(session, words)
    if rare:
        holding = select(SEARCH_DOC.c.complaint_id).where(holds_any_word(session, rare))
        yield WORDS, COMPLAINT.c.id.in_(holding)


def _rarest(session: Session, words: tuple[str, ...]) -> list[str]:
    """The words that tell most: those in the fewest documents, and in at least one where that is known."""
    telling = [word for word in words if len(word) > 1]
    counts = document_counts(session, telling) if telling else {}
    known = telling if is_postgresql(session) else [word for word in telling if counts[word] > 0]
    return sorted(known, key=lambda word: counts[word])[:RARE_WORDS]


def _newest(session: Session, condition: ColumnElement[bool]) -> list[str]:
    statement = select(COMPLAINT.c.id).where(condition).order_by(COMPLAINT.c.id.desc()).limit(CANDIDATES)
    return list(session.execute(statement).scalars())


def _candidates(session: Session, reasons: dict[str, set[str]], words: set[str]) -> list[RelatedLine]:
    if not reasons:
        return []
    matched = COMPLAINT.alias("matched")
    statement = (
        case_lines()
        .join(matched, matched.c.case_id == CASE.c.id)
        .join(SEARCH_DOC, SEARCH_DOC.c.complaint_id == matched.c.id)
        .where(matched.c.id.in_(list(reasons)))
        .add_columns(matched.c.id.label("matched_id"), matched.c.masked_text, SEARCH_DOC.c.words)
    )
    found = []
    for row in session.execute(statement).mappings():
        overlap = len(words & set(row["words"])) / len(words) if words else 0.0
        why = tuple(sorted(reasons[row["matched_id"]]))
        found.append(RelatedLine(case_line_of(row), row["matched_id"], why, overlap, row["masked_text"]))
    return found
