"""What may be the same matter as a complaint: the same caller, the same respondent, much the same text.

Candidates come from three indexes and are judged by `intake.likeness`. Of another office's cases only their existence
is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import bindparam, select, text

from hotline.intake.duplicates import shared_words
from hotline.intake.likeness import SAME_CALLER, Sameness, Told, judge
from hotline.intake.respondents import respondent_keys, same_respondent
from hotline.records import Reporter, Respondent
from hotline.store.codec import term
from hotline.store.dialect import among_given, is_postgresql
from hotline.store.lines import CaseLine, case_line_of, case_lines
from hotline.store.tables import CASE, COMPLAINT, OFFICE, REPORTER, RESPONDENT_KEY
from hotline.store.text_grams import sharing
from hotline.vocabulary import Kind, Relation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Select
    from sqlmodel import Session

    from hotline.records import Complaint
    from hotline.store.casestore import CaseStore

PHONE, ID_NUMBER, RESPONDENT, WORDS = "phone", "id_number", "respondent", "words"
OF_CALLER, OF_RESPONDENT, PER_KEY = 12, 12, 60
Indexes: TypeAlias = str | tuple[str, ...] | None
"""A blind index, or the same under each key while the key changes."""

BY_CALLER = "by_caller"
_MOST_KEYS = 12
_ORDER = (Sameness.SAME, Sameness.GROUP, None, Sameness.COPY)
_ONE_KEY = (
    "SELECT * FROM (SELECT complaint_id FROM respondent_key WHERE office_id = :office_id AND key = :key{at} "
    "ORDER BY complaint_id DESC LIMIT :per_key) AS found{at}"
)
_OF_RESPONDENT = text(
    "SELECT complaint_id FROM ("  # noqa: S608 - made of numbers of our own; every value is a parameter.
    + " UNION ALL ".join(_ONE_KEY.format(at=at) for at in range(_MOST_KEYS))
    + ") AS found GROUP BY complaint_id ORDER BY count(*) DESC, complaint_id DESC LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """An earlier or later complaint that may be the same matter, caller or respondent.

    `sameness` is what it is judged to be, None where only caller or respondent are the same; `words` are the stretches
    that both texts hold, the longest first.
    """

    line: CaseLine
    complaint_id: str
    reasons: tuple[str, ...]
    sameness: Sameness | None
    likeness: float
    words: tuple[str, ...]
    masked_text: str

    @property
    def relation(self) -> Relation | None:
        """As what the two cases may be linked; a copied text is no reason to."""
        return {Sameness.SAME: Relation.DUPLICATE, Sameness.GROUP: Relation.RELATED}.get(self.sameness or Sameness.COPY)


@dataclass(frozen=True, slots=True)
class Related:
    """The office's related complaints; `elsewhere` says that another office has some, and no more."""

    lines: tuple[RelatedLine, ...]
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class _Judged:
    """A candidate with what speaks for it."""

    row: Mapping[Any, Any]
    reasons: tuple[str, ...]
    sameness: Sameness | None
    likeness: float


def related(
    session: Session,
    office_id: str,
    told: Told,
    *,
    phone_index: Indexes = None,
    id_index: Indexes = None,
    exclude_complaint: str | None = None,
    limit: int = 20,
) -> Related:
    """The office's complaints that may be the same matter as what is told, the likeliest first.

    Args:
        session: A reading unit of work.
        office_id: The office that asks.
        told: The masked text, the kind where it is known, and the respondent, as typed so far.
        phone_index: `Keyring.blind_index("phone", …)` or `blind_indexes` of the caller's phone.
        id_index: Likewise of the ID number, with kind `id_number`.
        exclude_complaint: The complaint itself, where it is saved already.
        limit: How many at most.
    """
    caller = {PHONE: _given(phone_index), ID_NUMBER: _given(id_index)}
    ids = {each for reason, indexes in caller.items() for each in _of_caller(session, reason, indexes)}
    keyed = set(_of_respondent(session, office_id, told.respondent))
    ids |= {*keyed, *sharing(session, told.text)}
    ids.discard(exclude_complaint or "")
    found = [_judge(row, told, caller, keyed=row["id"] in keyed) for row in _read(session, ids)]
    judged = [each for each in found if each.reasons]
    own = [each for each in judged if each.row["office_id"] == office_id]
    own.sort(key=lambda each: each.row["id"], reverse=True)
    own.sort(key=lambda each: (_ORDER.index(each.sameness), -len(set(each.reasons) - {WORDS}), -each.likeness))
    elsewhere = len(own) < len(judged) or _respondent_elsewhere(session, office_id, told.respondent)
    return Related(_lines(session, own[:limit], told), elsewhere)


