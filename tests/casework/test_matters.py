from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from hotline.casework.calendars import load_calendar
from hotline.casework.clocks import derive
from hotline.casework.joint_moves import MATTER_MOVES
from hotline.casework.matter_decisions import decide_matter, matter_offers
from hotline.casework.matter_words import MATTERS, MatterState, Step
from hotline.casework.matters import matter_visible, matters_of
from hotline.casework.policy_file import load_policies
from hotline.errors import ConflictError, ForbiddenError, InvalidInputError, TransitionError
from hotline.records import Actor, Command
from hotline.vocabulary import Action, AgencyType, Holder, Role

POLICE = Actor("p1", Role.CLERK, "xicheng", "police")
OTHER_POLICE = Actor("p2", Role.CLERK, "xicheng", "police2")
NEEDS = {
    Step.PROPOSE: {"body": "police", "crime": "C214"},
    Step.HAND: {"documents": ("letter", "report", "list")},
    Step.SUPPLEMENT: {"documents": ("test",)},
    Step.FORWARD: {"body": "police2"},
    Step.SUGGEST: {"procuratorate": "西城区人民检察院"},
    Step.COPY: {"procuratorate": "西城区人民检察院"},
}
WHO = {Step.APPROVE: "responsible", Step.REFUSE: "responsible", Step.END: "responsible"}


@dataclass
class Told:
    """A case with one matter, told step by step."""

    story: object
    kind: Action = Action.TRANSFER

    @property
    def matter(self):
        return matters_of(self.story.snapshot)[-1]

    def decide(self, step, who="clerk", people=None, **details):
        self.story.now += timedelta(minutes=1)
        actor = people[who] if isinstance(who, str) else who
        known = {"at": details.pop("at", None), "expected_seq": details.pop("expected_seq", None)}
        text = details.pop("text", "情况属实。")
        named = details.pop("named", step.value)
        data = {"step": named, **NEEDS.get(step, {}), **details}
        if matters_of(self.story.snapshot) and step not in {Step.PROPOSE, Step.ASK}:
            data.setdefault("matter_id", self.matter.id)
        return actor, decide_matter(
            self.story.snapshot,
            Command(self.kind, None, data, text, **known),
            actor,
            now=self.story.now,
            new_id=lambda: next(self.story.ids),
            extension_rule=lambda _policy: None,
        )

    def do(self, *steps, people, **details):
        for step in steps:
            actor, events = self.decide(step, details.pop("who", WHO.get(step, "clerk")), people=people, **details)
            for new in events:
                self.story.append(new.action, actor, new.data, self.story.now)
        return self

    def clocks(self):
        found = derive(
            self.story.events,
            policies=load_policies(),
            calendar=load_calendar(),
            body_types={"samr": AgencyType.MARKET_REGULATION},
            region="110102",
        )
        return {clock.policy: clock for clock in found if clock.holder is Holder.MATTER}

    def running(self):
        return {policy for policy, clock in self.clocks().items() if clock.running()}


@pytest.fixture
def transfer(story):
    story.begin().dispatch().lead("sign")
    return Told(story)


