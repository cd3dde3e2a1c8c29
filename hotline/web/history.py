"""The events of a case in words: who, when, what, with the codes of each event as people call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hotline.casework.completeness import LACKING, SUPPLEMENTS
from hotline.casework.crime_rules import load_crime_rules
from hotline.casework.grounds import grounds_for
from hotline.casework.joint_moves import MATTER_MOVES
from hotline.casework.matter_words import Step as MatterStep
from hotline.casework.transition_table import TRANSITIONS
from hotline.store.tokens import BY_TOKEN
from hotline.vocabulary import AGENCY_ROLES, Action, Kind, LegRole, Role
from hotline.web import labels, quantities, rendering, times

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hotline.records import CaseEvent, CaseSnapshot, Json

SYSTEM = "系统"
LATER = timedelta(minutes=1)
_SKIPPED = frozenset(
    {
        "leg_id",
        "office_id",
        "complaint_id",
        "received_at",
        "region",
        "named",
        "request_id",
        "evidence_id",
        "closed",
        "unsealing_id",
        "token",
        "demand_id",
        "case",
    }
    | {"matter_id", "party", "asker"}
)
_LABELS = {(row.action, need.name): need.label for row in TRANSITIONS for need in row.needs if need.name != "text"}
_LABELS |= {(row.kind, need.name): need.label for row in MATTER_MOVES for need in row.needs if need.name != "text"}
_COMMON = {
    "step": "步骤",
    "category": "类别",
    "setting": "环节",
    "kind": "性质",
    "urgency": "紧急程度",
    "channel": "渠道",
    "state": "进入",
    "final": "最终裁定",
    "subject": "告知事项",
    "policy": "时限",
    "amount": "延长",
    "lacking": "第10条还缺",
}
_CHOICES = {(row.action, need.name): dict(need.choices) for row in TRANSITIONS for need in row.needs if need.choices}
_CHOICES |= {(row.kind, need.name): dict(need.choices) for row in MATTER_MOVES for need in row.needs if need.choices}
_STEPS = {step.value: step.label for step in MatterStep}
_CRIMES = {rule.id: rule.crime for rule in load_crime_rules()}
_WORDS: dict[str, Callable[[str], str]] = {
    "category": labels.category,
    "setting": labels.setting,
    "channel": labels.channel,
    "owner": labels.agency,
    "body": labels.agency,
    "bodies": labels.agency,
    "step": lambda code: _STEPS.get(code, code),
    "crime": lambda code: _CRIMES.get(code, code),
    "plan": labels.plan_title,
    "policy": labels.policy_title,
    "kind": lambda code: str(rendering.FILTERS["kind"](code)),
    "urgency": lambda code: str(rendering.FILTERS["urgency"](code)),
    "state": lambda code: str(rendering.FILTERS["case_state"](code)),
    "handed_at": lambda text: times.moment(datetime.fromisoformat(text)),
    "fields": lambda name: SUPPLEMENTS.get(name, name),
    "lacking": lambda name: LACKING.get(name, name),
    "size": lambda text: quantities.filesize(int(text)),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One event in words. `recorded` is there where it was registered later than it happened."""

    event: CaseEvent
    who: str
    facts: tuple[tuple[str, str], ...]
    text: str
    recorded: datetime | None


def steps_of(
    snapshot: CaseSnapshot, events: Sequence[CaseEvent], texts: Mapping[str, str], names: Mapping[str, str]
) -> tuple[Step, ...]:
    """The history, the newest first."""
    return tuple(_step(snapshot, event, texts.get(event.id, ""), names) for event in reversed(events))


def _step(snapshot: CaseSnapshot, event: CaseEvent, text: str, names: Mapping[str, str]) -> Step:
    late = event.recorded_at - event.at > LATER
    return Step(
        event=event,
        who=_who(snapshot, event, names),
        facts=tuple(_facts(snapshot, event)),
        text=text,
        recorded=event.recorded_at if late else None,
    )


def _who(snapshot: CaseSnapshot, event: CaseEvent, names: Mapping[str, str]) -> str:
    if event.actor_role is Role.SYSTEM:
        return SYSTEM
    name = names.get(event.actor_id, "经接口" if event.actor_id.startswith(BY_TOKEN) else "")
    leg = snapshot.leg(str(event.data.get("leg_id", "")))
    unit = labels.agency(leg.body_id) if leg and event.actor_role in AGENCY_ROLES else ""
    return " · ".join(part for part in (unit, event.actor_role.label, name) if part)


def _facts(snapshot: CaseSnapshot, event: CaseEvent) -> list[tuple[str, str]]:
    facts = []
    leg = snapshot.leg(str(event.data.get("leg_id", "")))
    if leg and event.actor_role not in AGENCY_ROLES:
        facts.append(("承办段", labels.agency(leg.body_id)))
    for name, value in event.data.items():
        if name in _SKIPPED or value in (None, "", (), False):
            continue
        if name == "lacking" and snapshot.kind is not Kind.DISPUTE:  # 第10条 asks nothing of a report.
            continue
        if name == "legs":
            facts += _legs(value)
        else:
            facts.append(
                (
                    _LABELS.get((event.action, name)) or _COMMON.get(name, name),
                    _value(snapshot, event.action, name, value),
                )
            )
    return facts


def _legs(value: Json) -> list[tuple[str, str]]:
    legs = [leg for leg in value if isinstance(leg, Mapping)] if isinstance(value, tuple) else []
    found = []
    for role in LegRole:
        names = [labels.agency(str(leg["body_id"])) for leg in legs if leg.get("role") == role]
        if names:
            found.append((role.label, "、".join(names)))
    return found


def _value(snapshot: CaseSnapshot, action: Action, name: str, value: Json) -> str:
    if value is True:
        return "是"
    if isinstance(value, tuple):
        return "、".join(_value(snapshot, action, name, each) for each in value)
    code = str(value)
    if name == "ground":
        grounds = {
            ground.code: f"{ground.article}：{ground.text}" for ground in grounds_for(action, snapshot.received_at)
        }
        return grounds.get(code, code)
    choices = _CHOICES.get((action, name), {})
    return choices.get(code) or _WORDS.get(name, str)(code)
