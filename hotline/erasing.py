"""到期删除 over the whole deployment: first what would go, then one case a transaction, each with its event."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from hotline.casework.desk import record
from hotline.records import Actor, NewEvent
from hotline.store import case_erasing, overwriting, retention, retention_rules
from hotline.store.engine import read_transaction
from hotline.vocabulary import Action, Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Engine

    from hotline.services import Services
    from hotline.store.retention import Due
    from hotline.store.retention_rules import Rules

ERASER = Actor("retention", Role.SYSTEM, "")


@dataclass
class Erased:
    """How many cases lost each part, and how many refused records went."""

    cases: int = 0
    parts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(retention_rules.PARTS, 0))
    quarantine: int = 0

    def add(self, due: Due) -> None:
        """Count one case."""
        self.cases += 1
        for part in due.parts:
            self.parts[part] += 1


def erase_some(engine: Engine, wanted: str, services: Callable[[], Services], now: datetime, *, most: int) -> int:
    """The scheduler's turn: delete up to `most` due cases by the rules that the setting names; tell how many.

    Args:
        engine: The database, asked first: what the deletion needs is built only where something is due.
        wanted: HOTLINE_RETENTION: empty for never, `1` for the program's rules, else a file of rules.
        services: Builds what the deletion needs.
        now: The moment that periods are measured to.
        most: How many cases at most.

    Raises:
        InvalidInputError: The file of rules cannot be used.
    """
    if not wanted:
        return 0
    rules = retention_rules.shipped_rules() if wanted == "1" else retention_rules.read_rules(Path(wanted))
    with read_transaction(engine) as session:
        due = any(retention.due_cases(session, rules, now)) or retention.quarantine_due(session, rules, now)
    return erase_due(services(), rules, dry_run=False, most=most).cases if due else 0


def erase_due(
    services: Services,
    rules: Rules,
    *,
    dry_run: bool,
    tell: Callable[[Due], None] = lambda _due: None,
    most: int | None = None,
) -> Erased:
    """Delete what has outlived its time; with `dry_run` only tell what that is. A killed run is finished by the next.

    With `most` no more cases than that; the rest waits for the next run.

    Raises:
        ConflictError: Somebody acted on a case in the same moment; run again.
    """
    found, now = Erased(), services.now()
    with services.read() as store:
        due = list(islice(retention.due_cases(store.session, rules, now), most))
        found.quarantine = retention.quarantine_due(store.session, rules, now)
    for each in due:
        tell(each)
        if not dry_run:
            with services.write() as store:
                overwriting.overwrite(store.session)
                case_erasing.erase(store.session, services.keyring, each, rules, now)
                event = NewEvent(Action.ERASE, {"parts": each.parts, "rules": rules.version})
                record(store, each.case_id, event, desk=services.desk(each.office_id), actor=ERASER, now=now)
        found.add(each)
    if not dry_run:
        with services.write() as store:
            overwriting.overwrite(store.session)
            retention.erase_quarantine(store.session, rules, now)
            overwriting.tidy_search(store.session)
        overwriting.empty_log(services.engine)
    return found
