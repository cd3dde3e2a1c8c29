"""What the model guessed and what people decided: written with the events, found again, refilled by the migration."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from hotline.errors import ConflictError, InvalidInputError
from hotline.records import Actor, Assignment, NewEvent, TraceStep
from hotline.store import desk_decisions, labelled, model_figures
from hotline.store.audit import verify
from hotline.store.casestore import CaseStore
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.migrate import downgrade, upgrade
from hotline.store.model_stream import STAMP, model_events, record
from hotline.store.rule_stamps import read_stamps
from hotline.store.tables import DESK_VERDICT, MODEL_GUESS
from hotline.vocabulary import Action, CaseState, Role
from tests.store.store_world import ASSIGNMENT, CLASSIFICATION, NOW, OPERATOR, SUPERVISOR

LATER = NOW + timedelta(hours=1)
BEGIN = NOW - timedelta(weeks=8)


def guess(world, snapshot, **changes):
    """Keep what the model said of a case."""
    with write_transaction(world.engine) as session:
        said = replace(CLASSIFICATION, **changes)
        CaseStore(session, world.keyring).add_decision(
            snapshot.case_id, snapshot.complaint_id, classification=said, assignment=None, at=NOW
        )


def decide(world, snapshot, category, setting, *, seq=1, by=OPERATOR, at=LATER, text="", because=""):
    """A person's decision, with the route that follows from it."""
    data = {"category": category, "setting": setting, "kind": "dispute", "urgency": "一般", "state": "ready"}
    with write_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        store.append(
            snapshot.case_id,
            [NewEvent(Action.CLASSIFY, data, text)],
            expected_seq=seq,
            actor=by,
            at=at,
            recorded_at=at,
        )
        if because:
            route: Assignment = replace(ASSIGNMENT, trace=(TraceStep("人工选择", because), *ASSIGNMENT.trace))
            store.add_decision(snapshot.case_id, snapshot.complaint_id, classification=None, assignment=route, at=at)


def corrections(world, office="xicheng", **more):
    with read_transaction(world.engine) as session:
        return desk_decisions.corrections(CaseStore(session, world.keyring), office, **more)


@pytest.fixture
def case(world):
    made = world.case()
    guess(world, made)
    return made


def test_a_correction_says_who_when_why_and_what_the_model_thought(world, case):
    decide(world, case, "trademark", "market", because="招牌是仿冒的")
    (line,) = corrections(world).lines
    assert (line.number, line.case_id) == ("2026-110001-1", case.case_id)
    assert (line.model_category, line.model_setting, line.model_version) == ("copyright", "street", "m1")
    assert (line.confidence, line.setting_confidence) == (0.93, 0.8)
    assert (line.category, line.setting, line.agrees) == ("trademark", "market", False)
    assert (line.actor_id, line.role, line.at) == (OPERATOR.account_id, "operator", LATER)
    assert line.who == OPERATOR.account_id, "no such account: the id stands for the name"
    assert line.reason == "招牌是仿冒的"
    assert line.text == "东安市场门口卖盗版光盘"
    assert corrections(world, "baodi").lines == ()
    assert corrections(world, since=LATER + timedelta(seconds=1)).lines == ()


def test_the_events_own_text_is_the_reason_masked(world, case):
    decide(world, case, "trademark", "market", text="回电13900001234核实过", because="别的")
    (line,) = corrections(world).lines
    assert "核实过" in line.reason
    assert "13900001234" not in line.reason


@pytest.mark.parametrize(
    ("said", "decided", "confirmed"),
    [
        (("copyright", "street"), ("copyright", "street"), True),
        (("copyright", "street"), ("copyright", "market"), False),
        (("copyright", "street"), ("trademark", "street"), False),
        (("other", "street"), ("other", "market"), True),
    ],
)
def test_keeping_the_guess_is_a_confirmation(world, said, decided, confirmed):
    made = world.case()
    guess(world, made, category=said[0], setting=said[1])
    decide(world, made, *decided)
    assert len(corrections(world, confirmed=True).lines) == confirmed
    assert len(corrections(world).lines) == (not confirmed)


def test_what_the_program_does_is_no_verdict(world, case):
    decide(world, case, "trademark", "market", by=Actor("program", Role.SYSTEM, "xicheng"))
    assert corrections(world).lines == ()


def test_without_a_guess_there_is_nothing_to_correct(world):
    decide(world, world.case(), "trademark", "market")
    assert corrections(world).lines == ()


def test_pages_follow_one_another(world):
    for number in range(5):
        made = world.case(f"2026-11000{number}-1")
        guess(world, made)
        decide(world, made, "trademark", "market", at=LATER + timedelta(minutes=number))
    first = corrections(world, limit=3)
    second = corrections(world, limit=3, after=first.next)
    moments = [line.at for line in (*first.lines, *second.lines)]
    assert moments == sorted(moments, reverse=True)
    assert len(set(moments)) == 5
    assert second.next is None
    with pytest.raises(InvalidInputError):
        corrections(world, after="nonsense")


