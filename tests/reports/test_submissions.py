"""What bodies and the office submit each week: who is late, reminders once, holidays, the texts in the paper."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, time, timedelta

import pytest
from docx import Document

from hotline.casework.calendars import load_calendar
from hotline.errors import InvalidInputError
from hotline.moments import SHANGHAI
from hotline.records import Office
from hotline.reports.labels import Labels
from hotline.reports.report_period import Period, month_of, week_of, year_of
from hotline.reports.submitting import deadline_of, remind, reporting_rules, standings
from hotline.reports.weekly import weekly_report
from hotline.reports.weekly_paper import weekly_docx
from hotline.reports.weekly_words import period_word
from hotline.store.casestore import CaseStore
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.notices import notices
from hotline.store.submissions import LONGEST, SubmissionKind, submissions, submit
from tests.store.store_world import CLERK, NOW, SUPERVISOR, World

OFFICE = Office("xicheng", "西城办公室", "110102", "xicheng-2011", "11")
WEEK = week_of(date(2026, 11, 18))
FRIDAY_NOON = datetime(2026, 11, 20, 12, tzinfo=SHANGHAI)
CALENDAR = load_calendar()
OFFICE_DUE = (5, time(17))


@pytest.fixture
def world(engine, keyring):
    return World(engine, keyring)


def send(world, body, at, text="本周查办三件。", kind=SubmissionKind.WEEKLY, **more):
    with write_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        return submit(store, "xicheng", WEEK.since, kind, text, by=CLERK, now=at, body_id=body, **more)


def owed(world, office_due=OFFICE_DUE):
    with read_transaction(world.engine) as session:
        found = standings(session, OFFICE, reporting_rules(), CALENDAR, WEEK, office_due=office_due)
    return {each.body_id or each.recipient: each for each in found}


def test_who_owes_what_and_who_is_late(world):
    send(world, "110102-zscq", FRIDAY_NOON - timedelta(minutes=1))
    send(world, "110102-scjg", FRIDAY_NOON + timedelta(minutes=1))
    send(world, "", FRIDAY_NOON, recipient="区政府")
    found = owed(world)
    assert list(found) == [
        *("110102-zscq", "110102-swj", "110102-scjg", "110102-whly"),
        *("市专项行动领导小组办公室", "区政府"),
    ]
    assert found["110102-scjg"].answers_for == ("西城工商分局", "区质监局", "西城药监分局")
    late = {name: each.late(FRIDAY_NOON + timedelta(hours=1)) for name, each in found.items()}
    assert late == {
        "110102-zscq": False,
        "110102-swj": True,
        "110102-scjg": True,
        "110102-whly": True,
        "市专项行动领导小组办公室": False,
        "区政府": False,
    }


def test_the_offices_own_hour_is_the_deployments_where_the_plan_names_none(world):
    found = owed(world, (1, time(9, 30)))
    assert found["区政府"].due_at == datetime(2026, 11, 16, 9, 30, tzinfo=SHANGHAI)
    assert found["110102-zscq"].due_at == FRIDAY_NOON


def test_a_holiday_moves_the_deadline_to_the_next_working_day():
    assert deadline_of(date(2026, 10, 2), time(12), CALENDAR) == datetime(2026, 10, 8, 12, tzinfo=SHANGHAI)
    assert deadline_of(date(2026, 11, 20), time(12), CALENDAR) == FRIDAY_NOON


def test_reminders_come_on_the_day_and_after_the_hour_once_each(world):
    def told(at):
        with write_transaction(world.engine) as session:
            return remind(session, OFFICE, reporting_rules(), CALENDAR, at, office_due=OFFICE_DUE)

    assert told(datetime(2026, 11, 19, 12, tzinfo=SHANGHAI)) == 0
    send(world, "110102-zscq", FRIDAY_NOON - timedelta(hours=4))
    assert told(datetime(2026, 11, 20, 9, tzinfo=SHANGHAI)) == 3 + 1
    assert told(datetime(2026, 11, 20, 10, tzinfo=SHANGHAI)) == 0
    assert told(FRIDAY_NOON + timedelta(minutes=1)) == 1, "one for all who are late"
    assert told(FRIDAY_NOON + timedelta(minutes=9)) == 0
    with read_transaction(world.engine) as session:
        codes = [notice.code for notice in notices(session, SUPERVISOR)]
    assert "submission:late:110102-swj,110102-scjg,110102-whly" in codes


def test_texts_are_sealed_chained_and_in_the_paper(world):
    send(world, "110102-zscq", FRIDAY_NOON, text="  第一行\r\n第二行  ")
    send(world, "110102-whly", FRIDAY_NOON, text="有人暴力抗法", kind=SubmissionKind.URGENT)
    with read_transaction(world.engine) as session:
        found = submissions(session, world.keyring, "xicheng", WEEK.since, WEEK.since)
        report = weekly_report(session, OFFICE, reporting_rules(), NOW, WEEK)
        assert submissions(session, world.keyring, "baodi", WEEK.since, WEEK.since) == ()
    assert [(each.kind, each.text) for each in found] == [
        (SubmissionKind.WEEKLY, "第一行\n第二行"),
        (SubmissionKind.URGENT, "有人暴力抗法"),
    ]
    paper = Document(io.BytesIO(weekly_docx(report, Labels(reporting_rules()), found)))
    lines = [paragraph.text for paragraph in paper.paragraphs]
    assert lines.index("有人暴力抗法") < lines.index("第一行") < lines.index("第二行")
    # An urgent matter is no weekly report.
    assert owed(world)["110102-whly"].submitted_at is None


@pytest.mark.parametrize("text", ["", " \r\n ", "长" * (LONGEST + 1)])
def test_an_empty_or_endless_text_is_refused(world, text):
    with pytest.raises(InvalidInputError):
        send(world, "110102-zscq", FRIDAY_NOON, text=text)
    assert owed(world)["110102-zscq"].submitted_at is None


def test_months_and_years_have_their_own_before_and_name(world):
    march = month_of(date(2026, 3, 31))
    assert march == Period(date(2026, 3, 1), date(2026, 3, 31))
    assert march.before() == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert year_of(date(2026, 5, 1)).before() == year_of(date(2025, 1, 1))
    with read_transaction(world.engine) as session:
        words = {
            period_word(weekly_report(session, OFFICE, reporting_rules(), NOW, period))
            for period in (WEEK, march, year_of(date(2026, 5, 1)), Period(date(2026, 5, 3), date(2026, 5, 4)))
        }
    assert words == {"周报", "月报", "年报", "统计"}


def test_the_moment_is_kept_in_utc(world):
    send(world, "110102-zscq", FRIDAY_NOON)
    assert owed(world)["110102-zscq"].submitted_at == datetime(2026, 11, 20, 4, tzinfo=UTC)
