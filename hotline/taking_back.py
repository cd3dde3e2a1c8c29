"""Taking back versions of the calendar and of time limits, with what that moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.calendar_years import load_with_years
from hotline.casework.rule_assembly import CALENDAR, assemble
from hotline.store import rule_withdrawing
from hotline.store.rule_versions import stored_rules
from hotline.trying import RuleTrial, trial_of

if TYPE_CHECKING:
    from hotline.records import Actor
    from hotline.services import Services


def take_back_rule(services: Services, version: int, note: str, by: Actor) -> None:
    """Withdraw a change of a policy that is not in force yet: the actor's own office's, or one of its region.

    Raises:
        NotFoundError, InvalidInputError, ConflictError: See `rule_withdrawing.withdraw_rule`.
    """
    with services.write() as store:
        place = services.office(by.office_id).region
        rule_withdrawing.withdraw_rule(store, version, note, place=place, by=by, now=services.now())
    services.refresh_rules()


def try_taking_back(services: Services, version: int, note: str, office_id: str) -> RuleTrial:
    """Reckon the clocks of all open cases as they would be without a version of the calendar; nothing is written.

    Raises:
        NotFoundError, InvalidInputError: See `rule_withdrawing.calendar_line`.
        CalendarError: A later year stands on this one, which must be taken back first.
    """
    with services.read() as store:
        rule_withdrawing.calendar_line(store.session, version, note)
        stored = stored_rules(store.session)
    left = [each for each in stored if (each.kind, each.version) != (CALENDAR, version)]
    base = load_with_years(services.settings.calendar_years)
    return trial_of(services, assemble(services.rulebook.policies, base, left), office_id)


def take_back_calendar(services: Services, version: int, note: str, by: Actor) -> RuleTrial:
    """Withdraw a version of the calendar, in force or not, and take up what served before; what that moves.

    The version stays in the list with who took it back, when and why; cached clocks follow in the background.

    Raises:
        NotFoundError, InvalidInputError, CalendarError, ConflictError: See `try_taking_back` and `rule_withdrawing`.
    """
    trial = try_taking_back(services, version, note, by.office_id)
    with services.write() as store:
        rule_withdrawing.withdraw_calendar(store, version, note, by=by, now=services.now())
    services.refresh_rules()
    return trial
