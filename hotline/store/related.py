"""What may be the same matter as a complaint: the same caller, the same respondent, much the same text.

Candidates come from three indexes and are judged by `intake.likeness`. Of another office's cases only their existence
is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import and_, or_, select, text

from hotline.intake.duplicates import shared_words
from hotline.intake.likeness import SAME_CALLER, Sameness, Told, judge
from hotline.intake.respondents import respondent_keys, same_respondent
from hotline.records import Respondent
from hotline.store.codec import term
from hotline.store.lines import CaseLine, case_lines, read_cases
from hotline.store.tables import CASE, COMPLAINT, OFFICE, REPORTER, RESPONDENT_KEY
from hotline.store.text_grams import sharing
from hotline.vocabulary import Kind, Relation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Select
    from sqlmodel import Session

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


def _given(indexes: Indexes) -> tuple[str, ...]:
    return (indexes,) if isinstance(indexes, str) else indexes or ()


def _of_caller(session: Session, reason: str, indexes: tuple[str, ...]) -> list[str]:
    if not indexes:
        return []
    column = _index_of(reason)
    wanted = unsealed_reporters().where(REPORTER.c[column].in_(indexes))
    newest = wanted.order_by(REPORTER.c.complaint_id.desc()).limit(OF_CALLER)
    return list(session.execute(newest).scalars())


def unsealed_reporters() -> Select[tuple[str]]:
    """The complaints that may be found by who called (see `_by_caller`)."""
    cases = REPORTER.join(COMPLAINT, COMPLAINT.c.id == REPORTER.c.complaint_id).join(
        CASE, CASE.c.id == COMPLAINT.c.case_id
    )
    return select(REPORTER.c.complaint_id).select_from(cases).where(_by_caller())


def _by_caller() -> ColumnElement[bool]:
    """No 举报, none that came as one, none split out of one.

    Otherwise whoever types a number learns whether its owner has informed on somebody, without a second person: also
    by calling the report something else first. (The two halves of an entry name each other, and are no such split.)
    """
    origin, held = COMPLAINT.alias("origin"), CASE.alias("held")
    out_of_report = (
        select(origin.c.id)
        .join(held, held.c.id == origin.c.case_id)
        .where(origin.c.id == COMPLAINT.c.linked_to, origin.c.linked_to.is_distinct_from(COMPLAINT.c.id))
        .where(or_(origin.c.kind == Kind.REPORT, held.c.kind == Kind.REPORT))
        .correlate(COMPLAINT)
    )
    return and_(CASE.c.kind != Kind.REPORT, COMPLAINT.c.kind != Kind.REPORT, ~out_of_report.exists())


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
    others = select(OFFICE.c.id).where(OFFICE.c.id != office_id)
    held = select(RESPONDENT_KEY.c.office_id).where(RESPONDENT_KEY.c.office_id.in_(others))
    return session.execute(held.where(RESPONDENT_KEY.c.key.in_(keys)).limit(1)).first() is not None


def _read(session: Session, ids: set[str]) -> list[Mapping[Any, Any]]:
    if not ids:
        return []
    respondent = (COMPLAINT.c[f"respondent_{name}"].label(name) for name in Respondent.__dataclass_fields__)
    statement = (
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
        .where(COMPLAINT.c.id.in_(ids))
    )
    return list(session.execute(statement).mappings())


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
    wanted = {each.row["case_id"] for each in judged}
    cases = {line.case_id: line for line in read_cases(session, case_lines().where(CASE.c.id.in_(wanted)))}
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
