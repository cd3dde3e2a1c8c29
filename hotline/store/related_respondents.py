"""Complaints found by who is complained of."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, text

from hotline.intake.respondents import respondent_keys
from hotline.store.dialect import among_given, is_postgresql
from hotline.store.tables import OFFICE, RESPONDENT_KEY

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlmodel import Session

    from hotline.records import Respondent

OF_RESPONDENT, PER_KEY = 12, 60
_MOST_KEYS = 12
_ONE_KEY = (
    "SELECT * FROM (SELECT complaint_id FROM respondent_key WHERE office_id = :office_id AND key = :key{at} "
    "ORDER BY complaint_id DESC LIMIT :per_key) AS found{at}"
)
_OF_RESPONDENT = text(
    "SELECT complaint_id FROM ("  # noqa: S608 - made of numbers of our own; every value is a parameter.
    + " UNION ALL ".join(_ONE_KEY.format(at=at) for at in range(_MOST_KEYS))
    + ") AS found GROUP BY complaint_id ORDER BY count(*) DESC, complaint_id DESC LIMIT :most"
)


def of_respondent(session: Session, office_id: str, respondent: Respondent) -> list[str]:
    """The complaints that share most keys of the respondent, of each key the newest."""
    keys = respondent_keys(respondent)[:_MOST_KEYS]
    if not keys:
        return []
    given: dict[str, Any] = {f"key{at}": keys[at] if at < len(keys) else "" for at in range(_MOST_KEYS)}
    given |= {"office_id": office_id, "per_key": PER_KEY, "most": OF_RESPONDENT}
    return list(session.execute(_OF_RESPONDENT, given).scalars())


def respondent_elsewhere(session: Session, office_id: str, respondent: Respondent) -> bool:
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
