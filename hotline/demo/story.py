"""What happened to each demonstration complaint, told by the real use cases at moments in the past.

The older a complaint, the further it is; some agencies are late, some return, some wait. The same seed tells the same
story on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hotline.casework.bonds import lacking_of
from hotline.casework.completeness import words
from hotline.casework.desk import act, proposed_legs, reclassify, register
from hotline.casework.grounds import grounds_for
from hotline.casework.legs import current_lead
from hotline.casework.preparation import Choice, decide
from hotline.demo.matters import tell_matters
from hotline.errors import TransitionError
from hotline.records import Command
from hotline.vocabulary import Action, CaseState, Kind, LegState, Role, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from hotline.casework.desk import Desk
    from hotline.casework.ports import Store
    from hotline.casework.preparation import Prepared
    from hotline.demo.complaints import Told
    from hotline.records import Actor, CaseSnapshot, Json, Leg

CONTACT_SHARE, RETURN_SHARE, PAUSE_SHARE, EXTEND_SHARE, SLOW_SHARE = 0.85, 0.07, 0.05, 0.08, 0.2
UNDECIDED_SHARE, SUPERVISED_SHARE = 0.4, 0.05
MOST_RETURNS = 2


@dataclass
class Story:
    """One complaint on its way; `clock` is the moment of its next step, nothing happens after `now`."""

    store: Store
    desk: Desk
    operator: Actor
    supervisor: Actor
    clerks: Mapping[str, Actor]
    random: Random
    now: datetime
    clock: datetime
    case_id: str = ""
    snapshot: CaseSnapshot | None = field(default=None)

    @property
    def fallback(self) -> str:
        """The district's market regulator, which takes what the plan does not list."""
        return f"{self.desk.office.region}-scjg"

    def tell(self, prepared: Prepared, told: Told, number: str) -> None:
        """Register the complaint and go on as far as its age allows."""
        made = register(
            self.store,
            prepared,
            desk=self.desk,
            actor=replace(self.operator, role=Role.OPERATOR),
            now=self.clock,
            number=number,
            dispatch=True,
        )
        if not made.created:
            return
        self.case_id = made.case_id
        self._triage(told)
        while self._step():
            pass
        open_still = self.snapshot is not None and self.snapshot.state is CaseState.DISPATCHED
        lead = current_lead(self.snapshot) if open_still and self.snapshot else None
        if lead is not None and self.snapshot is not None:
            clerk = self._clerk(lead)
            tell_matters(self.store, self.snapshot, number, desk=self.desk, clerk=clerk, now=self.now)
        if open_still and self.random.random() < SUPERVISED_SHARE:
            self.clock = self.now
            self._do(Action.SUPERVISE, by=self.supervisor, text="群众多次反映，请尽快办理并报告结果。", days=5)

    def _reload(self) -> CaseSnapshot:
        self.snapshot = self.store.history(self.case_id).case
        return self.snapshot

    def _wait(self, low: float, high: float) -> bool:
        """Let some hours pass; False when that would be in the future."""
        slow = 6 if self.random.random() < SLOW_SHARE else 1
        self.clock += timedelta(hours=self.random.uniform(low, high) * slow)
        return self.clock < self.now

    def _do(
        self, action: Action, *, by: Actor | None = None, leg: Leg | None = None, text: str = "", **data: Json
    ) -> None:
        snapshot = self._reload()
        command = Command(
            action,
            leg_id=leg.id if leg else None,
            data=data,
            text=text,
            expected_seq=snapshot.seq,
        )
        actor = by or self.operator
        self.snapshot = act(self.store, self.case_id, command, desk=self.desk, actor=actor, now=self.clock)

    def _triage(self, told: Told) -> None:
        snapshot = self._reload()
        if snapshot.state is not CaseState.TRIAGE or not self._wait(0.3, 5):
            return
        if snapshot.kind is Kind.INQUIRY:
            self._do(Action.ANSWER, text="已当场解释相关规定和办理途径，来电人表示清楚。")
            return
        if told.category == "other":
            self._do(
                Action.HAND_ON,
                text="已通过平台转 12345 市民服务热线，并告知来电人。",
                where="12345",
                to="12345市民服务热线",
                handed_at=self.clock.isoformat(),
            )
            return
        chosen = Choice(told.category, told.setting, reason="坐席复核")
        command = Command(
            Action.CLASSIFY,
            data={
                "category": told.category,
                "setting": told.setting,
                "kind": snapshot.kind.value,
                "urgency": snapshot.urgency.value,
                "state": CaseState.READY.value,
            },
            expected_seq=snapshot.seq,
        )
        complaint = self.store.complaint(snapshot.complaint_id)
        decided = decide(complaint, office=self.desk.office, rulebook=self.desk.rulebook, chosen=chosen)
        reclassify(self.store, self.case_id, command, decided, desk=self.desk, actor=self.operator, now=self.clock)
        if self._wait(0.1, 1):
            assignment = self.store.assignment(self.case_id)
            # Where the plan is silent or speaks of another place, the office names the district's market regulator.
            ours = assignment is not None and not assignment.silent and assignment.plan == self.desk.office.plan_id
            legs = proposed_legs(assignment) if assignment is not None and ours else {}
            self._do(Action.DISPATCH, lead=legs.get("lead") or self.fallback, co=legs.get("co", ()))

    def _step(self) -> bool:
        """One more step; False when the story ends here for now."""
        snapshot = self._reload()
        if snapshot.state is CaseState.DISPATCHED:
            return self._agencies(snapshot)
        if snapshot.state is CaseState.DISPUTED:
            return self._disputed(snapshot)
        if snapshot.state is CaseState.RESOLVED and self._wait(2, 20):
            self._do(Action.REVIEW)
            return True
        if snapshot.state is CaseState.FOLLOW_UP and self._wait(6, 50):
            happy = self.random.random() < 0.8  # noqa: PLR2004 - four callers in five.
            self._do(Action.FOLLOW_UP, satisfied="yes" if happy else "no", solved=happy)
        return False

    def _agencies(self, snapshot: CaseSnapshot) -> bool:
        """The co-agencies sign and finish, then the lead goes one step further."""
        lead = current_lead(snapshot)
        if lead is None or not self._wait(1, 8):
            return False
        for leg in snapshot.legs:
            if leg.id != lead.id and leg.state is LegState.QUEUED:
                self._do(Action.SIGN, by=self._clerk(leg), leg=leg)
                return True
        return self._lead(snapshot, lead)

    def _disputed(self, snapshot: CaseSnapshot) -> bool:
        """The desk names another agency; what was returned twice waits for the office's ruling."""
        returned = next(leg for leg in reversed(snapshot.legs) if leg.state is LegState.RETURNED)
        if snapshot.returns >= MOST_RETURNS or self.random.random() < UNDECIDED_SHARE or not self._wait(2, 9):
            return False
        self._do(Action.REASSIGN, lead=self._other(returned), co=(), why="returned")
        return True

    def _other(self, leg: Leg) -> str:
        """Another agency than the one that returned."""
        return f"{self.desk.office.region}-zscq" if leg.body_id == self.fallback else self.fallback

    def _returned(self, lead: Leg, clerk: Actor) -> bool:
        """The agency gives the case back; False where its time for that is over, and it keeps the case."""
        text = "所反映的事项不属本单位职责，建议由更合适的单位办理。"
        try:
            self._do(Action.RETURN, by=clerk, leg=lead, text=text, clause="二（一）3", owner=self._other(lead))
        except TransitionError:
            return False
        return True

    def _lead(self, snapshot: CaseSnapshot, lead: Leg) -> bool:
        clerk = self._clerk(lead)
        if lead.state is LegState.QUEUED:
            wants_to = snapshot.returns < MOST_RETURNS and self.random.random() < RETURN_SHARE
            if not (wants_to and self._returned(lead, clerk)):
                self._do(Action.SIGN, by=clerk, leg=lead)
                if self.random.random() < CONTACT_SHARE and self._wait(0.5, 6):
                    # Whoever handles a report does not know the caller; the desk makes the contact.
                    by = clerk if snapshot.kind is Kind.DISPUTE else self.operator
                    self._do(Action.CONTACT, by=by, leg=lead, text="已电话联系，核对了所反映的情况。")
            return True
        if lead.state is LegState.SIGNED:
            return self._procedure(snapshot, lead, clerk)
        if self.random.random() < PAUSE_SHARE:
            self._do(Action.SUSPEND, by=clerk, leg=lead, reason="appraisal", text="样品已送检。")
            return False
        if not self._wait(40, 260):
            return False
        for leg in snapshot.legs:
            if leg.id != lead.id and leg.state is LegState.SIGNED:
                self._do(Action.RESOLVE, by=self._clerk(leg), leg=leg, outcome="verified", text="已按职责配合核查。")
                return True
        outcome, reply = self._outcome(lead)
        self._do(Action.RESOLVE, by=clerk, leg=lead, outcome=outcome, text=reply)
        return True

    def _procedure(self, snapshot: CaseSnapshot, lead: Leg, clerk: Actor) -> bool:
        may_ask = snapshot.urgency is Urgency.NORMAL and not snapshot.extensions
        if may_ask and self.random.random() < EXTEND_SHARE:
            text = "当事人外出，需补充调查。"
            self._do(Action.REQUEST_EXTEND, by=clerk, leg=lead, text=text, policy="H-RESOLVE", amount=5)
        lacking = lacking_of(snapshot) if snapshot.kind is Kind.DISPUTE else ()
        if lacking:
            self._do(Action.NOTE, by=clerk, text=f"缺{words(lacking)}，正在联系投诉人补充，补齐后受理。")
            return False
        if not self._wait(4, 30):
            return False
        if snapshot.kind is Kind.DISPUTE:
            self._do(Action.ACCEPT, by=clerk, leg=lead, told=True)
            return True
        if snapshot.kind is Kind.REPORT:
            self._verify(snapshot, lead, clerk)
            return True
        self._do(Action.RESOLVE, by=clerk, leg=lead, outcome="guided", text="已向来电人说明。")
        return True

    def _verify(self, snapshot: CaseSnapshot, lead: Leg, clerk: Actor) -> None:
        if self.random.random() < 0.55:  # noqa: PLR2004 - a little more than half are found true.
            self._do(Action.FILE, by=clerk, leg=lead)
            return
        ground = next(iter(grounds_for(Action.NOT_FILE, snapshot.received_at)))
        self._do(Action.NOT_FILE, by=clerk, leg=lead, ground=ground.code, text="经现场检查，未发现所反映的违法行为。")

    def _outcome(self, lead: Leg) -> tuple[str, str]:
        if lead.state is LegState.FILED:
            return "penalised", "经查属实，已依法查处，没收侵权假冒商品并责令改正。"
        if lead.state is LegState.NOT_FILED:
            return "unfounded", "经现场检查和询问，未发现所反映的违法事实。"
        return "settled", "经调解，双方达成一致，商家已退款并致歉。"

    def _clerk(self, leg: Leg) -> Actor:
        """The clerk of the leg's body; of a body without an account somebody whose name is not known here."""
        unnamed = replace(self.operator, account_id=f"demo-{leg.body_id}", role=Role.CLERK, body_id=leg.body_id)
        return self.clerks.get(leg.body_id, unnamed)
