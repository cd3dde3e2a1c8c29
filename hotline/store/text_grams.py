"""The index of rare pairs of characters: which complaints share some with a text, and taking a text out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, text

from hotline.intake.duplicates import bigrams
from hotline.intake.rarity import ASKED, gram_number, rarest
from hotline.store.tables import COMPLAINT, TEXT_GRAM

if TYPE_CHECKING:
    from sqlmodel import Session

PER_GRAM = 100
CANDIDATES = 20
_NONE = -1
_ONE = (
    "SELECT * FROM (SELECT complaint_id, {at} AS place FROM text_gram WHERE gram = :gram{at} "
    "ORDER BY complaint_id DESC LIMIT :most) AS found{at}"
)
_SHARING = text(
    "SELECT complaint_id FROM ("  # noqa: S608 - made of numbers of our own; every value is a parameter.
    + " UNION ALL ".join(_ONE.format(at=at) for at in range(ASKED))
    + ") AS found GROUP BY complaint_id ORDER BY count(*) DESC, min(place), complaint_id DESC LIMIT :candidates"
)


def sharing(session: Session, masked_text: str) -> tuple[str, ...]:
    """Complaints whose text shares rare pairs with this one: those that share most first, then the newest.

    Of a pair that many texts hold only the newest are looked at, so that no text takes long.
    """
    grams = rarest(masked_text, ASKED)
    if not grams:
        return ()
    given = {f"gram{at}": grams[at] if at < len(grams) else _NONE for at in range(ASKED)}
    rows = session.execute(_SHARING, given | {"most": PER_GRAM, "candidates": CANDIDATES})
    return tuple(rows.scalars())


def forget_text(session: Session, complaint_id: str) -> None:
    """Take a complaint out of the index, before its masked text is written over.

    Every pair of the text is tried: which of them were kept depends on the table of that day.
    """
    masked = session.execute(select(COMPLAINT.c.masked_text).where(COMPLAINT.c.id == complaint_id)).scalar_one()
    grams = [gram_number(pair) for pair in bigrams(masked)]
    held = TEXT_GRAM.c.gram.in_(grams) & (TEXT_GRAM.c.complaint_id == complaint_id)
    session.execute(delete(TEXT_GRAM).where(held))
