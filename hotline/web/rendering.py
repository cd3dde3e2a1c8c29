"""How values look on a page: local times, remaining time in words, Chinese labels of codes, sums, sizes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from hotline.casework.matter_words import MatterState
from hotline.casework.privacy import IDENTITY_LABELS
from hotline.intake.channels import load_channels
from hotline.moments import SHANGHAI
from hotline.store.tallies import MANY
from hotline.store.types import FAR
from hotline.vocabulary import Action, CaseState, Kind, LegRole, LegState, Mode, Role, Term, Urgency
from hotline.web.context import now, services
from hotline.web.filetypes import LABELS as KIND_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime
    from decimal import Decimal

    from flask import Flask

    from hotline.records import TraceStep

T = TypeVar("T", bound=Term)
MINUTES_AN_HOUR = 60
MINUTES_A_DAY = 24 * 60
KILO = 1024


def moment(value: datetime | None) -> str:
    """11月21日 14:30 in Asia/Shanghai, with the year where it is another one than now."""
    return "" if value is None else moment_in(value, now().astimezone(SHANGHAI).year)


def moment_in(value: datetime, year: int) -> str:
    """The same, read in this year."""
    local = value.astimezone(SHANGHAI)
    named = "" if local.year == year else f"{local.year}年"
    return f"{named}{local.month}月{local.day}日 {local.hour:02}:{local.minute:02}"


def day(value: date | datetime | None) -> str:
    """11月21日, with the year where it is another one than now; a moment is taken in Asia/Shanghai."""
    if value is None:
        return ""
    local = value.astimezone(SHANGHAI) if hasattr(value, "astimezone") else value
    year = "" if local.year == now().astimezone(SHANGHAI).year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日"


def until(value: datetime | None) -> str:
    """A deadline: 11月20日 24:00 and not 11月21日 00:00, so that nobody takes the next day for the last one."""
    if value is None:
        return ""
    local = value.astimezone(SHANGHAI)
    ends_a_day = (local.hour, local.minute, local.second) == (0, 0, 0)
    return f"{day(local - timedelta(days=1))} 24:00" if ends_a_day else moment(value)


def clock_time(value: datetime | None) -> str:
    """14:30 in Asia/Shanghai."""
    return "" if value is None else f"{value.astimezone(SHANGHAI):%H:%M}"


def form_moment(value: datetime) -> str:
    """A time as `<input type=datetime-local>` wants it, in Asia/Shanghai."""
    return f"{value.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"


def remaining(due: datetime | None, breach: datetime | None = None) -> str:
    """剩 3 小时 20 分, or 逾期 1 天 2 小时 once `breach` (or `due`) has passed; calendar time, not working time."""
    return "—" if due is None or due == FAR else remaining_at(now(), due, breach or due)


def remaining_at(at: datetime, due: datetime, breach: datetime) -> str:
    """The same at a moment."""
    late = at > breach
    left = breach if at > due or late else due
    return f"{'逾期' if late else '剩'} {duration(abs((left - at).total_seconds()))}"


def duration(seconds: float) -> str:
    """A span in its two largest units."""
    minutes = int(seconds // 60)
    days, rest = divmod(minutes, MINUTES_A_DAY)
    hours, minutes_left = divmod(rest, MINUTES_AN_HOUR)
    if days:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 小时 {minutes_left} 分" if minutes_left else f"{hours} 小时"
    return f"{minutes_left} 分" if minutes_left else "不到 1 分"


def is_late(breach: datetime | None) -> bool:
    """Whether a deadline has passed."""
    return breach is not None and breach != FAR and now() > breach


def tag_class(due: datetime | None, breach: datetime | None = None, warn: datetime | None = None) -> str:
    """The badge's class: late, soon (the warning time is reached), or none."""
    return "" if due is None or due == FAR else tag_at(now(), breach or due, warn or due)


def tag_at(at: datetime, breach: datetime, warn: datetime) -> str:
    """The same at a moment."""
    if breach != FAR and at > breach:
        return "tag-late"
    return "tag-soon" if at >= warn else ""


