"""Rows in the driver's form are the rows that SQLAlchemy itself would have written."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType

import pytest
from sqlalchemy import JSON, Boolean, Column, Date, Integer, LargeBinary, MetaData, String, Table, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from hotline.casework.calendars import load_calendar
from hotline.casework.periods import due
from hotline.clock_parts import ClockExtension
from hotline.records import Clock
from hotline.store.bulk import insert_ready, ready_for
from hotline.store.codec import json_text, plain, restore, written
from hotline.store.engine import write_transaction
from hotline.store.types import DecimalText, UTCDateTime, WordList
from hotline.vocabulary import Holder, Unit

AT = datetime(2026, 11, 22, 3, 4, 5, 678, tzinfo=UTC)
THINGS = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("order", String),
    Column("at", UTCDateTime),
    Column("day", Date),
    Column("sum", DecimalText),
    Column("words", WordList),
    Column("body", JSON),
    Column("sealed", LargeBinary),
    Column("yes", Boolean),
)


def thing(number, **changed):
    row = {
        "id": number,
        "order": '制表\t换行\n反斜\\N 引号" \\N',
        "at": AT.astimezone(timezone(timedelta(hours=8))),
        "day": date(2026, 2, 28),
        "sum": Decimal("12.50"),
        "words": ("康宁", '药"店', "a\\b"),
        "body": {"名": ["值", None, 1.5, True]},
        "sealed": bytes(range(256)),
        "yes": True,
    }
    return row | changed


NOTHING = dict.fromkeys(column.name for column in THINGS.c if column.name != "id")


def test_rows_read_back_as_those_that_sqlalchemy_wrote(empty_engine):
    rows = [thing(1), thing(2, **NOTHING), thing(3, body="词", words=(), sealed=b"", order="", sum=Decimal("-0.10"))]
    with write_transaction(empty_engine) as session:
        THINGS.create(session.connection())
        session.execute(insert(THINGS), [row | {"id": row["id"] + 10} for row in rows])
        insert_ready(session, ready_for(session, THINGS, rows))
        found = session.execute(select(THINGS).order_by(THINGS.c.id)).mappings().all()
    ours, theirs = found[:3], [dict(row) | {"id": row["id"] - 10} for row in found[3:]]
    assert [dict(row) for row in ours] == theirs
    assert ours[0]["at"] == AT
    assert ours[0]["order"] == rows[0]["order"]


def test_a_key_that_was_there_says_nothing_of_the_row(empty_engine):
    with write_transaction(empty_engine) as session:
        THINGS.create(session.connection())
        insert_ready(session, ready_for(session, THINGS, [thing(1)]))
    with write_transaction(empty_engine) as session:
        ready = ready_for(session, THINGS, [thing(1, order="13900001111")])
    with pytest.raises(IntegrityError) as refused, write_transaction(empty_engine) as session:
        insert_ready(session, ready)
    assert "13900001111" not in str(refused.value)


@pytest.mark.parametrize("empty_engine", ["postgresql"], indirect=True)
def test_what_postgresql_refuses_says_nothing_of_the_row(empty_engine):
    with write_transaction(empty_engine) as session:
        THINGS.create(session.connection())
        ready = ready_for(session, THINGS, [thing("13900001111")])
    with pytest.raises(DBAPIError) as refused, write_transaction(empty_engine) as session:
        insert_ready(session, ready)
    assert "13900001111" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_naive_time_is_refused(empty_engine):
    with write_transaction(empty_engine) as session, pytest.raises(ValueError, match="naive"):
        insert_ready(session, ready_for(session, THINGS, [thing(1, at=datetime(2026, 1, 1))]))  # noqa: DTZ001 - on purpose.


def a_clock(calendar, unit):
    end = due((7, unit), AT, calendar)
    return Clock(
        id="c:P:1",
        policy="P",
        holder=Holder.COMPLAINT,
        holder_id="c",
        leg_id=None,
        body_id="b",
        title='受理"期限',
        statutory=True,
        article="",
        trigger="收到",
        stop="受理",
        started_at=AT,
        duration=7,
        unit=unit,
        extended=0,
        due=end,
        warn_at=AT,
        extensions=(ClockExtension(AT, 3, Unit.WORKDAY, "chief"),),
    )


@pytest.mark.parametrize("unit", [Unit.WORKDAY, Unit.DAY, Unit.HOUR])
def test_written_is_the_text_of_what_plain_makes(unit):
    calendar = load_calendar()
    clock = a_clock(calendar, unit)
    assert json.loads(written(clock)) == json.loads(json.dumps(plain(clock)))
    assert json_text(written(clock)) == json_text(clock) == written(clock)
    assert restore(Clock, json.loads(written(clock))) == restore(Clock, plain(clock)) == clock


def test_a_record_that_is_not_whole_is_not_restored():
    kept = plain(a_clock(load_calendar(), Unit.DAY))
    with pytest.raises(ValueError, match="started_at"):
        restore(Clock, kept | {"started_at": "昨天"})
    with pytest.raises(ValueError, match="due"):
        restore(Clock, {name: value for name, value in kept.items() if name != "due"})


def test_what_json_does_not_know_is_refused():
    with pytest.raises(TypeError, match="not JSON: object"):
        written({"share": object()})
    assert restore(Clock, json.loads(written(MappingProxyType(plain(a_clock(load_calendar(), Unit.DAY))))))
