from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hotline.errors import ConflictError, InvalidInputError, NotFoundError
from hotline.records import Actor
from hotline.routing.focus import focuses
from hotline.routing.plans import load_plans
from hotline.store.audit import verify
from hotline.store.casestore import CaseStore
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.events import read_events
from hotline.store.focus_marks import focus_codes, focuses_of
from hotline.store.free_texts import read_texts
from hotline.store.plan_adopting import adopt, load_shipped
from hotline.store.plan_stream import Proposal
from hotline.store.plan_versions import stored_versions, version_lines, version_text
from hotline.store.plan_withdrawing import withdraw
from hotline.store.replaying import open_legs, recent_cases
from hotline.store.rule_stamps import read_stamps
from hotline.store.tables import PLAN_VERSION
from hotline.vocabulary import Role
from tests.store.store_world import NEIGHBOUR, NOW, SUPERVISOR

PROGRAM = Actor("program", Role.SYSTEM, "")
TODAY = date(2026, 11, 21)
SHIPPED = [("xicheng-2011", "# v1", date(2011, 1, 10)), ("national-2017", "# n1", date(2017, 5, 16))]


def proposal(content="# v2", day=TODAY + timedelta(days=10), note="换届", **more):
    return Proposal("xicheng-2011", content, day, note, {"cases": 0, "moved": 0}, **more)


def do(world, work):
    with write_transaction(world.engine) as session:
        return work(CaseStore(session, world.keyring))


@pytest.fixture
def loaded(world):
    assert do(world, lambda store: load_shipped(store, SHIPPED, by=PROGRAM, now=NOW)) == 2
    return world


def lines(world, office="xicheng"):
    with read_transaction(world.engine) as session:
        return version_lines(session, "xicheng-2011", office)


def stamp(world):
    with read_transaction(world.engine) as session:
        return read_stamps(session).get("plans", 0)


def test_shipped_files_are_version_one_once_and_never_laid_over(loaded):
    before = stamp(loaded)
    changed = [("xicheng-2011", "# another text", date(2012, 1, 1))]
    assert do(loaded, lambda store: load_shipped(store, changed, by=PROGRAM, now=NOW)) == 0
    assert stamp(loaded) == before == 1
    assert [(line.version, line.office_id, line.effective_from) for line in lines(loaded)] == [
        (1, None, date(2011, 1, 10))
    ]


def test_adoption_is_a_row_an_event_and_a_stamp_and_serves_its_office_only(loaded, tmp_path):
    number = do(loaded, lambda store: adopt(store, proposal(), by=SUPERVISOR, now=NOW))
    assert number == 2
    assert stamp(loaded) == 2
    assert [line.version for line in lines(loaded)] == [1, 2]
    assert [line.version for line in lines(loaded, "baodi")] == [1]
    with read_transaction(loaded.engine) as session:
        events = read_events(session, "plan:xicheng-2011")
        assert [event.data["what"] for event in events] == ["version_loaded", "version_adopted"]
        assert events[-1].actor_id == SUPERVISOR.account_id
        assert list(read_texts(session, "plan:xicheng-2011", loaded.keyring).values()) == ["换届"]
        assert version_text(session, "xicheng-2011", 2, "xicheng") == "# v2"
        with pytest.raises(NotFoundError):
            version_text(session, "xicheng-2011", 2, "baodi")
        assert [each.content for each in stored_versions(session)] == ["# n1", "# v1", "# v2"]
    assert verify(loaded.engine, loaded.keyring, tmp_path / "seals.jsonl")["ok"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": TODAY - timedelta(days=1)}, "effective"),
        ({"note": "  "}, "note"),
        ({"note": "长" * 301}, "note"),
        ({"content": "# v1"}, "content"),
    ],
)
def test_what_cannot_be_adopted_is_refused(loaded, wrong, field):
    with pytest.raises(InvalidInputError) as caught:
        do(loaded, lambda store: adopt(store, proposal(**wrong), by=SUPERVISOR, now=NOW))
    assert field in caught.value.fields
    assert len(lines(loaded)) == 1


def test_a_version_may_begin_today_but_not_before_one_that_waits(loaded):
    do(loaded, lambda store: adopt(store, proposal(), by=SUPERVISOR, now=NOW))
    with pytest.raises(InvalidInputError) as caught:
        do(loaded, lambda store: adopt(store, proposal("# v3", TODAY), by=SUPERVISOR, now=NOW))
    assert "effective" in caught.value.fields
    do(loaded, lambda store: adopt(store, proposal("# b2", TODAY), by=NEIGHBOUR, now=NOW))
    assert [line.version for line in lines(loaded, "baodi")] == [1, 3]