def money(value: Decimal | None) -> str:
    """1,280 元, with 角 and 分 only where there are any."""
    return "" if value is None else f"{value:,.2f}".removesuffix(".00") + " 元"


def percent(value: float | None) -> str:
    """0.934 → 93%. Never 100% of a guess."""
    return "" if value is None else f"{min(round(value * 100), 99)}%"


def filesize(size: int) -> str:
    """Bytes for people."""
    if size < KILO:
        return f"{size} B"
    return f"{size / KILO:.0f} KB" if size < KILO * KILO else f"{size / KILO / KILO:.1f} MB"


def masked_name(name: str) -> str:
    """张** for a name: enough to speak to the person, not enough to know them."""
    return f"{name[0]}{'*' * min(len(name) - 1, 2)}" if name else ""


def masked_tail(number: str) -> str:
    """The last four characters of a phone or ID number."""
    shown = 4
    return f"{'*' * 4}{number[-shown:]}" if len(number) > 2 * shown else "*" * len(number)


def _label(terms: type[T]) -> Callable[[str | None], str]:
    labels = {str(term): term.label for term in terms}

    def label(code: str | None) -> str:
        return "" if code is None else labels.get(str(code), str(code))

    return label


def category(code: str | None) -> str:
    """The name of a category."""
    found = services().rulebook.taxonomy.categories.get(code or "")
    return found.name if found else code or ""


def setting(code: str | None) -> str:
    """The name of a setting."""
    found = services().rulebook.taxonomy.settings.get(code or "")
    return found.name if found else code or ""


def channel(code: str | None) -> str:
    """The name of a channel."""
    found = load_channels().get(code or "")
    return found.name if found else code or ""


def agency(body_id: str | None) -> str:
    """The name of a body."""
    found = services().rulebook.directory.bodies.get(body_id or "")
    return found.name if found else body_id or ""


def office(office_id: str | None) -> str:
    """The name of an office."""
    found = services().offices.get(office_id or "")
    return found.name if found else office_id or ""


def plan_title(plan_id: str | None) -> str:
    """The title of a plan."""
    found = services().rulebook.plans.get(plan_id or "")
    return found.title if found else plan_id or ""


def policy_title(policy_id: str | None) -> str:
    """The title of a clock policy."""
    return next((policy.title for policy in services().rulebook.policies if policy.id == policy_id), policy_id or "")


def counted(number: int) -> str:
    """A count that is not counted to its end where it is large."""
    return str(number) if number < MANY else f"{MANY - 1}+"


def trace_lines(step: TraceStep) -> tuple[str, ...]:
    """A step of a route, each duty that was tried and each body on a line of its own."""
    mark = "）；" if step.step == "比对条目" else "；" if step.step == "现机构" else ""
    if not mark:
        return (step.detail,)
    parts = step.detail.split(mark)
    return (*(part + mark[:-1] for part in parts[:-1]), parts[-1])


FILTERS: dict[str, Callable[..., object]] = {
    "moment": moment,
    "day": day,
    "until": until,
    "clock_time": clock_time,
    "form_moment": form_moment,
    "remaining": remaining,
    "is_late": is_late,
    "tag_class": tag_class,
    "money": money,
    "percent": percent,
    "counted": counted,
    "filesize": filesize,
    "file_kind": lambda kind: KIND_LABELS.get(kind, kind),
    "masked_name": masked_name,
    "masked_tail": masked_tail,
    "category": category,
    "setting": setting,
    "channel": channel,
    "agency": agency,
    "office": office,
    "plan_title": plan_title,
    "policy_title": policy_title,
    "kind": _label(Kind),
    "urgency": _label(Urgency),
    "case_state": _label(CaseState),
    "leg_state": _label(LegState),
    "matter_state": _label(MatterState),
    "leg_role": _label(LegRole),
    "role": _label(Role),
    "action": _label(Action),
    "mode": _label(Mode),
    "trace_lines": trace_lines,
    "identity_label": lambda name: IDENTITY_LABELS.get(name, name),
}


def install(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
