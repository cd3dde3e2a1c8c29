"""A batch stores what one registration after the other stores, table by table."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import timedelta
from itertools import count as counted_from

import pytest
from sqlalchemy import select

from hotline.casework import desk as desk_module
from hotline.casework.desk import Desk, act, register
from hotline.demo.complaints import draft_of, read_complaints
from hotline.demo.story import Story
from hotline.errors import ConflictError
from hotline.importing.files import import_file
from hotline.intake.channels import get_channel
from hotline.intake.judge import drafts
from hotline.intake.readers import read_table
from hotline.preparing import directory_bodies
from hotline.records import Actor, Command
from hotline.registering import prepare_draft
from hotline.services import Services
from hotline.store.batchstore import BatchStore
from hotline.store.engine import late_write_transaction, read_transaction, write_transaction
from hotline.store.numbers import take_numbers
from hotline.store.offices import save_bodies, save_office
from hotline.store.tables import METADATA
from hotline.store.tally_folding import fold_changes
from hotline.vocabulary import Action, Role
from tests.conftest import sqlite_database
from tests.flow.conftest import FAKE_DRUG, OFFICE, OPERATOR, OTHER_OFFICE, START, SUPERVISOR

IMPORTER = Actor("import", Role.SYSTEM, "xicheng")
TEXTS = (
    FAKE_DRUG,
    "新街口一家音像店卖盗版光盘，五块钱一张，电话里说不清，请查处。",
    "想问一下你们几点下班？",
    "小区楼下超市卖过期牛奶，吃坏了肚子，要求赔偿一千元。",
    "网上买的名牌包是假冒注册商标的，商家不退钱。",
    "路灯坏了没人修。",
)
_ID = re.compile(r"[0-9a-f]{32,}")


def a_file(count):
    lines = [
        f'A{n},2026-11-1{n % 8} 09:{n % 60:02d},"{TEXTS[n % len(TEXTS)]}",张三,1390000{n:04d},康宁药店{n % 5}'
        for n in range(count)
    ]
    return "\n".join(["编号,时间,内容,姓名,电话,被诉单位", *lines]).encode()


def shape(value):
    """A value without what is made by chance: ids, keys, sealed bytes."""
    if isinstance(value, bytes):
        return "sealed"
    return _ID.sub("id", str(value))


def contents(engine, *, without=("seal", "key_check", "body", "office")):
    """Every table, its rows in an order that ids do not change."""
    with read_transaction(engine) as session:
        return {
            table.name: sorted(
                str({name: shape(value) for name, value in row.items()})
                for row in session.execute(select(table)).mappings()
            )
            for table in METADATA.sorted_tables
            if table.name not in without
        }


@pytest.fixture
def other(services, migrated_sqlite, tmp_path):
    """The same installation over a second database."""
    with sqlite_database(tmp_path / "other.db", migrated_sqlite) as engine:
        with write_transaction(engine) as session:
            save_bodies(session, directory_bodies())
            save_office(session, OFFICE, START)
            save_office(session, OTHER_OFFICE, START)
        yield Services(services.settings, engine, services.keyring, services.shipped, services.now)


def by_hand(services, content):
    now, channel = services.now(), get_channel("12315")
    found = list(drafts(read_table(content, channel), channel, now=now, office_id="xicheng", home_region="110102"))
    for each in found:
        prepared = prepare_draft(services, each.draft, "xicheng")
        (number,) = take_numbers(services.engine, "1", 2026, 1)
        with services.write() as store:
            register(
                store, prepared, desk=services.desk("xicheng"), actor=IMPORTER, now=now, number=number, dispatch=True
            )


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_batch_stores_what_single_registrations_store(services, other, engine):
    content = a_file(60)
    by_hand(services, content)
    outcome = import_file(other, content, "12315", IMPORTER, source="test")
    assert (outcome.accepted, outcome.rejected) == (60, [])
    one, many = contents(engine), contents(other.engine)
    different = [name for name in one if one[name] != many[name]]
    assert different == []
    assert len(one["clock"]) > 100


def prepared_drafts(services, count):
    channel = get_channel("12315")
    found = drafts(
        read_table(a_file(count), channel), channel, now=services.now(), office_id="xicheng", home_region="110102"
    )
    return [prepare_draft(services, each.draft, "xicheng") for each in found]


def test_whoever_asks_for_the_session_finds_everything_written(services, hotline):
    first, second = prepared_drafts(services, 2)
    desk, now = services.desk("xicheng"), services.now()
    numbers = take_numbers(services.engine, "1", 2026, 2)
    common = {"desk": desk, "actor": IMPORTER, "now": now, "dispatch": False}
    with write_transaction(services.engine) as session:
        store = BatchStore(session, services.keyring)
        made = register(store, first, number=numbers[0], **common)
        store.append(made.case_id, [], expected_seq=1, actor=IMPORTER, at=now, recorded_at=now)
        act(store, made.case_id, Command(Action.NOTE, None, {}, "批中备注"), desk=desk, actor=OPERATOR, now=now)
        register(store, second, number=numbers[1], **common)
        again = register(store, replace(first), number=numbers[1], **common)
        store.flush()
    assert (again.case_id, again.created) == (made.case_id, False)
    assert hotline.snapshot(made.case_id).seq == 2


def test_a_key_that_was_taken_meanwhile_rolls_the_batch_back(services, engine):
    first, second = prepared_drafts(services, 2)
    number, other = take_numbers(services.engine, "1", 2026, 2)
    desk, now = services.desk("xicheng"), services.now()
    common = {"desk": desk, "actor": IMPORTER, "now": now, "dispatch": True}
    with services.write() as store:
        register(store, first, number=number, **common)
    before = contents(engine)
    same_key = replace(second, raw=replace(second.raw, external_id=first.raw.external_id, digest="0" * 64))
    with write_transaction(engine) as session:
        store = BatchStore(session, services.keyring)
        # As if the look-up had come before the other's commit.
        store.expect("xicheng", "12315", [])
        store._found["xicheng", "12315"] = {first.raw.external_id: ("", "", "")}
        register(store, same_key, number=other, **common)
        with pytest.raises(ConflictError, match="刚刚被别人登记"):
            store.flush()
        session.rollback()
    assert contents(engine) == before


def tell(services, number, unit):
    """The demonstration's lives of some complaints, each by the same chance; `unit` opens the units of work."""
    told = list(read_complaints())[:number]
    ids = counted_from(1)
    desk = Desk(services.office("xicheng"), services.rulebook, lambda: f"{next(ids):032x}")
    began = START - timedelta(days=60)
    lives = []
    for n, each in enumerate(told):
        received_at = began + timedelta(days=n % 50)
        (life,) = take_numbers(services.engine, "1", 2026, 1)
        lives.append((each, prepare_draft(services, draft_of(each, received_at), "xicheng"), received_at, life))
    for batch in unit(lives):
        with batch[0] as store:
            for each, prepared, received_at, life in batch[1]:
                chance = random.Random(each.id)  # noqa: S311 - a story, not a secret.
                Story(store, desk, OPERATOR, SUPERVISOR, {}, chance, START, received_at).tell(prepared, each, life)
    with write_transaction(services.engine) as session:
        fold_changes(session)


