"""Rows as earlier versions wrote them lose the ends of numbers and the surname: in text, search words and pairs."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from hotline.records import Reporter, Respondent
from hotline.store import remasking
from hotline.store.case_erasing import ERASED
from hotline.store.casestore import CaseStore
from hotline.store.crypto import binding
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.rekeying import rekey
from hotline.store.remasking import remask
from hotline.store.searching import search
from hotline.store.tables import CASE, COMPLAINT, REPORTER, SEARCH_DOC
from hotline.vocabulary import Kind
from tests.store.store_world import OPERATOR

INFORMER = Reporter("欧阳雪梅", "13712345678", "11010219900307451X")
TEXT = "举报仓库换标签，我叫欧阳雪梅，电话13712345678。"
OLD = "举报仓库换标签，我叫欧***，电话137****5678。"
WORDS = ("举报", "仓库", "137", "5678", "欧")


def old_case(world, number, *, kind=Kind.REPORT):
    """A case as an earlier version kept it: masked in part, and found by the end of the number."""
    case = world.case(
        number,
        text=TEXT,
        masked_text=OLD,
        kind=kind,
        reporter=INFORMER,
        respondent=Respondent("欧阳雪梅", phone="137****5678"),
        goods="电话137****5678的货",
    )
    with write_transaction(world.engine) as session:
        session.execute(update(SEARCH_DOC).where(SEARCH_DOC.c.complaint_id == case.complaint_id).values(words=WORDS))
        # As the migration fills it from the events that there were.
        protected = kind is Kind.REPORT
        session.execute(update(CASE).where(CASE.c.id == case.case_id).values(protected=protected))
    return case


def row_of(world, case):
    with read_transaction(world.engine) as session:
        joined = COMPLAINT.join(SEARCH_DOC, SEARCH_DOC.c.complaint_id == COMPLAINT.c.id)
        wanted = select(COMPLAINT, SEARCH_DOC.c.words).select_from(joined).where(COMPLAINT.c.id == case.complaint_id)
        return session.execute(wanted).mappings().one()


def found(world, typed):
    with read_transaction(world.engine) as session:
        return [hit.line.case_id for hit in search(session, typed, OPERATOR, world.keyring)]


def test_a_report_keeps_nothing_of_the_informer(world):
    case = old_case(world, "2026-110001-1")
    assert found(world, "5678") == [case.case_id]
    done = remask(world.engine, world.keyring)
    assert (done.seen, done.changed, done.finished) == (1, 1, True)
    row = row_of(world, case)
    assert row["masked_text"] == "举报仓库换标签，我叫[姓名]，电话[电话]。"
    assert (row["respondent_name"], row["respondent_phone"], row["goods"]) == ("[姓名]", "[电话]", "电话[电话]的货")
    assert not {"5678", "137", "欧"} & set(row["words"])
    assert found(world, "5678") == []
    assert found(world, "换标签") == [case.case_id]
    with read_transaction(world.engine) as session:
        assert CaseStore(session, world.keyring).complaint(case.complaint_id).reporter == INFORMER


def test_a_dispute_keeps_its_manner_and_loses_the_words(world):
    case = old_case(world, "2026-110001-1", kind=Kind.DISPUTE)
    remask(world.engine, world.keyring)
    row = row_of(world, case)
    assert row["masked_text"] == OLD
    assert "5678" not in row["words"]


def test_it_goes_on_where_it_was_stopped_and_is_then_done(world, monkeypatch):
    monkeypatch.setattr(remasking, "BATCH", 2)
    cases = [old_case(world, f"2026-11000{n}-1") for n in range(1, 6)]
    first = remask(world.engine, world.keyring, most=1)
    assert (first.seen, first.changed, first.finished) == (2, 2, False)
    assert ["5678" in row_of(world, case)["words"] for case in cases] == [False, False, True, True, True]
    second = remask(world.engine, world.keyring)
    assert (second.seen, second.changed, second.finished) == (3, 3, True)
    third = remask(world.engine, world.keyring)
    assert (third.seen, third.changed, third.finished) == (0, 0, True)


def test_other_rules_begin_anew_and_write_nothing_that_stays(world, monkeypatch):
    old_case(world, "2026-110001-1")
    remask(world.engine, world.keyring)
    monkeypatch.setattr(remasking, "RULES", "later")
    again = remask(world.engine, world.keyring)
    assert (again.seen, again.changed, again.finished) == (1, 0, True)


def test_a_text_that_was_deleted_stays_deleted(world):
    case = old_case(world, "2026-110001-1")
    with write_transaction(world.engine) as session:
        session.execute(update(COMPLAINT).values(masked_text=ERASED))
        session.execute(SEARCH_DOC.delete())
    assert remask(world.engine, world.keyring).changed == 0
    with read_transaction(world.engine) as session:
        assert session.execute(select(SEARCH_DOC)).first() is None
    assert case


def test_what_was_told_while_it_was_read_is_kept(world, monkeypatch):
    """Somebody completes the caller between the reading and the writing of a batch."""
    case = old_case(world, "2026-110001-1")
    told = world.keyring.seal("赵六", binding("reporter", "name", case.complaint_id))
    original = remasking._write

    def write(session, keyring, ids):
        session.execute(update(REPORTER).values(name=told))
        original(session, keyring, ids)

    monkeypatch.setattr(remasking, "_write", write)
    remask(world.engine, world.keyring)
    with read_transaction(world.engine) as session:
        assert CaseStore(session, world.keyring).complaint(case.complaint_id).reporter.name == "赵六"


@pytest.mark.parametrize("again", [False, True])
def test_a_change_of_keys_does_not_begin_it_anew(world, again):
    old_case(world, "2026-110001-1")
    remask(world.engine, world.keyring)
    rekey(world.engine, world.keyring, again=again)
    assert remask(world.engine, world.keyring).seen == 0