PATHS = {
    Step.PROPOSE: (),
    Step.APPROVE: (Step.PROPOSE,),
    Step.REFUSE: (Step.PROPOSE,),
    Step.WITHDRAW: (Step.PROPOSE,),
    Step.HAND: (Step.PROPOSE, Step.APPROVE),
    Step.ACKNOWLEDGE: (Step.PROPOSE, Step.APPROVE, Step.HAND),
    Step.FIND_ELSEWHERE: (Step.PROPOSE, Step.APPROVE, Step.HAND, Step.ACKNOWLEDGE),
    Step.FORWARD: (Step.PROPOSE, Step.APPROVE, Step.HAND),
    Step.INCOMPLETE: (Step.PROPOSE, Step.APPROVE, Step.HAND),
    Step.SUPPLEMENT: (Step.PROPOSE, Step.APPROVE, Step.HAND, Step.INCOMPLETE),
    Step.POLICE_FILE: (Step.PROPOSE, Step.APPROVE, Step.HAND, Step.ACKNOWLEDGE),
    Step.POLICE_NOT_FILE: (Step.PROPOSE, Step.APPROVE, Step.HAND, Step.ACKNOWLEDGE),
    Step.HAND_OVER: (Step.PROPOSE, Step.APPROVE, Step.HAND, Step.POLICE_FILE),
    Step.OBJECT: (Step.PROPOSE, Step.APPROVE, Step.HAND, Step.POLICE_NOT_FILE),
    Step.UPHOLD: (Step.PROPOSE, Step.APPROVE, Step.HAND, Step.POLICE_NOT_FILE, Step.OBJECT),
    Step.SUGGEST: (Step.PROPOSE, Step.APPROVE, Step.HAND, Step.POLICE_NOT_FILE),
    Step.ASK_WHY: (Step.PROPOSE, Step.APPROVE, Step.HAND, Step.POLICE_NOT_FILE, Step.SUGGEST),
    Step.EXPLAIN: (Step.PROPOSE, Step.APPROVE, Step.HAND, Step.POLICE_NOT_FILE, Step.SUGGEST, Step.ASK_WHY),
    Step.ORDER: (Step.PROPOSE, Step.APPROVE, Step.HAND, Step.POLICE_NOT_FILE, Step.SUGGEST),
    Step.COPY: (Step.PROPOSE, Step.APPROVE, Step.HAND),
    Step.END: (Step.PROPOSE, Step.APPROVE, Step.HAND, Step.POLICE_NOT_FILE),
}
AFTER = {
    Step.PROPOSE: {"X310-DECIDE"},
    Step.APPROVE: {"X310-TRANSFER"},
    Step.HAND: {"X310-FORWARD", "GA-INCOMPLETE", "X310-REVIEW"},
    Step.ACKNOWLEDGE: {"X310-REVIEW"},
    Step.FIND_ELSEWHERE: {"GA-FORWARD", "X310-REVIEW"},
    Step.FORWARD: {"X310-FORWARD", "GA-INCOMPLETE", "X310-REVIEW"},
    Step.INCOMPLETE: {"X310-REVIEW", "GA-SUPPLEMENT"},
    Step.SUPPLEMENT: {"X310-REVIEW"},
    Step.POLICE_FILE: {"X310-HANDOVER"},
    Step.POLICE_NOT_FILE: {"X310-RECONSIDER"},
    Step.OBJECT: {"X310-REDECIDE"},
    Step.UPHOLD: {"X310-SUPERVISE"},
    Step.ASK_WHY: {"GA-EXPLAIN"},
    Step.ORDER: {"GA-FILE"},
    Step.COPY: {"X310-FORWARD", "GA-INCOMPLETE", "X310-REVIEW"},
}


def test_every_edge_of_the_transfer_has_a_path():
    assert set(PATHS) == {row.step for row in MATTER_MOVES if row.kind is Action.TRANSFER}


@pytest.mark.parametrize("step", PATHS, ids=str)
def test_each_edge_moves_the_state_and_its_clocks(transfer, people, step):
    transfer.do(*PATHS[step], step, people=people)
    row = next(row for row in MATTER_MOVES if (row.kind, row.step) == (Action.TRANSFER, step))
    before = MatterState.HANDED if step is Step.COPY else row.to
    assert transfer.matter.state is before
    assert transfer.running() == AFTER.get(step, set())
    offers = {offer.move.step for offer in matter_offers(transfer.story.snapshot, people["responsible"])}
    assert step not in offers or step is Step.FORWARD


@pytest.mark.parametrize("row", [row for row in MATTER_MOVES if row.states], ids=lambda row: f"{row.kind}-{row.step}")
def test_a_step_is_refused_where_the_state_forbids_it(story, people, row):
    story.begin().dispatch()
    told = Told(story, row.kind)
    if row.kind is Action.TRANSFER:
        told.do(Step.PROPOSE, Step.REFUSE, people=people)
    else:
        story.append(row.kind, people["clerk"], told_ask(row.kind), story.now)
        told.do(Step.WITHDRAW, people=people)
    who = WHO.get(row.step, "clerk") if row.kind is not Action.JOINT or row.step is not Step.ANSWER else POLICE
    with pytest.raises(TransitionError):
        told.decide(row.step, who, people=people)


def told_ask(kind):
    named = {"bodies": ("police", "culture")} if kind is Action.JOINT else {"body": "police"}
    return {"matter_id": "m1", "step": "ask", "asker": "samr", **named}


@pytest.mark.parametrize("step", PATHS, ids=str)
@pytest.mark.parametrize("who", ["stranger", "elsewhere", "administrator"])
def test_nobody_else_may(transfer, people, step, who):
    transfer.do(*PATHS[step], people=people)
    with pytest.raises(ForbiddenError):
        transfer.decide(step, who, people=people)


