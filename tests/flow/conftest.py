"""The whole product without its web: real rules, real store, a clock that the test moves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from hotline.casework.desk import act
from hotline.casework.state import replay
from hotline.environment import read_settings
from hotline.intake.submission import Draft
from hotline.preparing import directory_bodies
from hotline.records import Actor, ClockOverride, Command, Office, Reporter, Respondent
from hotline.registering import prepare_draft, register_prepared
from hotline.services import Services
from hotline.store.engine import write_transaction
from hotline.store.offices import save_bodies, save_office
from hotline.vocabulary import Kind, Role, Unit, Urgency
from hotline.wiring import build_rulebook

START = datetime(2026, 11, 18, 1, 30, tzinfo=UTC)
OPERATOR = Actor("op", Role.OPERATOR, "xicheng")
SUPERVISOR = Actor("su", Role.SUPERVISOR, "xicheng")
OFFICE = Office(
    "xicheng",
    "西城区专项行动领导小组办公室",
    "110102",
    "xicheng-2011",
    "1",
    (ClockOverride("H-SIGN", 2, Unit.MINUTE, Urgency.CRITICAL),),
)
OTHER_OFFICE = Office("baodi", "宝坻区专项行动领导小组办公室", "120115", "baodi-2010", "2")
FAKE_DRUG = "我在西城区广安门外大街的康宁药店买的降压药是假药，药盒上的批准文号查不到，吃了头晕，请你们查处这家药店。"


@pytest.fixture(scope="session")
def rulebook():
    return build_rulebook()


@dataclass
class Moment:
    now: datetime = START

    def pass_by(self, **span):
        self.now += timedelta(**span)
        return self.now


@pytest.fixture
def moment():
    return Moment()


@pytest.fixture
def services(engine, keyring, rulebook, moment, tmp_path):
    settings = replace(read_settings({"HOTLINE_VAR": str(tmp_path)}), database_url=str(engine.url))
    with write_transaction(engine) as session:
        save_bodies(session, directory_bodies())
        save_office(session, OFFICE, START)
        save_office(session, OTHER_OFFICE, START)
    return Services(settings, engine, keyring, rulebook, lambda: moment.now)


@pytest.fixture
def hotline(services):
    return Hotline(services)


class Hotline:
    """The product in the words of a test."""

    def __init__(self, services):
        self.services = services

    def register(
        self, text=FAKE_DRUG, *, external_id="", kind=Kind.REPORT, urgency=Urgency.NORMAL, dispatch=True, **more
    ):
        draft = Draft(
            channel="12315",
            external_id=external_id,
            text=text,
            received_at=self.services.now(),
            kind=kind,
            urgency=urgency,
            reporter=more.get("reporter", Reporter(name="李小明", phone="13900001111", address="西城区某小区1号楼")),
            respondent=more.get("respondent", Respondent(name="康宁药店", address="西城区广安门外大街8号")),
            demand=more.get("demand", "退货退款"),
            raw=text.encode(),
        )
        prepared = prepare_draft(self.services, draft, "xicheng", more.get("chosen"))
        return register_prepared(self.services, prepared, OPERATOR, dispatch=dispatch, source="desk")

    def snapshot(self, case_id):
        with self.services.read() as store:
            return replay(store.events(case_id))

    def act(self, case_id, action, actor=OPERATOR, *, leg=None, text="", expected_seq=None, **data):
        command = Command(action, leg.id if leg else None, data, text, None, expected_seq)
        with self.services.write() as store:
            return act(
                store, case_id, command, desk=self.services.desk("xicheng"), actor=actor, now=self.services.now()
            )

    def clerk(self, leg, role=Role.CLERK):
        return Actor("cl", role, "xicheng", leg.body_id)
