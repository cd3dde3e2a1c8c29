"""One matter, several callers: groups of duplicates in lists and figures, one act for all, each with its own notice."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from hotline.casework.linking import copy_act, duplicates_of, link, unlink
from hotline.errors import InvalidInputError, TransitionError
from hotline.moments import local_date
from hotline.records import Actor, Command, Reporter, Respondent
from hotline.reports.cases import count_cases, count_matters
from hotline.reports.figure_words import Figure
from hotline.reports.report_period import week_of
from hotline.reports.selection import Selection
from hotline.reports.weekly import weekly_report
from hotline.reports.weekly_words import summary
from hotline.store.auditrows import verify_rows
from hotline.store.clockstore import clocks_of
from hotline.store.engine import write_transaction
from hotline.store.merging import members_of, merged_groups, parts_of
from hotline.store.respondent_members import number_of
from hotline.store.tables import MERGED_CASE
from hotline.vocabulary import Action, Kind, LegState, NoticeSubject, Relation, Role

OPERATOR = Actor("op", Role.OPERATOR, "xicheng")
SUPERVISOR = Actor("su", Role.SUPERVISOR, "xicheng")
STRANGER = Actor("x", Role.CLERK, "xicheng", "110102-whly")
ELSEWHERE = Actor("su9", Role.SUPERVISOR, "baodi")
BODY = "110102-scjg"
TEXT = "我在西城区广安门外大街的瑞隆烟酒超市买了一条假烟，要求退款。"
SHOP = Respondent("瑞隆烟酒超市", "西城区广安门外大街甲398号")


@pytest.fixture
def four(hotline, moment):
    """Four callers of one matter, an hour apart, dispatched to one body and signed."""
    made = []
    for number in range(4):
        caller = Reporter(name=f"王小{number}", phone=f"1390000567{number}", address="西城区某胡同1号")
        made.append(told(hotline, f"{TEXT}第{number}条。", reporter=caller))
        moment.pass_by(hours=1)
    return made


def told(hotline, text, kind=Kind.DISPUTE, **more):
    case_id = hotline.register(text, dispatch=False, kind=kind, respondent=SHOP, **more).case_id
    hotline.act(case_id, Action.DISPATCH, lead=BODY)
    leg = lead(hotline, case_id)
    hotline.act(case_id, Action.SIGN, hotline.clerk(leg), leg=leg)
    return case_id


def lead(hotline, case_id):
    return hotline.snapshot(case_id).legs[-1]


def tie(hotline, one, other, relation=Relation.DUPLICATE, *, undo=False):
    services = hotline.services
    with services.write() as store:
        ends = [(case_id, number_of(store.session, case_id)) for case_id in (one, other)]
        where = {"desk": services.desk("xicheng"), "actor": OPERATOR, "now": services.now()}
        if undo:
            unlink(store, *ends, text="不是一回事", **where)
        else:
            link(store, *ends, relation, **where)


def groups(hotline, case_ids, actor=SUPERVISOR):
    with hotline.services.read() as store:
        found = merged_groups(store.session, actor, case_ids)
    return {frozenset(each.case_id for each in members) for members in found.values()}


def copy(hotline, case_id, command, others, **more):
    services = hotline.services
    with services.write() as store:
        where = {"desk": services.desk("xicheng"), "actor": hotline.clerk(lead(hotline, case_id))}
        return copy_act(store, hotline.snapshot(case_id), command, others, now=services.now(), **where, **more)


def test_ties_make_one_group_by_way_of_others_and_part_again(hotline, four):
    a, b, c, d = four
    assert groups(hotline, four) == set()
    tie(hotline, a, b)
    tie(hotline, c, d)
    assert groups(hotline, four) == {frozenset({a, b}), frozenset({c, d})}
    tie(hotline, b, c)
    assert groups(hotline, four) == {frozenset(four)}
    tie(hotline, b, c, undo=True)
    assert groups(hotline, four) == {frozenset({a, b}), frozenset({c, d})}
    tie(hotline, a, b, undo=True)
    assert groups(hotline, four) == {frozenset({c, d})}
    with hotline.services.read() as store:
        assert set(store.session.execute(select(MERGED_CASE.c.case_id)).scalars()) == {c, d}


def test_a_ring_stays_one_group_when_one_tie_goes(hotline, four):
    for one, other in itertools.pairwise([*four, four[0]]):
        tie(hotline, one, other)
    tie(hotline, four[0], four[1], undo=True)
    assert groups(hotline, four) == {frozenset(four)}


@pytest.mark.parametrize(
    ("ties", "parts"),
    [
        ({"a": "b", "b": "a"}, ["ab"]),
        ({"a": "b", "b": ""}, ["a", "b"]),
        ({"a": "", "b": "a"}, ["a", "b"]),
        ({"a": "b", "b": "ac", "c": "b"}, ["abc"]),
        ({"a": "b", "b": "ac", "c": ""}, ["ab", "c"]),
        ({"a": "", "b": "ac", "c": "b"}, ["a", "bc"]),
        ({"a": "bz", "b": "a"}, ["ab"]),
    ],
)
def test_a_tie_counts_while_both_name_each_other(ties, parts):
    assert [sorted(part) for part in parts_of(ties)] == [list(part) for part in parts]


@pytest.mark.parametrize("end", [0, 1])
def test_one_end_untied_parts_the_two_at_once(hotline, four, end):
    """Undoing is an event on each case; between the two the database must show no group that is half undone."""
    tie(hotline, four[0], four[1])
    tie(hotline, four[1], four[2])
    mine, other = (four[:2], four[1::-1])[end]
    hotline.act(mine, Action.UNLINK, case=other, number="000", text="不是一回事")
    assert groups(hotline, four) == {frozenset(four[1:3])}
    assert faults(hotline.services) == []


def faults(services):
    return [(each["stream"], each["reason"]) for each in verify_rows(services.engine, services.keyring)]


def test_a_merge_altered_by_hand_is_found(hotline, four):
    a, b, c, d = four
    tie(hotline, a, b)
    tie(hotline, b, c)
    assert faults(hotline.services) == []
    rows = [dict(row) for row in read_rows(hotline)]
    changes = {
        delete(MERGED_CASE).where(MERGED_CASE.c.case_id == b): [(b, "已关联为重复，却没有并入")],
        insert(MERGED_CASE).values(rows[0] | {"case_id": d}): [(d, "没有关联为重复，却并在一起")],
        update(MERGED_CASE).where(MERGED_CASE.c.case_id == c).values(group_id=c): [(c, "并到了别的工单")],
        update(MERGED_CASE).where(MERGED_CASE.c.case_id == a).values(office_id="baodi"): [(a, "并到了别的工单")],
    }
    for change, found in changes.items():
        with write_transaction(hotline.services.engine) as session:
            session.execute(change)
        assert faults(hotline.services) == [(each, f"并案与事件不符：{why}") for each, why in found]
        with write_transaction(hotline.services.engine) as session:
            session.execute(delete(MERGED_CASE))
            session.execute(insert(MERGED_CASE), rows)
    tie(hotline, a, b, undo=True)
    tie(hotline, b, c, undo=True)
    assert (read_rows(hotline), faults(hotline.services)) == ([], [])


def read_rows(hotline):
    with hotline.services.read() as store:
        return store.session.execute(select(MERGED_CASE)).mappings().all()


@pytest.mark.parametrize("relation", [Relation.RELATED, Relation.SPLIT])
def test_other_ties_merge_nothing(hotline, four, relation):
    tie(hotline, four[0], four[1], relation)
    assert groups(hotline, four) == set()


def test_the_earliest_caller_leads_and_strangers_see_no_group(hotline, four):
    for other in four[:0:-1]:
        tie(hotline, four[0], other)
    with hotline.services.read() as store:
        members = members_of(store.session, SUPERVISOR, four[2])
        assert [each.case_id for each in members] == four
        assert [each.received_at for each in members] == sorted(each.received_at for each in members)
        assert members_of(store.session, hotline.clerk(lead(hotline, four[0])), four[2]) == members
        assert members_of(store.session, STRANGER, four[2]) == ()
        assert members_of(store.session, ELSEWHERE, four[2]) == ()


def test_a_report_is_never_shown_in_one_group_with_a_dispute(hotline, four):
    report = told(hotline, f"{TEXT}也请查处。", kind=Kind.REPORT)
    tie(hotline, four[0], report)
    tie(hotline, four[0], four[1])
    for actor in (SUPERVISOR, hotline.clerk(lead(hotline, report))):
        assert groups(hotline, [*four, report], actor) == {frozenset(four[:2])}
    with hotline.services.read() as store:
        assert duplicates_of(store, hotline.snapshot(four[0])).keys() == {four[1]}


def test_figures_count_cases_and_matters(hotline, four, moment):
    tie(hotline, four[0], four[1])
    tie(hotline, four[1], four[2])
    services, period = hotline.services, week_of(local_date(moment.now))
    with services.read() as store:
        received = period.selection(Figure.RECEIVED)
        assert count_cases(store.session, SUPERVISOR, received, moment.now) == 4
        assert count_matters(store.session, SUPERVISOR, received, moment.now, 4) == 2
        shared = Selection(since=period.since, until=period.until, merged=True)
        assert count_cases(store.session, SUPERVISOR, shared, moment.now) == 3
        report = weekly_report(store.session, services.office("xicheng"), services.rulebook, moment.now)
    assert (report.merged[0].matters, report.merged[0].shared) == (2, 3)
    assert "3 件与别的来电人反映同一事，合并重复后共 2 件事" in summary(report)


def test_work_once_reaches_duplicates_of_duplicates(hotline, four):
    tie(hotline, four[0], four[1])
    tie(hotline, four[1], four[2])
    accept = Command(Action.ACCEPT, lead(hotline, four[0]).id, {"told": True})
    assert len(copy(hotline, four[0], accept, four[1:3])) == 2
    for case_id in four[1:3]:
        assert lead(hotline, case_id).state is LegState.ACCEPTED
        assert lead(hotline, case_id).told == ()
    with pytest.raises(InvalidInputError, match="没有与本件关联"):
        copy(hotline, four[0], Command(Action.NOTE, text="记一笔"), [four[3]])


def test_every_caller_is_told_where_the_agency_says_so(hotline, four):
    tie(hotline, four[0], four[1])
    leg = lead(hotline, four[0])
    for case_id in four[:2]:
        own = lead(hotline, case_id)
        hotline.act(case_id, Action.ACCEPT, hotline.clerk(own), leg=own)
    tell = Command(Action.NOTIFY, leg.id, {"subject": "acceptance", "how": "phone"})
    with pytest.raises(InvalidInputError, match="分别办理"):
        copy(hotline, four[0], tell, [four[1]])
    copy(hotline, four[0], tell, [four[1]], told_each=True)
    assert lead(hotline, four[1]).told == (NoticeSubject.ACCEPTANCE.value,)
    with pytest.raises(TransitionError, match="告知过"):
        copy(hotline, four[0], tell, [four[1]], told_each=True)


def test_each_keeps_its_own_clock_and_follow_up(hotline, four, moment):
    tie(hotline, four[0], four[1])
    moment.pass_by(hours=2)
    leg = lead(hotline, four[0])
    done = Command(Action.RESOLVE, leg.id, {"outcome": "settled"}, "已退款。")
    hotline.act(four[0], Action.RESOLVE, hotline.clerk(leg), leg=leg, text="已退款。", outcome="settled")
    copy(hotline, four[0], done, [four[1]])
    with hotline.services.read() as store:
        starts = [
            next(clock.started_at for clock in clocks_of(store.session, case_id) if clock.policy == "C-ACCEPT")
            for case_id in four[:2]
        ]
    assert starts[1] - starts[0] == timedelta(hours=1)
    for case_id in four[:2]:
        hotline.act(case_id, Action.REVIEW)
    hotline.act(four[0], Action.FOLLOW_UP, satisfied="yes", solved=True)
    assert hotline.snapshot(four[0]).closed_at is not None
    assert hotline.snapshot(four[1]).closed_at is None
