"""Whether the cases that count as one matter are those that their events tie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.store.merging import parts_of
from hotline.store.tables import CASE, MERGED_CASE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlmodel import Session

    from hotline.store.audit_faults import Broken


def merge_faults(session: Session, ties: Mapping[str, frozenset[str]]) -> Iterator[Broken]:
    """Cases that lists and figures count as one matter are those that their events tie, and no others."""
    made = {each: min(part) for part in parts_of(ties) if len(part) > 1 for each in part}
    columns = (MERGED_CASE.c.case_id, MERGED_CASE.c.group_id, MERGED_CASE.c.office_id, CASE.c.office_id.label("own"))
    rows = session.execute(select(*columns).select_from(MERGED_CASE.join(CASE, CASE.c.id == MERGED_CASE.c.case_id)))
    kept = {row.case_id: row for row in rows}
    for case_id in sorted(made.keys() | kept.keys(), key=str):
        row = kept.get(case_id)
        if row is None:
            reason = "并案与事件不符：已关联为重复，却没有并入"
        elif case_id not in made:
            reason = "并案与事件不符：没有关联为重复，却并在一起"
        elif row.group_id != made[case_id] or row.office_id != row.own:
            reason = "并案与事件不符：并到了别的工单"
        else:
            continue
        yield {"stream": str(case_id), "seq": 0, "reason": reason}
