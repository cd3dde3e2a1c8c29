"""Exceptions of a region: days off or worked (放假办法第4条), and working bands, laid over the national calendar."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.casework.calendars import RegionRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.casework.bands import Bands
    from hotline.casework.calendars import Calendar, NoticeDay


def with_region_days(calendar: Calendar, region: str, year: int, days: Sequence[NoticeDay]) -> Calendar:
    """A new version in which a region has exactly these exceptions in a year (none takes earlier ones away)."""
    kept = [rule for rule in calendar.regions if (rule.region, rule.year) != (region, year)]
    fresh = [RegionRule(region, year, tuple(days))] if days else []
    return _versioned(replace(calendar, regions=(*kept, *fresh)), f"{region}-{year}", days)


def with_bands(calendar: Calendar, region: str, bands: Bands) -> Calendar:
    """A new version with other working bands, everywhere or (with `region`) in one region."""
    if not region:
        return _versioned(replace(calendar, bands=bands), "bands", bands)
    kept = [rule for rule in calendar.regions if (rule.region, rule.year) != (region, 0)]
    return _versioned(replace(calendar, regions=(*kept, RegionRule(region, 0, bands=bands))), f"{region}-bands", bands)


@lru_cache(maxsize=64)
def calendar_at(calendar: Calendar, region: str) -> Calendar:
    """The calendar as it is at a place: a province's exceptions serve its cities, the nearer ones laid over them."""
    rules = [rule for rule in calendar.regions if region.startswith(rule.region.rstrip("0"))]
    if not rules:
        return calendar
    holidays, makeup, bands = dict(calendar.holidays), dict(calendar.makeup), calendar.bands
    for rule in sorted(rules, key=lambda rule: len(rule.region.rstrip("0"))):
        bands = rule.bands or bands
        for day in rule.days:
            for names, mine in ((makeup, day.makeup), (holidays, not day.makeup)):
                names.pop(day.date, None)
                if mine:
                    names[day.date] = day.name
    named = "+".join(sorted({rule.region for rule in rules}))
    return replace(
        calendar, version=f"{calendar.version}@{named}", holidays=holidays, makeup=makeup, bands=bands, regions=()
    )


def _versioned(calendar: Calendar, label: str, what: object) -> Calendar:
    digest = hashlib.sha256(repr(what).encode()).hexdigest()[:8]
    return replace(calendar, version=f"{calendar.version}+{label}.{digest}")