def test_only_the_head_approves_and_never_what_they_proposed(transfer, people):
    transfer.do(Step.PROPOSE, people=people)
    for who in ("clerk", "supervisor", "operator"):
        with pytest.raises(ForbiddenError):
            transfer.decide(Step.APPROVE, who, people=people)
    transfer.do(Step.WITHDRAW, people=people).do(Step.PROPOSE, people=people, who="responsible")
    with pytest.raises(ForbiddenError, match="不能自己批准"):
        transfer.decide(Step.APPROVE, "responsible", people=people)


def test_the_office_may_open_one_and_its_supervisor_approves(transfer, people):
    transfer.do(Step.PROPOSE, people=people, who="operator")
    assert transfer.matter.asker == ""
    with pytest.raises(ForbiddenError):
        transfer.decide(Step.APPROVE, "responsible", people=people)
    transfer.do(Step.APPROVE, people=people, who="supervisor")
    assert transfer.clocks()["X310-TRANSFER"].body_id is None


@pytest.mark.parametrize("step", [Step.REFUSE, Step.POLICE_NOT_FILE, Step.OBJECT, Step.END, Step.HAND_OVER], ids=str)
def test_a_missing_ground_is_named(transfer, people, step):
    transfer.do(*PATHS[step], people=people)
    with pytest.raises(InvalidInputError) as caught:
        transfer.decide(step, WHO.get(step, "clerk"), people=people, text="")
    assert "text" in caught.value.fields
    assert transfer.matter.state is not MatterState.ENDED


@pytest.mark.parametrize("documents", [(), ("letter",), ("letter", "report"), ("report", "list"), ("nothing",)])
def test_the_papers_of_article_6_must_be_there(transfer, people, documents):
    transfer.do(*PATHS[Step.HAND], people=people)
    with pytest.raises(InvalidInputError) as caught:
        transfer.decide(Step.HAND, people=people, documents=documents)
    assert "documents" in caught.value.fields


def test_the_police_enter_their_own_steps_and_see_nothing_before(transfer, people):
    transfer.do(Step.PROPOSE, Step.APPROVE, people=people)
    assert not matter_visible(transfer.story.snapshot, transfer.matter, POLICE)
    transfer.do(Step.HAND, people=people)
    assert matter_visible(transfer.story.snapshot, transfer.matter, POLICE)
    transfer.do(Step.FORWARD, people=people, who=POLICE)
    assert [party.answer for party in transfer.matter.parties] == ["forward", ""]
    transfer.do(Step.ACKNOWLEDGE, Step.POLICE_FILE, people=people, who=OTHER_POLICE)
    assert transfer.matter.parties[-1].answer == "police_file"
    clocks = transfer.clocks()
    assert clocks["X310-REVIEW"].body_id == "police2"
    assert clocks["X310-HANDOVER"].body_id == "samr"


def test_the_procuratorate_is_told_once(transfer, people):
    transfer.do(*PATHS[Step.COPY], Step.COPY, people=people)
    assert transfer.matter.copied_to == "西城区人民检察院"
    with pytest.raises(TransitionError, match="抄送过"):
        transfer.decide(Step.COPY, people=people)


def test_the_durations_are_those_of_the_regulation(transfer, people):
    transfer.do(Step.PROPOSE, people=people)
    clock = transfer.clocks()["X310-DECIDE"]
    assert (clock.duration, clock.unit, clock.statutory) == (3, "日", True)
    transfer.do(Step.APPROVE, people=people)
    clock = transfer.clocks()["X310-TRANSFER"]
    assert clock.due.due_at - clock.started_at == timedelta(hours=24)


def test_its_clocks_go_on_when_the_case_is_closed(transfer, people):
    transfer.do(Step.PROPOSE, Step.APPROVE, Step.HAND, people=people)
    transfer.story.do("withdraw", "operator", text="来电人撤回")
    assert "X310-REVIEW" in transfer.running()
    transfer.do(Step.POLICE_FILE, people=people)
    assert transfer.matter.state is MatterState.FILED


