"""One sweep: announce the stages that clocks have reached, each once, to those who must act or must know.

The scheduler changes no case. A warning goes to the body whose leg it is (to the office's desk where no agency holds
the case); a deadline that has passed goes to the same and, as escalation, to the office's supervisors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hotline.store.clockstore import DueClock, announce, due_clocks
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.notices import Notice, add_notices
from hotline.vocabulary import Role, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Engine

BATCH = 500


def sweep(engine: Engine, now: datetime) -> int:
    """Announce everything due at `now`, in batches of one short transaction each; return how many stages were new.

    Killed in the middle, a batch is announced whole or not at all; run twice at once, each stage enters once.
    """
    announced = 0
    while True:
        with read_transaction(engine) as session:
            waiting = due_clocks(session, now, limit=BATCH)
        if not waiting:
            return announced
        with write_transaction(engine) as session:
            # Read again under the lock: a clock may have been stopped since.
            due = due_clocks(session, now, limit=BATCH)
            if not due:
                return announced
            fresh = announce(session, due, now)
            add_notices(session, [each for clock in due for each in _notices(clock, fresh)], now)
        announced += len(fresh)


def _notices(clock: DueClock, fresh: frozenset[tuple[str, Stage]]) -> Iterator[Notice]:
    for stage in clock.stages:
        if (clock.clock_id, stage) not in fresh:
            continue
        key = f"{clock.clock_id}|{clock.due_at.isoformat()}|{stage.value}"
        common: dict[str, Any] = {"case_id": clock.case_id, "stage": stage.value, "code": f"clock:{clock.policy}"}
        if clock.body_id is not None:
            yield Notice(**common, body_id=clock.body_id, dedupe=f"{key}|body")
        else:
            yield Notice(**common, office_id=clock.office_id, role=Role.OPERATOR.value, dedupe=f"{key}|desk")
        if stage is Stage.OVERDUE:
            above = common | {"code": f"escalation:{clock.body_id or ''}:{clock.policy}"}
            yield Notice(**above, office_id=clock.office_id, role=Role.SUPERVISOR.value, dedupe=f"{key}|escalation")
