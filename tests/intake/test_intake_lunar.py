from datetime import date

import pytest

from hotline.intake import feasts, lunar


@pytest.mark.parametrize("year", range(2000, 2036))
def test_the_table_agrees_with_the_calendar_package(year):
    package = feasts._calendar()
    assert lunar.lunar_day(year, 1, 1) == package.lunar_new_year_date(year)[0]
    assert lunar.lunar_day(year, 5, 5) == package.dragon_boat_date(year)[0]
    assert lunar.lunar_day(year, 8, 15) == package.mid_autumn_date(year)[0]
    assert lunar.lunar_day(year, 9, 9) == package.double_ninth_date(year)[0]


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (2025, 2, 2, date(2025, 3, 1)),
        (2025, 7, 7, date(2025, 8, 29)),
        (2024, 12, 30, None),
        (2026, 13, 1, None),
        (1990, 1, 1, None),
    ],
)
def test_a_lunar_day_or_none(year, month, day, expected):
    assert lunar.lunar_day(year, month, day) == expected


def test_the_latest_is_never_after_today_and_any_month_may_be_meant():
    assert lunar.latest(3, 8, date(2026, 4, 1)) == date(2025, 4, 5)
    assert lunar.latest(0, 1, date(2025, 2, 5)) == date(2025, 1, 29)
    assert lunar.latest(1, 1, date(1990, 1, 1)) is None


def test_feasts_that_move():
    assert feasts.feast("母亲节", 2026) == date(2026, 5, 10)
    assert feasts.feast("父亲节", 2026) == date(2026, 6, 21)
    assert feasts.feast("冬至", 2025) == date(2025, 12, 21)
    assert feasts.feast("龙抬头", 2025) == date(2025, 3, 1)
    assert feasts.feast("腊八", 2026) == date(2026, 1, 26)
