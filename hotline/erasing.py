"""到期删除 over the whole deployment: first what would go, then one case a transaction, each with its event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hotline.casework.desk import record
from hotline.records import Actor, NewEvent
from hotline.store import retention
from hotline.vocabulary import Action, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from hotline.store.retention import Due, Rules
    from hotline.wiring import Services

ERASER = Actor("retention", Role.SYSTEM, "")


@dataclass
class Erased:
    """How many cases lost each part, and how many refused records went."""

    cases: int = 0
    parts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(retention.PARTS, 0))
    quarantine: int = 0

    def add(self, due: Due) -> None:
        """Count one case."""
        self.cases += 1
        for part in due.parts:
            self.parts[part] += 1


def erase_due(
    services: Services, rules: Rules, *, dry_run: bool, tell: Callable[[Due], None] = lambda _due: None
) -> Erased:
    """Delete what has outlived its time; with `dry_run` only tell what that is. A killed run is finished by the next.

    Raises:
        ConflictError: Somebody acted on a case in the same moment; run again.
    """
    found, now = Erased(), services.now()
    with services.read() as store:
        due = list(retention.due_cases(store.session, rules, now))
        found.quarantine = retention.quarantine_due(store.session, rules, now)
    for each in due:
        tell(each)
        if not dry_run:
            with services.write() as store:
                retention.overwrite(store.session)
                retention.erase(store.session, services.keyring, each, rules, now)
                event = NewEvent(Action.ERASE, {"parts": each.parts, "rules": rules.version})
                record(store, each.case_id, event, desk=services.desk(each.office_id), actor=ERASER, now=now)
        found.add(each)
    if not dry_run:
        with services.write() as store:
            retention.overwrite(store.session)
            retention.erase_quarantine(store.session, rules, now)
            retention.tidy_search(store.session)
    return found
