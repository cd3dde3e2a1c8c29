"""What the demonstration shows of cases beside each other: a split, a duplicate, a group under supervision, 告知书."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hotline.casework.bonds import open_demands
from hotline.casework.desk import act
from hotline.casework.legs import current_lead
from hotline.casework.linking import link
from hotline.casework.state import replay
from hotline.errors import HotlineError
from hotline.noticing import ensure_notice, writable
from hotline.records import Command
from hotline.splitting import split_off
from hotline.store.repeat_groups import groups
from hotline.vocabulary import Action, CaseState, Kind, Relation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotline.records import Actor
    from hotline.services import Services
    from hotline.store.repeat_groups import Group
    from hotline.store.respondent_members import Member

SPAN = timedelta(days=60)
PAPERS = 6
OPEN = frozenset({CaseState.DISPATCHED})


def tell_bonds(
    services: Services, office_id: str, operator: Actor, supervisor: Actor, clerks: Mapping[str, Actor]
) -> None:
    """Tie some of the office's cases together, as its people would after some weeks."""
    with services.read() as store:
        found = groups(store.session, office_id, services.now() - SPAN)
    if found:
        _supervise(services, found[0], supervisor, clerks)
    for group in found[1:2]:
        _link(services, group.members[:2], operator)
    members = [member for group in found for member in group.members]
    _split(services, members, operator)
    _write(services, members, clerks)


def _supervise(services: Services, group: Group, supervisor: Actor, clerks: Mapping[str, Actor]) -> None:
    """One click for the largest group; the first lead has answered, the others have still to."""
    text = f"同一被投诉人 {len(group.members)} 件诉求，请并案研判，限期报告办理情况。"
    answered = False
    for case_id in group.open_cases:
        with services.read() as store:
            snapshot = replay(store.events(case_id))
        if open_demands(snapshot):
            continue
        desk, now = services.desk(snapshot.office_id), services.now()
        with services.write() as store:
            after = act(store, case_id, Command(Action.SUPERVISE, text=text), desk=desk, actor=supervisor, now=now)
            lead = current_lead(after)
            clerk = clerks.get(lead.body_id) if lead else None
            if lead is None or clerk is None or answered:
                continue
            data = {"demand_id": open_demands(after)[0].id}
            reply = Command(Action.REPLY, lead.id, data, "已与同类诉求并案核查，三日内现场检查后报告。")
            act(store, case_id, reply, desk=desk, actor=clerk, now=now)
            answered = True


def _link(services: Services, members: tuple[Member, ...], operator: Actor) -> None:
    one, other = ((member.case_id, member.number) for member in members)
    with services.write() as store:
        link(
            store,
            one,
            other,
            Relation.RELATED,
            desk=services.desk(operator.office_id),
            actor=operator,
            now=services.now(),
            text="同一被投诉人，请一并了解。",
        )


def _split(services: Services, members: list[Member], operator: Actor) -> None:
    """The clue of one running dispute becomes a report."""
    running = [each for each in members if each.kind == Kind.DISPUTE and each.state in OPEN]
    for member in running[:1]:
        split_off(services, member.case_id, operator, text="投诉中的违法线索另立举报核查。", dispatch=True)


def _write(services: Services, members: list[Member], clerks: Mapping[str, Actor]) -> None:
    """告知书 of some decisions that were told."""
    written = 0
    for member in members:
        with services.read() as store:
            events = store.events(member.case_id)
        snapshot = replay(events)
        lead, subjects = current_lead(snapshot), writable(snapshot, events)
        clerk = clerks.get(lead.body_id) if lead else None
        if clerk is None or not subjects or written >= PAPERS:
            continue
        try:
            with services.write() as store:
                desk, now = services.desk(snapshot.office_id), services.now()
                ensure_notice(store, member.case_id, subjects[0], desk=desk, actor=clerk, now=now)
        except HotlineError:
            continue  # The case is past the point at which its agency keeps papers.
        written += 1
