"""What lists say of a complaint that may be the same matter as another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hotline.intake.duplicates import shared_words
from hotline.intake.likeness import Sameness, Told
from hotline.store.dialect import among_given, is_postgresql
from hotline.store.lines import CaseLine, case_line_of, case_lines
from hotline.store.related_candidates import WORDS
from hotline.store.tables import CASE
from hotline.vocabulary import Relation

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlmodel import Session

    from hotline.store.related_judging import Judged


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


def lines_of(session: Session, judged: list[Judged], told: Told) -> tuple[RelatedLine, ...]:
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
