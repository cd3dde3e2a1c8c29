"""An action on its way to its event: who, what, and the checked data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.records import NewEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hotline.casework.scene import Scene
    from hotline.casework.transitions import ExtensionRule
    from hotline.records import Command, Json


@dataclass(frozen=True, slots=True)
class Draft:
    """An action whose role, state and fields are right: `data` is what `read_needs` made of the command."""

    scene: Scene
    command: Command
    data: Mapping[str, Json]
    new_id: Callable[[], str]
    extension_rule: Callable[[str], ExtensionRule | None]

    def event(self, **more: Json) -> NewEvent:
        """The action's own event; of a leg's action the data names the leg."""
        leg = self.scene.leg
        where: dict[str, Json] = {"leg_id": leg.id} if leg else {}
        return NewEvent(self.command.action, {**where, **self.data, **more}, self.command.text.strip())


def plain(draft: Draft) -> tuple[NewEvent, ...]:
    """The action's own event, as it is."""
    return (draft.event(),)
