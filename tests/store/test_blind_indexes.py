"""Which ways to write a number are one number, and which say none: nobody shares a caller with 无."""

import pytest
from sqlalchemy import select

from hotline.records import Reporter
from hotline.store.tables import REPORTER

NONE = ["", " ", "无", "不详", "匿名", "-", "139****0105", "139xxxx0105", "00000000", "12315"]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+86 139-3333-0105", "13933330105"),
        ("013933330105", "13933330105"),
        ("０１３９３３３３０１０５", "13933330105"),
        ("13933330105/13933330106", "13933330105"),
        ("13933330105、010-55551335", "13933330105"),
        ("13933330105（张先生）", "13933330105"),
        ("幺三九三三三三零幺零五", "13933330105"),
        ("(010)55551334转801", "010-55551334"),
        ("010-55551334-801", "01055551334"),
        ("400 810 1234", "4008101234"),
        ("6655 1334", "66551334"),
    ],
)
def test_the_first_number_of_a_field_is_the_callers(keyring, written, number):
    assert keyring.blind_index("phone", written) == keyring.blind_index("phone", number) != ""


@pytest.mark.parametrize("written", NONE)
@pytest.mark.parametrize("kind", ["phone", "id_number"])
def test_what_is_no_number_has_no_index(keyring, kind, written):
    if (kind, written) != ("id_number", "139xxxx0105"):
        assert (keyring.blind_index(kind, written), keyring.blind_indexes(kind, written)) == ("", ())


def test_id_numbers_are_equal_however_written(keyring):
    assert keyring.blind_index("id_number", "11010119900307001x") == keyring.blind_index(
        "id_number", "110101 19900307 001X"
    )


def test_callers_who_gave_no_number_are_not_the_same_caller(world):
    for count, phone in enumerate(("无", "不详", "匿名"), 1):
        world.case(f"2026-1100{count:02}-1", external_id=str(count), reporter=Reporter(phone=phone))
    with world.engine.connect() as connection:
        assert set(connection.execute(select(REPORTER.c.phone_index)).scalars()) == {None}