def test_one_transfer_at_a_time_a_stale_page_and_wrong_times(transfer, people):
    transfer.do(Step.PROPOSE, people=people)
    with pytest.raises(TransitionError, match="在办"):
        transfer.decide(Step.PROPOSE, people=people)
    with pytest.raises(ConflictError):
        transfer.decide(Step.APPROVE, "responsible", people=people, expected_seq=1)
    for at in (transfer.story.now + timedelta(days=1), transfer.matter.opened_at - timedelta(days=1)):
        with pytest.raises(InvalidInputError) as caught:
            transfer.decide(Step.APPROVE, "responsible", people=people, at=at)
        assert "at" in caught.value.fields


@pytest.mark.parametrize("change", [{"named": "dance"}, {"matter_id": "nobody"}])
def test_unknown_steps_and_matters_are_named(transfer, people, change):
    transfer.do(Step.PROPOSE, people=people)
    with pytest.raises(InvalidInputError):
        transfer.decide(Step.APPROVE, "responsible", people=people, **change)


def test_an_inquiry_and_a_closed_case_begin_nothing(teller, people):
    for story in (teller().begin(kind="inquiry"), teller().begin().do("withdraw", "operator", text="撤回")):
        with pytest.raises(TransitionError):
            Told(story).decide(Step.PROPOSE, "operator", people=people)


# ---- joint action and assistance -----------------------------------------------------------------


@pytest.fixture
def joint(story, people):
    story.begin().dispatch()
    return Told(story, Action.JOINT).do(Step.ASK, people=people, bodies=("police", "culture"))


def test_each_body_of_a_joint_action_has_its_own_clock(joint, people):
    joint.do(Step.ANSWER, people=people, who=POLICE, answer="joined")
    assert [(party.body_id, party.answer) for party in joint.matter.parties] == [("police", "joined"), ("culture", "")]
    running = [
        clock.body_id
        for clock in derive(
            joint.story.events, policies=load_policies(), calendar=load_calendar(), body_types={}, region=None
        )
        if clock.policy == "H-JOINT" and clock.running()
    ]
    assert running == ["culture"]
    with pytest.raises(TransitionError, match="答复过"):
        joint.decide(Step.ANSWER, POLICE, people=people, answer="joined")
    joint.do(Step.CLOSE, people=people)
    assert joint.matter.state is MatterState.CLOSED
    assert not joint.running()


def test_the_asker_of_a_joint_action_answers_for_nobody(joint, people):
    for who in ("clerk", "operator", "stranger"):
        with pytest.raises(ForbiddenError):
            joint.decide(Step.ANSWER, who, people=people, answer="joined")
    with pytest.raises(ForbiddenError):
        joint.decide(Step.CLOSE, POLICE, people=people)


def test_a_joint_action_is_withdrawn_with_a_reason(joint, people):
    with pytest.raises(InvalidInputError):
        joint.decide(Step.WITHDRAW, people=people, text="")
    assert joint.do(Step.WITHDRAW, people=people).matter.state is MatterState.WITHDRAWN


def test_assistance_inside_the_directory_is_answered_by_that_body(story, people):
    story.begin().dispatch()
    told = Told(story, Action.COOPERATE).do(Step.ASK, people=people, body="police")
    with pytest.raises(TransitionError):
        told.decide(Step.ANSWER, "clerk", people=people, answer="done")
    assert told.clocks()["H-COOPERATE"].body_id == "police"
    told.do(Step.ANSWER, people=people, who=POLICE, answer="partly")
    assert told.matter.state is MatterState.ANSWERED


def test_assistance_outside_is_entered_by_the_asker(story, people):
    story.begin().dispatch()
    told = Told(story, Action.COOPERATE).do(Step.ASK, people=people, outside="某省某县市场监管局")
    assert told.clocks()["H-COOPERATE"].body_id == "samr"
    told.do(Step.ANSWER, people=people, answer="done")
    assert told.matter.parties[0].answer == "done"
    assert not told.running()


@pytest.mark.parametrize("named", [{}, {"body": "police", "outside": "某局"}, {"body": "samr"}])
def test_assistance_names_one_other_body(story, people, named):
    story.begin().dispatch()
    with pytest.raises(InvalidInputError):
        Told(story, Action.COOPERATE).decide(Step.ASK, people=people, **named)


def test_only_the_desk_and_the_lead_begin(story, people):
    story.begin().dispatch("police")
    for kind in MATTERS:
        step = Step.PROPOSE if kind is Action.TRANSFER else Step.ASK
        with pytest.raises(ForbiddenError):
            Told(story, kind).decide(step, "co_clerk", people=people)
