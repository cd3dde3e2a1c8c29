"""Every clock of a case, derived from its events: which runs, since when, until when, what stopped it.

Nothing here is stored as truth: the same events, policies and calendar give the same clocks. Overdue, due soon and
paused are asked of a clock with `now`. Hotline clocks of a case (派单, 改派, 办结, 回访) run while the case is in the
policy's `states`; clocks of a leg start with the leg or with an action on it. Statutory clocks run on the lead leg only
and start when the case reaches the agency's queue, at the latest: signing late moves nothing (design §4).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hotline.casework.bands import minutes_a_day
from hotline.casework.blaming import blamed
from hotline.casework.calendars import ONE_DAY
from hotline.casework.clock_fold import fold_events
from hotline.casework.day_bounds import end_of, start_of, weekday
from hotline.casework.day_kinds import is_workday
from hotline.casework.day_tables import span
from hotline.casework.history import history_of
from hotline.casework.leg_time_moves import PAUSE_REASONS
from hotline.casework.matter_words import clock_id
from hotline.casework.periods import due
from hotline.casework.stretches import cut
from hotline.clock_parts import ClockPause
from hotline.moments import SHANGHAI, local_date
from hotline.records import Clock
from hotline.vocabulary import Holder, Unit, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from hotline.casework.calendars import Calendar
    from hotline.casework.clock_draft import Draft
    from hotline.casework.clocks_so_far import Fold
    from hotline.casework.history import History
    from hotline.casework.policy import Policy
    from hotline.casework.stretches import Stretch
    from hotline.clock_parts import DayTrace
    from hotline.records import CaseEvent, Due
    from hotline.vocabulary import AgencyType

WARN_PERCENT = {Urgency.CRITICAL: 50, Urgency.URGENT: 30, Urgency.NORMAL: 20}
"""H-WARN (sla-law §2.6): warn when no more than this share of the time is left."""
MINUTE = timedelta(minutes=1)
LONG_UNITS = frozenset({Unit.WORKDAY, Unit.DAY, Unit.MONTH, Unit.YEAR})


def derive(
    events: Sequence[CaseEvent],
    *,
    policies: Sequence[Policy],
    calendar: Calendar,
    body_types: Mapping[str, AgencyType],
    region: str | None,
) -> tuple[Clock, ...]:
    """Every clock of one case, running or ended, in the order in which they started.

    Args:
        events: All events of the case, in order.
        policies: The policies in force, with the office's overrides.
        calendar: The working calendar.
        body_types: The agency type of each body that has a leg; a body left out counts as `any`.
        region: The office's adcode, for regional policies.

    Raises:
        CalendarError: A clock began in a past year without data.
    """
    history = history_of(events)
    cuts = cut(history.seen)
    return derive_from(history, cuts, policies=policies, calendar=calendar, body_types=body_types, region=region)


def derive_from(
    history: History,
    cuts: Sequence[Stretch],
    *,
    policies: Sequence[Policy],
    calendar: Calendar,
    body_types: Mapping[str, AgencyType],
    region: str | None,
) -> tuple[Clock, ...]:
    """The same from events that are folded already; `cuts` is what `stretches.cut` makes of them."""
    fold = fold_events(history, policies=policies, body_types=body_types, region=region)
    clocks = [_clock(draft, fold, cuts, calendar) for draft in fold.drafts]
    return tuple(sorted(clocks, key=lambda clock: (clock.started_at, clock.id)))


def window_open(clock: Clock, now: datetime) -> bool:
    """Whether a permission window (退单) may still be used: it ends by itself and is never a breach."""
    return clock.stopped_at is None or now < clock.stopped_at


def remaining_minutes(clock: Clock, now: datetime, calendar: Calendar) -> int:
    """Working minutes until the clock's deadline, for ordering queues; below zero when it has passed.

    Counts the calendar's working bands of working days in Asia/Shanghai. A suspended clock stands still.

    Raises:
        CalendarError: A day on the way has no data.
    """
    moment = clock.paused_since or now
    end = clock.due.due_at
    return working_minutes(moment, end, calendar) if moment <= end else -working_minutes(end, moment, calendar)


def working_minutes(start: datetime, end: datetime, calendar: Calendar) -> int:
    """Office minutes of working days between two moments, `start` not after `end`."""
    last_day = local_date(end)
    steps = span(calendar, local_date(start).toordinal(), last_day.toordinal())[1]
    if calendar.bands_since:
        worked = sum(minutes_a_day(calendar.bands_on(step.date)) for step in steps if step.counted)
    else:
        worked = sum(step.counted for step in steps) * minutes_a_day(calendar.bands)
    whole_last = is_workday(calendar, last_day).counted * minutes_a_day(calendar.bands_on(last_day))
    return worked - _worked_until(calendar, start) - (whole_last - _worked_until(calendar, end))


def explain(clock: Clock) -> list[str]:
    """Why this date, in words: rule, start, each day counted or skipped, extension, end."""
    rule = clock.article or "热线时限（非法定，可由办公室调整）"
    lines = [
        f"{clock.title}（{clock.policy}）：{rule}",
        f"起算：{clock.trigger}，{_local(clock.started_at)}",
        f"时长：{clock.duration} {clock.unit.label}",
    ]
    lines += [f"延期：{_local(each.at)} 另批准延长 {each.amount} {each.unit.label}" for each in clock.extensions]
    if clock.extended and not clock.extensions:
        lines.append(f"延期：另批准延长 {clock.extended}")
    lines += [_paused(each) for each in clock.pauses]
    if clock.unit in LONG_UNITS:
        lines.append("开始当日不计入，自次日起算")
    lines += _runs(clock.due.trace)
    lines.append(_ending(clock))
    if clock.due.provisional:
        lines.append("暂定：用到尚未公布放假通知的年份，通知公布并导入后重算")
    if clock.stopped_at:
        lines.append(f"停止：{_local(clock.stopped_at)}（停止条件：{clock.stop}）")
    elif clock.paused_since:
        lines.append(f"中止计时：自 {_local(clock.paused_since)} 起，恢复后按中止天数顺延")
    else:
        lines.append(f"停止条件：{clock.stop}")
    return lines


def _clock(draft: Draft, fold: Fold, cuts: Sequence[Stretch], calendar: Calendar) -> Clock:
    policy = draft.policy
    result = due(policy, draft.started_at, calendar, pauses=draft.pauses, extended=draft.extended)
    stopped = draft.stopped_at
    if policy.window:
        stopped = min(stopped or result.due_at, result.due_at)
    holder_id = _holder_id(draft, fold)
    cause, worked = blamed(policy.holder, (draft.started_at, stopped, result.breach_at), cuts, calendar)
    return Clock(
        id=clock_id(holder_id, policy.id, draft.seq, draft.party)
        if draft.matter_id
        else f"{holder_id}:{policy.id}:{draft.seq}",
        policy=policy.id,
        holder=policy.holder,
        holder_id=holder_id,
        leg_id=draft.leg_id,
        body_id=draft.body_id or _lead_body(draft, fold),
        title=policy.title,
        statutory=policy.statutory,
        article=policy.article,
        trigger=draft.because or policy.trigger,
        stop=policy.stop,
        started_at=draft.started_at,
        duration=policy.duration,
        unit=policy.unit,
        extended=draft.extended,
        due=result,
        warn_at=_warn_at(policy, draft.started_at, result, fold.case.urgency, calendar),
        stopped_at=stopped,
        paused_since=draft.paused_since,
        cause=cause or "",
        worked=worked,
        pauses=tuple(ClockPause(*pause, reason) for pause, reason in zip(draft.pauses, draft.reasons, strict=True)),
        extensions=tuple(draft.extensions),
    )


def _holder_id(draft: Draft, fold: Fold) -> str:
    if draft.matter_id is not None:
        return draft.matter_id
    if draft.policy.holder is Holder.COMPLAINT:
        return fold.case.complaint_id
    return fold.case.case_id if draft.leg_id is None else draft.leg_id


def _lead_body(draft: Draft, fold: Fold) -> str | None:
    """The lead agency answers for the 办结 clock of the case; the desk for the other clocks of the case."""
    return fold.lead_body_id if draft.on_lead else None


def _warn_at(policy: Policy, started_at: datetime, result: Due, urgency: Urgency, calendar: Calendar) -> datetime:
    """When the share of time left falls to H-WARN; on long 一般 clocks at the latest a working day before."""
    share = result.due_at - (result.due_at - started_at) * (policy.warn or WARN_PERCENT[urgency]) / 100
    if (
        policy.warn
        or urgency is not Urgency.NORMAL
        or policy.unit not in LONG_UNITS
        or result.due_at - started_at <= 2 * ONE_DAY
    ):
        return max(share, started_at)
    day: date = result.due
    while day > local_date(started_at) and not is_workday(calendar, day).counted:
        day -= ONE_DAY
    return max(min(share, start_of(day)), started_at)


def _worked_until(calendar: Calendar, moment: datetime) -> int:
    """Office minutes of a moment's own day that lie before it."""
    day = local_date(moment)
    if not is_workday(calendar, day).counted:
        return 0
    minute = _minute_of_day(moment)
    return sum(max(0, min(minute, close) - opening) for opening, close in calendar.bands_on(day))