def related_to(store: CaseStore, complaint: Complaint, *, of_caller: bool, limit: int = 20) -> Related:
    """The same of a complaint that is kept; by who called only for who may know that: one of these may be an informer.

    Args:
        store: A reading unit of work.
        complaint: What the others are compared with.
        of_caller: Whether those of the same caller are looked for too.
        limit: How many at most.
    """
    reporter, keyring = complaint.reporter if of_caller else Reporter(), store.keyring
    return related(
        store.session,
        complaint.office_id,
        Told(complaint.masked_text, complaint.kind, complaint.respondent),
        phone_index=keyring.blind_indexes("phone", reporter.phone) if reporter.phone else None,
        id_index=keyring.blind_indexes("id_number", reporter.id_number) if reporter.id_number else None,
        exclude_complaint=complaint.id,
        limit=limit,
    )


def _given(indexes: Indexes) -> tuple[str, ...]:
    return (indexes,) if isinstance(indexes, str) else indexes or ()


def _of_caller(session: Session, reason: str, indexes: tuple[str, ...]) -> list[str]:
    if not indexes:
        return []
    newest = _newest_of(_index_of(reason), on_postgresql=is_postgresql(session))
    return list(session.execute(newest, {"indexes": list(indexes)}).scalars())


@lru_cache(maxsize=4)
def _newest_of(column: str, *, on_postgresql: bool) -> Select[tuple[str]]:
    """This statement and those below are made once: to build one costs more than to run it."""
    wanted = unsealed_reporters().where(among_given(REPORTER.c[column], "indexes", on_postgresql=on_postgresql))
    return wanted.order_by(REPORTER.c.complaint_id.desc()).limit(OF_CALLER)


def unsealed_reporters() -> Select[tuple[str]]:
    """The complaints that may be found by who called (see `_by_caller`)."""
    cases = REPORTER.join(COMPLAINT, COMPLAINT.c.id == REPORTER.c.complaint_id).join(
        CASE, CASE.c.id == COMPLAINT.c.case_id
    )
    return select(REPORTER.c.complaint_id).select_from(cases).where(_by_caller())


def _by_caller() -> ColumnElement[bool]:
    """None that is a 举报, ever was one or was split out of one: see `casework.unsealing.guarded`.

    Otherwise whoever types a number learns whether its owner has informed on somebody, without a second person: also
    by calling the report something else first.
    """
    return CASE.c.protected.is_(False)


def _index_of(reason: str) -> str:
    return "phone_index" if reason == PHONE else "id_index"


def _of_respondent(session: Session, office_id: str, respondent: Respondent) -> list[str]:
    """The complaints that share most keys of the respondent, of each key the newest."""
    keys = respondent_keys(respondent)[:_MOST_KEYS]
    if not keys:
        return []
    given: dict[str, Any] = {f"key{at}": keys[at] if at < len(keys) else "" for at in range(_MOST_KEYS)}
    given |= {"office_id": office_id, "per_key": PER_KEY, "most": OF_RESPONDENT}
    return list(session.execute(_OF_RESPONDENT, given).scalars())


