"""One line of `hotline triage` (design §6): a complaint's text in, category, route and reasons out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from hotline.errors import InvalidInputError
from hotline.intake.normalise import normalise
from hotline.routing.matrix import lead_depends_on_setting, route, without_plan
from hotline.routing.places import PlanChoice, plan_for
from hotline.routing.plans import find_plan, with_annex
from hotline.routing.taxonomy import DELIVERY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from hotline.records import Assignment, Classification, Json
    from hotline.routing.agencies import Directory
    from hotline.routing.plan_records import Plan
    from hotline.routing.taxonomy import Taxonomy

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Classify(Protocol):
    """The model's face: a text, and whether a category's lead depends on the setting, give a classification."""

    def __call__(self, text: str, *, lead_depends_on_setting: Callable[[str], bool] | None = None) -> Classification:
        """Classify a cleaned text."""
        ...


def triage_line(
    obj: object,
    *,
    classify: Classify,
    plans: Mapping[str, Plan],
    directory: Directory,
    taxonomy: Taxonomy,
    plan_id: str | None = None,
    now: datetime,
    home_region: str | None = None,
) -> dict[str, Json]:
    """The output object for one input object; every key of design §6 is there.

    `plan_id` overrides place and date. `now` is aware and serves where `received_at` is absent. Raises
    `InvalidInputError` for what is no object with a string `text`, `UnknownPlanError` for an unknown plan.
    """
    text, hint, received = _read(obj, now)
    normalised = normalise(text, received_at=received, location_hint=hint, home_region=home_region)
    region = normalised.region.adcode if normalised.region else None
    on = received.astimezone(SHANGHAI).date()
    choice = _choose(plans, plan_id, region, home_region, on)
    asks = setting_question(choice.plan, directory, taxonomy) if choice.plan else None
    result = classify(normalised.text, lead_depends_on_setting=asks)
    if choice.plan is None:
        assignment = without_plan(result.category, result.setting, choice.reason)
    else:
        assignment = route(
            plan=choice.plan,
            directory=directory,
            category=result.category,
            setting=result.setting,
            text=normalised.text,
            received_on=on,
            region=region,
        )
    given = obj.get("id") if isinstance(obj, dict) else None
    return {"id": given, **_classified(result), **_routed(assignment, choice)}


def setting_question(plan: Plan, directory: Directory, taxonomy: Taxonomy) -> Callable[[str], bool]:
    """Whether a category's lead depends on the setting, as the model asks it before it abstains.

    `delivery` is left aside: it names another respondent, the courier, so that under most plans it would make
    every category depend on the setting.
    """
    settings = tuple(code for code in taxonomy.settings if code != DELIVERY)
    return lambda category: lead_depends_on_setting(plan, directory, category, settings)


def _read(obj: object, now: datetime) -> tuple[str, str, datetime]:
    if not isinstance(obj, dict) or not isinstance(obj.get("text"), str):
        message = "这一行不是含有文字字段 text 的 JSON 对象，请改正后重试"
        raise InvalidInputError(message, text="应为文字")
    hint = obj.get("location_hint") or ""
    if not isinstance(hint, str):
        message = "location_hint 应为文字，请改正后重试"
        raise InvalidInputError(message, location_hint="应为文字")
    return obj["text"], hint, _received(obj.get("received_at"), now)


def _received(value: object, now: datetime) -> datetime:
    """The time of receipt in UTC; without an offset it is Asia/Shanghai."""
    if value is None or value == "":
        return now
    try:
        parsed = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        parsed = None
    if parsed is None:
        message = "received_at 无法识别，请写成 2026-01-31T09:00:00+08:00"
        raise InvalidInputError(message, received_at="应为 ISO 8601 时间")
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def _choose(
    plans: Mapping[str, Plan], plan_id: str | None, region: str | None, home_region: str | None, on: date
) -> PlanChoice:
    if plan_id is not None:
        plan = find_plan(plans, plan_id)
        return PlanChoice(with_annex(plan, plans), (plan.id,), "指定的方案", place_known=region is not None)
    home = plan_for(home_region, on, plans).plan if region is None and home_region else None
    return plan_for(region, on, plans, home.id if home else None)


def _classified(result: Classification) -> dict[str, Json]:
    return {
        "category": result.category,
        "confidence": result.confidence,
        "alternatives": tuple(
            {"category": item.category, "confidence": item.confidence} for item in result.alternatives
        ),
        "secondary": result.secondary,
        "setting": result.setting,
        "setting_confidence": result.setting_confidence,
        "kind": result.kind.value,
        "needs_review": result.needs_review,
        "doubt": result.doubt,
        "reasons": tuple(
            {"term": item.term, "weight": item.weight, "category": item.category} for item in result.reasons
        ),
        "model_version": result.model_version,
    }


def _routed(assignment: Assignment, choice: PlanChoice) -> dict[str, Json]:
    duty, lead = assignment.duty, assignment.lead
    steps = [{"step": "选方案", "detail": choice.reason}]
    steps += [{"step": item.step, "detail": item.detail} for item in assignment.trace]
    return {
        "plan": assignment.plan,
        "plan_version": assignment.plan_version,
        "duty": {"clause": duty.clause, "seq": duty.seq, "quote": duty.quote, "mode": duty.mode.value}
        if duty
        else None,
        "lead": lead.name if lead else None,
        "co": tuple(item.name for item in assignment.co),
        "lead_today": lead.today if lead else None,
        "co_today": tuple(item.today for item in assignment.co),
        "silent": assignment.silent,
        "trace": tuple(steps),
    }