def counted(engine):
    """Every table; of the folded summary what it counts, as single acts leave sums of nothing and folds a mark."""
    found = contents(engine)
    return found | {"tally": [row for row in found["tally"] if "'n': '0'" not in row and "'span': 'fold'" not in row]}


def test_whole_lives_in_a_batch_store_what_single_units_of_work_store(services, other, engine):
    tell(services, 40, lambda lives: [(services.write(), [life]) for life in lives])
    tell(other, 40, lambda lives: [(other.write_many(), lives[:25]), (other.write_many(), lives[25:])])
    one, many = counted(services.engine), counted(other.engine)
    assert [name for name in one if one[name] != many[name]] == []
    assert min(len(one[name]) for name in ("clock", "case_tally", "matter", "follow_up_answer", "tally")) > 0
    assert sum("resolve" in row for row in one["case_event"]) > 5


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_clocks_are_reckoned_once_a_case_when_the_batch_is_written(services, monkeypatch):
    asked = []
    reckon_all = desk_module.reckon_all

    def noting(history, **rules):
        asked.append((history.case.case_id, len(history.events)))
        return reckon_all(history, **rules)

    monkeypatch.setattr(desk_module, "reckon_all", noting)
    desk, now = services.desk("xicheng"), services.now()
    made, batch = [], prepared_drafts(services, 2)
    with services.write_many() as store:
        store.expect("xicheng", "12315", [prepared.raw.external_id for prepared in batch])
        for prepared, number in zip(batch, ("1", "2"), strict=True):
            common = {"desk": desk, "actor": IMPORTER, "now": now, "number": number}
            made.append(register(store, prepared, dispatch=False, **common).case_id)
        act(store, made[0], Command(Action.NOTE, None, {}, "批中备注"), desk=desk, actor=OPERATOR, now=now)
        assert asked == []
    assert asked == [(made[0], 2), (made[1], 1)]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_others_write_while_a_batch_is_gathered(services, hotline):
    first, second = prepared_drafts(services, 2)
    desk, now = services.desk("xicheng"), services.now()
    common = {"desk": desk, "actor": IMPORTER, "now": now, "dispatch": True}
    with services.write_many() as store:
        store.expect("xicheng", "12315", [first.raw.external_id])
        ours = register(store, first, number="1", **common)
        # With the lock held this would wait for it in vain.
        with services.write() as beside:
            theirs = register(beside, second, number="2", **common)
    assert all(hotline.snapshot(each.case_id).seq for each in (ours, theirs))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_others_wrote_meanwhile_is_not_overwritten(services, engine):
    first, second = prepared_drafts(services, 2)
    desk, now = services.desk("xicheng"), services.now()
    common = {"desk": desk, "actor": IMPORTER, "now": now, "dispatch": True}
    same_key = replace(second, raw=replace(second.raw, external_id=first.raw.external_id, digest="0" * 64))
    with late_write_transaction(engine) as session:
        store = BatchStore(session, services.keyring)
        store.expect("xicheng", "12315", [first.raw.external_id])
        register(store, same_key, number="1", **common)
        with services.write() as beside:
            register(beside, first, number="2", **common)
        before = contents(engine)
        with pytest.raises(ConflictError, match="刚刚被别人登记"):
            store.flush()
        session.rollback()
    assert contents(engine) == before
