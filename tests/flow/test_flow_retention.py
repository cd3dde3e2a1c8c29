"""到期删除: really gone from the database's bytes, the figures and the chains whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hotline.casework.preparation import Choice
from hotline.erasing import erase_due, erase_some
from hotline.errors import InvalidInputError
from hotline.records import Reporter
from hotline.store import overwriting
from hotline.store.audit import verify
from hotline.store.auditrows import verify_rows
from hotline.store.case_erasing import ERASED
from hotline.store.crime_marks import flags_of
from hotline.store.retention_rules import read_rules, shipped_rules
from hotline.store.sealing import seal_pending
from hotline.store.tables import CASE_TALLY, ERASURE, EVIDENCE, QUARANTINE, REPORTER, SEARCH_DOC
from hotline.vocabulary import Action, Kind
from tests.flow.leaks import held_bytes

CALLER = Reporter(name="欧阳秋白", phone="13812345678", id_number="110101199003070011", address="槐柏树街9号")
WORDS = "我在菜市口大街的店里买到假冒的皮鞋，店主态度很差，要求退款。"


@pytest.fixture
def closed(hotline, services):
    case = hotline.register(WORDS, kind=Kind.DISPUTE, reporter=CALLER, dispatch=False).case_id
    with services.write() as store:
        store.add_evidence(
            case_id=case,
            leg_id=None,
            filename="小票.txt",
            media_type="text/plain",
            content=b"receipt",
            uploaded_by="op",
            at=services.now(),
        )
    hotline.act(case, Action.WITHDRAW, text="来电人说已和店主和解。")
    return case


def count(services, table):
    with services.read() as store:
        return store.session.execute(select(func.count()).select_from(table)).scalar_one()


def whole(services):
    result = verify(services.engine, services.keyring, services.settings.seals)
    return result["ok"] and not verify_rows(services.engine, services.keyring, None)


def test_nothing_is_due_while_a_case_runs_or_is_young(hotline, services, moment, closed):
    hotline.register(external_id="runs")
    moment.pass_by(days=1094)
    assert erase_due(services, shipped_rules(), dry_run=False).cases == 0


def test_a_dry_run_tells_and_changes_nothing(services, moment, closed):
    moment.pass_by(days=1096)
    seen = []
    found = erase_due(services, shipped_rules(), dry_run=True, tell=seen.append)
    assert found.parts == {"identity": 1, "text": 0, "evidence": 0}
    assert [each.case_id for each in seen] == [closed]
    assert count(services, ERASURE) == 0
    with services.read() as store:
        assert store.session.execute(select(REPORTER.c.phone_index)).scalar_one()


def test_identity_goes_first_and_the_text_later(services, hotline, moment, closed):
    moment.pass_by(days=1096)
    erase_due(services, shipped_rules(), dry_run=False)
    with services.read() as store:
        row = store.session.execute(select(REPORTER)).mappings().one()
        assert row["phone_index"] is row["id_index"] is None
        complaint = store.complaint(row["complaint_id"])
        assert (complaint.reporter.name, complaint.reporter.phone, complaint.reporter.address) == ("", "", "")
        assert "皮鞋" in complaint.text
        assert store.raw_content(complaint.submission_id) == b""
    moment.pass_by(days=800)
    assert erase_due(services, shipped_rules(), dry_run=False).parts == {"identity": 0, "text": 1, "evidence": 1}
    with services.read() as store:
        complaint = store.complaint(row["complaint_id"])
        assert complaint.text == complaint.masked_text == ERASED
        assert store.event_texts(closed) == {}
        events = store.events(closed)
    assert [event.action for event in events[-2:]] == [Action.ERASE, Action.ERASE]
    assert count(services, SEARCH_DOC) == count(services, EVIDENCE) == 0
    assert count(services, CASE_TALLY) == 1
    assert hotline.snapshot(closed).closed_at is not None
    assert erase_due(services, shipped_rules(), dry_run=False).cases == 0


def test_the_chains_still_verify(services, moment, closed):
    seal_pending(services.engine, services.keyring, services.now(), services.settings.seals)
    moment.pass_by(days=4000)
    erase_due(services, shipped_rules(), dry_run=False)
    assert whole(services)
    seal_pending(services.engine, services.keyring, services.now(), services.settings.seals)
    assert whole(services)


def test_no_byte_of_the_masked_text_is_left_in_the_database(services, moment, closed):
    before = held_bytes(services.engine)
    assert "菜市口大街".encode() in before
    assert "菜市".encode() in before, "the search index holds the pairs"
    moment.pass_by(days=4000)
    erase_due(services, shipped_rules(), dry_run=False)
    after = held_bytes(services.engine)
    for word in ("菜市口大街", "皮鞋", "菜市"):
        assert word.encode() not in after


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_log_beside_the_database_keeps_nothing_either(services, moment, closed):
    log = Path(f"{services.engine.url.database}-wal")
    assert "菜市口大街".encode() in log.read_bytes()
    moment.pass_by(days=4000)
    erase_due(services, shipped_rules(), dry_run=False)
    assert "菜市口大街".encode() not in log.read_bytes()


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_reader_in_the_middle_leaves_the_log_to_the_next_run(services, moment, closed, monkeypatch):
    monkeypatch.setattr(overwriting, "LOG_WAIT_MS", 1)
    moment.pass_by(days=4000)
    with services.read() as store:
        store.session.execute(select(func.count()).select_from(EVIDENCE)).scalar_one()
        assert erase_due(services, shipped_rules(), dry_run=False).cases == 1
    erase_due(services, shipped_rules(), dry_run=False)
    assert "菜市口大街".encode() not in Path(f"{services.engine.url.database}-wal").read_bytes()


def test_refused_records_go_when_their_time_is_over(services, moment):
    with services.write() as store:
        made = store.quarantine(
            office_id="xicheng", channel="12315", source="f", reason="r", content=b"raw", at=services.now()
        )
        store.resolve_quarantine(made, None, services.now())
        store.quarantine(office_id="xicheng", channel="12315", source="f", reason="r", content=b"w", at=services.now())
    moment.pass_by(days=366)
    assert erase_due(services, shipped_rules(), dry_run=True).quarantine == 1
    erase_due(services, shipped_rules(), dry_run=False)
    assert count(services, QUARANTINE) == 1, "what waits stays"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "version = '1'",
        "version = '1'\nquarantine_days = 0",
        "version = '1'\nquarantine_days = 9\n[dispute]\nidentity = -1",
        "version = '1'\nquarantine_days = 9\n[dispute]\nname = 1",
        "version = '1'\nquarantine_days = 9\n[quarrel]\nidentity = 1",
        "not toml",
    ],
)
def test_a_file_of_rules_with_a_mistake_is_refused(tmp_path, text):
    path = tmp_path / "rules.toml"
    path.write_text(text)
    with pytest.raises(InvalidInputError):
        read_rules(path)


def test_the_times_differ_by_kind():
    days = shipped_rules().days
    assert days["report", "identity"] > days["dispute", "identity"] > days["inquiry", "identity"]
    assert timedelta(days=days["dispute", "identity"]) >= timedelta(days=1095)


def test_the_scheduler_deletes_only_where_told_and_a_few_at_a_time(services, hotline, moment, tmp_path):
    for number in range(3):
        case = hotline.register(WORDS, kind=Kind.DISPUTE, external_id=f"old-{number}", dispatch=False).case_id
        hotline.act(case, Action.WITHDRAW, text="来电人说已和店主和解。")
    built = []

    def turn(wanted):
        return erase_some(services.engine, wanted, lambda: built.append(1) or services, services.now(), most=2)

    assert turn("1") == 0
    moment.pass_by(days=1096)
    assert turn("") == 0
    assert not built, "nothing was due, or nothing was wanted"
    assert [turn("1"), turn("1"), turn("1")] == [2, 1, 0]
    with pytest.raises(InvalidInputError, match="保存期限文件"):
        turn(str(tmp_path / "none.toml"))


def test_the_words_that_raised_a_suspicion_go_with_the_text(services, hotline, moment):
    words = "有人在库房里灌装假茅台酒，货值约六十万元，还有假冒商标标识两万多件，我愿意带路。"
    chosen = Choice(category="mark_printing", setting="production")
    case = hotline.register(words, kind=Kind.DISPUTE, dispatch=False, chosen=chosen).case_id
    hotline.act(case, Action.WITHDRAW, text="来电人不愿继续。")

    def kept():
        with services.read() as store:
            return [flag.words for flag in flags_of(store.session, case)]

    assert any(kept())
    moment.pass_by(days=2000)
    erase_due(services, shipped_rules(), dry_run=False)
    assert kept()
    assert not any(kept())
    assert whole(services)
