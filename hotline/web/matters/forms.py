"""Forms of the steps that a matter offers, rendered from what its table declares that each needs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hotline.casework.crime_rules import load_crime_rules
from hotline.casework.matter_decisions import matter_offers
from hotline.casework.needs import TEXT, Need, NeedKind
from hotline.intake.regions import find_region
from hotline.moments import local_date
from hotline.vocabulary import Action, AgencyType
from hotline.web.actionforms import Field
from hotline.web.context import actor, now, services

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.datastructures import MultiDict

    from hotline.casework.crime_flag import CrimeFlag
    from hotline.casework.matter_decisions import MatterOffer
    from hotline.records import CaseSnapshot

AT = "at"
CRIME = "crime"
_WHEN = Need(AT, "实际发生时间（不填即现在）", NeedKind.DATETIME, required=False)
_ONLY_ONE = "“可能涉罪”只提示这一项，已经选上；请核实后再提交。"
_NO_CRIME = "“可能涉罪”提示的是合理嫌疑，没有指明罪名；请核实后选择。"
_SEVERAL = "“可能涉罪”提示了几项，排在最前；请核实后选择。"


@dataclass(frozen=True, slots=True)
class Tried:
    """A step that somebody tried, with what they typed and what was wrong with it."""

    kind: str
    step: str
    matter_id: str
    typed: MultiDict[str, str]
    problem: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MatterForm:
    """One step as a page shows it; `open` where it was just tried and failed."""

    offer: MatterOffer
    id: str
    label: str
    fields: tuple[Field, ...]
    open: bool


def matter_forms(
    snapshot: CaseSnapshot, matter_id: str, tried: Tried | None = None, flags: Sequence[CrimeFlag] = ()
) -> tuple[MatterForm, ...]:
    """The forms of one matter's steps for the signed-in account; with an empty id those that begin one.

    `flags` are the crimes that the case is marked with: the form of a transfer names them first.
    """
    offers = matter_offers(snapshot, actor())
    mine = [offer for offer in offers if (offer.matter.id if offer.matter else "") == matter_id]
    return tuple(_form(offer, snapshot, tried, flags) for offer in mine)


def _form(offer: MatterOffer, snapshot: CaseSnapshot, tried: Tried | None, flags: Sequence[CrimeFlag]) -> MatterForm:
    row = offer.move
    named = (row.kind.value, row.step.value, offer.matter.id if offer.matter else "")
    ours = tried if tried and (tried.kind, tried.step, tried.matter_id) == named else None
    form_id = "-".join(part for part in named if part)
    label = row.step.label if offer.matter or row.kind is Action.TRANSFER else f"{row.step.label}{row.kind.label}"
    needs = (*offer.needs, _WHEN)
    fields = (_field(need, offer, snapshot, ours, form_id) for need in needs)
    flagged = tuple(flag.rule for flag in flags)
    shown = tuple(
        _marked(each, flagged, untouched=ours is None) if each.need.name == CRIME else each for each in fields
    )
    return MatterForm(offer, form_id, label, shown, ours is not None)


def _marked(field: Field, flagged: Sequence[str], *, untouched: bool) -> Field:
    """The choice of a crime with those first that the case is marked with, the gravest before the others.

    One that stands alone is chosen at the outset, as nearly every transfer is for what was marked. Of several none is,
    nor a suspicion by signs alone, which names no crime: whoever proposes a transfer must say which crime it is, and
    would send off the first one unread.
    """
    labels = {code: label for _, group in field.groups for code, label in group}
    first = tuple((code, labels.pop(code)) for code in flagged if code in labels)
    if not first:
        return field
    groups = (("本件提示可能涉罪", first), ("其他罪名", tuple(labels.items())))
    if len(first) > 1:
        return replace(field, groups=groups, hint=_SEVERAL)
    ((only, _),) = first
    if only in {rule.id for rule in load_crime_rules() if rule.signs}:
        return replace(field, groups=groups, hint=_NO_CRIME)
    first_of_all = replace(field, groups=groups)
    return replace(first_of_all, values=(only,), hint=_ONLY_ONE) if untouched else first_of_all


def _field(need: Need, offer: MatterOffer, snapshot: CaseSnapshot, tried: Tried | None, form_id: str) -> Field:
    values = tuple(tried.typed.getlist(need.name)) if tried else ()
    bodies = need.kind in {NeedKind.BODY, NeedKind.BODIES}
    groups = bodies_for(snapshot, police=offer.move.kind is Action.TRANSFER) if bodies else (("", need.choices),)
    error = tried.errors.get(need.name, "") if tried else ""
    name = TEXT if need.name == TEXT else need.name
    return Field(need, f"{form_id}-{name}", values, groups, error)


def bodies_for(snapshot: CaseSnapshot, *, police: bool) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Bodies that exist today, grouped by place, the office's own place first; for a transfer the police only."""
    home, today = services().office(snapshot.office_id).region, local_date(now())
    groups: dict[str, list[tuple[str, str]]] = {home: []}
    for body in services().rulebook.directory.bodies.values():
        if body.exists(today) and (not police or body.type is AgencyType.POLICE):
            groups.setdefault(body.region, []).append((body.id, body.name))
    return tuple((_heading(region, home), tuple(items)) for region, items in groups.items() if items)


def _heading(region: str, home: str) -> str:
    if region == home:
        return "本地单位"
    found = find_region(region)
    return found.name if found else "国家机关"
