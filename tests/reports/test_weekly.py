"""The weekly report: each figure against a naive recount and its list; the bodies that answer for the six agencies."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from docx import Document

from hotline.casework.policy_file import load_policies
from hotline.commands.report_papers import ReportRules
from hotline.moments import SHANGHAI, local_date
from hotline.records import Office
from hotline.reports.addresses import to_query
from hotline.reports.annex import annex, linker
from hotline.reports.breaches import breach_cube
from hotline.reports.cases import clocks_behind, count_cases, every_case
from hotline.reports.exports import case_table, cube_table
from hotline.reports.figure_words import DESK, ClockState, Figure
from hotline.reports.labels import Labels
from hotline.reports.report_period import Period, week_of
from hotline.reports.selection import Selection
from hotline.reports.table_paper import table_docx
from hotline.reports.tables import to_csv, to_text
from hotline.reports.weekly import weekly_report
from hotline.reports.weekly_paper import weekly_docx
from hotline.reports.weekly_tables import duty_table, weekly_table
from hotline.reports.weekly_words import summary
from hotline.routing.directory_file import load_directory
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy
from hotline.store.casestore import CaseStore
from hotline.store.clockstore import clocks_of
from hotline.store.engine import read_transaction, write_transaction
from hotline.vocabulary import LegState
from tests.store.store_world import NOW, PHONE, SUPERVISOR

OFFICE = Office("xicheng", "西城办公室", "110102", "xicheng-2011", "11")


@pytest.fixture(scope="module")
def rules():
    return ReportRules(load_plans(), load_directory(), load_taxonomy(), load_policies())


@pytest.fixture
def filled(world):
    """Two legs resolved: one this week, one the week before; and a case that came the week before."""
    with write_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        for index, at in ((5, NOW - timedelta(hours=3)), (6, NOW - timedelta(days=7))):
            snapshot = world.snapshots[index]
            leg = replace(snapshot.legs[0], state=LegState.RESOLVED, closed_at=at)
            world.snapshots[index] = replace(snapshot, legs=(leg,))
            store.save_case(world.snapshots[index])
    world.snapshots.append(world.case("2026-110011-1", received_at=NOW - timedelta(days=6)))
    return world


def naive(world, session, figure, body, period):
    def inside(moment):
        return moment is not None and period.since <= local_date(moment) <= period.until

    found = set()
    for case in world.snapshots:
        if case.office_id != "xicheng":
            continue
        lead = case.legs[0].body_id if case.legs else DESK
        if figure is Figure.RECEIVED and inside(case.received_at) and body in ("", lead):
            found.add(case.case_id)
        for leg in case.legs:
            moment = leg.opened_at if figure is Figure.DISPATCHED else leg.closed_at
            if figure in (Figure.DISPATCHED, Figure.RESOLVED) and inside(moment) and body in ("", leg.body_id):
                found.add(case.case_id)
        for clock in clocks_of(session, case.case_id):
            end = clock.stopped_at or clock.paused_since or NOW
            late = clock.policy != "H-RETURN" and clock.due.breach_at < min(end, NOW)
            mine = body in ("", clock.body_id or DESK)
            if figure is Figure.BREACHED and late and inside(clock.due.breach_at) and mine:
                found.add(case.case_id)
    return len(found)


def test_each_figure_equals_the_recount_and_its_list(filled, rules):
    with read_transaction(filled.engine) as session:
        report = weekly_report(session, OFFICE, rules, NOW)
        assert (report.period.since, report.period.until) == (date(2026, 11, 16), date(2026, 11, 22))
        for row in (*report.rows, report.total):
            for figure in Figure:
                for period, counts in ((report.period, row.this), (report.period.before(), row.last)):
                    listed = count_cases(session, SUPERVISOR, period.selection(figure, row.body), NOW)
                    assert counts[figure] == naive(filled, session, figure, row.body, period) == listed
    assert report.total.this == {
        Figure.RECEIVED: 10,
        Figure.DISPATCHED: 10,
        Figure.RESOLVED: 1,
        Figure.BREACHED: 5,
    }
    assert report.total.last == {Figure.RECEIVED: 1, Figure.DISPATCHED: 0, Figure.RESOLVED: 1, Figure.BREACHED: 0}


def test_todays_bodies_answer_for_the_six_agencies(world, rules):
    with read_transaction(world.engine) as session:
        report = weekly_report(session, OFFICE, rules, NOW)
    assert report.clause == "三（三）"
    answers = {duty.body: duty.answers_for for duty in report.duties}
    assert answers == {
        "110102-zscq": ("区知识产权局",),
        "110102-swj": ("区商务委",),
        "110102-scjg": ("西城工商分局", "区质监局", "西城药监分局"),
        "110102-whly": ("区文化委",),
    }
    assert {(duty.due_on, duty.due_time) for duty in report.duties} == {(date(2026, 11, 20), "12:00")}
    assert [row.body for row in report.rows][:4] == list(answers)


def test_in_2011_the_six_answered_for_themselves(world, rules):
    with read_transaction(world.engine) as session:
        report = weekly_report(session, OFFICE, rules, NOW, week_of(date(2011, 1, 12)))
    assert [duty.answers_for for duty in report.duties] == [(name,) for name in _six(rules)]


def _six(rules):
    return rules.plans["xicheng-2011"].reporting[0].who


def test_an_office_whose_plan_has_no_such_duty_reports_all_the_same(world, rules):
    other = Office("baodi", "宝坻办公室", "120115", "none", "12")
    with read_transaction(world.engine) as session:
        report = weekly_report(session, other, rules, NOW)
    assert report.duties == ()
    assert report.total.this[Figure.RECEIVED] == 1


@pytest.mark.parametrize(
    ("day", "monday"), [(date(2026, 11, 16), 16), (date(2026, 11, 22), 16), (date(2026, 11, 23), 23)]
)
def test_a_week_begins_on_monday(day, monday):
    week = week_of(day)
    assert (week.since.day, (week.until - week.since).days) == (monday, 6)


def test_the_period_before_is_as_long_and_before_a_month_a_month():
    assert Period(date(2026, 11, 5), date(2026, 11, 14)).before() == Period(date(2026, 10, 26), date(2026, 11, 4))
    assert Period(date(2026, 11, 1), date(2026, 11, 30)).before() == Period(date(2026, 10, 1), date(2026, 10, 31))


def test_the_paper_holds_every_figure(filled, rules):
    labels = Labels(rules)
    with read_transaction(filled.engine) as session:
        report = weekly_report(session, OFFICE, rules, NOW)
    paper = Document(io.BytesIO(weekly_docx(report, labels)))
    figures, duties = paper.tables
    written = [[cell.text for cell in row.cells] for row in figures.rows]
    table = weekly_table(report, labels)
    assert written == [[str(value) for value in row] for row in (table.columns, *table.rows)]
    assert [cell.text for cell in duties.rows[2].cells][1] == duty_table(report, labels).rows[1][1]
    texts = [paragraph.text for paragraph in paper.paragraphs]
    assert "西城办公室投诉举报工作周报" in texts
    assert summary(report) in texts
    assert paper.core_properties.author == "西城办公室"
    made = paper.core_properties.created.replace(tzinfo=SHANGHAI)
    assert made == NOW


def test_figures_of_the_paper_are_links_where_the_deployment_has_an_address(filled, rules):
    with read_transaction(filled.engine) as session:
        report = weekly_report(session, OFFICE, rules, NOW)
        made = weekly_docx(report, Labels(rules), link=linker("https://h.example", NOW), lists=())
    paper = Document(io.BytesIO(made))
    links = {each.target_ref for each in paper.part.rels.values() if each.is_external}
    shown = [(row, report.period, row.this) for row in (*report.rows, report.total)]
    shown += [(row, report.period.before(), row.last) for row in (*report.rows, report.total)]
    wanted = {
        "https://h.example/supervisors/cases?"
        + urlencode(to_query(replace(period.selection(figure, row.body), asof=NOW)))
        for row, period, counts in shown
        for figure, count in counts.items()
        if count
    }
    assert links == wanted
    assert linker("") is None


def test_without_an_address_the_cases_stand_in_an_annex(filled, rules, monkeypatch):
    monkeypatch.setattr("hotline.reports.annex.MOST", 4)
    with read_transaction(filled.engine) as session:
        report = weekly_report(session, OFFICE, rules, NOW)
        lists = annex(session, report, Labels(rules))
    assert [len(each.rows) for each in lists] == [4, 4, 1, 4]
    assert lists[0].notes == ("另有 6 件未列，请在系统中查看。",)
    paper = Document(io.BytesIO(weekly_docx(report, Labels(rules), lists=lists)))
    texts = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert lists[2].rows[0][0] in texts
    assert "张三" not in "".join(texts)


def test_no_personal_data_in_any_file(filled, rules):
    labels, chosen = Labels(rules), Selection()
    with read_transaction(filled.engine) as session:
        lines = list(every_case(session, SUPERVISOR, chosen, NOW))
        clocks = clocks_behind(session, [line.case_id for line in lines], chosen, NOW)
        cube = cube_table(breach_cube(session, "xicheng", chosen, NOW), chosen, labels, NOW)
    cases = case_table(lines, clocks, chosen, labels, NOW)
    texts = [to_csv(cases).decode(), to_text(cases), to_csv(cube).decode()]
    word = Document(io.BytesIO(table_docx(cube, "西城办公室", NOW)))
    texts += [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    for text in texts:
        for secret in ("张三", PHONE, "110101199003070011", "某某（音像）店", "01012345678", "盗版光盘"):
            assert secret not in text
    assert len(cases.rows) == 11
    assert any("已逾期" in str(value) for row in cases.rows for value in row)


def test_the_cube_as_a_table_has_a_row_a_cell(filled, rules):
    with read_transaction(filled.engine) as session:
        cells = breach_cube(session, "xicheng", Selection(), NOW)
    table = cube_table(cells, Selection(), Labels(rules), NOW)
    assert len(table.rows) == len(cells)
    assert table.columns[-1 - len(ClockState) :] == (*(state.label for state in ClockState), "工作分钟")
    assert sum(row[-1] for row in table.rows) == sum(cell.minutes for cell in cells)
