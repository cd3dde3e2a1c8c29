"""The rules in force in this process, taken up anew within seconds of a change and without a restart.

What is compared is cheap: one read of the stamps in the database, and the times of the model's and the calendar's
files. A new rulebook is built beside the old one, which serves everybody until the new one is there.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.casework.calendar_years import YEAR_FILES, load_with_years
from hotline.casework.rule_assembly import assemble
from hotline.intake.channel_files import PATTERN, read_folder
from hotline.intake.channels import adopt_channels
from hotline.learning.folders import promoted_folder
from hotline.learning.serving import serve
from hotline.learning.standing import Standing
from hotline.learning.standing import standing as standing_of
from hotline.routing.classifier import load_classifier
from hotline.rule_marks import Stamp, Times, times_of
from hotline.rulebooks import with_clock_rules, with_versions
from hotline.store.engine import read_transaction
from hotline.store.model_stream import STAMP, model_events
from hotline.store.plan_versions import stored_versions
from hotline.store.rule_stamps import PLANS, read_stamps
from hotline.store.rule_stream import STAMP as CLOCKS
from hotline.store.rule_versions import stored_rules

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from hotline.casework.clock_rules import ClockRules
    from hotline.casework.rulebook import Rulebook
    from hotline.settings import Settings
    from hotline.store.plan_versions import StoredVersion

CHECK_SECONDS = 2.0
log = logging.getLogger(__name__)


class RuleKeeper:
    """Holds the rulebook of one process. Any thread may ask; none ever waits for another."""

    def __init__(
        self, engine: Engine, settings: Settings, shipped: Rulebook, *, seconds: float = CHECK_SECONDS
    ) -> None:
        """Begin with what was shipped; `refresh` or the first use takes up what the database holds."""
        self._engine, self._settings, self._seconds = engine, settings, seconds
        self._checking = threading.Lock()
        self._shipped, self._standing, self.model_problem = shipped.classifier, Standing(), ""
        self._held: tuple[Stamp, Rulebook] = (Stamp(0, self._model_times(), self._calendar_times()), shipped)
        self._next = 0.0

    def current(self) -> Rulebook:
        """The rules in force; every few seconds the first to ask looks whether they have changed."""
        if time.monotonic() >= self._next and self._checking.acquire(blocking=False):
            try:
                self.refresh()
            except Exception as error:  # noqa: BLE001 - what cannot be taken up must not stop the work.
                log.error("rules_not_taken_up type=%s", type(error).__name__)  # noqa: TRY400 - a trace could hold data.
            finally:
                self._checking.release()
        return self._held[1]

    def refresh(self) -> Rulebook:
        """Look now, whenever the last look was: at the start, and for the process that made the change itself.

        Raises:
            PlanError, ModelError, CalendarError: What is there now cannot be read by this program; the old rules stay.
        """
        self._next = time.monotonic() + self._seconds
        old, book = self._held
        new, standing = self._look(old)
        if new.plans != old.plans:
            book = with_versions(book, self._stored())
        if new.model != old.model:
            self._shipped = load_classifier(self._settings.model)
        if (new.model, new.choice, new.promoted) != (old.model, old.choice, old.promoted):
            served = serve(self._shipped, standing, self._settings.models)
            if served.problem and served.problem != self.model_problem:
                log.error("promoted_model_unusable version=%s", standing.version)
            book, self.model_problem = replace(book, classifier=served.classifier), served.problem
        self._standing = standing
        if (new.calendar, new.clocks) != (old.calendar, old.clocks):
            book = with_clock_rules(book, self._clock_rules(book))
        if new.channels != old.channels:
            self._take_up_channels()
        self._held = (new, book)
        return book

    def _take_up_channels(self) -> None:
        """The deployment's own channels; a faulty file is named in the log and takes nothing from the others."""
        found, problems = read_folder(self._settings.channels)
        adopt_channels(found)
        for name in problems:
            log.error("channel_file_unusable file=%s", name)

    def _stored(self) -> tuple[StoredVersion, ...]:
        with read_transaction(self._engine) as session:
            return stored_versions(session)

    def _clock_rules(self, book: Rulebook) -> ClockRules:
        with read_transaction(self._engine) as session:
            stored = stored_rules(session)
        return assemble(book.policies, load_with_years(self._settings.calendar_years), stored)

    def _look(self, old: Stamp) -> tuple[Stamp, Standing]:
        """The stamp of this moment, and what was decided about the model, read again only where that has changed."""
        with read_transaction(self._engine) as session:
            stamps = read_stamps(session)
            choice = stamps.get(STAMP, 0)
            known = self._standing if choice == old.choice else standing_of(model_events(session))
        stamp = Stamp(
            plans=stamps.get(PLANS, 0),
            model=self._model_times(),
            calendar=self._calendar_times(),
            choice=choice,
            promoted=self._promoted_times(known),
            clocks=stamps.get(CLOCKS, 0),
            channels=times_of(sorted(self._settings.channels.glob(PATTERN))),
        )
        return stamp, known

    def _promoted_times(self, known: Standing) -> Times:
        folder = promoted_folder(self._settings.models, known.version)
        return times_of(sorted(folder.iterdir())) if known.version and folder.is_dir() else ()

    def _model_times(self) -> Times:
        model = self._settings.model
        return times_of(sorted(model.iterdir())) if model is not None and model.is_dir() else ()

    def _calendar_times(self) -> Times:
        return times_of(sorted(self._settings.calendar_years.glob(YEAR_FILES)))
