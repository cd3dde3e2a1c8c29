"""A file becomes cases; what cannot be used is refused by its row and kept; a second import changes nothing."""

from pathlib import Path

import pytest
from sqlalchemy import select

from hotline.importing.files import import_file
from hotline.intake.judge import judge_file
from hotline.records import Actor
from hotline.store.quarantine import quarantine_list
from hotline.store.tables import COMPLAINT
from hotline.vocabulary import CaseState, Role

IMPORTER = Actor("import", Role.SYSTEM, "xicheng")
REAL = Path(__file__).resolve().parents[3] / "shared" / "real" / "12315-tickets.csv"
HEADER = "工单编号,登记时间,投诉内容,来电号码\n"


def run(services, text):
    return import_file(services, text.encode(), "12315", IMPORTER, source="工单.csv")


def test_rows_become_cases_and_a_second_import_changes_nothing(services):
    text = HEADER + "A1,2026-11-17 09:00,西单超市卖的饼干发霉了，要求退款,13900001111\nA2,,药店卖的是假药，请查处,\n"
    assert (run(services, text).accepted, run(services, text).duplicates) == (2, 2)


def test_one_row_that_cannot_be_reckoned_does_not_take_its_batch_with_it(services):
    text = HEADER + "A1,1999-03-15 09:00,买的电视是假货，要求退款,\nA2,,药店卖的是假药，请查处,\n"
    outcome = run(services, text)
    assert outcome.accepted == 1
    assert [refusal.row for refusal in outcome.rejected] == [1]
    with services.read() as store:
        kept = quarantine_list(store.session, "xicheng")
        assert (
            "买的电视是假货" in store.quarantined(kept.lines[0].id if hasattr(kept, "lines") else kept[0].id).decode()
        )


def test_the_id_made_for_a_row_cannot_be_tried_out(services):
    """A plain digest of the content as the id would give away the masked phone in ten thousand guesses."""
    text = HEADER + ",,药店卖的是假药，请查处，电话13900001111,\n"
    (draft,) = judge_file(text.encode(), "12315", now=services.now()).drafts
    assert (run(services, text).accepted, run(services, text).duplicates) == (1, 1)
    with services.read() as store:
        (kept,) = store.session.execute(select(COMPLAINT.c.external_id)).scalars()
    assert kept.startswith("auto-")
    assert kept != draft.external_id


def test_other_content_under_a_known_id_is_refused_by_its_row(services):
    run(services, HEADER + "A1,,西单超市卖的饼干发霉了,\n")
    outcome = run(services, HEADER + "A1,,西单超市卖的是别的东西,\n")
    assert (outcome.accepted, [refusal.row for refusal in outcome.rejected]) == (0, [1])


@pytest.mark.skipif(not REAL.exists(), reason="the ten real tickets are not beside the project")
def test_the_ten_real_tickets_wait_for_a_person_or_are_with_an_agency(services, hotline):
    content = REAL.read_bytes()
    assert import_file(services, content, "12315", IMPORTER, source="12315-tickets.csv").accepted == 10
    assert import_file(services, content, "12315", IMPORTER, source="12315-tickets.csv").duplicates == 10
    with services.read() as store:
        rows = store.session.connection().exec_driver_sql("SELECT id, state, doubt FROM case_file").all()
    for case_id, state, doubt in rows:
        snapshot = hotline.snapshot(case_id)
        assert state == snapshot.state
        if snapshot.state is CaseState.TRIAGE:
            assert doubt
        else:
            assert snapshot.state is CaseState.DISPATCHED
            assert snapshot.legs
