from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotline.errors import InvalidInputError
from hotline.intake.moments import parse_amount, parse_day, parse_moment

_NUMBERISH = st.text(alphabet="0123456789.,，eE+-¥￥元块 NaInfty_１²٣", max_size=40)
_TIMEISH = st.text(alphabet="0123456789-/.:年月日号时分秒T Z+上下午周一AMPM²٣１", max_size=40)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,280.00", "1280.00"),
        ("¥50", "50"),
        ("3000元", "3000"),
        ("-20", "20"),
        ("人民币 15 元", "15"),
        (".5", "0.5"),
        ("1E+999999999", None),
        ("1e5", None),
        ("NaN", None),
        ("Infinity", None),
        ("1_000", None),
        ("1.2.3", None),
        ("", None),
        ("若干", None),
        ("9" * 16, None),
        ("9" * 100_000, None),
    ],
)
def test_a_sum_of_a_form(text, value):
    assert parse_amount(text) == (None if value is None else Decimal(value))


@given(st.one_of(st.text(), _NUMBERISH))
@example("1E+999999999")
@settings(max_examples=500, deadline=None)
def test_any_text_gives_a_plain_sum_or_none(text):
    value = parse_amount(text)
    assert value is None or (value.is_finite() and 0 <= value < 10**15 and len(format(value, "f")) <= 24)


@given(st.one_of(st.text(), _TIMEISH))
@example("9999-12-31T23:59+00:00")
@example("2026-01-01 25:00")
@example("2026-01-01T00:00+99:99")
@settings(max_examples=500, deadline=None)
def test_any_text_gives_a_moment_or_a_refusal(text):
    try:
        moment = parse_moment(text)
    except InvalidInputError:
        assert parse_day(text) is None
        return
    assert moment.utcoffset() == datetime.now(UTC).utcoffset()
    assert 1969 <= moment.year <= 2101
    assert parse_day(text) is not None
