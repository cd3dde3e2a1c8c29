"""Which stages a clock has reached when, and when they may be announced. Times are those of Asia/Shanghai."""

from datetime import datetime, timedelta

import pytest

from hotline.casework.stages import Span, following, label, missed_label, opening, reached
from hotline.casework.workdays import load_calendar
from hotline.moments import SHANGHAI

CALENDAR = load_calendar()


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


# Seven working days: warned on Thursday the 19th, due until the end of Tuesday the 24th.
DAYS = Span(at("11-19T10:00"), at("11-25T00:00"), at("11-25T00:00"))
# Its last day is a Sunday: the earlier date warns, the postponed one decides.
WEEKEND = Span(at("11-19T10:00"), at("11-23T00:00"), at("11-24T00:00"))
HOURS = Span(at("11-18T10:00"), at("11-18T16:30"), at("11-18T16:30"))
MINUTES = Span(at("11-18T10:01"), at("11-18T10:02"), at("11-18T10:02"))
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("span", "moment", "stages", "next_at"),
    [
        (DAYS, "11-19T09:59", (), "11-19T10:00"),
        (DAYS, "11-19T10:00", ("warn",), "11-24T00:00"),
        (DAYS, "11-24T08:00", ("warn", "due"), "11-25T00:00"),
        (DAYS, "11-25T00:00", ("warn", "due"), "11-25T00:00"),
        (DAYS, "11-25T09:00", ("warn", "due", "overdue"), "11-26T00:00"),
        (DAYS, "11-26T09:00", ("warn", "due", "overdue", "overdue+1"), "11-27T00:00"),
        (DAYS, "12-05T09:00", ("warn", "due", "overdue", "overdue+10"), "12-06T00:00"),
        (WEEKEND, "11-20T09:00", ("warn", "due"), "11-24T00:00"),
        (WEEKEND, "11-23T12:00", ("warn", "due"), "11-24T00:00"),
        (WEEKEND, "11-24T09:00", ("warn", "due", "overdue"), "11-25T00:00"),
        (HOURS, "11-18T15:29", ("warn",), "11-18T15:30"),
        (HOURS, "11-18T15:30", ("warn", "due"), "11-18T16:30"),
        (HOURS, "11-19T16:31", ("warn", "due", "overdue", "overdue+1"), "11-20T16:30"),
        (MINUTES, "11-18T10:01", ("warn",), "11-18T10:02"),
        (MINUTES, "11-18T10:03", ("warn", "overdue"), "11-19T10:02"),
    ],
)
def test_stages_and_the_next(span, moment, stages, next_at):
    assert reached(span, at(moment), CALENDAR) == stages
    found = following(span, at(moment), CALENDAR)
    assert found - at(next_at) in (timedelta(0), INSTANT)
    assert found > at(moment)
    assert reached(span, found, CALENDAR) != stages


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("11-18T09:00", "11-18T09:00"),
        ("11-18T11:59", "11-18T11:59"),
        ("11-18T12:00", "11-18T13:30"),
        ("11-18T17:30", "11-19T09:00"),
        ("11-18T03:00", "11-18T09:00"),
        ("11-20T18:00", "11-23T09:00"),
        ("09-30T20:00", "10-08T09:00"),  # 国庆 and 中秋.
        ("10-10T08:00", "10-10T09:00"),  # A Saturday that is worked.
    ],
)
def test_announcements_wait_for_working_hours(moment, opens):
    assert opening(at(moment), CALENDAR) == at(opens)


def test_a_year_nobody_can_know_has_weekdays():
    saturday = datetime(2090, 1, 7, 10, tzinfo=SHANGHAI)
    assert opening(saturday, CALENDAR) == datetime(2090, 1, 9, 9, tzinfo=SHANGHAI)
    assert reached(Span(saturday, saturday, saturday), saturday, CALENDAR) == ("warn",)


def test_words():
    assert [label(key) for key in ("warn", "due", "overdue", "overdue+3")] == [
        "即将到期",
        "今日到期",
        "已逾期",
        "已逾期 3 天",
    ]
    assert missed_label("") == ""
    assert missed_label("warn,due,overdue,overdue+1..4") == "即将到期、今日到期、已逾期、逾期第 1–4 天"
    assert missed_label("overdue+6") == "逾期第 6 天"