def _minute_of_day(moment: datetime) -> int:
    local = moment.astimezone(SHANGHAI)
    return local.hour * 60 + local.minute


def _local(moment: datetime) -> str:
    local = moment.astimezone(SHANGHAI)
    return f"{local:%Y-%m-%d}（{weekday(local.date())}）{local:%H:%M}"


def _paused(pause: ClockPause) -> str:
    """A pause in words: which days it takes out stands in the trace."""
    until = f"至 {_local(pause.until)}" if pause.until else "起，尚未恢复"
    return f"中止：{dict(PAUSE_REASONS).get(pause.reason, pause.reason)}，{_local(pause.since)} {until}"


def _ending(clock: Clock) -> str:
    if clock.unit not in LONG_UNITS:
        return f"截止：{_local(clock.due.due_at)}"
    text = f"截止：{clock.due.due}（{weekday(clock.due.due)}）24:00"
    if clock.due.due_alt:
        text += f"；如周末顺延，为 {clock.due.due_alt}（{weekday(clock.due.due_alt)}）24:00，逾期以此为准"
    elif clock.due.breach_at != end_of(clock.due.due):
        text += f"；逾期以 {_local(clock.due.breach_at)} 为准"
    return text


def _runs(trace: Sequence[DayTrace]) -> list[str]:
    """The trace with days of the same reason joined: `11-23（周一）至 11-27（周五）：工作日，计入 5 天`."""
    runs: list[list[DayTrace]] = []
    for step in trace:
        if runs and (runs[-1][-1].reason, runs[-1][-1].counted) == (step.reason, step.counted):
            runs[-1].append(step)
        else:
            runs.append([step])
    return [_run(steps) for steps in runs]


def _run(steps: Sequence[DayTrace]) -> str:
    first, last = steps[0], steps[-1]
    span = f"{first.date}（{weekday(first.date)}）"
    if last is not first:
        span += f"至 {last.date}（{weekday(last.date)}）"
    return f"{span}：{first.reason}，{'计入' if first.counted else '不计入'} {len(steps)} 天"
