"""The index of rare pairs: written with the complaint, found by it, gone when the text goes, built for old texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from hotline.intake.likeness import Sameness, Told
from hotline.intake.rarity import posting_grams
from hotline.records import Reporter, Respondent
from hotline.store.case_erasing import ERASED, erase
from hotline.store.casestore import CaseStore
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.migrate import downgrade, upgrade
from hotline.store.related import related
from hotline.store.retention import Due
from hotline.store.retention_rules import shipped_rules
from hotline.store.tables import TEXT_GRAM
from hotline.store.text_grams import CANDIDATES, PER_GRAM, sharing
from hotline.vocabulary import Kind
from tests.store.store_world import NOW, PHONE

TEXT = "柳林村村东头鱼塘边上有个院子加工猪血，味道很重，工人往桶里倒福尔马林。"
RETOLD = "柳林村鱼塘旁边一户人家做血豆腐，往桶里倒福尔马林，味道很重。"


def kept(engine):
    with read_transaction(engine) as session:
        return {(row.gram, row.complaint_id) for row in session.execute(select(TEXT_GRAM))}


def test_a_complaint_is_kept_under_the_pairs_of_its_masked_text(world):
    case = world.case(text=f"{TEXT}我叫张三", masked_text=TEXT)
    assert kept(world.engine) == {(gram, case.complaint_id) for gram in posting_grams(TEXT)}


def test_those_that_share_most_come_first_then_the_newest(world):
    near = world.case("2026-110001-1", masked_text=RETOLD)
    old, new = (world.case(f"2026-11000{n}-1", masked_text=TEXT) for n in (2, 3))
    world.case("2026-110004-1", masked_text="想问一下你们几点下班？")
    with read_transaction(world.engine) as session:
        assert sharing(session, TEXT) == (new.complaint_id, old.complaint_id, near.complaint_id)
        assert sharing(session, "") == ()


def test_a_pair_that_many_texts_hold_costs_no_more_than_its_newest(world):
    case = world.case(masked_text=TEXT)
    gram = posting_grams(TEXT)[0]
    rows = [{"gram": gram, "complaint_id": f"{n:032x}"} for n in range(PER_GRAM + 100)]
    with write_transaction(world.engine) as session:
        session.execute(insert(TEXT_GRAM), rows)
    with read_transaction(world.engine) as session:
        found = sharing(session, TEXT)
    assert found[0] == case.complaint_id
    assert len(found) == CANDIDATES
    assert rows[0]["complaint_id"] not in found


def test_the_same_tip_told_by_another_caller_is_found_with_its_words(world):
    case = world.case(
        masked_text=TEXT, kind=Kind.REPORT, respondent=Respondent(), reporter=Reporter("甲", "13900000002")
    )
    with read_transaction(world.engine) as session:
        index = world.keyring.blind_indexes("phone", PHONE)
        (line,) = related(session, "xicheng", Told(RETOLD, Kind.REPORT), phone_index=index).lines
    assert (line.complaint_id, line.sameness, line.reasons) == (case.complaint_id, Sameness.SAME, ("words",))
    assert line.words == ("往桶里倒福尔马林", "味道很重", "柳林村")


@pytest.mark.parametrize(
    ("index", "expected"),
    [("13900000002", Sameness.GROUP), (PHONE, Sameness.SAME), ("", Sameness.SAME)],
)
def test_a_dispute_of_another_caller_is_one_of_a_group(world, index, expected):
    world.case(masked_text=TEXT, kind=Kind.DISPUTE, respondent=Respondent())
    given = world.keyring.blind_indexes("phone", index) if index else None
    with read_transaction(world.engine) as session:
        (line,) = related(session, "xicheng", Told(RETOLD, Kind.DISPUTE), phone_index=given).lines
    assert line.sameness is expected


def test_another_offices_same_matter_is_only_said_to_exist(world):
    world.case("2026-120001-1", office_id="baodi", masked_text=TEXT, kind=Kind.REPORT, respondent=Respondent())
    with read_transaction(world.engine) as session:
        found = related(session, "xicheng", Told(RETOLD, Kind.REPORT))
        assert (found.lines, found.elsewhere) == ((), True)
        assert not related(session, "xicheng", Told("想问一下你们几点下班？", Kind.REPORT)).elsewhere


def test_a_text_that_is_masked_anew_is_kept_under_its_new_pairs_only(world):
    case = world.case(masked_text="卖家王小明加工猪血，味道很重")
    with write_transaction(world.engine) as session:
        store = CaseStore(session, world.keyring)
        store.save_supplement(replace(store.complaint(case.complaint_id), masked_text="卖家王**加工猪血，味道很重"))
    assert kept(world.engine) == {(gram, case.complaint_id) for gram in posting_grams("卖家王**加工猪血，味道很重")}


def test_erasing_a_text_takes_it_out_of_the_index(world):
    case, other = (world.case(f"2026-11000{n}-1", masked_text=TEXT) for n in (1, 2))
    due = Due(case.case_id, "2026-110001-1", "xicheng", "report", ("identity", "text"))
    with write_transaction(world.engine) as session:
        erase(session, world.keyring, due, shipped_rules(), NOW + timedelta(days=4000))
    assert {complaint_id for _, complaint_id in kept(world.engine)} == {other.complaint_id}
    with read_transaction(world.engine) as session:
        found = related(session, "xicheng", Told(ERASED, Kind.REPORT))
    assert case.complaint_id not in {line.complaint_id for line in found.lines}


def test_the_migration_builds_the_index_of_the_texts_that_are_there(world):
    case, gone = world.case("2026-110001-1", masked_text=TEXT), world.case("2026-110002-1", masked_text=RETOLD)
    due = Due(gone.case_id, "2026-110002-1", "xicheng", "report", ("text",))
    with write_transaction(world.engine) as session:
        erase(session, world.keyring, due, shipped_rules(), NOW + timedelta(days=4000))
    before = kept(world.engine)
    downgrade(world.engine, "r0012")
    upgrade(world.engine)
    assert kept(world.engine) == before == {(gram, case.complaint_id) for gram in posting_grams(TEXT)}
