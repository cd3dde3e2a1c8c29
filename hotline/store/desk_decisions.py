"""What people decided beside the model's guess, found again page by page; `verdicts` writes it.

Only masked text is read here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hotline.store.decision_reasons import reasons_of
from hotline.store.paging import PAGE, Page, paged
from hotline.store.tables import ACCOUNT, CASE, COMPLAINT, DESK_VERDICT, MODEL_GUESS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import RowMapping, Select
    from sqlmodel import Session

    from hotline.store.casestore import CaseStore


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision of a person beside the model's guess; `who` is the account's display name."""

    event_id: str
    case_id: str
    number: str
    at: datetime
    actor_id: str
    who: str
    role: str
    model_version: str
    model_category: str
    model_setting: str
    confidence: float
    setting_confidence: float
    category: str
    setting: str
    agrees: bool
    reason: str
    text: str


_NAMED = ("event_id", "case_id", "at", "actor_id", "category", "setting", "agrees")
_CORRECTION = (
    *(DESK_VERDICT.c[name] for name in _NAMED),
    DESK_VERDICT.c.actor_role.label("role"),
    CASE.c.number,
    ACCOUNT.c.display_name.label("who"),
    MODEL_GUESS.c.model_version,
    MODEL_GUESS.c.category.label("model_category"),
    MODEL_GUESS.c.setting.label("model_setting"),
    MODEL_GUESS.c.confidence,
    MODEL_GUESS.c.setting_confidence,
    COMPLAINT.c.masked_text.label("text"),
)


def _corrections() -> Select[Any]:
    joined = (
        DESK_VERDICT.join(CASE, CASE.c.id == DESK_VERDICT.c.case_id)
        .join(COMPLAINT, COMPLAINT.c.id == CASE.c.complaint_id)
        .join(MODEL_GUESS, MODEL_GUESS.c.case_id == DESK_VERDICT.c.case_id)
        .outerjoin(ACCOUNT, ACCOUNT.c.id == DESK_VERDICT.c.actor_id)
    )
    return select(*_CORRECTION).select_from(joined)


def corrections(
    store: CaseStore,
    office_id: str,
    *,
    since: datetime | None = None,
    confirmed: bool = False,
    after: str | None = None,
    limit: int = PAGE,
) -> Page[Correction]:
    """The corrections of an office (or the confirmations), the newest first.

    Raises:
        InvalidInputError: The cursor is none of ours.
    """
    own = (DESK_VERDICT.c.office_id == office_id, DESK_VERDICT.c.agrees.is_(confirmed))
    statement = _corrections().where(*own)
    if since is not None:
        statement = statement.where(DESK_VERDICT.c.at >= since)
    page = paged(
        store.session,
        statement,
        lambda row: row._asdict(),
        moment=DESK_VERDICT.c.at,
        key=DESK_VERDICT.c.event_id,
        after=after,
        limit=limit,
        newest_first=True,
    )
    return Page(_with_reasons(store, page.lines), page.next)


def decided_cases(
    store: CaseStore, office_id: str, pair: tuple[str, str], *, since: datetime, limit: int = 200
) -> tuple[Correction, ...]:
    """The cases behind one field of the confusion (guess, decided): the newest decision of each, the newest first."""
    guess, decided = pair
    newest = (DESK_VERDICT.c.at == MODEL_GUESS.c.decided_at) & (DESK_VERDICT.c.category == decided)
    own = (MODEL_GUESS.c.office_id == office_id, MODEL_GUESS.c.decided_at >= since)
    field = (MODEL_GUESS.c.category == guess, MODEL_GUESS.c.decided_category == decided)
    statement = _corrections().where(*own, *field, newest).order_by(DESK_VERDICT.c.at.desc(), DESK_VERDICT.c.event_id)
    return _with_reasons(store, store.session.execute(statement.limit(limit)).mappings().all())


def _with_reasons(store: CaseStore, rows: Sequence[Mapping[Any, Any]] | Sequence[RowMapping]) -> tuple[Correction, ...]:
    reasons = reasons_of(store.session, store.keyring, rows)
    return tuple(
        Correction(
            **{name: row[name] for name in Correction.__dataclass_fields__ if name not in {"who", "reason"}},
            who=row["who"] or row["actor_id"],
            reason=reasons.get(row["event_id"], ""),
        )
        for row in rows
    )


def decision_pairs(session: Session, office_id: str, since: datetime) -> dict[tuple[str, str], int]:
    """How many cases the model called one category and the newest decision since then another, or the same."""
    pair = (MODEL_GUESS.c.category, MODEL_GUESS.c.decided_category)
    statement = select(*pair, func.count()).where(
        MODEL_GUESS.c.office_id == office_id, MODEL_GUESS.c.decided_at >= since
    )
    return {(guess, decided): count for guess, decided, count in session.execute(statement.group_by(*pair))}
