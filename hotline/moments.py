"""Time zone of the work: stored and compared in UTC, reckoned and shown in Asia/Shanghai."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def utc_now() -> datetime:
    """The wall clock; only the composition root and the command line hand it on as `now`."""
    return datetime.now(UTC)


def local_date(moment: datetime) -> date:
    """The calendar day in Asia/Shanghai on which a moment falls."""
    return moment.astimezone(SHANGHAI).date()
