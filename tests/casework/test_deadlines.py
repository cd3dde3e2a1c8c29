import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.casework.day_bounds import end_of
from hotline.casework.deadlines import deadline_lines, due
from hotline.casework.policy_file import load_policies
from hotline.casework.policy_lookup import known_policy
from hotline.casework.workdays import add_workdays, load_calendar
from hotline.errors import CalendarError, InvalidInputError, PolicyError
from hotline.vocabulary import AgencyType, Kind, Unit, Urgency

CALENDAR = load_calendar()
POLICIES = load_policies()
GOLDEN = Path(__file__).parents[1] / "golden" / "deadlines.csv"
HOTLINE = ["H-DISPATCH", "H-SIGN", "H-RETURN", "H-REASSIGN", "H-FIRST-CONTACT", "H-RESOLVE", "H-FOLLOWUP"]


def at(text):
    return datetime.fromisoformat(text)


def lines(kind="dispute", channel="12315", received="2026-11-20T10:00+08:00", **more):
    found = deadline_lines(
        kind=Kind(kind), channel=channel, received=at(received), policies=POLICIES, calendar=CALENDAR, **more
    )
    return {line["policy"]: line for line in found}


def golden_rows():
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return [pytest.param(row, id=f"{row['policy']}-{row['why']}") for row in csv.DictReader(file)]


@pytest.mark.parametrize("row", golden_rows())
def test_golden_table(row):
    policy = row["policy"]
    line = lines(
        row["kind"],
        row["channel"],
        row["received"],
        agency_type=AgencyType(row["agency_type"]) if row["agency_type"] else None,
        urgency=Urgency(row["urgency"]) if row["urgency"] else None,
        starts={policy: at(row["start"])} if row["start"] else {},
        extends={policy: int(row["extend"])} if row["extend"] else {},
    )[policy]
    assert "一二三四五六日"[date.fromisoformat(line["due"][:10]).weekday()] == row["weekday"]
    assert (line["due"], line["due_alt"] or "", line["provisional"]) == (
        row["due"],
        row["due_alt"],
        row["provisional"] == "yes",
    )


def test_only_clocks_of_the_receipt_start_by_themselves():
    assert list(lines()) == ["C-ACCEPT", *HOTLINE]
    assert list(lines("report")) == ["R-VERIFY", *HOTLINE]
    assert list(lines("inquiry")) == HOTLINE
    assert list(lines("dispute", "12330")) == ["ZL81-FILE", *HOTLINE]


def test_a_start_for_a_clock_that_does_not_run_here_changes_nothing():
    every = {policy.id: at("2026-11-20T10:00+08:00") for policy in POLICIES}
    found = lines(starts=every)
    assert "C20-MEDIATE" not in found
    assert "HG-FINDING" not in found
    assert not any(name.startswith(("DF-", "GA16-", "BJ-")) for name in found)
    assert {"C-ACCEPT", "C-MEDIATE", "C-TERM", "C-CLUE", "C-LIMIT", "J-DISPUTE", "CASE-90"} <= found.keys()


def test_the_day_of_the_event_decides_where_the_table_says_so():
    facts = {"agency_type": AgencyType.COPYRIGHT, "received": "2021-07-01T10:00+08:00"}
    assert "CASE-90" not in lines("report", starts={"CASE-90": at("2021-07-14T10:00+08:00")}, **facts)
    assert "CASE-90" in lines("report", starts={"CASE-90": at("2021-07-15T10:00+08:00")}, **facts)


def test_the_shape_of_a_line():
    line = lines()["C-ACCEPT"]
    assert line["statutory"] is True
    assert "121号令第15条" in line["article"]
    assert line["trigger"] == "有处理权限的部门收到投诉"
    assert (line["start"], line["duration"], line["unit"]) == ("2026-11-20T10:00:00+08:00", 7, "工作日")
    assert line["trace"][0] == {"date": "2026-11-21", "counted": False, "reason": "周六休息"}
    assert line["trace"][-1] == {"date": "2026-12-01", "counted": True, "reason": "工作日"}
    hotline = lines()["H-SIGN"]
    assert (hotline["statutory"], hotline["article"], hotline["assumed_start"]) == (False, None, True)
    assert lines()["H-DISPATCH"]["assumed_start"] is False


