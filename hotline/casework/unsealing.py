"""启封: who reports (举报) stays sealed, also for the desk, until a second person lets one person look for a while.

Ask (why, in words too) → a supervisor who is somebody else grants or refuses → who asked looks, within `WINDOW`. Each
step is an event of the case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hotline.casework.bonds import TracedCase
from hotline.vocabulary import AGENCY_ROLES, DESK_ROLES, Action, Kind

if TYPE_CHECKING:
    from hotline.records import Actor, CaseEvent, CaseSnapshot

WINDOW = timedelta(hours=24)
"""How long who was let may look, from the moment it was granted."""
NEEDS_ANOTHER = "本件原为举报，后改为或拆出投诉；须由派单台另一位工作人员派单或查看核实，改动的人不能查看来电人。"
AGREEING = frozenset({Action.CLASSIFY, Action.DISPATCH, Action.REASSIGN, Action.RULE, Action.LOOK})
"""What nobody of the desk does to a case without having judged what it is."""
LOOK_WHYS = (
    ("call_back", "回访、核实情况"),
    ("mediate", "调解联系双方"),
    ("verify", "核查线索，须向其了解"),
    ("tell", "告知、送达"),
    ("reward", "举报奖励"),
    ("protect", "保护举报人"),
    ("court", "司法、监察机关依法调取"),
)


@dataclass(frozen=True, slots=True)
class Unsealing:
    """One request; `granted` is None until the second person has said yes or no."""

    id: str
    asker: str
    why: str
    asked_at: datetime
    granted: bool | None = None
    decider: str = ""
    decided_at: datetime | None = None

    def opens(self, account_id: str, now: datetime | None) -> bool:
        """Whether this account may look at `now`; without a time, whether it ever might."""
        if not self.granted or self.asker != account_id or self.decided_at is None:
            return False
        return now is None or now < self.decided_at + WINDOW


def sealed(snapshot: CaseSnapshot) -> bool:
    """Whether the caller's identity needs a second person: every 举报."""
    return snapshot.kind is Kind.REPORT


def closed_to(snapshot: CaseSnapshot, actor: Actor) -> bool:
    """Whether this person needs a second one to see the caller.

    That is everybody for a 举报. Once it is none any more, it is who made it so, by changing its kind or splitting a
    投诉 out of it, and every agency until another person of the desk has agreed: who routes or looks after that does.
    Otherwise one person could open any report by first calling it something else.
    """
    if sealed(snapshot):
        return True
    if not isinstance(snapshot, TracedCase) or not snapshot.opened_by:
        return False
    return actor.account_id in snapshot.opened_by or (actor.role in AGENCY_ROLES and not snapshot.agreed)


def reclassified(before: CaseSnapshot, after: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """CLASSIFY: whoever turns a 举报 into something else does not see its caller by that."""
    if not isinstance(after, TracedCase) or not sealed(before) or sealed(after):
        return after
    return replace(after, opened_by=after.opened_by | {event.actor_id}, agreed=False)


def seconded(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """Another person of the desk acts on what one has opened, and so agrees that it is no 举报."""
    if not isinstance(snapshot, TracedCase) or not snapshot.opened_by or snapshot.agreed or sealed(snapshot):
        return snapshot
    another = event.actor_role in DESK_ROLES and event.actor_id not in snapshot.opened_by
    return replace(snapshot, agreed=True) if another and event.action in AGREEING else snapshot


def unsealings_of(snapshot: CaseSnapshot) -> tuple[Unsealing, ...]:
    """Every request of the case, the oldest first."""
    return snapshot.unsealings if isinstance(snapshot, TracedCase) else ()


def waiting(snapshot: CaseSnapshot) -> tuple[Unsealing, ...]:
    """The requests that nobody has decided."""
    return tuple(each for each in unsealings_of(snapshot) if each.granted is None)


def decidable(snapshot: CaseSnapshot, actor: Actor) -> tuple[Unsealing, ...]:
    """The requests that this person may decide: somebody else's."""
    return tuple(each for each in waiting(snapshot) if each.asker != actor.account_id)


def may_open(snapshot: CaseSnapshot, actor: Actor, now: datetime | None) -> bool:
    """Whether a second person has let this one look, and the time for it has not run out."""
    return any(each.opens(actor.account_id, now) for each in unsealings_of(snapshot))


def fold(snapshot: CaseSnapshot, event: CaseEvent) -> CaseSnapshot:
    """ASK_UNSEAL, UNSEAL, REFUSE_UNSEAL."""
    if not isinstance(snapshot, TracedCase):
        return snapshot
    wanted = str(event.data.get("unsealing_id", ""))
    if event.action is Action.ASK_UNSEAL:
        asked = Unsealing(wanted, event.actor_id, str(event.data.get("why", "")), event.at)
        return replace(snapshot, unsealings=(*snapshot.unsealings, asked))
    granted = event.action is Action.UNSEAL
    return replace(
        snapshot,
        unsealings=tuple(
            replace(each, granted=granted, decider=event.actor_id, decided_at=event.at) if each.id == wanted else each
            for each in snapshot.unsealings
        ),
    )
