"""What demands and links append: 督办, 催办, 关联, 解除关联."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.bonds import links_of, open_demands
from hotline.casework.event_draft import plain
from hotline.errors import InvalidInputError, TransitionError

if TYPE_CHECKING:
    from hotline.casework.event_draft import Draft
    from hotline.records import NewEvent


def demanded(draft: Draft) -> tuple[NewEvent, ...]:
    """SUPERVISE, REMIND: a demand that waits for a reply; a second reminder beside an open one only reminds."""
    action = draft.command.action
    again = any(demand.kind is action for demand in open_demands(draft.scene.snapshot))
    return plain(draft) if again else (draft.event(demand_id=draft.new_id()),)


def linked(draft: Draft) -> tuple[NewEvent, ...]:
    """LINK: to another case, once."""
    snapshot, other = draft.scene.snapshot, draft.data["case"]
    if other == snapshot.case_id:
        message = "不能与本件自己关联，请核对编号。"
        raise InvalidInputError(message, number="是本件自己")
    if any(link.case_id == other for link in links_of(snapshot)):
        message = "这两件工单已经关联过。"
        raise TransitionError(message)
    return plain(draft)


def unlinked(draft: Draft) -> tuple[NewEvent, ...]:
    """UNLINK: only what is linked."""
    if not any(link.case_id == draft.data["case"] for link in links_of(draft.scene.snapshot)):
        message = "这两件工单没有关联，不需要解除。"
        raise TransitionError(message)
    return plain(draft)
