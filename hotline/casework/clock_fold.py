"""Folds the events of a case into clock drafts: started, paused, extended and stopped, not yet reckoned.

The state of case and legs comes from `state.evolve` (a `History`), so that clocks and lifecycle cannot disagree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.case_clocks import case_clocks, demand_clocks, desk_clocks
from hotline.casework.clocks_so_far import Fold
from hotline.casework.leg_clock_starts import legs_that_opened, phone_told
from hotline.casework.leg_clock_stops import leg_action, legs_that_ended
from hotline.casework.matter_clocks import matter_clocks
from hotline.errors import TransitionError
from hotline.vocabulary import OPEN_CASE_STATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.casework.history import History
    from hotline.casework.policy import Policy
    from hotline.records import CaseEvent, CaseSnapshot
    from hotline.vocabulary import AgencyType


def fold_events(
    history: History,
    *,
    policies: Sequence[Policy],
    body_types: Mapping[str, AgencyType],
    region: str | None,
) -> Fold:
    """The drafts of every clock that these events started.

    Raises:
        TransitionError: There is no event.
    """
    fold: Fold | None = None
    for event, after in zip(history.events, history.states, strict=True):
        before = fold.case if fold else None
        if fold is None:
            fold = Fold(after, policies, body_types, region)
        fold.case = after
        _apply(fold, before, event)
    if fold is None:
        message = "这件工单没有事件，请联系系统管理员核对数据。"
        raise TransitionError(message)
    return fold


def _apply(fold: Fold, before: CaseSnapshot | None, event: CaseEvent) -> None:
    case_clocks(fold, before, event)
    desk_clocks(fold, event)
    demand_clocks(fold, event)
    leg_action(fold, event)
    legs_that_ended(fold, before, event)
    legs_that_opened(fold, before, event)
    phone_told(fold, before, event)
    matter_clocks(fold, event)
    if fold.case.state not in OPEN_CASE_STATES:
        for draft in fold.drafts:
            if draft.running and draft.matter_id is None:
                draft.stop(event)
