from datetime import date, timedelta

import holidays
import pytest

from hotline.casework.workdays import (
    NoticeDay,
    add_workdays,
    count_workdays,
    diff_year,
    is_holiday,
    is_workday,
    load_calendar,
    parse_calendar_file,
    with_year,
)
from hotline.errors import CalendarError, InvalidInputError

CALENDAR = load_calendar()
WEEKDAYS = "一二三四五六日"

# sla-law §6.1: the first day is not counted; (start, its weekday, N, end, its weekday, provisional).
VECTORS = [
    ("2026-02-13", "五", 3, "2026-02-25", "三", False),  # 02-14 is a make-up Saturday.
    ("2026-02-14", "六", 5, "2026-02-28", "六", False),  # Ends on a make-up Saturday.
    ("2026-04-30", "四", 7, "2026-05-13", "三", False),  # 05-09 made up.
    ("2026-09-18", "五", 7, "2026-09-29", "二", False),  # 09-20 made up.
    ("2026-09-30", "三", 3, "2026-10-10", "六", False),  # Ends on a make-up Saturday.
    ("2026-11-21", "六", 7, "2026-12-01", "二", False),  # Starts on a weekend.
    ("2026-11-20", "五", 7, "2026-12-01", "二", False),
    ("2026-11-20", "五", 15, "2026-12-11", "五", False),
    ("2026-11-20", "五", 29, "2026-12-31", "四", False),  # The last working day that is announced.
    ("2026-11-20", "五", 30, "2027-01-04", "一", True),
    ("2026-11-20", "五", 45, "2027-01-25", "一", True),
    ("2005-12-30", "五", 1, "2005-12-31", "六", False),  # Worked, by the notice for 2006.
]


@pytest.mark.parametrize(("start", "start_day", "n", "end", "end_day", "provisional"), VECTORS)
def test_vectors_of_the_law(*, start, start_day, n, end, end_day, provisional):
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert (WEEKDAYS[first.weekday()], WEEKDAYS[last.weekday()]) == (start_day, end_day)
    result = add_workdays(CALENDAR, first, n)
    assert (result.date, result.provisional) == (last, provisional)
    assert sum(step.counted for step in result.trace) == n
    assert [step.date for step in result.trace] == [
        first + timedelta(days=i) for i in range(1, (last - first).days + 1)
    ]
    between = count_workdays(CALENDAR, first, last)
    assert (between.days, between.provisional) == (n, provisional)


@pytest.mark.parametrize(
    ("day", "counted", "reason"),
    [
        ("2026-10-01", False, "国庆节放假"),
        ("2026-10-04", False, "国庆节放假"),
        ("2026-10-10", True, "国庆节调休上班"),
        ("2026-11-21", False, "周六休息"),
        ("2026-11-23", True, "工作日"),
        ("2015-09-03", False, "抗战胜利七十周年放假"),
        ("2027-01-01", False, "元旦放假（2027 年放假通知未公布，按放假办法暂定）"),
        ("2027-02-09", False, "春节补假放假（2027 年放假通知未公布，按放假办法暂定）"),
        ("2027-02-06", False, "春节放假（2027 年放假通知未公布，按放假办法暂定）"),
    ],
)
def test_each_day_says_why(day, counted, reason):
    kind = is_workday(CALENDAR, date.fromisoformat(day))
    assert (kind.counted, kind.reason) == (counted, reason)


def test_every_announced_year_has_its_days():
    assert CALENDAR.announced == frozenset(range(2004, 2027))
    for year in CALENDAR.announced:
        assert sum(day.year == year for day in CALENDAR.holidays) >= 20
        assert all(day.weekday() >= 5 for day in CALENDAR.makeup)
    assert not CALENDAR.holidays.keys() & CALENDAR.makeup.keys()


def test_a_make_up_day_is_no_holiday():
    assert is_holiday(CALENDAR, date(2026, 10, 7))
    assert not is_holiday(CALENDAR, date(2026, 10, 10))
    assert not is_holiday(CALENDAR, date(2026, 11, 21))
    assert is_holiday(CALENDAR, date(2027, 10, 1))


@pytest.mark.parametrize("year", [1999, 2003, 2101])
def test_a_year_without_data_is_an_error(year):
    with pytest.raises(CalendarError, match=f"没有 {year} 年的放假安排"):
        add_workdays(CALENDAR, date(year, 6, 1), 1)


def test_bad_numbers_and_order_are_refused():
    with pytest.raises(InvalidInputError, match="不小于 1"):
        add_workdays(CALENDAR, date(2026, 11, 20), 0)
    with pytest.raises(InvalidInputError, match="结束日期早于"):
        count_workdays(CALENDAR, date(2026, 11, 20), date(2026, 11, 19))
    assert count_workdays(CALENDAR, date(2026, 11, 20), date(2026, 11, 20)).days == 0


