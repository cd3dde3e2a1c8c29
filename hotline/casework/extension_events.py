"""What asking for more time appends, and what the answer does."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hotline.casework.legs import times_extended
from hotline.casework.scene import approves, is_hotline_policy, requests_on
from hotline.errors import ForbiddenError, InvalidInputError, TransitionError
from hotline.vocabulary import Urgency

if TYPE_CHECKING:
    from hotline.casework.event_draft import Draft
    from hotline.records import NewEvent


def extension_asked(draft: Draft) -> tuple[NewEvent, ...]:
    """REQUEST_EXTEND: as much as the article allows, one request at a time."""
    policy, amount = cast("str", draft.data["policy"]), cast("int", draft.data["amount"])
    rule = draft.extension_rule(policy)
    if rule is None:
        message = "这个时限的条文不允许延期，请按期办理。"
        raise TransitionError(message)
    if is_hotline_policy(policy) and draft.scene.snapshot.urgency is Urgency.CRITICAL:
        message = "特急件的热线时限不能延期，请先作阶段性答复。"
        raise TransitionError(message)
    if any(item.policy == policy for item in requests_on(draft.scene)):
        message = "这个时限已有一件待批的延期申请，请等待批复。"
        raise TransitionError(message)
    if draft.scene.leg and times_extended(draft.scene.leg, policy) >= rule.times:
        message = f"这个时限最多延期{rule.times}次，已经用完。"
        raise TransitionError(message)
    if amount > rule.maximum:
        message = f"这个时限每次最多延长{rule.maximum}{rule.unit.label}，请减少。"
        raise InvalidInputError(message, amount=f"最多{rule.maximum}{rule.unit.label}")
    return (draft.event(request_id=draft.new_id()),)


def extension_answered(draft: Draft) -> tuple[NewEvent, ...]:
    """EXTEND, REFUSE_EXTEND: by whoever may decide on this clock."""
    request = next(item for item in requests_on(draft.scene) if item.id == draft.data["request_id"])
    if not approves(draft.scene.actor, request.policy):
        message = "法定时限的延期由承办单位负责人批准，热线时限的延期由办公室督办员批准。"
        raise ForbiddenError(message)
    return (draft.event(policy=request.policy, amount=request.amount),)
