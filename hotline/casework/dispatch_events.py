"""What classifying and dispatching append: the state that follows, the legs that open and close."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hotline.casework.legs import open_legs
from hotline.casework.scene import OTHER
from hotline.errors import InvalidInputError
from hotline.records import NewEvent
from hotline.vocabulary import Action, CaseState, LegRole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.casework.event_draft import Draft
    from hotline.records import Json


def classified(draft: Draft) -> tuple[NewEvent, ...]:
    """CLASSIFY: ready for dispatch unless the desk says otherwise."""
    return (draft.event(state=draft.data.get("state", CaseState.READY.value)),)


def _wanted(draft: Draft) -> tuple[tuple[str, LegRole], ...]:
    """The bodies chosen with their roles, the lead first; no body twice."""
    lead = cast("str", draft.data["lead"])
    co = cast("Sequence[str]", draft.data.get("co", ()))
    if lead in co:
        message = "牵头单位不能同时是配合单位，请去掉其中一个。"
        raise InvalidInputError(message, co="与牵头单位相同")
    return ((lead, LegRole.LEAD), *((body, LegRole.CO) for body in co))


def _new_legs(draft: Draft, wanted: Sequence[tuple[str, LegRole]]) -> tuple[dict[str, Json], ...]:
    return tuple({"leg_id": draft.new_id(), "body_id": body, "role": role.value} for body, role in wanted)


def dispatched(draft: Draft) -> tuple[NewEvent, ...]:
    """DISPATCH: opens the legs; `other` goes by no plan."""
    plan, clause = draft.data.get("plan", ""), draft.data.get("clause", "")
    if plan and draft.scene.snapshot.category == OTHER:
        message = "类别为“其他”的诉求不按方案派单，请改类、转交，或不填方案由人指定单位。"
        raise InvalidInputError(message, plan="“其他”不在方案之内")
    legs = _new_legs(draft, _wanted(draft))
    return (NewEvent(Action.DISPATCH, {"legs": legs, "plan": plan, "clause": clause}, draft.command.text.strip()),)


def reassigned(draft: Draft) -> tuple[NewEvent, ...]:
    """A leg whose body and role are chosen again goes on; the other open ones are closed, missing ones opened."""
    wanted = _wanted(draft)
    running = open_legs(draft.scene.snapshot)
    kept = {(leg.body_id, leg.role) for leg in running}
    closed = tuple(leg.id for leg in running if (leg.body_id, leg.role) not in wanted)
    legs = _new_legs(draft, [item for item in wanted if item not in kept])
    if not legs and not closed:
        message = "所选单位与现在的承办单位相同，没有可改派的。"
        raise InvalidInputError(message, lead="与现在相同")
    data: dict[str, Json] = {"legs": legs, "closed": closed}
    extra: dict[str, Json] = {"final": True} if draft.command.action is Action.RULE else {"why": draft.data["why"]}
    return (NewEvent(draft.command.action, {**data, **extra}, draft.command.text.strip()),)