def _respondent_elsewhere(session: Session, office_id: str, respondent: Respondent) -> bool:
    """Whether another office has the respondent under a key that is the same; likeness of names says too little."""
    keys = [key for key in respondent_keys(respondent) if not key.startswith("b:")]
    if not keys:
        return False
    held = _held_elsewhere(on_postgresql=is_postgresql(session))
    return session.execute(held, {"office": office_id, "keys": keys}).first() is not None


@lru_cache(maxsize=2)
def _held_elsewhere(*, on_postgresql: bool) -> Select[tuple[str]]:
    others = select(OFFICE.c.id).where(OFFICE.c.id != bindparam("office", type_=OFFICE.c.id.type))
    held = select(RESPONDENT_KEY.c.office_id).where(RESPONDENT_KEY.c.office_id.in_(others))
    return held.where(among_given(RESPONDENT_KEY.c.key, "keys", on_postgresql=on_postgresql)).limit(1)


def _read(session: Session, ids: set[str]) -> list[Mapping[Any, Any]]:
    if not ids:
        return []
    statement = _candidates(on_postgresql=is_postgresql(session))
    return list(session.execute(statement, {"ids": list(ids)}).mappings())


@lru_cache(maxsize=2)
def _candidates(*, on_postgresql: bool) -> Select[Any]:
    respondent = (COMPLAINT.c[f"respondent_{name}"].label(name) for name in Respondent.__dataclass_fields__)
    return (
        select(
            *(COMPLAINT.c[name] for name in ("id", "case_id", "office_id", "masked_text")),
            CASE.c.kind,
            _by_caller().label(BY_CALLER),
            *respondent,
            REPORTER.c.phone_index,
            REPORTER.c.id_index,
        )
        .select_from(
            COMPLAINT.join(REPORTER, REPORTER.c.complaint_id == COMPLAINT.c.id).join(
                CASE, CASE.c.id == COMPLAINT.c.case_id
            )
        )
        .where(among_given(COMPLAINT.c.id, "ids", on_postgresql=on_postgresql))
    )


def _judge(row: Mapping[Any, Any], told: Told, caller: Mapping[str, tuple[str, ...]], *, keyed: bool) -> _Judged:
    """What a candidate is; where it shares no key of the respondent, no respondent is compared without need."""
    respondent = Respondent(**{name: row[name] for name in Respondent.__dataclass_fields__})
    other = Told(row["masked_text"], term(Kind, row["kind"]), respondent)
    if not row[BY_CALLER]:
        caller = {}
    same = {reason: row[_index_of(reason)] in indexes for reason, indexes in caller.items()}
    compared = any(indexes and row[_index_of(reason)] for reason, indexes in caller.items())
    sameness, score = judge(told, other, same_caller=any(same.values()) if compared else None)
    reasons = [reason for reason, is_same in same.items() if is_same]
    like = sameness is not None or score >= SAME_CALLER
    if (keyed or like or reasons) and same_respondent(told.respondent, respondent):
        reasons.append(RESPONDENT)
    if like:
        reasons.append(WORDS)
    return _Judged(row, tuple(reasons), sameness, score)


def _lines(session: Session, judged: list[_Judged], told: Told) -> tuple[RelatedLine, ...]:
    """The case of each, with the words that both texts hold."""
    wanted = {"cases": list({each.row["case_id"] for each in judged})}
    statement = _cases(on_postgresql=is_postgresql(session))
    cases = {line.case_id: line for line in map(case_line_of, session.execute(statement, wanted))}
    return tuple(
        RelatedLine(
            line=cases[each.row["case_id"]],
            complaint_id=each.row["id"],
            reasons=each.reasons,
            sameness=each.sameness,
            likeness=each.likeness,
            words=shared_words(told.text, each.row["masked_text"]) if WORDS in each.reasons else (),
            masked_text=each.row["masked_text"],
        )
        for each in judged
    )


@lru_cache(maxsize=2)
def _cases(*, on_postgresql: bool) -> Select[Any]:
    return case_lines().where(among_given(CASE.c.id, "cases", on_postgresql=on_postgresql))
