"""启封: who reports (举报) stays sealed, also for the desk, until a second person lets one person look for a while.

Ask (why, in words too) → a supervisor who is somebody else grants or refuses → who asked looks, within `WINDOW`. Each
step is an event of the case. What once was a 举报 stays protected until a supervisor lifts that, by an event too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.casework.bonds import TracedCase
from hotline.casework.unseal_request import Unsealing
from hotline.vocabulary import AGENCY_ROLES, DESK_ROLES, Action, Kind, Role

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.records import Actor, CaseEvent, CaseSnapshot

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
PROOFS = (("phone", "来电人报出了登记的电话"), ("reason", "写明理由"))
"""What a code to follow a case by is issued again on."""


def sealed(snapshot: CaseSnapshot) -> bool:
    """Whether the caller's identity needs a second person: every 举报."""
    return snapshot.kind is Kind.REPORT


def guarded(snapshot: CaseSnapshot) -> bool:
    """Whether the case is a 举报, ever was one or came out of one, and nobody has lifted its protection since.

    Nobody finds such a case by who called, nothing of the caller's name or numbers is left in its masked texts, and
    its tie to the other half of a split is not shown: calling it something else for a while opens none of that.
    """
    return sealed(snapshot) or (isinstance(snapshot, TracedCase) and snapshot.protected)


def openers(snapshot: CaseSnapshot) -> frozenset[str]:
    """Who made a 举报 something else or split this case out of one; empty unless its protection waits to be lifted."""
    return snapshot.opened_by if isinstance(snapshot, TracedCase) and not sealed(snapshot) else frozenset()


def may_lift(snapshot: CaseSnapshot, actor: Actor) -> bool:
    """Whether this person is another one than those who made the 举报 something else."""
    return not (isinstance(snapshot, TracedCase) and actor.account_id in snapshot.opened_by)


def may_reissue(snapshot: CaseSnapshot, actor: Actor) -> bool:
    """Whether the actor may replace the code that the caller follows the case by.

    Of a 举报 only who registered it and may have heard the voice, or a supervisor: whoever holds the code speaks as
    the informer. The number on record is not asked there, as the answer would tell whose report it is.
    """
    if not guarded(snapshot) or actor.role in {Role.SUPERVISOR, Role.SYSTEM}:
        return True
    return registered_by(snapshot, actor)


def registered_by(snapshot: CaseSnapshot, actor: Actor) -> bool:
    """Whether the actor is who registered the case, and so has spoken to the caller."""
    return isinstance(snapshot, TracedCase) and actor.account_id == snapshot.registrar


def lifted(snapshot: CaseSnapshot, _event: CaseEvent) -> CaseSnapshot:
    """LIFT: a second person says that it is no 举报; called one again, it is protected again."""
    if not isinstance(snapshot, TracedCase) or sealed(snapshot):
        return snapshot
    return replace(snapshot, protected=False, opened_by=frozenset(), agreed=False)


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
    if not isinstance(after, TracedCase):
        return after
    if sealed(after):
        return replace(after, protected=True)
    if not sealed(before):
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
