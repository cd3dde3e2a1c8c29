"""No plain phone, ID number, name or address of an informer in the database, the logs, or anything that leaves."""

from __future__ import annotations

import io
import itertools
import json
import logging
import re
import secrets as random
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hotline.announcing import Manner, sweep
from hotline.delivery import compose
from hotline.demo import loading
from hotline.demo.accounts import XICHENG
from hotline.demo.shown import read_shown
from hotline.environment import read_settings
from hotline.importing.files import import_file
from hotline.intake.submission import Draft
from hotline.preparing import prepare_store
from hotline.records import Actor, Reporter, Respondent
from hotline.registering import prepare_draft, register_prepared
from hotline.services import Services
from hotline.store import token_hash, tokens
from hotline.store.contacts import save_contact
from hotline.store.crypto import load_keyring
from hotline.store.digests import Recipient
from hotline.store.engine import open_engine, write_transaction
from hotline.store.outbox_tries import claim
from hotline.store.tables import BODY, COMPLAINT, NOTICE
from hotline.vocabulary import Kind, Outlet, Role
from hotline.web import create_app
from tests.flow.conftest import START
from tests.flow.leaks import held_bytes, leaks

STORIES = 45
REPORTER = Reporter("欧阳秋白", "13812345678", "110101199003070011", "西城区槐柏树街9号3单元501")
TOLD = (
    "我叫欧阳秋白，电话13812345678，身份证110101199003070011，住西城区槐柏树街9号3单元501。"
    "举报西城区广安门外大街的康宁药店卖假药。"
)
SHEET = (
    "工单编号,来电人,联系电话,投诉内容,登记时间\n"
    "L1,欧阳秋白,13812345678,西城区某店卖假鞋，请回电13812345678，我是欧阳秋白,2026-11-17 09:00\n"
    "L2,欧阳秋白,13812345678,,2026-11-17 09:00\n"
)
EXPORTS = {
    "duban": (
        *("/supervisors/export.csv", "/supervisors/export.xlsx", "/supervisors/breaches.csv"),
        *("/supervisors/breaches.xlsx", "/supervisors/weekly.docx", "/supervisors/weekly.xlsx"),
        *("/supervisors/weekly.csv", "/supervisors/cases", "/supervisors/groups", "/supervisors/overview"),
    ),
    "shichang": ("/agencies/due.csv", "/agencies/due", "/agencies/queue", "/agencies/weekly", "/notices/"),
    "guanli": ("/admin/outbox", "/admin/audit", "/metrics"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory, rulebook):
    """The demonstration, small, with a report that tells everything in its text, an import and a refused row."""
    folder, moment = tmp_path_factory.mktemp("leaks") / "var", START
    settings = replace(read_settings({"HOTLINE_VAR": str(folder)}), follow=True)
    with pytest.MonkeyPatch.context() as patch, Log() as log:
        prepare_store(settings)
        engine = open_engine(settings.database_url)
        services = Services(settings, engine, load_keyring(settings.keys), rulebook, lambda: moment)
        told = list(itertools.islice(loading.read_complaints(), STORIES))
        patch.setattr(loading, "read_complaints", lambda: iter(told[:STORIES]))
        told += read_shown()
        loading.load(services, lambda _done, _all: None)
        office = XICHENG
        operator = Actor("op", Role.OPERATOR, office)
        draft = Draft(
            channel="12315",
            external_id="told",
            text=TOLD,
            received_at=moment,
            kind=Kind.REPORT,
            reporter=REPORTER,
            respondent=Respondent(name="康宁药店"),
            demand="请回电13812345678",
            raw=TOLD.encode(),
        )
        prepared = prepare_draft(services, draft, office)
        case = register_prepared(services, prepared, operator, dispatch=True, source="desk").case_id
        outcome = import_file(services, SHEET.encode(), "12315", operator, source="file")
        assert (outcome.accepted, len(outcome.rejected)) == (1, 1)
        yield services, told, case, log
        engine.dispose()


class Log:
    """Everything that any logger says, down to debug."""

    def __enter__(self):
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.root, self.level = logging.getLogger(), logging.getLogger().level
        self.root.addHandler(self.handler)
        self.root.setLevel(logging.DEBUG)
        logging.getLogger("sqlalchemy.engine").setLevel(logging.INFO)
        return self

    def __exit__(self, *_):
        self.root.removeHandler(self.handler)
        self.root.setLevel(self.level)
        logging.getLogger("sqlalchemy.engine").setLevel(logging.NOTSET)

    @property
    def said(self):
        return self.stream.getvalue().encode()


@pytest.fixture
def secrets(place):
    """Every value of a caller, by what it is."""
    callers = [Reporter(**each.fields["reporter"]) for each in place[1]] + [REPORTER]
    found = {}
    for caller in callers:
        for name in ("name", "phone", "id_number", "address"):
            value = getattr(caller, name)
            if len(value) > (2 if name == "name" else 6):
                found[value] = f"{name} of {caller.name[:1]}*"
    assert len(found) > STORIES
    # A street on which the respondent is too tells nothing of a caller; a name of two signs is met by chance.
    own = {str(value) for each in place[1] for value in each.fields["respondent"].values()}
    return {value: what for value, what in found.items() if not any(value in other for other in own)}


def sign_in(place, username):
    services = place[0]
    lines = (services.settings.var / "demo-accounts.txt").read_text("utf-8").splitlines()
    password = next(line.split("\t")[1] for line in lines if line.startswith(f"{username}\t"))
    app = create_app(services)
    app.testing = True
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)[1]
    answer = client.post("/login", data={"csrf_token": token, "username": username, "password": password})
    assert answer.status_code == 302
    return client


