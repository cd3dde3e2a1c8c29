"""Codes in words for papers and files: names of categories, channels, bodies and clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from hotline.intake.channels import load_channels
from hotline.moments import SHANGHAI
from hotline.reports.figure_words import DESK, Figure
from hotline.vocabulary import CaseState, Kind, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hotline.casework.policy import Policy
    from hotline.reports.selection import Selection
    from hotline.routing.agencies import Directory
    from hotline.routing.plan_records import Plan
    from hotline.routing.taxonomy import Taxonomy


class Rules(Protocol):
    """What papers need of a rulebook: no model, so that reports do not wait for one."""

    @property
    def plans(self) -> Mapping[str, Plan]:
        """Plans by id."""

    @property
    def directory(self) -> Directory:
        """Bodies."""

    @property
    def taxonomy(self) -> Taxonomy:
        """Categories and settings."""

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Clock policies."""


DESK_NAME = "本办公室派单台"
_TERMS = {str(term): term.label for terms in (CaseState, Kind, Urgency) for term in terms}


@dataclass(frozen=True, slots=True)
class Labels:
    """The names that one rulebook knows; an unknown code is shown as it is."""

    rulebook: Rules

    def category(self, code: str) -> str:
        """The name of a category."""
        found = self.rulebook.taxonomy.categories.get(code)
        return found.name if found else code

    def setting(self, code: str) -> str:
        """The name of a setting."""
        found = self.rulebook.taxonomy.settings.get(code)
        return found.name if found else code

    def channel(self, code: str) -> str:
        """The name of a channel."""
        found = load_channels().get(code)
        return found.name if found else code

    def body(self, body_id: str | None) -> str:
        """The name of a body; the desk where there is none."""
        if not body_id or body_id == DESK:
            return DESK_NAME
        found = self.rulebook.directory.bodies.get(body_id)
        return found.name if found else body_id

    def policy(self, policy_id: str) -> str:
        """The title of a clock."""
        return next((policy.title for policy in self.rulebook.policies if policy.id == policy_id), policy_id)

    def focus(self, code: str) -> str:
        """The name of a focus (专项整治): its code ends in it."""
        return code.rsplit("/", 1)[-1]

    def plan(self, plan_id: str | None) -> str:
        """The title of a plan."""
        found = self.rulebook.plans.get(plan_id or "")
        return found.title if found else plan_id or ""


def term(code: str) -> str:
    """The label of a state, kind or urgency."""
    return _TERMS.get(code, code)


def moment(value: datetime | None) -> str:
    """2026-11-21 14:30 in Asia/Shanghai."""
    return "" if value is None else f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def deadline(value: datetime | None) -> str:
    """A deadline: the end of a day is 24:00 of that day, not 0:00 of the next."""
    if value is None:
        return ""
    local = value.astimezone(SHANGHAI)
    ends_a_day = (local.hour, local.minute, local.second) == (0, 0, 0)
    return f"{local - timedelta(days=1):%Y-%m-%d} 24:00" if ends_a_day else moment(value)


def in_words(selection: Selection, labels: Labels) -> str:
    """The selection as one Chinese line, for the head of a list or a file."""
    parts = [_period(selection)]
    if selection.body:
        parts.append(f"{_whose(selection)}：{labels.body(selection.body)}")
    if selection.category:
        parts.append(f"类别：{labels.category(selection.category)}")
    if selection.channel:
        parts.append(f"渠道：{labels.channel(selection.channel)}")
    if selection.kind:
        parts.append(f"性质：{selection.kind.label}")
    if selection.state:
        parts.append(f"状态：{selection.state.label}")
    if selection.focus:
        parts.append(f"重点：{labels.focus(selection.focus)}")
    parts += _clock_words(selection, labels)
    parts += [selection.answer.label] if selection.answer else []
    parts += [f"已结，耗时环节：{selection.spent.label}"] if selection.spent else []
    parts += ["多人反映同一事"] if selection.merged else []
    parts += (["督办件"] if selection.supervised else []) + (["方案未列明"] if selection.silent else [])
    return "；".join(part for part in parts if part) or "全部工单"


def _clock_words(selection: Selection, labels: Labels) -> list[str]:
    if selection.figure is not None:
        return [f"{selection.figure.label}的工单"]
    words = [f"时限：{labels.policy(selection.policy)}"] if selection.policy else []
    words += [f"时限{selection.clock.label}"] if selection.clock else []
    words += ["时限已有结果"] if selection.known else []
    return words + ([f"原因：{selection.cause.label}"] if selection.cause else [])


def _whose(selection: Selection) -> str:
    if selection.of_clocks or selection.figure is Figure.BREACHED:
        return "时限责任单位"
    return "牵头单位" if selection.figure is Figure.RECEIVED else "承办单位"


def _period(selection: Selection) -> str:
    if not (selection.since or selection.until):
        return ""
    about = (
        "期间" if selection.figure else "时限起算" if selection.of_clocks else "回访" if selection.answer else "收到"
    )
    first = selection.since.isoformat() if selection.since else "最早"
    last = selection.until.isoformat() if selection.until else "今天"
    seen = f"（统计截至 {moment(selection.asof)}）" if selection.asof else ""
    return f"{about}：{first} 至 {last}{seen}"
