"""Exceptions of a region: days off or worked (放假办法第4条), and working bands, laid over the national calendar."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.casework.calendars import RegionRule

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hotline.casework.bands import Bands
    from hotline.casework.calendars import Calendar, NoticeDay

    BandsSince = tuple[tuple[date, Bands], ...]


def with_region_days(calendar: Calendar, region: str, year: int, days: Sequence[NoticeDay]) -> Calendar:
    """A new version in which a region has exactly these exceptions in a year (none takes earlier ones away)."""
    kept = [rule for rule in calendar.regions if (rule.region, rule.year) != (region, year)]
    fresh = [RegionRule(region, year, tuple(days))] if days else []
    return _versioned(replace(calendar, regions=(*kept, *fresh)), f"{region}-{year}", days)


def with_bands(calendar: Calendar, region: str, bands: Bands, since: date) -> Calendar:
    """A new version with other working bands from a day on, everywhere or (with `region`) in one region.

    The days before keep theirs, and so do the days from a later change on; a second change of one day takes the place
    of the first.
    """
    if not region:
        return _versioned(
            replace(calendar, bands_since=_dated(calendar.bands_since, bands, since)), "bands", (bands, since)
        )
    mine = next((rule for rule in calendar.regions if (rule.region, rule.year) == (region, 0)), RegionRule(region, 0))
    kept = [rule for rule in calendar.regions if rule is not mine]
    changed = replace(mine, bands_since=_dated(mine.bands_since, bands, since))
    return _versioned(replace(calendar, regions=(*kept, changed)), f"{region}-bands", (bands, since))


def _dated(there: BandsSince, bands: Bands, since: date) -> BandsSince:
    return tuple(sorted({**dict(there), since: bands}.items()))


def _laid_over(wide: BandsSince, near: BandsSince) -> BandsSince:
    """The nearer region's bands from the day of its first change on, before it those of the wider one."""
    return (*(each for each in wide if each[0] < near[0][0]), *near) if near else wide


@lru_cache(maxsize=64)
def calendar_at(calendar: Calendar, region: str) -> Calendar:
    """The calendar as it is at a place: a province's exceptions serve its cities, the nearer ones laid over them."""
    rules = [rule for rule in calendar.regions if region.startswith(rule.region.rstrip("0"))]
    if not rules:
        return calendar
    holidays, makeup, bands = dict(calendar.holidays), dict(calendar.makeup), calendar.bands_since
    for rule in sorted(rules, key=lambda rule: len(rule.region.rstrip("0"))):
        bands = _laid_over(bands, rule.bands_since)
        for day in rule.days:
            for names, mine in ((makeup, day.makeup), (holidays, not day.makeup)):
                names.pop(day.date, None)
                if mine:
                    names[day.date] = day.name
    named = "+".join(sorted({rule.region for rule in rules}))
    return replace(
        calendar, version=f"{calendar.version}@{named}", holidays=holidays, makeup=makeup, bands_since=bands, regions=()
    )


def _versioned(calendar: Calendar, label: str, what: object) -> Calendar:
    digest = hashlib.sha256(repr(what).encode()).hexdigest()[:8]
    return replace(calendar, version=f"{calendar.version}+{label}.{digest}")