def test_a_version_that_waits_can_be_taken_back_and_one_in_force_cannot(loaded):
    do(loaded, lambda store: adopt(store, proposal(), by=SUPERVISOR, now=NOW))
    for by, version, note, error in [
        (NEIGHBOUR, 2, "x", NotFoundError),
        (SUPERVISOR, 1, "x", NotFoundError),
        (SUPERVISOR, 9, "x", NotFoundError),
        (SUPERVISOR, 2, " ", InvalidInputError),
    ]:
        with pytest.raises(error):
            do(loaded, lambda store, a=(version, note, by): withdraw(store, "xicheng-2011", *a[:2], by=a[2], now=NOW))
    late = NOW + timedelta(days=20)
    with pytest.raises(InvalidInputError):
        do(loaded, lambda store: withdraw(store, "xicheng-2011", 2, "晚了", by=SUPERVISOR, now=late))
    do(loaded, lambda store: withdraw(store, "xicheng-2011", 2, "写错了", by=SUPERVISOR, now=NOW))
    with read_transaction(loaded.engine) as session:
        assert {each.version for each in stored_versions(session)} == {1}
        assert read_events(session, "plan:xicheng-2011")[-1].data["what"] == "version_withdrawn"
    with pytest.raises(InvalidInputError):
        do(loaded, lambda store: withdraw(store, "xicheng-2011", 2, "再来", by=SUPERVISOR, now=NOW))
    assert do(loaded, lambda store: adopt(store, proposal("# v3", TODAY), by=SUPERVISOR, now=NOW)) == 3


def test_ending_a_plan_is_a_version_without_text(loaded):
    do(loaded, lambda store: adopt(store, proposal(""), by=SUPERVISOR, now=NOW))
    assert lines(loaded)[-1].ends
    with read_transaction(loaded.engine) as session:
        assert stored_versions(session)[-1].content == ""
        assert read_events(session, "plan:xicheng-2011")[-1].data["what"] == "plan_ended"
        with pytest.raises(NotFoundError):
            version_text(session, "xicheng-2011", 2, "xicheng")
    with pytest.raises(InvalidInputError):
        do(loaded, lambda store: adopt(store, proposal(""), by=SUPERVISOR, now=NOW))


def test_two_people_at_once_give_a_conflict(loaded, monkeypatch):
    monkeypatch.setattr("hotline.store.events.last_seq", lambda *_: 0)
    with pytest.raises(ConflictError) as caught:
        do(loaded, lambda store: adopt(store, proposal(), by=SUPERVISOR, now=NOW))
    assert "方案" in caught.value.message
    with read_transaction(loaded.engine) as session:
        assert len(session.execute(select(PLAN_VERSION.c.version)).all()) == 2


def test_focus_marks_are_replaced_and_offered_by_office(world):
    snapshot = world.case()
    marks = focuses(load_plans(), "copyright", "盗版教辅", "110102", TODAY)
    assert len(marks) >= 2
    do(world, lambda store: store.save_focuses(snapshot.case_id, marks))
    do(world, lambda store: store.save_focuses(snapshot.case_id, marks[:1]))
    with read_transaction(world.engine) as session:
        found = focuses_of(session, snapshot.case_id)
        assert [(line.code, line.because) for line in found] == [(marks[0].code, marks[0].because)]
        assert focus_codes(session, "xicheng") == [(marks[0].code, marks[0].plan, marks[0].focus.name)]
        assert focus_codes(session, "baodi") == []


def test_recent_cases_are_the_offices_own_newest_first(world):
    old = world.case("2026-110001-1", received_at=NOW - timedelta(days=3))
    new = world.case("2026-110002-2")
    with read_transaction(world.engine) as session:
        found = list(recent_cases(session, "xicheng", 10))
        assert [case.case_id for case in found] == [new.case_id, old.case_id]
        assert found[0].region == "110102"
        assert "盗版" in found[0].text
        assert "13900000001" not in found[0].text
        assert len(list(recent_cases(session, "xicheng", 1))) == 1
        assert list(recent_cases(session, "baodi", 10)) == []
        plan = found[0].plan
        legs = open_legs(session, "xicheng", {plan}, {"body-a"})
        assert sorted(leg.number for leg in legs) == ["2026-110001-1", "2026-110002-2"]
        assert open_legs(session, "xicheng", {plan}, {"body-b"}) == []
        assert open_legs(session, "xicheng", {plan}, set()) == []
        assert open_legs(session, "baodi", {plan}, {"body-a"}) == []


def test_a_proposal_keeps_its_replay(loaded):
    kept = replace(proposal(), replay={"cases": 3, "moved": 1, "moves": [{"number": "N1"}]})
    do(loaded, lambda store: adopt(store, kept, by=SUPERVISOR, now=NOW))
    assert lines(loaded)[-1].replay["moves"] == [{"number": "N1"}]
