"""What people decided beside the model's guess, found again page by page; `verdicts` writes it.

Only masked text is read here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, select

from hotline.intake.normalise import masked
from hotline.store.events import open_text
from hotline.store.lines import PAGE, Page, paged
from hotline.store.tables import ACCOUNT, CASE, COMPLAINT, DECISION, DESK_VERDICT, EVENT_TEXT, MODEL_GUESS
from hotline.store.verdicts import agrees
from hotline.vocabulary import CaseState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import RowMapping, Select
    from sqlmodel import Session

    from hotline.store.casestore import CaseStore
    from hotline.store.crypto import Keyring

BY_PERSON = "人工选择"
"""The step of a route's trace that holds a person's reason (`casework.preparation`)."""


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


@dataclass(frozen=True, slots=True)
class Labelled:
    """The newest decision of a person about a case, with the masked text: what a model may learn."""

    case_id: str
    number: str
    text: str
    category: str
    setting: str
    channel: str
    kind: str
    at: datetime
    agrees: bool


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
    reasons = _reasons(store.session, store.keyring, rows)
    return tuple(
        Correction(
            **{name: row[name] for name in Correction.__dataclass_fields__ if name not in {"who", "reason"}},
            who=row["who"] or row["actor_id"],
            reason=reasons.get(row["event_id"], ""),
        )
        for row in rows
    )


def _reasons(session: Session, keyring: Keyring, rows: Sequence[Any]) -> dict[str, str]:
    """Why each decision was made: the event's own text, else the reason in the route that the decision made."""
    wanted = select(EVENT_TEXT.c.event_id, EVENT_TEXT.c.content).where(
        EVENT_TEXT.c.event_id.in_([row["event_id"] for row in rows])
    )
    own = {event_id: masked(open_text(event_id, text, keyring)) for event_id, text in session.execute(wanted)}
    routes = select(DECISION.c.case_id, DECISION.c.at, DECISION.c.body).where(
        DECISION.c.case_id.in_([row["case_id"] for row in rows]), DECISION.c.kind == "assignment"
    )
    said = {(case_id, at): _person(body) for case_id, at, body in session.execute(routes)}
    return {row["event_id"]: own.get(row["event_id"]) or said.get((row["case_id"], row["at"]), "") for row in rows}


def _person(body: Mapping[str, Any]) -> str:
    steps = cast("list[dict[str, str]]", body.get("trace", []))
    return next((step["detail"] for step in steps if step["step"] == BY_PERSON), "")


def decision_pairs(session: Session, office_id: str, since: datetime) -> dict[tuple[str, str], int]:
    """How many cases the model called one category and the newest decision since then another, or the same."""
    pair = (MODEL_GUESS.c.category, MODEL_GUESS.c.decided_category)
    statement = select(*pair, func.count()).where(
        MODEL_GUESS.c.office_id == office_id, MODEL_GUESS.c.decided_at >= since
    )
    return {(guess, decided): count for guess, decided, count in session.execute(statement.group_by(*pair))}


def labelled(session: Session, office_id: str | None = None) -> tuple[Labelled, ...]:
    """The newest decision of every case that may be learnt from, by case number.

    Withdrawn cases and cases whose text is gone are left out; `office_id` None means every office.
    """
    joined = MODEL_GUESS.join(CASE, CASE.c.id == MODEL_GUESS.c.case_id).join(
        COMPLAINT, COMPLAINT.c.id == CASE.c.complaint_id
    )
    statement = (
        select(
            CASE.c.id,
            CASE.c.number,
            COMPLAINT.c.masked_text,
            MODEL_GUESS.c.category,
            MODEL_GUESS.c.setting,
            MODEL_GUESS.c.decided_category,
            MODEL_GUESS.c.decided_setting,
            MODEL_GUESS.c.decided_at,
            CASE.c.channel,
            CASE.c.kind,
        )
        .select_from(joined)
        .where(MODEL_GUESS.c.decided_at.is_not(None), CASE.c.state != str(CaseState.WITHDRAWN))
        .order_by(CASE.c.number)
    )
    if office_id is not None:
        statement = statement.where(MODEL_GUESS.c.office_id == office_id)
    return tuple(
        Labelled(
            case_id=row.id,
            number=row.number,
            text=row.masked_text,
            category=row.decided_category,
            setting=row.decided_setting,
            channel=row.channel,
            kind=row.kind,
            at=row.decided_at,
            agrees=agrees((row.category, row.setting), (row.decided_category, row.decided_setting)),
        )
        for row in session.execute(statement)
        if row.masked_text.strip()
    )
