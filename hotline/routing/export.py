"""What the plan commands print: the duties of a plan, its coverage, and the difference between two plans."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from hotline.routing.ranking import best, covering, rank
from hotline.routing.taxonomy import OUT_OF_SCOPE, load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hotline.records import Json
    from hotline.routing.plan_records import Duty, Plan


def duty_object(duty: Duty) -> dict[str, Json]:
    """One line of `hotline plans export` (design §6): agencies as written, `lead` and `co` taken from them."""
    return {
        "clause": duty.clause,
        "seq": duty.seq,
        "quote": duty.quote,
        "agencies": duty.agencies,
        "agencies_full": duty.agencies_full,
        "lead": duty.lead,
        "co": duty.co,
        "mode": duty.mode.value,
        "subject": duty.subject,
        "complaint_relevant": duty.complaint_relevant,
        "categories": duty.categories,
        "settings": duty.settings,
        "goods": duty.goods,
    }


def export_plan(plan: Plan) -> Iterator[dict[str, Json]]:
    """The objects that `hotline plans export ID` prints, in the order of the document."""
    return (duty_object(duty) for duty in plan.duties)


def plan_object(plan: Plan) -> dict[str, Json]:
    """What `hotline plans list` and `show` print of a plan itself, without its duties."""
    office = plan.office
    return {
        "id": plan.id,
        "version": plan.version,
        "title": plan.title,
        "number": plan.number,
        "issuer": plan.issuer,
        "issued_on": plan.issued_on.isoformat() if plan.issued_on else None,
        "region": plan.region,
        "region_name": plan.region_name,
        "extends": plan.extends or None,
        "office": {"name": office.name, "full_name": office.full_name, "seat": office.seat} if office else None,
        "period": tuple(day.isoformat() if day else None for day in (plan.period_start, plan.period_end)),
        "phases": tuple(
            {"name": phase.name, "start": phase.start.isoformat(), "end": phase.end.isoformat(), "clause": phase.clause}
            for phase in plan.phases
        ),
        "reporting": tuple(
            {"clause": item.clause, "who": item.who, "what": item.what, "due": item.due, "to": item.to}
            for item in plan.reporting
        ),
        "hotlines": plan.hotlines,
        "key_rights": plan.key_rights,
        "key_goods": plan.key_goods,
        "key_areas": plan.key_areas,
        "key_fields": plan.key_fields,
        "provisions": tuple(
            {"topic": item.topic, "clause": item.clause, "quote": item.quote} for item in plan.provisions
        ),
        "focuses": tuple({"clause": item.clause, "name": item.name, "quote": item.quote} for item in plan.focuses),
        "duties": len(plan.duties),
    }


def coverage(plan: Plan) -> dict[str, dict[str, str | None]]:
    """Category → setting → the clause that wins where the text holds no goods word, None where the plan is silent."""
    taxonomy = load_taxonomy()
    grid: dict[str, dict[str, str | None]] = {}
    for category in taxonomy.categories:
        if category == OUT_OF_SCOPE:
            continue
        grid[category] = {setting: _winner(plan, category, setting) for setting in taxonomy.settings}
    return grid


def _winner(plan: Plan, category: str, setting: str) -> str | None:
    ranked = best(rank(plan, duty, setting, "") for duty in covering(plan, category, setting))
    return ranked[0].duty.label if ranked else None


def diff(old: Plan, new: Plan) -> dict[str, Json]:
    """What changes from one plan or version to another: head fields, duties by clause and number, cells."""
    before = {f"{duty.clause}/{duty.seq}": duty_object(duty) for duty in old.duties}
    after = {f"{duty.clause}/{duty.seq}": duty_object(duty) for duty in new.duties}
    changed = {
        key: {
            name: (before[key][name], after[key][name]) for name in before[key] if before[key][name] != after[key][name]
        }
        for key in before
        if key in after and before[key] != after[key]
    }
    return {
        "from": f"{old.id}@{old.version}",
        "to": f"{new.id}@{new.version}",
        "head": tuple(_changed_fields(old, new)),
        "added": tuple(key for key in after if key not in before),
        "removed": tuple(key for key in before if key not in after),
        "changed": changed,
        "cells": tuple(_changed_cells(coverage(old), coverage(new))),
    }


def _changed_fields(old: Plan, new: Plan) -> Iterator[str]:
    aside = {"duties", "file"}
    return (
        item.name
        for item in fields(old)
        if item.name not in aside and getattr(old, item.name) != getattr(new, item.name)
    )


def _changed_cells(
    old: Mapping[str, Mapping[str, str | None]], new: Mapping[str, Mapping[str, str | None]]
) -> Iterator[dict[str, Json]]:
    for category, row in old.items():
        for setting, clause in row.items():
            if clause != new[category][setting]:
                yield {"category": category, "setting": setting, "from": clause, "to": new[category][setting]}
