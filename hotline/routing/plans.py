"""The shipped plans: read, checked, and joined with the plan that each forwards as its annex."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from hotline.errors import PlanError, UnknownPlanError
from hotline.routing.directory_file import load_directory
from hotline.routing.plan_format import read_plan
from hotline.routing.plan_lint import errors, lint
from hotline.routing.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotline.routing.plan_records import Plan

SHIPPED = Path(__file__).with_name("plans")


@lru_cache(maxsize=8)
def load_plans(folder: Path | None = None) -> Mapping[str, Plan]:
    """All plans of a folder by id, the shipped ones unless another is named.

    `PlanError` with file, line and reason for the first plan that may not be used: a wrong structure, an unknown
    agency, a double lead, a duplicate clause, an impossible date, or a cell won by two duties.
    """
    plans: dict[str, Plan] = {}
    for path in sorted((folder or SHIPPED).glob("*.toml")):
        plan = read_plan(path)
        if plan.id in plans:
            message = f"{path.name}:1: 方案代码“{plan.id}”重复。请改正后重新载入"
            raise PlanError(message)
        refused = errors(lint(plan, load_taxonomy(), load_directory()))
        if refused:
            message = f"{refused[0]}。请改正后重新载入"
            raise PlanError(message)
        plans[plan.id] = plan
    for plan in plans.values():
        if plan.extends and plan.extends not in plans:
            message = f"{plan.file}:1: 所转发的方案“{plan.extends}”不存在。请改正后重新载入"
            raise PlanError(message)
    return MappingProxyType(plans)


def find_plan(plans: Mapping[str, Plan], plan_id: str) -> Plan:
    """The plan with this id; `UnknownPlanError` lists those there are."""
    if plan_id not in plans:
        message = f"没有方案“{plan_id}”，可用的方案：{'、'.join(plans) or '无'}"
        raise UnknownPlanError(message)
    return plans[plan_id]


@lru_cache(maxsize=64)
def _joined(plan: Plan, annex: Plan) -> Plan:
    return replace(plan, duties=(*plan.duties, *annex.duties), focuses=(*plan.focuses, *annex.focuses))


def with_annex(plan: Plan, plans: Mapping[str, Plan]) -> Plan:
    """The plan as it serves: its own duties and office first, then the duties of the plan it forwards (`extends`)."""
    return _joined(plan, with_annex(find_plan(plans, plan.extends), plans)) if plan.extends else plan
