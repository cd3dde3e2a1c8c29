"""What an agency's procedure appends: decisions with their grounds, notices, returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from hotline.casework.event_data import term
from hotline.casework.event_draft import plain
from hotline.casework.grounds import find_ground
from hotline.casework.scene import decided, told
from hotline.errors import InvalidInputError, TransitionError
from hotline.records import NewEvent
from hotline.vocabulary import Action, NoticeSubject

if TYPE_CHECKING:
    from hotline.casework.event_draft import Draft


def with_ground(draft: Draft) -> tuple[NewEvent, ...]:
    """DECLINE, TERMINATE, NOT_FILE: a catch-all ground has to be explained."""
    snapshot, action = draft.scene.snapshot, draft.command.action
    ground = find_ground(action, cast("str", draft.data["ground"]), snapshot.received_at)
    if ground.other and not draft.command.text.strip():
        message = "选择“其他情形”时请写明是哪部法律、法规、规章的什么规定。"
        raise InvalidInputError(message, text="请写明依据")
    return and_told(draft)


def and_told(draft: Draft) -> tuple[NewEvent, ...]:
    """ACCEPT, DECLINE, TERMINATE: where the caller was told at once, the notice follows in the same decision."""
    own = {key: value for key, value in draft.event().data.items() if key != "told"}
    event = NewEvent(draft.command.action, own, draft.command.text.strip())
    if draft.data.get("told") is not True or draft.scene.leg is None:
        return (event,)
    if not draft.scene.snapshot.named:
        message = "来电人匿名，无法告知，请去掉“已告知来电人”。"
        raise InvalidInputError(message, told="来电人匿名")
    ended = draft.command.action is Action.TERMINATE
    subject = NoticeSubject.TERMINATION if ended else NoticeSubject.ACCEPTANCE
    return event, NewEvent(Action.NOTIFY, {"leg_id": draft.scene.leg.id, "subject": subject.value})


def given_back(draft: Draft) -> tuple[NewEvent, ...]:
    """RETURN: names somebody else who should act."""
    if draft.scene.leg and draft.data["owner"] == draft.scene.leg.body_id:
        message = "应当承办的单位不能是本单位，请写明更合适的单位。"
        raise InvalidInputError(message, owner="不能是本单位")
    return plain(draft)


def notice(draft: Draft) -> tuple[NewEvent, ...]:
    """NOTIFY: tells what was decided, and once."""
    subject = term(NoticeSubject, draft.data["subject"])
    if not decided(draft.scene, subject):
        message = f"还没有作出决定，不能告知“{subject.label}”；请先登记相应的步骤。"
        raise TransitionError(message)
    if told(draft.scene, subject):
        message = f"“{subject.label}”已经告知过。"
        raise TransitionError(message)
    return plain(draft)
