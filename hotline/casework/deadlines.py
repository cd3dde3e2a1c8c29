"""The clocks of one matter as a list: what `hotline deadlines` prints and the operator's preview shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.bonds import DEMANDS
from hotline.casework.day_bounds import end_of, start_of
from hotline.casework.periods import due
from hotline.casework.policies import applicable
from hotline.casework.policy_lookup import default_agency_type, known_policy
from hotline.errors import InvalidInputError, PolicyError
from hotline.moments import SHANGHAI, local_date
from hotline.vocabulary import Holder, Unit, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hotline.casework.calendars import Calendar
    from hotline.casework.policy import Policy
    from hotline.vocabulary import AgencyType, Kind

__all__ = ["EXACT_UNITS", "checked_extension", "deadline_lines", "due", "end_of", "start_of"]

EXACT_UNITS = frozenset({Unit.HOUR, Unit.MINUTE})


def deadline_lines(
    *,
    kind: Kind,
    channel: str,
    received: datetime,
    agency_type: AgencyType | None = None,
    urgency: Urgency | None = None,
    starts: Mapping[str, datetime] | None = None,
    extends: Mapping[str, int] | None = None,
    policies: Sequence[Policy],
    calendar: Calendar,
    category: str | None = None,
) -> list[dict[str, object]]:
    """One object a clock, in the order of the policy file (design §6, row `deadlines`).

    A clock whose 起算点 is the receipt starts at `received`, one of a later act only where `starts` names it. The
    hotline's own clocks are always listed; one whose start is not known yet is reckoned from `received` and says so
    (`assumed_start`). A start or an extension for a clock that does not run here changes nothing.

    Raises:
        InvalidInputError: A time has no time zone.
        PolicyError: An id is unknown, or an extension is more than the article allows.
        CalendarError: A day on the way has no data.
    """
    starts, extends = starts or {}, extends or {}
    for name in (*starts, *extends):
        known_policy(policies, name)
    if received.tzinfo is None:
        message = "收件时间缺少时区。请写成带时区的时间，例如 2026-11-20T09:00+08:00。"
        raise InvalidInputError(message, received=message)
    on = local_date(received)
    body_type = agency_type or default_agency_type(channel, on)
    chosen = applicable(
        policies,
        kind=kind,
        agency_type=body_type,
        channel=channel,
        urgency=urgency or Urgency.NORMAL,
        received_on=on,
        category=category,
    )
    lines = []
    for policy in chosen:
        start = starts.get(policy.id) or (received if policy.from_receipt or not policy.statutory else None)
        beside = policy.starts & DEMANDS or (policy.holder is Holder.MATTER and not policy.statutory)
        if beside and policy.id not in starts:
            continue  # A 督办, 催办, 联合执法 or 协查 is no step of the complaint itself.
        if start is None or (policy.by_event and not policy.covers(body_type, local_date(start))):
            continue
        extra = checked_extension(policy, extends.get(policy.id, 0))
        assumed = not policy.statutory and policy.id not in starts and policy.id != "H-DISPATCH"
        lines.append(_line(policy, start, extra, calendar, assumed=assumed))
    return lines


def checked_extension(policy: Policy, amount: int) -> int:
    """The amount, where the article allows it.

    Raises:
        PolicyError: The article allows no extension, or not so much.
    """
    if amount == 0:
        return 0
    rule = policy.extension
    if rule is None:
        message = f"{policy.id}（{policy.title}）不能延长：{policy.article or '该热线时限'}没有规定延期。"
        raise PolicyError(message)
    most = rule.maximum * rule.times if not policy.statutory else rule.maximum
    if not 0 < amount <= most:
        message = f"{policy.id} 的延期应在 1 至 {most} {rule.unit.label}之间。"
        raise PolicyError(message)
    return amount


def _line(policy: Policy, start: datetime, extra: int, calendar: Calendar, *, assumed: bool) -> dict[str, object]:
    result = due(policy, start, calendar, extended=extra)
    exact = policy.unit in EXACT_UNITS
    return {
        "policy": policy.id,
        "title": policy.title,
        "statutory": policy.statutory,
        "article": policy.article or None,
        "trigger": policy.trigger,
        "start": start.astimezone(SHANGHAI).isoformat(),
        "assumed_start": assumed,
        "duration": policy.duration,
        "unit": policy.unit.value,
        "extended": extra,
        "due": result.due_at.astimezone(SHANGHAI).isoformat() if exact else result.due.isoformat(),
        "due_alt": result.due_alt.isoformat() if result.due_alt else None,
        "provisional": result.provisional,
        "trace": [
            {"date": step.date.isoformat(), "counted": step.counted, "reason": step.reason} for step in result.trace
        ],
    }
