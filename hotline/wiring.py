"""The composition root: opens database, keys and rules, refuses an installation that may not be served.

Web, scheduler and commands get everything from here; tests call the same functions on a temporary folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.calendar_years import load_with_years
from hotline.casework.calendars import load_calendar
from hotline.casework.policy_file import load_policies
from hotline.casework.rulebook import Rulebook
from hotline.errors import SchemaError
from hotline.moments import utc_now
from hotline.preparing import schema_state
from hotline.routing.classifier import load_classifier
from hotline.routing.directory_file import load_directory
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy
from hotline.services import Services
from hotline.store.crypto import load_keyring
from hotline.store.engine import open_engine, read_transaction
from hotline.store.keycheck import check_keyring

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from hotline.settings import Settings


def build_rulebook(model: Path | None = None, *, calendar_years: Path | None = None) -> Rulebook:
    """The rules that were shipped, without database, keys or settings; `calendar_years` is a folder of imported years.

    Raises:
        ModelError, PlanError, PolicyError, CalendarError: A shipped file is missing, altered or does not fit.
    """
    return Rulebook(
        classifier=load_classifier(model),
        plans=load_plans(),
        directory=load_directory(),
        taxonomy=load_taxonomy(),
        policies=load_policies(),
        calendar=load_with_years(calendar_years) if calendar_years else load_calendar(),
    )


def build_services(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> Services:
    """Everything for one process; the database must have been prepared.

    Raises:
        KeyringError, SchemaError, ModelError, PlanError: See `prepare_store` and `build_rulebook`.
    """
    engine = open_engine(settings.database_url)
    if schema_state(engine) != "current":
        engine.dispose()
        message = "数据库尚未就绪。请先运行 hotline migrate。"
        raise SchemaError(message)
    keyring = load_keyring(settings.keys, settings.cipher)
    with read_transaction(engine) as session:
        check_keyring(session, keyring)
    shipped = build_rulebook(settings.model, calendar_years=settings.calendar_years)
    services = Services(settings, engine, keyring, shipped, now)
    services.refresh_rules()
    return services