def test_the_newest_decision_of_a_case_counts(world, case):
    decide(world, case, "trademark", "market")
    decide(world, case, "patent", "market", seq=2, at=LATER + timedelta(hours=1))
    with read_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        assert desk_decisions.decision_pairs(session, "xicheng", BEGIN) == {("copyright", "patent"): 1}
        assert desk_decisions.decision_pairs(session, "xicheng", NOW + timedelta(days=1)) == {}
        (line,) = desk_decisions.decided_cases(store, "xicheng", ("copyright", "patent"), since=BEGIN)
        assert line.category == "patent"
        assert desk_decisions.decided_cases(store, "xicheng", ("copyright", "trademark"), since=BEGIN) == ()
        (learnt,) = labelled.labelled(session)
        assert (learnt.category, learnt.agrees) == ("patent", False)
    assert len(corrections(world).lines) == 2


def test_withdrawn_cases_and_empty_texts_are_not_learnt(world, case):
    decide(world, case, "trademark", "market")
    erased = world.case("2026-110002-1", masked_text="")
    guess(world, erased)
    decide(world, erased, "trademark", "market")
    with read_transaction(world.engine) as session:
        assert [row.number for row in labelled.labelled(session)] == ["2026-110001-1"]
        assert labelled.labelled(session, "baodi") == ()
    with write_transaction(world.engine) as session:
        CaseStore(session, world.keyring).save_case(replace(case, state=CaseState.WITHDRAWN))
    with read_transaction(world.engine) as session:
        assert labelled.labelled(session) == ()
        assert [row.number for row in model_figures.recent_texts(session, "xicheng", 10)] == ["2026-110002-1"]


def test_the_least_certain_come_first_and_decided_ones_go(world):
    made = {}
    for number, confidence in ((1, 0.9), (2, 0.3), (3, 0.6)):
        made[number] = world.case(f"2026-11000{number}-1")
        guess(world, made[number], confidence=confidence)

    def numbers():
        with read_transaction(world.engine) as session:
            return [line.number for line in model_figures.least_certain(session, "xicheng", NOW, 10)]

    assert numbers() == ["2026-110002-1", "2026-110003-1", "2026-110001-1"]
    decide(world, made[2], "copyright", "street")
    assert numbers() == ["2026-110003-1", "2026-110001-1"]
    with write_transaction(world.engine) as session:
        archived = replace(made[3], state=CaseState.ARCHIVED, closed_at=NOW)
        CaseStore(session, world.keyring).save_case(archived)
    assert numbers() == ["2026-110001-1"], "closed and not of the last weeks"


def test_counts_and_texts_of_a_week(world, case):
    with read_transaction(world.engine) as session:
        assert model_figures.category_counts(session, "xicheng", BEGIN, LATER) == {"copyright": 1}
        assert model_figures.category_counts(session, "xicheng", LATER, LATER + timedelta(days=7)) == {}
        assert model_figures.texts_between(session, "xicheng", BEGIN, LATER, 5) == ["东安市场门口卖盗版光盘"]
        assert model_figures.texts_between(session, "baodi", BEGIN, LATER, 5) == []


def test_the_migration_fills_what_the_events_hold(world, case):
    decide(world, case, "trademark", "market")
    other = world.case("2026-110002-1")
    guess(world, other)

    def rows():
        with read_transaction(world.engine) as session:
            tables = (MODEL_GUESS, DESK_VERDICT)
            return [sorted(map(tuple, session.execute(select(table)))) for table in tables]

    before = rows()
    assert [len(each) for each in before] == [2, 1]
    downgrade(world.engine, "r0003")
    upgrade(world.engine)
    assert rows() == before


def test_the_models_stream_is_chained_and_moves_the_stamp(world, tmp_path):
    def write(reason="更准", expected=0):
        with write_transaction(world.engine) as session:
            store = CaseStore(session, world.keyring)
            data = {"what": "threshold_set", "version": "a", "facet": "category", "code": "drug", "value": 0.61}
            record(store, data, reason, expected=expected, by=SUPERVISOR, now=NOW)

    write()
    write(expected=1)
    with pytest.raises(ConflictError, match="模型设置"):
        write(expected=1)
    for reason in ("", "  ", "长" * 301):
        with pytest.raises(InvalidInputError):
            write(reason, expected=2)
    with read_transaction(world.engine) as session:
        assert [event.seq for event in model_events(session)] == [1, 2]
        assert model_events(session)[0].data["value"] == 0.61
        assert read_stamps(session)[STAMP] == 2
    assert verify(world.engine, world.keyring, tmp_path / "seals.jsonl")["ok"]