def unpacked(content):
    """A file as it is, and what is in it where it is a workbook or a Word document."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def test_the_database_holds_none(place, secrets):
    assert leaks(held_bytes(place[0].engine), secrets) == []


def test_one_that_was_planted_is_found(place, secrets):
    """The test itself: a phone in one column, a name in the log, an ID number in a workbook."""
    services = place[0]
    with write_transaction(services.engine) as session:
        held = session.execute(select(COMPLAINT.c.id, COMPLAINT.c.goods).limit(1)).one()
        session.execute(update(COMPLAINT).where(COMPLAINT.c.id == held.id).values(goods=f"电话{REPORTER.phone}"))
    try:
        assert leaks(held_bytes(services.engine), secrets) == ["phone of 欧*"]
    finally:
        with write_transaction(services.engine) as session:
            session.connection().exec_driver_sql("PRAGMA secure_delete=ON")
            session.execute(update(COMPLAINT).where(COMPLAINT.c.id == held.id).values(goods=held.goods))
    assert leaks(held_bytes(services.engine), secrets) == []
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet1.xml", REPORTER.id_number * 9)
    assert leaks(unpacked(packed.getvalue()), secrets) == ["id_number of 欧*"]
    assert leaks(f"error: {REPORTER.name}".encode("gb18030"), secrets) == ["name of 欧*"]
    assert leaks(json.dumps({"a": REPORTER.address}).encode(), secrets) == ["address of 欧*"]


@pytest.mark.parametrize("username", EXPORTS)
def test_no_export_and_no_list_holds_any(place, secrets, username):
    client = sign_in(place, username)
    for url in EXPORTS[username]:
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert leaks(unpacked(answer.data), secrets) == [], url


def test_an_agency_reads_the_report_without_its_informer(place, secrets):
    services, _, case, _ = place
    with services.read() as store:
        found = {event.action.value: event for event in store.events(case)}
    assert "dispatch" in found
    page = sign_in(place, "shichang").get(f"/cases/{case}")
    assert page.status_code in (200, 404)
    assert leaks(page.data, secrets) == []


def test_the_desk_too_sees_the_identity_of_a_report_sealed(place):
    page = sign_in(place, "zuoxi").get(f"/cases/{place[2]}").text
    panel = page[page.index('id="caller-title"') :]
    panel = panel[: panel.index("</section>")]
    for value in (REPORTER.name, REPORTER.phone, REPORTER.id_number, REPORTER.address, REPORTER.phone[-4:]):
        assert value not in panel


def test_the_api_answers_nothing_of_a_caller(place, secrets):
    services = place[0]
    raw, office = random.token_urlsafe(24), XICHENG
    with services.write() as store:
        tokens.add_token(
            store.session,
            token_hash=token_hash.hash_token(raw),
            channel="12315",
            office_id=office,
            label="t",
            at=services.now(),
        )
    client = create_app(services).test_client()
    headers = {"Authorization": f"Bearer {raw}"}
    caller = {name: getattr(REPORTER, name) for name in ("name", "phone", "id_number", "address")}
    sent = {"external_id": "api-1", "text": TOLD, "kind": "report", "reporter": caller}
    bad = {**sent, "external_id": "api-2", "reporter": {**caller, "phone": [REPORTER.phone]}}
    answers = [client.post("/api/v1/complaints", json=each, headers=headers) for each in (sent, sent, bad)]
    answers.append(client.post("/api/v1/complaints", json={**sent, "text": f"{TOLD}又"}, headers=headers))
    assert [each.status_code for each in answers] == [201, 200, 422, 409]
    answers.append(client.get(answers[0].headers["Location"], headers=headers))
    for each in answers:
        assert leaks(each.data, secrets) == []
    assert answers[0].json["follow_code"]
    assert not answers[1].json["follow_code"], "told once"
    assert leaks(held_bytes(services.engine), secrets) == [], "the refused ones are kept sealed"


def test_messages_that_leave_hold_none(place, secrets):
    services = place[0]
    office = XICHENG
    with services.write() as store:
        for body in store.session.execute(select(BODY.c.id).where(BODY.c.region == "110102")).scalars().all():
            to = Recipient(office, body)
            save_contact(
                store.session, services.keyring, to, Outlet.WEBHOOK, address="https://a.example/", at=services.now()
            )
    later = services.now() + timedelta(days=19)
    sweep(services.engine, later, Manner(outlets=frozenset({Outlet.WEBHOOK, Outlet.MAIL})))
    words = compose.Words({}, {}, "https://hotline.example.gov.cn")
    sent = []
    with services.write() as store:
        while message := claim(store.session, later, {Outlet.WEBHOOK, Outlet.MAIL}):
            sent += [compose.body(message, words), compose.text(message, words).encode()]
        assert store.session.execute(select(NOTICE.c.id).limit(1)).first()
    assert sent
    assert leaks(b"\n".join(sent), secrets) == []


def test_the_logs_hold_none(place, secrets):
    """Last: everything above has spoken to it, SQL statements included."""
    said = place[3].said
    assert b"INSERT INTO complaint" in said
    assert leaks(said, secrets) == []
