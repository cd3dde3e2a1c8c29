"""What a dry run of an import asks of model and plans, which travel with the program; no database is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hotline.casework.planned import planned_clocks
from hotline.casework.preparation import prepare
from hotline.commands.streams import UNUSABLE, say
from hotline.errors import HotlineError
from hotline.moments import local_date, utc_now
from hotline.records import Office
from hotline.routing.places import NATION, plan_for
from hotline.store.ids import new_id
from hotline.wiring import build_rulebook

if TYPE_CHECKING:
    from collections.abc import Callable

    from hotline.casework.rulebook import Rulebook
    from hotline.intake.submission import Draft
    from hotline.settings import Settings


def registrable(settings: Settings) -> Callable[[Draft], None]:
    """What refuses a complaint whose clocks could not be reckoned when it is registered.

    Which clocks start depends on its category and its body, so that it is classified and routed as an import does it,
    for an office at the home region with the plan that is in force there today. What a deployment has adopted beside
    the shipped rules stands in its database and is not known here.

    Raises:
        click.exceptions.Exit: The rules cannot be loaded; that is no fault of the row that asks for them.
    """
    try:
        rulebook = build_rulebook(settings.model, calendar_years=settings.calendar_years)
    except HotlineError as error:
        say(error.message)
        raise click.exceptions.Exit(UNUSABLE) from error
    office = _office(settings, rulebook)

    def check(draft: Draft) -> None:
        now = utc_now()
        prepared = prepare(draft, office=office, rulebook=rulebook, now=now, new_id=new_id)
        # What waits in triage has these clocks too, as far as they can begin in the past: a body's begin with dispatch.
        planned_clocks(prepared, office=office, rulebook=rulebook, now=now)

    return check


def _office(settings: Settings, rulebook: Rulebook) -> Office:
    """An office by the settings alone."""
    region = settings.home_region or NATION
    plan = plan_for(region, local_date(utc_now()), rulebook.plans).plan
    return Office(id="", name="", region=region, plan_id=plan.id if plan else "", number_prefix="")
