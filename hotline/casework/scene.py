"""Who wants to act on what, and what can be asked of it: who approves, what was decided, what was told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.legs import facts_of
from hotline.errors import TransitionError
from hotline.vocabulary import Action, NoticeSubject, Role

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.records import Actor, CaseSnapshot, ExtensionRequest, Leg

OTHER = "other"
FINAL_RETURNS = 2
_HOTLINE_POLICY = "H-"
DECISIONS = {
    NoticeSubject.ACCEPTANCE: frozenset({Action.ACCEPT, Action.DECLINE}),
    NoticeSubject.TERMINATION: frozenset({Action.TERMINATE}),
    NoticeSubject.FILING: frozenset({Action.FILE, Action.NOT_FILE}),
}
"""Which decision a notice tells; a result, also an interim one, can always be told."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Who wants to act on what: the leg is None for an action of the case."""

    snapshot: CaseSnapshot
    leg: Leg | None
    actor: Actor
    now: datetime | None = None

    @property
    def facts(self) -> frozenset[Action]:
        """What has happened on the leg."""
        return facts_of(self.leg) if self.leg else frozenset()


def is_hotline_policy(policy: str) -> bool:
    """Whether a clock is the hotline's own (sla-law §2.6), not the law's."""
    return policy.startswith(_HOTLINE_POLICY)


def approves(actor: Actor, policy: str) -> bool:
    """Whether this role decides on more time: the office for a hotline clock, 负责人 of the body for the law's."""
    return actor.role is (Role.SUPERVISOR if is_hotline_policy(policy) else Role.RESPONSIBLE)


def requests_on(scene: Scene) -> tuple[ExtensionRequest, ...]:
    """The open requests for more time on this leg."""
    return tuple(item for item in scene.snapshot.extensions if scene.leg and item.leg_id == scene.leg.id)


def decided(scene: Scene, subject: NoticeSubject) -> bool:
    """Whether what the notice speaks of has been decided on this leg; a result, also an interim one, always."""
    return subject is NoticeSubject.RESULT or bool(DECISIONS[subject] & scene.facts)


def told(scene: Scene, subject: NoticeSubject) -> bool:
    """Whether the caller has had this notice; a result may be told again, an interim one first."""
    return subject is not NoticeSubject.RESULT and scene.leg is not None and subject.value in scene.leg.told


def refuse(condition: object, message: str) -> None:
    """Raise TransitionError with the message where the condition holds."""
    if condition:
        raise TransitionError(message)
