"""What if: a text, or facets alone, sent through the rules of a day and a place; nothing is saved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from flask import render_template, request

from hotline.casework.preparation import Choice, decide, focus_marks
from hotline.errors import HotlineError, InvalidInputError
from hotline.intake.kinds import propose_kind
from hotline.intake.normalise import normalise
from hotline.intake.regions import all_regions, find_region, namesakes
from hotline.moments import SHANGHAI
from hotline.records import Complaint
from hotline.routing.taxonomy import UNKNOWN_SETTING
from hotline.web.access import DESK, roles
from hotline.web.context import account, services
from hotline.web.plans.room import blueprint, plans_today, today

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from hotline.records import Assignment, Classification, Region
    from hotline.routing.focus import FocusMark

TEXT_LIMIT = 8_000
TRIED = "试算时选定"
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Answer:
    """Where it would go: what the model says (None for facets alone), the route and the focus marks."""

    classification: Classification | None
    category: str
    setting: str
    region: Region | None
    route: Assignment
    focuses: tuple[FocusMark, ...]


@blueprint.route("/what-if", methods=["GET", "POST"])
@roles(*DESK)
def what_if() -> ResponseReturnValue:
    """The form and, after sending, the answer. It is sent by POST: a text may name a caller."""
    typed = request.form
    if request.method == "GET":
        return _page(None, {})
    try:
        return _page(_answer(typed), {})
    except InvalidInputError as error:
        return _page(None, error.fields or {"text": error.message}), 422
    except HotlineError as error:
        return _page(None, {"plan_id": error.message}), 422


def _page(answer: Answer | None, errors: Mapping[str, str]) -> str:
    taxonomy = services().rulebook.taxonomy
    return render_template(
        "plans/what_if.html",
        answer=answer,
        errors=errors,
        typed=request.form,
        categories=[(each.code, each.name) for each in taxonomy.categories.values()],
        settings=[(each.code, each.name) for each in taxonomy.settings.values()],
        plans=[(plan.id, plan.title) for plan in plans_today().values()],
        today=today(),
        limit=TEXT_LIMIT,
    )


def _answer(typed: Mapping[str, str]) -> Answer:
    """Route what was typed.

    Raises:
        InvalidInputError: A field cannot be used.
        UnknownPlanError: The plan does not serve the office on that day.
    """
    text, chosen, on, place = _read(typed)
    office, book = services().office(account().office_id), services().rulebook
    received = datetime.combine(on, time(12), SHANGHAI).astimezone(UTC)
    found = normalise(text, received_at=received, home_region=office.region)
    complaint = Complaint(
        id="",
        submission_id="",
        office_id=office.id,
        channel="",
        external_id="",
        received_at=received,
        kind=propose_kind(found.text).kind,
        text=found.text,
        masked_text=found.masked_text,
        region=place or found.region,
    )
    classification, route = decide(complaint, office=office, rulebook=book, chosen=chosen)
    category, setting = chosen.category or classification.category, chosen.setting or classification.setting
    return Answer(
        classification=classification if text else None,
        category=category,
        setting=setting,
        region=complaint.region,
        route=route,
        focuses=focus_marks(complaint, category, setting, office=office, rulebook=book),
    )


def _read(typed: Mapping[str, str]) -> tuple[str, Choice, date, Region | None]:
    taxonomy = services().rulebook.taxonomy
    text, category, setting = typed.get("text", "").strip(), typed.get("category", ""), typed.get("setting", "")
    wrong = {}
    if not text and not category:
        wrong["text"] = "请填写内容，或者至少选一个类别。"
    if len(text) > TEXT_LIMIT:
        wrong["text"] = f"内容请不超过 {TEXT_LIMIT} 字。"
    if category and category not in taxonomy.categories:
        wrong["category"] = "请从列出的类别中选择。"
    if setting and setting not in taxonomy.settings:
        wrong["setting"] = "请从列出的环节中选择。"
    on, place = _day(typed.get("day", ""), wrong), _place(typed.get("region", "").strip(), wrong)
    if wrong:
        message = "没有试出结果，请改正标出的各项。"
        raise InvalidInputError(message, **wrong)
    # Facets alone leave nothing for the model to say about the setting.
    chosen = Choice(category, setting or ("" if text else UNKNOWN_SETTING), typed.get("plan_id", ""))
    return text, replace(chosen, reason=TRIED) if chosen != Choice() else chosen, on, place


def _day(typed: str, wrong: dict[str, str]) -> date:
    try:
        day = date.fromisoformat(typed) if typed else today()
    except ValueError:
        day = date.min
    if not FIRST_DAY <= day <= LAST_DAY:
        wrong["day"] = "日期无法识别，请写成 2026-11-21 的样子。"
    return day


def _place(typed: str, wrong: dict[str, str]) -> Region | None:
    if not typed:
        return None
    found = find_region(typed)
    if found is None:
        several = "、".join(f"{all_regions()[code].name}（{code}）" for code in namesakes(typed)[:6])
        wrong["region"] = (
            f"有多处同名：{several}。请写全名或代码。" if several else "没有这个地区，请写六位代码或全名。"
        )
    return found
