"""Random lives of cases through the real store: what is stored is what the events make, and a refusal does nothing.

Each life is drawn from the lifecycle's own table: what `allowed` offers some actor now, with fields filled at random,
at random moments, with sweeps of the scheduler in between. What the table forbids is tried too.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hotline.announcing import sweep
from hotline.casework.desk import act, register
from hotline.casework.lifecycle import allowed
from hotline.casework.needs import NeedKind
from hotline.casework.reckoning import reckon
from hotline.casework.state import replay
from hotline.casework.stretches import stretches
from hotline.casework.timeshare import shares
from hotline.casework.transition_table import TRANSITIONS
from hotline.casework.worked_minutes import worked_between
from hotline.environment import read_settings
from hotline.errors import HotlineError
from hotline.intake.submission import Draft
from hotline.preparing import directory_bodies
from hotline.records import Actor, Command, Reporter, Respondent
from hotline.registering import prepare_draft
from hotline.services import Services
from hotline.store.audit import verify
from hotline.store.auditrows import verify_rows
from hotline.store.clockstore import clocks_of
from hotline.store.engine import open_engine, read_transaction, write_transaction
from hotline.store.ids import new_id
from hotline.store.offices import save_bodies, save_office
from hotline.store.tables import CASE, CLOCK, EVENT, LEG, METADATA
from hotline.vocabulary import OPEN_CASE_STATES, OPEN_LEG_STATES, Action, Kind, Role
from tests.flow.conftest import FAKE_DRUG, OFFICE, START

ROLES = (Role.OPERATOR, Role.SUPERVISOR, Role.CLERK, Role.RESPONSIBLE)
STEPS = 14
LIFE = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
COUNTED = (EVENT, CASE, LEG, CLOCK)


@pytest.fixture(scope="module")
def hall(migrated_sqlite, tmp_path_factory, rulebook):
    """One installation for all lives of this module, and one complaint of each kind, prepared once."""
    from hotline.store.new_keys import create_keyring  # noqa: PLC0415 - only here.

    folder = tmp_path_factory.mktemp("histories")
    shutil.copyfile(migrated_sqlite, folder / "hotline.db")
    engine = open_engine(f"sqlite:///{folder / 'hotline.db'}")
    keyring = create_keyring(folder / "keys")
    with write_transaction(engine) as session:
        save_bodies(session, directory_bodies())
        save_office(session, OFFICE, START)
    chosen = replace(read_settings({"HOTLINE_VAR": str(folder)}), database_url=str(engine.url))
    services = Services(chosen, engine, keyring, rulebook, lambda: START)
    prepared = {
        kind: prepare_draft(
            services,
            Draft(
                channel="12315",
                external_id="",
                text=FAKE_DRUG,
                received_at=START,
                kind=kind,
                reporter=Reporter(name="李小明", phone="13900001111"),
                respondent=Respondent(name="康宁药店"),
                raw=FAKE_DRUG.encode(),
            ),
            "xicheng",
        )
        for kind in Kind
    }
    yield Hall(services, prepared)
    engine.dispose()


class Hall:
    """What all lives share; its repr is short, as hypothesis shows it."""

    def __init__(self, services, prepared):
        self.services, self.prepared = services, prepared


def chance_of(seed):
    return random.Random(seed)  # noqa: S311 - a story, not a secret.


class Life:
    """One case on its way, with a clock and a source of chance of its own."""

    def __init__(self, hall, chance):
        self.services, prepared = hall.services, hall.prepared
        self.chance, self.now = chance, START
        self.bodies = sorted(
            {"110102-scjg", "110102-whly", "110102-gafj"} & set(self.services.rulebook.directory.bodies)
        )
        kind = chance.choice([Kind.DISPUTE, Kind.DISPUTE, Kind.REPORT, Kind.REPORT, Kind.INQUIRY])
        submission_id, complaint_id = new_id(), new_id()
        first = prepared[kind]
        raw = replace(first.raw, id=submission_id, external_id=complaint_id)
        complaint = replace(
            first.complaint, id=complaint_id, submission_id=submission_id, external_id=complaint_id, kind=kind
        )
        with self.services.write() as store:
            made = register(
                store,
                replace(first, raw=raw, complaint=complaint),
                desk=self.desk,
                actor=Actor("op", Role.OPERATOR, "xicheng"),
                now=self.now,
                number=complaint_id,
                dispatch=chance.random() < 0.7,
            )
        self.case_id = made.case_id

    @property
    def desk(self):
        return self.services.desk("xicheng")

    def events(self):
        with self.services.read() as store:
            return store.events(self.case_id)

    def actor(self, snapshot):
        role = self.chance.choice(ROLES)
        bodies = [leg.body_id for leg in snapshot.legs] or self.bodies
        body = self.chance.choice(bodies) if role in {Role.CLERK, Role.RESPONSIBLE} else None
        return Actor(f"{role.value}-1", role, "xicheng", body)

    def fill(self, need, clocks):
        chance, taxonomy = self.chance, self.services.rulebook.taxonomy
        if not need.required and chance.random() < 0.5:
            return None
        listed = [code for code, _ in need.choices]
        named = {"category": sorted(taxonomy.categories), "setting": sorted(taxonomy.settings)}.get(need.name, [])
        if need.kind in {NeedKind.CHOICE, NeedKind.CHOICES}:
            picked = chance.choice(listed or named or ["nothing"])
            return (picked,) if need.kind is NeedKind.CHOICES else picked
        if need.kind is NeedKind.POLICY:
            return chance.choice([clock.policy for clock in clocks] or ["H-RESOLVE"])
        made = {
            NeedKind.BODY: lambda: chance.choice(self.bodies),
            NeedKind.BODIES: lambda: tuple(chance.sample(self.bodies, chance.randint(0, 2))),
            NeedKind.BOOL: lambda: chance.random() < 0.5,
            NeedKind.NUMBER: lambda: chance.randint(1, min(need.limit, 6)),
            NeedKind.DATETIME: self.now.isoformat,
            NeedKind.TEXT: lambda: "有关情况",
        }
        return made[need.kind]()

    def offered(self, snapshot, actor):
        """One action that the table offers this actor now; None where it offers nothing."""
        offers = [each for each in allowed(snapshot, actor) if each.transition.action is not Action.EVIDENCE]
        if not offers:
            return None
        # Steps that lead on are drawn more often than notes.
        weights = [1 if each.transition.to is None else 4 for each in offers]
        (offer,) = self.chance.choices(offers, weights)
        with self.services.read() as store:
            clocks = clocks_of(store.session, self.case_id)
        filled = {need.name: self.fill(need, clocks) for need in offer.needs}
        text = filled.pop("text", None) or ""
        data = {name: value for name, value in filled.items() if value is not None}
        return Command(offer.transition.action, offer.leg_id, data, text)

    def wild(self, snapshot):
        """An action that may be wrong in any way: state, role, leg, form, time, sequence."""
        chance, row = self.chance, self.chance.choice(TRANSITIONS)
        legs = [leg.id for leg in snapshot.legs]
        leg_id = chance.choice([None, "no-such-leg", *legs])
        data = {need.name: chance.choice(["", "x", -1, 10**9, True, ("a", "a"), None]) for need in row.needs}
        data |= chance.choice([{}, {"unknown": "值"}])
        at = self.now + chance.choice([timedelta(days=400), -timedelta(days=4000), timedelta()])
        return Command(row.action, leg_id, data, chance.choice(["", "文字" * 3]), at, chance.choice([None, 0, 99]))

    def act(self, command, actor):
        """Do it; what was refused in Chinese has changed nothing."""
        before, refused = counts(self.services.engine), None
        try:
            with self.services.write() as store:
                act(store, self.case_id, command, desk=self.desk, actor=actor, now=self.now)
        except HotlineError as error:
            refused = error.message
        if refused is not None:
            assert any("\u4e00" <= char <= "\u9fff" for char in refused), refused
            assert counts(self.services.engine) == before
        return refused is None

    def live(self):
        """Some steps at random moments; return how many were done."""
        done = 0
        for _ in range(STEPS):
            self.now += timedelta(minutes=self.chance.choice([0, 3, 50, 700, 3000, 9000]))
            snapshot = replay(self.events())
            actor = self.actor(snapshot)
            command = self.wild(snapshot) if self.chance.random() < 0.25 else self.offered(snapshot, actor)
            done += command is not None and self.act(command, actor)
            if self.chance.random() < 0.3:
                sweep(self.services.engine, self.now - timedelta(minutes=self.chance.choice([0, 0, 600])))
        return done


def counts(engine):
    with read_transaction(engine) as session:
        return {table.name: session.execute(select(func.count()).select_from(table)).scalar_one() for table in COUNTED}


def reckoner(services):
    rules, bodies = services.rulebook.clock_rules, services.rulebook.directory.bodies
    office = services.office("xicheng")
    return lambda events, snapshot: (
        rules.mark(office),
        reckon(events, snapshot, office=office, rules=rules, bodies=bodies),
    )


@LIFE
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_what_is_stored_is_what_the_events_make(hall, seed):
    life = Life(hall, chance_of(seed))
    life.live()
    services = life.services
    assert verify(services.engine, services.keyring, services.settings.seals)["broken"] == []
    assert verify_rows(services.engine, services.keyring, reckoner(services)) == []


@LIFE
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_the_shares_of_the_holders_add_up(hall, seed):
    life = Life(hall, chance_of(seed))
    life.live()
    events, calendar = life.events(), life.services.rulebook.calendar
    snapshot = replay(events)
    closed = None if snapshot.state in OPEN_CASE_STATES else snapshot.closed_at
    for moment in (life.now, life.now + timedelta(days=3, minutes=17)):
        until = min(moment, closed or moment)  # A closed case takes nobody's time.
        parts = shares(stretches(events), calendar, until)
        assert sum(each.minutes for each in parts) == worked_between(calendar, snapshot.received_at, until)
        assert all(each.minutes >= 0 for each in parts)


@LIFE
@given(seed=st.integers(min_value=0, max_value=2**32))
def test_no_stage_is_announced_twice(hall, seed):
    life = Life(hall, chance_of(seed))
    life.live()
    engine, later = life.services.engine, life.now + timedelta(days=life.chance.randint(0, 60))
    for moment in (later, later - timedelta(days=1), later):
        pair = [Thread(target=sweep, args=(engine, moment)) for _ in range(2)]
        for each in pair:
            each.start()
        for each in pair:
            each.join()
    assert sweep(engine, later) == 0
    assert twice(engine) == []


def twice(engine):
    """Keys (clock, due date, stage; recipient) that stand more than once in anything that was announced."""
    found = []
    with read_transaction(engine) as session:
        for table in METADATA.sorted_tables:
            if "dedupe" in table.c:
                keys = session.execute(select(table.c.dedupe).where(table.c.dedupe.is_not(None))).scalars()
                found += [(table.name, key) for key, count in Counter(keys).items() if count > 1]
    return found


def test_lives_reach_the_end_and_every_state(hall):
    """The histories above would prove little if they never left the desk."""
    seen = Counter()
    for seed in range(12):
        life = Life(hall, chance_of(seed))
        assert life.live() > 0
        snapshot = replay(life.events())
        seen[snapshot.state] += 1
        seen.update(event.action for event in life.events())
        assert all(leg.closed_at is None for leg in snapshot.legs if leg.state in OPEN_LEG_STATES)
    assert {Action.SIGN, Action.DISPATCH} <= set(seen)
    assert len([key for key in seen if isinstance(key, Action)]) > 12