CSV_2027 = "date,type,name\n2027-01-01,holiday,元旦\n2027-01-02,放假,元旦\n2027-01-03,休,元旦\n2026-12-27,补班,元旦\n"


def test_an_imported_year_is_no_longer_provisional():
    days = parse_calendar_file(2027, CSV_2027.encode())
    assert days[0] == NoticeDay(date(2026, 12, 27), makeup=True, name="元旦")
    after = with_year(CALENDAR, 2027, days)
    assert after.version != CALENDAR.version
    assert 2027 not in CALENDAR.announced
    # The make-up Sunday of 2026 moves the end one working day earlier.
    result = add_workdays(after, date(2026, 11, 20), 45)
    assert (result.date, result.provisional) == (date(2027, 1, 22), False)


@pytest.mark.parametrize(
    "content",
    [
        CSV_2027,
        "\ufeff日期\t类型\t名称\n2027-01-01\t放假\t元旦\n",
        '[{"date": "2027-01-01", "type": "holiday", "name": "元旦"}]',
        '{"days": [{"date": "2027-01-01", "type": "off", "name": "元旦"}]}',
        '[[day]]\ndate = 2027-01-01\ntype = "holiday"\nname = "元旦"\n',
    ],
)
def test_csv_json_and_toml_are_read(content):
    days = parse_calendar_file(2027, content.encode())
    assert NoticeDay(date(2027, 1, 1), makeup=False, name="元旦") in days


def test_gb18030_is_read():
    assert parse_calendar_file(2027, CSV_2027.encode("gb18030"))[1].name == "元旦"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "空的"),
        (b"\x00\x01\x02", "不是文本"),
        (b"\xff\xff\xff", "不是文本"),
        ("a,b\n1,2\n", "表头"),
        ("date,type,name\n2027-13-01,holiday,x\n", "第 1 条：日期"),
        ("date,type,name\n2027-01-01,party,x\n", "第 1 条：类型"),
        ("date,type,name\n2028-01-01,holiday,x\n", "不属于 2027 年"),
        ("date,type,name\n2027-01-04,补班,x\n", "不是周末"),
        ("date,type,name\n2027-01-01,holiday,x\n2027-01-01,holiday,x\n", "出现了两次"),
        ("date,type,name\n2026-12-27,补班,x\n", "没有 2027 年的放假日"),
        ("[1, 2]", "列表"),
        ("{", "读不出来"),
    ],
)
def test_an_unusable_calendar_file_says_why(content, message):
    with pytest.raises(CalendarError, match=message):
        parse_calendar_file(2027, content)


def test_a_year_in_between_may_not_be_missing():
    days = [NoticeDay(date(2028, 1, 1), makeup=False, name="元旦")]
    with pytest.raises(CalendarError, match="2027 年的放假安排还没有导入"):
        with_year(CALENDAR, 2028, days)
    with pytest.raises(CalendarError, match="没有放假日"):
        with_year(CALENDAR, 2027, [NoticeDay(date(2027, 1, 9), makeup=True, name="元旦")])


def test_the_diff_names_each_changed_day():
    lines = diff_year(CALENDAR, 2027, parse_calendar_file(2027, CSV_2027))
    assert "2026-12-27 周末 → 元旦补班" in lines
    assert "2027-01-02 周末 → 元旦放假" in lines
    assert "2027-10-01 国庆节放假（暂定） → 工作日" in lines


def test_importing_what_is_known_changes_nothing():
    days = tuple(
        NoticeDay(day, makeup, name)
        for makeup, known in ((False, CALENDAR.holidays), (True, CALENDAR.makeup))
        for day, name in known.items()
        if day.year == 2026
    )
    assert diff_year(CALENDAR, 2026, days) == ()
    again = with_year(CALENDAR, 2026, days)
    assert (again.holidays, again.makeup) == (CALENDAR.holidays, CALENDAR.makeup)


def test_a_broken_data_file_is_named(tmp_path):
    path = tmp_path / "calendar.toml"
    path.write_text("version = 1", encoding="utf-8")
    with pytest.raises(CalendarError, match=r"calendar\.toml"):
        load_calendar(path)


def test_a_festival_on_a_national_holiday_is_given_back():
    # 2028: 中秋 is 10-03, so the week has one day more, as in 2020.
    assert CALENDAR.festivals[2028][date(2028, 10, 5)] == "国庆节补假"


def test_the_calendar_equals_an_independent_one():
    known = holidays.country_holidays("CN", years=range(2004, 2027))
    day = date(2004, 1, 1)
    while day.year < 2027:
        assert is_workday(CALENDAR, day).counted == known.is_working_day(day), day
        day += timedelta(days=1)