@pytest.mark.parametrize(
    ("kind", "extends", "message"),
    [
        ("dispute", {"C-ACCEPT": 5}, "不能延长"),
        ("dispute", {"H-SIGN": 5}, "不能延长"),
        ("report", {"R-VERIFY": 16}, "1 至 15"),
        ("report", {"R-VERIFY": -1}, "1 至 15"),
        ("dispute", {"NO-SUCH": 1}, "没有编号"),
    ],
)
def test_an_extension_the_article_does_not_allow(kind, extends, message):
    with pytest.raises(PolicyError, match=message):
        lines(kind, extends=extends)


def test_case_90_is_extended_by_the_market_bureau_alone():
    starts, extends = {"CASE-90": at("2026-06-01T09:00+08:00")}, {"CASE-90": 30}
    assert lines("report", starts=starts, extends=extends)["CASE-90"]["extended"] == 30
    with pytest.raises(PolicyError, match="不能延长"):
        lines("report", agency_type=AgencyType.COPYRIGHT, starts=starts, extends=extends)


def test_times_need_a_zone_and_years_need_data():
    with pytest.raises(InvalidInputError, match="时区"):
        lines(received="2026-11-20T10:00")
    with pytest.raises(InvalidInputError, match="时区"):
        lines(starts={"C-MEDIATE": at("2026-11-20T10:00")})
    with pytest.raises(PolicyError, match="没有编号"):
        lines(starts={"NO-SUCH": at("2026-11-20T10:00+08:00")})
    with pytest.raises(CalendarError, match="2003"):
        lines("dispute", "12365", "2003-05-01T10:00+08:00")


# ---- pauses ------------------------------------------------------------------------------------

MONDAY = "2026-11-23T10:00+08:00"


@pytest.mark.parametrize(
    ("rule", "pauses", "expected"),
    [
        ((7, Unit.WORKDAY), [], "2026-12-02"),
        # Paused Tuesday to Thursday: Wednesday and Thursday do not count.
        ((7, Unit.WORKDAY), [("2026-11-24T09:00", "2026-11-26T09:00")], "2026-12-04"),
        # Paused and resumed on one day takes nothing away.
        ((7, Unit.WORKDAY), [("2026-11-24T09:00", "2026-11-24T17:00")], "2026-12-02"),
        # Over a weekend only the working days are lost.
        ((7, Unit.WORKDAY), [("2026-11-27T09:00", "2026-11-30T09:00")], "2026-12-03"),
        # Overlapping pauses are not counted twice.
        (
            (7, Unit.WORKDAY),
            [("2026-11-24T09:00", "2026-11-26T09:00"), ("2026-11-25T09:00", "2026-11-26T12:00")],
            "2026-12-04",
        ),
        ((7, Unit.DAY), [], "2026-11-30"),
        ((7, Unit.DAY), [("2026-11-24T09:00", "2026-11-26T09:00")], "2026-12-02"),
        ((1, Unit.MONTH), [], "2026-12-23"),
        ((1, Unit.MONTH), [("2026-11-24T09:00", "2026-11-26T09:00")], "2026-12-25"),
        # A pause that begins after the end changes nothing.
        ((7, Unit.DAY), [("2026-12-10T09:00", "2026-12-20T09:00")], "2026-11-30"),
        ((0, Unit.DAY), [], "2026-11-23"),
    ],
)
def test_paused_days_do_not_count(rule, pauses, expected):
    spans = [(at(f"{start}+08:00"), at(f"{end}+08:00")) for start, end in pauses]
    result = due(rule, at(MONDAY), CALENDAR, pauses=spans)
    assert result.due.isoformat() == expected
    assert result.due_at == end_of(result.due)
    if rule[1] is not Unit.MONTH:
        assert sum(step.counted for step in result.trace) == rule[0]


