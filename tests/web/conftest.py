"""A small hotline for the web tests: two offices, an account per role, a handful of cases made by the real use cases.

It is built once per run and copied for each test. The model is replaced by a table of words, so that these tests do
not depend on how well it was trained.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import update

from hotline.casework.calendars import load_calendar
from hotline.casework.desk import act
from hotline.casework.policy_file import load_policies
from hotline.casework.rulebook import Rulebook
from hotline.casework.state import replay
from hotline.environment import read_settings
from hotline.intake.submission import Draft
from hotline.preparing import prepare_store
from hotline.records import Actor, Candidate, Classification, Command, Office, Reason, Reporter, Respondent
from hotline.registering import prepare_draft, register_prepared
from hotline.routing.directory_file import load_directory
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy
from hotline.services import Services
from hotline.store.account_changes import create_account
from hotline.store.crypto import load_keyring
from hotline.store.engine import open_engine, write_transaction
from hotline.store.offices import BodyLine, save_bodies, save_office
from hotline.store.passwords import hash_password
from hotline.store.tables import ACCOUNT
from hotline.vocabulary import Action, Kind, Role
from hotline.web import create_app
from tests.web.api_world import add_tokens
from tests.web.casepage_world import snapshot

PASSWORD = "口令-Test-2026"
START = datetime(2026, 11, 18, 1, 30, tzinfo=UTC)  # A Wednesday, 9:30 in Shanghai.
WEST, NORTH = "xicheng", "baodi"
MARKET, CULTURE, POLICE = "110102-scjg", "110102-whly", "110102-gafj"
CALLER = Reporter(name="赵晓梅", phone="13900001234", address="西城区某胡同5号")
SHOP = Respondent(name="好再来商店", address="西城区大街1号")
ACCOUNTS = (
    ("xc-operator", Role.OPERATOR, WEST, None),
    ("xc-supervisor", Role.SUPERVISOR, WEST, None),
    ("xc-clerk", Role.CLERK, WEST, MARKET),
    ("xc-responsible", Role.RESPONSIBLE, WEST, MARKET),
    ("xc-other-clerk", Role.CLERK, WEST, CULTURE),
    ("bd-operator", Role.OPERATOR, NORTH, None),
    ("bd-supervisor", Role.SUPERVISOR, NORTH, None),
    ("bd-clerk", Role.CLERK, NORTH, POLICE),
    ("admin", Role.ADMINISTRATOR, WEST, None),
)
WORDS = (("盗版", "copyright"), ("商标", "trademark"), ("劣质", "product_quality"), ("路灯", "other"))


class FakeClassifier:
    """Chooses by a word of the text; a text without any is abstained from."""

    version = "test"

    def classify(self, text, *, lead_depends_on_setting=None):
        found = next(((word, code) for word, code in WORDS if word in text), None)
        code = found[1] if found else "product_quality"
        return Classification(
            category=code,
            confidence=0.95 if found else 0.4,
            alternatives=(Candidate(code, 0.95 if found else 0.4), Candidate("imitation", 0.05)),
            secondary=(),
            setting="market",
            setting_confidence=0.9,
            kind=Kind.DISPUTE,
            needs_review=found is None,
            doubt="" if found else "类别把握不足，请人工确认",
            reasons=(Reason(found[0], 1.5, code),) if found else (),
            model_version=self.version,
        )

    def classify_many(self, texts):
        return [self.classify(text) for text in texts]

    def unsure_setting(self, _classification):
        return False


@dataclass
class Clock:
    """The time of the test, set and moved by hand."""

    moment: datetime = START

    def __call__(self):
        return self.moment

    def forward(self, **span):
        self.moment += timedelta(**span)


def make_services(folder, clock):
    settings = read_settings({"HOTLINE_VAR": str(folder)})
    rulebook = Rulebook(
        classifier=FakeClassifier(),
        plans=load_plans(),
        directory=load_directory(),
        taxonomy=load_taxonomy(),
        policies=load_policies(),
        calendar=load_calendar(),
    )
    return Services(settings, open_engine(settings.database_url), load_keyring(settings.keys), rulebook, clock)


def account_id(username):
    return f"acct-{username}"


def actor_of(username):
    role, office, body = next(rest for name, *rest in ACCOUNTS if name == username)
    return Actor(account_id(username), role, office, body)


def fill(services):
    """Offices, bodies, accounts."""
    password_hash = hash_password(PASSWORD)
    with write_transaction(services.engine) as session:
        save_office(session, Office(WEST, "西城区双打办", "110102", "xicheng-2011", "1"), START)
        save_office(session, Office(NORTH, "宝坻区双打办", "120115", "xicheng-2011", "2"), START)
        bodies = services.rulebook.directory.bodies.values()
        save_bodies(
            session, [BodyLine(body.id, body.name, body.region, body.type, body.since, body.until) for body in bodies]
        )
        for username, role, office, body in ACCOUNTS:
            made = create_account(
                session,
                username=username,
                display_name=f"测试{username}",
                password_hash=password_hash,
                role=role,
                office_id=office,
                body_id=body,
                at=START,
            )
            rename_account(session, made.id, account_id(username))


def rename_account(session, old, new):
    """Give an account a known id, so that tests can act as it without reading it back."""
    session.execute(update(ACCOUNT).where(ACCOUNT.c.id == old).values(id=new))


def register_case(services, text, *, username="xc-operator", kind=Kind.DISPUTE, dispatch=True, **more):
    """Register one complaint as this account; its case id."""
    who = actor_of(username)
    draft = Draft(
        channel="12315",
        external_id="",
        text=text,
        received_at=services.now(),
        kind=kind,
        raw=text.encode(),
        **({"reporter": CALLER, "respondent": SHOP, "demand": "退货退款"} | more),
    )
    prepared = prepare_draft(services, draft, who.office_id)
    return register_prepared(services, prepared, who, dispatch=dispatch, source="test").case_id


def do(services, case_id, username, action, *, leg=False, text="", **data):
    """One action through the use case; `leg` acts on the leg of the account's body."""
    who = actor_of(username)
    with services.read() as store:
        snapshot = replay(store.events(case_id))
    leg_id = next(each.id for each in snapshot.legs if each.body_id == who.body_id) if leg else None
    with services.write() as store:
        command = Command(action, leg_id, data, text)
        return act(store, case_id, command, desk=services.desk(snapshot.office_id), actor=who, now=services.now())


