"""What the table cannot say: conditions on the case, asked before an action is offered and before it is done.

A guard raises TransitionError (the case does not allow it) or ForbiddenError (this person does not), or does nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.desk_guards import DESK_GUARDS
from hotline.casework.informer_guards import INFORMER_GUARDS
from hotline.casework.leg_guards import LEG_GUARDS
from hotline.casework.leg_time_guards import LEG_TIME_GUARDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hotline.casework.scene import Scene
    from hotline.vocabulary import Action

GUARDS: Mapping[Action, Callable[[Scene], None]] = {
    **DESK_GUARDS,
    **LEG_GUARDS,
    **LEG_TIME_GUARDS,
    **INFORMER_GUARDS,
}


def check_guard(action: Action, scene: Scene) -> None:
    """Ask what stands against an action; most have no condition beyond the table.

    Raises:
        TransitionError: The case does not allow it.
        ForbiddenError: This person may not.
    """
    guard = GUARDS.get(action)
    if guard is not None:
        guard(scene)
