"""The working calendar: years, exceptions of the region, working bands; a change is shown before it is adopted."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.casework.bands import bands_text, parse_bands
from hotline.casework.calendar_file import parse_calendar_file
from hotline.casework.calendar_legal import check_whole
from hotline.casework.calendar_notice import notice_changes, region_changes
from hotline.casework.calendar_years import year_document
from hotline.casework.rule_assembly import BANDS, CALENDAR
from hotline.errors import InvalidInputError
from hotline.store.rule_adopting import RuleProposal
from hotline.store.rule_versions import rule_lines
from hotline.taking_back import take_back_calendar, try_taking_back
from hotline.timing import adopt_rule, check_rule, waiting_cases
from hotline.trying import try_rule
from hotline.web.access import roles
from hotline.web.context import account, actor, services
from hotline.web.rules.room import (
    READERS,
    REFUSALS,
    blueprint,
    first_day,
    mark_of,
    may_adopt,
    names_of,
    reason,
    status_of,
    today,
    whole_number,
)

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.errors import HotlineError
    from hotline.trying import RuleTrial

FIRST_YEAR, LAST_YEAR = 1990, 2099


@blueprint.get("/calendar")
@roles(*READERS)
def calendar() -> str:
    """What is in force, the versions, and the forms."""
    return _page()


@blueprint.post("/calendar")
@roles(*READERS)
def change_calendar() -> ResponseReturnValue:
    """Show what a notice, a region's exceptions or other bands would change; adopt only what was shown."""
    content = ""
    try:
        proposal, changes = _read()
        content = proposal.content
        check_rule(services(), proposal)
        trial = try_rule(services(), proposal, account().office_id)
        if may_adopt(proposal):
            version = adopt_rule(services(), proposal, trial, actor())
            flash(f"日历第 {version} 版已采用。{trial.words}，后台正在重算。")
            return redirect(url_for("rules.calendar"))
    except REFUSALS as error:
        return _page(content=content, problem=error), status_of(error)
    return _page(content=content, changes=changes, trial=trial, checked=mark_of(proposal))


@blueprint.post("/calendar/versions/<int:version>/withdraw")
@roles(*READERS)
def withdraw_calendar(version: int) -> ResponseReturnValue:
    """Show what taking a version back would move; take back only after that was shown, for the reason shown."""
    try:
        note = reason()
        shown = f"{version}:{hashlib.sha256(note.encode()).hexdigest()}"
        if request.form.get("step") == "withdraw" and request.form.get("checked") == shown:
            trial = take_back_calendar(services(), version, note, actor())
            flash(f"日历第 {version} 版已撤回，前一版接着用。{trial.words}，后台正在重算。")
            return redirect(url_for("rules.calendar"))
        trial = try_taking_back(services(), version, note, account().office_id)
    except REFUSALS as error:
        return _page(problem=error), status_of(error)
    return _page(trial=trial, taking=(version, note, shown))


def _read() -> tuple[RuleProposal, tuple[str, ...]]:
    """What was sent, and what it would change.

    Raises:
        CalendarError, InvalidInputError: It cannot be used; the message says why.
    """
    here = request.form.get("scope") == "region"
    region = services().office(account().office_id).region if here else ""
    rules = services().rulebook.clock_rules
    if request.form.get("what") == BANDS:
        bands, since = parse_bands(request.form.get("bands", "")), first_day()
        in_force = rules.calendar_for(services().office(account().office_id)) if here else rules.calendar
        changes: tuple[str, ...] = (
            f"自 {since.isoformat()} 起的工作时段：{bands_text(in_force.bands_on(since))} → {bands_text(bands)}",
            "以前的日子照旧：已经算出的工作时间不变；到期日按工作日计算，不受时段影响。",
        )
        return RuleProposal(CALENDAR, BANDS, since, bands_text(bands), reason(), region=region), changes
    year = whole_number("year", "年份")
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        message = f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间。"
        raise InvalidInputError(message, year=message)
    file = request.files.get("file")
    sent = file.read() if file and file.filename else request.form.get("content", "").encode()
    days = parse_calendar_file(year, sent, regional=here)
    if here:
        changes = region_changes(rules.calendar_for(services().office(account().office_id)), year, days)
    else:
        check_whole(year, days)
        changes = notice_changes(rules.calendar, year, days)
    return RuleProposal(CALENDAR, str(year), today(), year_document(year, days), reason(), region=region), changes


def _page(
    *,
    content: str = "",
    changes: tuple[str, ...] = (),
    trial: RuleTrial | None = None,
    checked: str = "",
    taking: tuple[int, str, str] | None = None,
    problem: HotlineError | None = None,
) -> str:
    office = services().office(account().office_id)
    rules = services().rulebook.clock_rules
    here = rules.calendar_for(office)
    with services().read() as store:
        lines = rule_lines(store.session, office.id, CALENDAR)
    return render_template(
        "rules/calendar.html",
        last=here.last_announced,
        first=min(here.announced),
        version=here.version,
        bands=bands_text(here.bands_on(today())),
        coming=[(since, bands_text(bands)) for since, bands in here.bands_since],
        today=today(),
        office=office,
        exceptions=[
            (rule.year, day)
            for rule in rules.calendar.regions
            if office.region.startswith(rule.region.rstrip("0"))
            for day in rule.days
        ],
        lines=lines,
        names=names_of(lines),
        changes=changes,
        trial=trial,
        checked=checked,
        taking=taking,
        content=content or request.form.get("content", ""),
        problem=problem.message if problem else "",
        errors=problem.fields if problem else {},
        typed=request.form,
        next_year=here.last_announced + 1,
        waiting=waiting_cases(services(), office.id),
    )
