"""Transfers, joint action and assistance in the demonstration, on a few cases where they are natural."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.casework.crime import MET, flags_of_complaint
from hotline.casework.desk import act
from hotline.casework.legs import current_lead
from hotline.casework.matters import matters_of
from hotline.records import Command
from hotline.vocabulary import Action, AgencyType, Kind, LegState, Role

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.casework.desk import Desk
    from hotline.casework.ports import Store
    from hotline.records import Actor, CaseSnapshot, Json

WORKED_ON = frozenset({LegState.SIGNED, LegState.ACCEPTED, LegState.FILED})
EVERY = 9
"""One in nine of the cases at work asks another region for help, one in nine another agency to come along."""


def tell_matters(store: Store, snapshot: CaseSnapshot, number: str, *, desk: Desk, clerk: Actor, now: datetime) -> None:
    """What a lead agency at work on a case asks of others; chosen by the number, so that it is always the same."""
    digits = "".join(char for char in number if char.isdigit())
    lead, running = current_lead(snapshot), int(digits[-4:-1])  # The last digit is the check digit.
    if lead is None or lead.state not in WORKED_ON or snapshot.kind is Kind.INQUIRY:
        return

    def do(kind: Action, step: str, text: str, by: Actor = clerk, **data: Json) -> CaseSnapshot:
        command = Command(kind, data={"step": step, **data}, text=text)
        return act(store, snapshot.case_id, command, desk=desk, actor=by, now=now)

    flags = flags_of_complaint(store, store.complaint(snapshot.complaint_id), snapshot.category)
    bodies = desk.rulebook.directory.bodies.values()
    police = next(
        (body.id for body in bodies if body.type is AgencyType.POLICE and body.region == desk.office.region), None
    )
    grave = next((flag for flag in flags if flag.level == MET), None)
    if grave is not None and police is not None:
        text = "经核实，涉案数额或者行为达到追诉标准，建议移送。"
        after = do(Action.TRANSFER, "propose", text, body=police, crime=grave.rule)
        matter_id = matters_of(after)[-1].id
        if running % 2:
            head = replace(clerk, account_id=f"demo-head-{lead.body_id}", role=Role.RESPONSIBLE)
            do(Action.TRANSFER, "approve", "同意移送。", by=head, matter_id=matter_id)
            papers = ("letter", "report", "list")
            do(Action.TRANSFER, "hand", "已当面移交。", matter_id=matter_id, documents=papers)
    elif running % EVERY == 0:
        do(Action.COOPERATE, "ask", "请协查该批货物的进货来源和数量。", outside="邻省某市市场监督管理局")
    elif running % EVERY == 1 and police is not None and lead.body_id != police:
        do(Action.JOINT, "ask", "拟于本周五上午联合检查该市场，请派员参加。", bodies=(police,))