def test_hours_are_paused_to_the_minute():
    pause = (at("2026-11-23T11:00+08:00"), at("2026-11-23T12:30+08:00"))
    late = (at("2026-11-25T11:00+08:00"), at("2026-11-25T12:30+08:00"))
    result = due((2, Unit.HOUR), at(MONDAY), CALENDAR, pauses=[late, pause])
    assert result.due_at == datetime(2026, 11, 23, 5, 30, tzinfo=UTC)
    assert result.due_at == result.breach_at


def test_an_open_pause_lasts_until_now():
    pause = [(at("2026-11-24T09:00+08:00"), None)]
    assert due((7, Unit.DAY), at(MONDAY), CALENDAR, pauses=pause).due == date(2026, 11, 30)
    now = at("2026-11-26T09:00+08:00")
    assert due((7, Unit.DAY), at(MONDAY), CALENDAR, pauses=pause, now=now).due == date(2026, 12, 2)


def test_ambiguous_weekends_warn_early_and_breach_late():
    result = due((7, Unit.DAY), at("2026-11-28T10:00+08:00"), CALENDAR)
    assert (result.due, result.due_alt) == (date(2026, 12, 5), date(2026, 12, 7))
    assert result.due_at == datetime(2026, 12, 5, 16, tzinfo=UTC)
    assert result.breach_at == datetime(2026, 12, 7, 16, tzinfo=UTC)
    assert "预警按当日" in result.trace[-1].reason


def test_a_holiday_is_postponed_for_certain_and_says_why():
    result = due((60, Unit.DAY), at("2026-08-04T10:00+08:00"), CALENDAR)
    assert (result.due, result.due_alt, result.provisional) == (date(2026, 10, 8), None, False)
    assert "末日国庆节放假，顺延" in next(step.reason for step in result.trace if step.date == date(2026, 10, 3))
    assert sum(step.counted for step in result.trace) == 60


@given(
    start=st.datetimes(datetime(2010, 1, 1), datetime(2026, 6, 1)),  # noqa: DTZ001 - made aware below.
    n=st.integers(1, 60),
)
def test_working_day_clocks_are_never_ambiguous(start, n):
    moment = start.replace(tzinfo=UTC)
    result = due((n, Unit.WORKDAY), moment, CALENDAR)
    assert result.due_alt is None
    assert (
        result.due
        == add_workdays(CALENDAR, result.trace[0].date.fromordinal(result.trace[0].date.toordinal() - 1), n).date
    )
    assert result.due_at == result.breach_at > moment


@given(
    start=st.datetimes(datetime(2010, 1, 1), datetime(2026, 6, 1)),  # noqa: DTZ001 - made aware below.
    n=st.integers(1, 120),
)
def test_postponing_only_ever_moves_forward(start, n):
    result = due((n, Unit.DAY), start.replace(tzinfo=UTC), CALENDAR)
    assert sum(step.counted for step in result.trace) == n
    assert result.breach_at >= result.due_at
    assert (result.due_alt is None) == (result.due_at == result.breach_at)


def test_an_absurd_duration_is_refused():
    with pytest.raises(CalendarError):
        due((99_999, Unit.YEAR), at(MONDAY), CALENDAR)
    with pytest.raises(CalendarError):
        due((99_999, Unit.WORKDAY), at(MONDAY), CALENDAR)
    with pytest.raises(CalendarError):
        due((9_999_999_999, Unit.HOUR), at(MONDAY), CALENDAR)


def test_hotline_days_are_never_postponed():
    policy = known_policy(POLICIES, "H-FOLLOWUP").at(Urgency.URGENT)
    assert due(policy, at("2026-09-30T10:00+08:00"), CALENDAR).due == date(2026, 10, 1)
