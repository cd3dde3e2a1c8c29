"""The filters of the templates: how values look on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.matter_words import MatterState
from hotline.casework.privacy import IDENTITY_LABELS
from hotline.vocabulary import Action, CaseState, Kind, LegRole, LegState, Mode, Role, Urgency
from hotline.web.filetypes import LABELS as KIND_LABELS
from hotline.web.labels import agency, category, channel, label_of, office, plan_title, policy_title, setting
from hotline.web.quantities import counted, filesize, money, percent
from hotline.web.times import clock_time, day, form_moment, is_late, moment, remaining, tag_class, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from hotline.records import TraceStep


def masked_name(name: str) -> str:
    """张** for a name: enough to speak to the person, not enough to know them."""
    return f"{name[0]}{'*' * min(len(name) - 1, 2)}" if name else ""


def masked_tail(number: str) -> str:
    """The last four characters of a phone or ID number."""
    shown = 4
    return f"{'*' * 4}{number[-shown:]}" if len(number) > 2 * shown else "*" * len(number)


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
    "kind": label_of(Kind),
    "urgency": label_of(Urgency),
    "case_state": label_of(CaseState),
    "leg_state": label_of(LegState),
    "matter_state": label_of(MatterState),
    "leg_role": label_of(LegRole),
    "role": label_of(Role),
    "action": label_of(Action),
    "mode": label_of(Mode),
    "trace_lines": trace_lines,
    "identity_label": lambda name: IDENTITY_LABELS.get(name, name),
}


def install(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