def make_cases(services):
    """One case of each kind that the pages have to show."""
    cases = {
        "dispatched": register_case(services, "在商店买到劣质电饭锅，用了两天就坏，电话13900001234，要求退款。"),
        "report": register_case(services, "举报商店卖劣质插座，没有合格证。", kind=Kind.REPORT),
        "triage": register_case(services, "商店不给开发票，还说难听的话。"),
        "ready": register_case(services, "劣质雨伞，一撑就断。", dispatch=False),
        "other": register_case(services, "门口的路灯不亮了。"),
        "anonymous": register_case(services, "劣质水壶漏电。", reporter=Reporter(anonymous=True)),
        "north": register_case(services, "劣质锄头，一用就断。", username="bd-operator", dispatch=False),
    }
    do(services, cases["north"], "bd-operator", Action.DISPATCH, lead=POLICE)
    do(services, cases["report"], "xc-clerk", Action.SIGN, leg=True)
    return cases


@pytest.fixture(scope="session")
def web_template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("web") / "var"
    prepare_store(read_settings({"HOTLINE_VAR": str(folder)}))
    services = make_services(folder, Clock())
    fill(services)
    cases = make_cases(services)
    services.engine.dispose()
    return folder, cases


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def app_services(web_template, tmp_path, clock):
    folder = tmp_path / "var"
    shutil.copytree(web_template[0], folder)
    services = make_services(folder, clock)
    yield services
    services.engine.dispose()


@pytest.fixture
def cases(web_template):
    return dict(web_template[1])


@pytest.fixture
def register(app_services):
    """Register one more complaint: `register("劣质水杯", username="xc-operator", dispatch=False)` is its case id."""
    return partial(register_case, app_services)


@pytest.fixture
def step(app_services):
    """One action without the pages: `step(case_id, "xc-clerk", Action.SIGN, leg=True)`."""
    return partial(do, app_services)


@pytest.fixture
def app(app_services):
    made = create_app(app_services)
    made.testing = True
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def api(app, app_services):
    """A client of other systems; the tokens are those of `api_world`."""
    add_tokens(app_services)
    return app.test_client()


@pytest.fixture
def client(app):
    return app.test_client()


def token_in(page):
    """The CSRF token of a page's first form."""
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def field_in(page, name):
    """What the page's first field of this name holds."""
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


@pytest.fixture
def login():
    """Sign a client in: `login(client, "xc-clerk")` gives the client back."""

    def sign_in(client, username, password=PASSWORD):
        page = client.get("/login").text
        answer = client.post("/login", data={"csrf_token": token_in(page), "username": username, "password": password})
        assert answer.status_code == 302, answer.text
        return client

    return sign_in


@pytest.fixture
def post():
    """Send a form with the CSRF token of the page it stands on: `post(client, page, url, **fields)`."""

    def send(client, page, url, **fields):
        token = token_in(client.get(page).text)
        return client.post(url, data={"csrf_token": token, **fields})

    return send


@pytest.fixture
def perform(app_services):
    """Send an action's form as the page holds it."""

    def send(client, case_id, action, *, leg=None, seq=None, **fields):
        token = token_in(client.get(f"/cases/{case_id}").text)
        now = snapshot(app_services, case_id)
        data = {"csrf_token": token, "expected_seq": now.seq if seq is None else seq, **fields}
        if leg is not None:
            data["leg_id"] = next(each.id for each in now.legs if each.body_id == leg)
        return client.post(f"/cases/{case_id}/actions/{action}", data=data)

    return send
