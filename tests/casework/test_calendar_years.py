from datetime import date

import pytest

from hotline.casework.calendar_file import parse_calendar_file
from hotline.casework.calendar_legal import check_whole, legal_days
from hotline.casework.calendar_years import load_with_years, year_document
from hotline.casework.calendars import NoticeDay, load_calendar
from hotline.casework.workdays import is_workday
from hotline.errors import CalendarError

DAYS = (
    NoticeDay(date(2027, 1, 1), makeup=False, name="元旦"),
    NoticeDay(date(2027, 2, 7), makeup=True, name='春节"调休"\\'),
)


def test_a_document_is_read_back_as_the_same_days():
    assert parse_calendar_file(2027, year_document(2027, DAYS).encode()) == DAYS


def test_no_folder_is_the_shipped_calendar(tmp_path):
    assert load_with_years(tmp_path / "nothing") == load_calendar()


def test_a_stored_year_is_announced_and_has_a_version_of_its_own(tmp_path):
    (tmp_path / "2027.toml").write_text(year_document(2027, DAYS), "utf-8")
    (tmp_path / "notes.toml").write_text("ignored = true", "utf-8")
    calendar = load_with_years(tmp_path)
    assert calendar.last_announced == 2027
    assert calendar.version != load_calendar().version
    assert is_workday(calendar, date(2027, 2, 7)) == (True, '春节"调休"\\调休上班', False)


def test_years_are_laid_over_in_their_order(tmp_path):
    for year in (2028, 2027):
        days = [NoticeDay(date(year, 1, 1), makeup=False, name="元旦")]
        (tmp_path / f"{year}.toml").write_text(year_document(year, days), "utf-8")
    assert load_with_years(tmp_path).last_announced == 2028


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("2027.toml", "[[day]]\ndate = 1\n"),
        ("2027.toml", "nonsense"),
        ("2028.toml", year_document(2028, [NoticeDay(date(2028, 1, 1), makeup=False, name="元旦")])),
    ],
)
def test_a_year_that_cannot_serve_is_named(tmp_path, name, content):
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(CalendarError, match=name):
        load_with_years(tmp_path)


@pytest.mark.parametrize("year", range(2004, 2027))
def test_every_shipped_year_holds_the_days_off_by_law(year):
    known = ((False, load_calendar().holidays), (True, load_calendar().makeup))
    days = [NoticeDay(day, makeup, name) for makeup, found in known for day, name in found.items() if day.year == year]
    check_whole(year, days)


@pytest.mark.parametrize("year", [2027, 2050, 2099])
def test_the_days_by_rule_of_years_to_come_are_those_of_the_law(year):
    check_whole(year, [NoticeDay(day, makeup=False, name="x") for day in load_calendar().festivals[year]])


@pytest.mark.parametrize(
    ("year", "count", "spring"),
    [(1999, 7, "02-16"), (2005, 10, "02-09"), (2013, 11, "02-09"), (2024, 11, "02-10"), (2025, 13, "01-28")],
)
def test_the_law_of_each_time(year, count, spring):
    legal = legal_days(year)
    assert (sum(map(len, legal.values())), f"{legal['春节'][0]:%m-%d}") == (count, spring)


def test_a_legal_day_that_is_worked_is_missing():
    days = [
        NoticeDay(day, makeup=day == date(2027, 10, 2), name="x") for one in legal_days(2027).values() for day in one
    ]
    with pytest.raises(CalendarError, match="国庆节（10-02）"):
        check_whole(2027, days)
