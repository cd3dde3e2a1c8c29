"""Working bands serve from a day on: a change leaves the past, and what was reckoned of it, as it was."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from hotline.casework.bands import USUAL, parse_bands
from hotline.casework.calendar_regions import calendar_at, with_bands
from hotline.casework.calendars import load_calendar
from hotline.casework.clocks import working_minutes
from hotline.casework.rule_assembly import BANDS, CALENDAR, StoredRule, assemble
from hotline.casework.stages import opening
from hotline.casework.worked_minutes import worked_between
from hotline.moments import SHANGHAI

SHORT = parse_bands("9:00-11:00")
LONG = parse_bands("8:00-12:00 13:00-18:00")
ONE_DAY = timedelta(days=1)
CHANGE = date(2026, 11, 18)  # A Wednesday; the usual bands have seven hours, SHORT two, LONG nine.
NATION, CITY, DISTRICT = "", "110000", "110102"


def at(day, hour=0, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def stored(version, bands, since, region=NATION):
    return StoredRule(CALENDAR, version, BANDS, None, region, since, bands)


def calendar_of(*rules, region=DISTRICT):
    return calendar_at(assemble((), load_calendar(), rules).calendar, region)


@pytest.mark.parametrize(
    ("day", "bands"), [(CHANGE - ONE_DAY, USUAL), (CHANGE, SHORT), (CHANGE + ONE_DAY, SHORT), (date(2020, 1, 2), USUAL)]
)
def test_a_change_serves_from_its_day(day, bands):
    assert calendar_of(stored(1, "9:00-11:00", CHANGE)).bands_on(day) == bands


@pytest.mark.parametrize("minutes", [working_minutes, lambda a, b, calendar: worked_between(calendar, a, b)])
def test_minutes_count_each_day_by_its_own_bands(minutes):
    before, after = load_calendar(), calendar_of(stored(1, "9:00-11:00", CHANGE))
    assert minutes(at(16), at(18), after) == minutes(at(16), at(18), before) == 2 * 420
    assert minutes(at(16), at(20), after) == 2 * 420 + 2 * 120
    assert minutes(at(17, 16), at(18, 10), after) == 90 + 60
    assert minutes(at(18, 10, 30), at(18, 15), after) == 30
    assert minutes(at(17, 9), at(17, 10), after) == 60


def test_a_later_change_leaves_the_one_before_it_to_its_days():
    rules = (stored(1, "9:00-11:00", CHANGE), stored(2, "8:00-12:00 13:00-18:00", CHANGE + 2 * ONE_DAY))
    for chosen in (rules, rules[::-1]):
        calendar = calendar_of(*chosen)
        days = [CHANGE + number * ONE_DAY for number in range(-1, 3)]
        assert [calendar.bands_on(day) for day in days] == [USUAL, SHORT, SHORT, LONG]


def test_a_version_adopted_later_may_begin_earlier():
    calendar = calendar_of(stored(1, "9:00-11:00", CHANGE), stored(2, "8:00-12:00 13:00-18:00", CHANGE - 2 * ONE_DAY))
    assert [calendar.bands_on(CHANGE + number * ONE_DAY) for number in (-3, -2, -1, 0)] == [USUAL, LONG, LONG, SHORT]


def test_the_second_version_of_a_day_takes_the_place_of_the_first():
    calendar = calendar_of(stored(1, "9:00-11:00", CHANGE), stored(2, "8:00-12:00 13:00-18:00", CHANGE))
    assert calendar.bands_on(CHANGE) == LONG


def test_the_nearer_region_goes_before_the_wider_one_from_its_day_on():
    rules = (
        stored(1, "9:00-11:00", CHANGE - ONE_DAY),
        stored(2, "8:00-12:00 13:00-18:00", CHANGE, DISTRICT),
        stored(3, "10:00-12:00", CHANGE + ONE_DAY, CITY),
    )
    here, city, elsewhere = (calendar_of(*rules, region=each) for each in (DISTRICT, "110105", "120115"))
    days = [CHANGE + number * ONE_DAY for number in range(-2, 2)]
    assert [here.bands_on(day) for day in days] == [USUAL, SHORT, LONG, LONG]
    assert [city.bands_on(day) for day in days] == [USUAL, SHORT, SHORT, parse_bands("10:00-12:00")]
    assert [elsewhere.bands_on(day) for day in days] == [USUAL, SHORT, SHORT, SHORT]
    assert len({each.version for each in (here, city, elsewhere)}) == 3


def test_each_change_is_another_version_of_the_calendar():
    calendar = load_calendar()
    versions = {with_bands(calendar, "", SHORT, CHANGE + number * ONE_DAY).version for number in range(3)}
    assert len(versions | {calendar.version, with_bands(calendar, "", LONG, CHANGE).version}) == 5


def test_reminders_wait_for_the_hours_of_their_own_day():
    calendar = calendar_of(stored(1, "10:00-11:00", CHANGE))
    assert opening(at(17, 9), calendar) == at(17, 9)
    assert opening(at(18, 9), calendar) == at(18, 10)
    assert opening(at(17, 20), calendar) == at(18, 10)
