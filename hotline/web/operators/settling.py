"""What the operator decided of a case in triage, and its dispatch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from hotline.casework.desk import act, proposed_legs, reclassify
from hotline.casework.preparation import Choice
from hotline.errors import InvalidInputError
from hotline.intake.normalise import masked
from hotline.records import Command
from hotline.vocabulary import Action, CaseState, Kind, Urgency
from hotline.web.context import actor, desk, now, services
from hotline.web.operators import choices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotline.records import Assignment, CaseSnapshot, Classification, Json, Reporter
    from hotline.store.casestore import CaseStore

OTHER = "other"
REASON_LIMIT = 200
LABELS = {
    "category": "类别",
    "setting": "环节",
    "kind": "性质",
    "urgency": "紧急程度",
    "plan_id": "方案",
    "lead": "牵头单位",
    "reason": "理由",
}


def decision_typed(
    snapshot: CaseSnapshot, reporter: Reporter | None, form: Mapping[str, str]
) -> tuple[Choice, dict[str, Json], str]:
    """What the operator decided: the choice that routes again, the data of 改类, and the lead they named, if any.

    Raises:
        InvalidInputError: A code is none of those offered, or a plan was chosen without a reason.
    """
    rulebook = services().rulebook
    values = {
        name: form.get(name) or str(getattr(snapshot, name)) for name in ("category", "setting", "kind", "urgency")
    }
    plan_id, lead, reason = form.get("plan_id", ""), form.get("lead", ""), form.get("reason", "").strip()
    tests = {
        "category": values["category"] in rulebook.taxonomy.categories,
        "setting": values["setting"] in rulebook.taxonomy.settings,
        "kind": values["kind"] in {kind.value for kind in Kind},
        "urgency": values["urgency"] in {urgency.value for urgency in Urgency},
        "plan_id": not plan_id or plan_id in rulebook.plans,
        "lead": not lead or choices.is_body(lead),
    }
    wrong = {name: "请从列出的选项中选择。" for name, good in tests.items() if not good}
    if plan_id and not reason:
        wrong["reason"] = "另选方案请写明理由。"
    if len(reason) > REASON_LIMIT:
        wrong["reason"] = f"理由请不超过 {REASON_LIMIT} 字。"
    if wrong:
        named = "；".join(f"{LABELS[name]}：{text.removesuffix('。')}" for name, text in wrong.items())
        message = f"没有办成。{named}。"
        raise InvalidInputError(message, **wrong)
    data: dict[str, Json] = {**values, "state": CaseState.READY.value}
    choice = Choice(values["category"], values["setting"], plan_id, masked(reason, reporter, whole=True))
    return choice, data, lead


def send(
    store: CaseStore,
    snapshot: CaseSnapshot,
    decided: tuple[Classification, Assignment],
    data: Mapping[str, Json],
    legs: Mapping[str, Json],
) -> None:
    """Classify and dispatch in one unit of work: either both happen or neither.

    Raises:
        ConflictError, TransitionError: Somebody else acted first.
    """
    case_id, typed = snapshot.case_id, request.form.get("expected_seq", "")
    seen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None  # noqa: PLR2004 - no case has a billion events.
    command = Command(Action.CLASSIFY, data=data, expected_seq=seen)
    reclassify(store, case_id, command, decided, desk=desk(), actor=actor(), now=now())
    act(store, case_id, Command(Action.DISPATCH, data=legs), desk=desk(), actor=actor(), now=now())


def legs_named(route: Assignment, category: str, lead: str) -> dict[str, Json]:
    """Who gets the case: whom the desk names to lead, else whom the plan names.

    Raises:
        InvalidInputError: Nobody is named to lead, or the matter is out of scope and nobody was chosen.
    """
    if lead:
        legs = dict(proposed_legs(route)) if not route.silent and category != OTHER else {}
        co = legs.get("co", ())
        rest = tuple(body for body in co if body != lead) if isinstance(co, tuple) else ()
        return {**legs, "lead": lead, "co": rest}
    if category == OTHER:
        message = "不属于本系统受理范围的，请转交或答复；确需派单请指定牵头单位。"
        raise InvalidInputError(message, lead="请指定牵头单位")
    if route.silent or route.lead is None or route.lead.today_body_id is None:
        message = "方案没有列明现有的承办单位，请指定牵头单位。"
        raise InvalidInputError(message, lead="请指定牵头单位")
    return proposed_legs(route)
