"""The clock rules of a process that needs no model and no plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.calendar_years import YEAR_FILES, load_with_years
from hotline.casework.policy_file import load_policies
from hotline.casework.rule_assembly import assemble
from hotline.rule_marks import Times, times_of
from hotline.store.engine import read_transaction
from hotline.store.rule_stamps import read_stamps
from hotline.store.rule_stream import STAMP as CLOCKS
from hotline.store.rule_versions import stored_rules

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from hotline.casework.clock_rules import ClockRules
    from hotline.settings import Settings


class ClockKeeper:
    """The clock rules of a process that needs no model and no plans: read again when stamp or files have changed."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        """Begin with nothing; the first use reads."""
        self._engine, self._settings = engine, settings
        self._held: tuple[tuple[int, Times], ClockRules] | None = None

    def current(self) -> ClockRules:
        """The rules in force at this moment.

        Raises:
            CalendarError, PolicyError: What is there cannot be read by this program.
        """
        with read_transaction(self._engine) as session:
            times = times_of(sorted(self._settings.calendar_years.glob(YEAR_FILES)))
            stamp = (read_stamps(session).get(CLOCKS, 0), times)
            if self._held is None or self._held[0] != stamp:
                policies = self._held[1].policies if self._held else load_policies()
                calendar = load_with_years(self._settings.calendar_years)
                self._held = (stamp, assemble(policies, calendar, stored_rules(session)))
        return self._held[1]
