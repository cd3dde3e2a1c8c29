"""The demonstration has something for each page: repeats, a merged pair, a code, releases, tokens, a subscription."""

from __future__ import annotations

import logging
import stat
from itertools import islice

import pytest
from sqlalchemy import select

from hotline.casework.bonds import links_of
from hotline.casework.state import replay
from hotline.demo import loading
from hotline.demo.complaints import read_complaints
from hotline.demo.shown import ADDRESS, BODY, read_shown, secrets_file, write_secrets
from hotline.demo.shown import People as Acting
from hotline.environment import read_settings
from hotline.errors import InvalidInputError
from hotline.intake.likeness import Sameness
from hotline.preparing import directory_bodies, prepare_store
from hotline.records import Actor
from hotline.services import Services
from hotline.store.account_changes import create_account
from hotline.store.accounts import account_by_username
from hotline.store.contacts import contacts_of
from hotline.store.engine import open_engine, write_transaction
from hotline.store.following import case_of_code
from hotline.store.hooks import EVENTS, subscriptions
from hotline.store.new_keys import create_keyring
from hotline.store.offices import save_bodies
from hotline.store.outbox_messages import messages
from hotline.store.related import related_to
from hotline.store.releases import Sought, released
from hotline.store.tables import COMPLAINT
from hotline.store.token_hash import hash_token
from hotline.store.tokens import token_of, tokens_of
from hotline.vocabulary import Kind, Relation, Role
from tests.flow.conftest import START
from tests.flow.leaks import held_bytes

SOME = 60


@pytest.fixture(scope="module")
def demo(tmp_path_factory, rulebook):
    folder = tmp_path_factory.mktemp("demo") / "var"
    settings = read_settings({"HOTLINE_VAR": str(folder)})
    prepare_store(settings)
    engine = open_engine(settings.database_url)
    services = Services(settings, engine, create_keyring(folder / "other-keys"), rulebook, lambda: START)
    with write_transaction(engine) as session:
        save_bodies(session, directory_bodies())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(loading, "read_complaints", lambda: islice(read_complaints(), SOME))
        assert loading.load(services, lambda _done, _total: None) == SOME + len(list(read_shown()))
    yield services
    engine.dispose()


@pytest.fixture
def told(demo):
    """Case and complaint of each that is shown, by its id."""
    with demo.read() as store:
        rows = store.session.execute(select(COMPLAINT.c.external_id, COMPLAINT.c.case_id, COMPLAINT.c.id))
        return {row.external_id: (row.case_id, store.complaint(row.id)) for row in rows if "demo-0" not in row[0]}


def near(demo, told, name, *, of_caller=False):
    names = {case_id: other for other, (case_id, _) in told.items()}
    with demo.read() as store:
        found = related_to(store, told[name][1], of_caller=of_caller).lines
    return {names[each.line.case_id]: each for each in found if each.line.case_id in names}


def test_repeats_are_there_of_each_kind(demo, told):
    same, group = near(demo, told, "demo-same-3"), near(demo, told, "demo-group-3", of_caller=True)
    assert {name: each.sameness for name, each in same.items() if "same" in name} == dict.fromkeys(
        ("demo-same-1", "demo-same-2"), Sameness.SAME
    )
    assert {name: each.sameness for name, each in group.items() if "group" in name} == dict.fromkeys(
        ("demo-group-1", "demo-group-2"), Sameness.GROUP
    )
    again = near(demo, told, "demo-caller-2", of_caller=True)
    assert "phone" in again["demo-caller-1"].reasons


def test_a_pair_is_merged_and_the_third_is_not(demo, told):
    with demo.read() as store:
        links = {name: links_of(replay(store.events(case_id))) for name, (case_id, _) in told.items()}
    (link,) = links["demo-same-1"]
    assert (link.case_id, link.relation) == (told["demo-same-2"][0], Relation.DUPLICATE)
    assert links["demo-same-3"] == ()


def secrets_of(demo):
    lines = secrets_file(demo.settings.var).read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def test_tokens_and_code_open_what_they_are_for_and_stand_in_one_file_only(demo, told):
    path = secrets_file(demo.settings.var)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    channel, body, code = secrets_of(demo).values()
    with demo.read() as store:
        assert token_of(store.session, hash_token(channel)).channel == "12315"
        assert token_of(store.session, hash_token(body)).body_id == BODY
        number = next(what for what in secrets_of(demo) if what.startswith("查询码")).split("（")[1].split("，")[0]
        case_id, _ = told["demo-follow"]
        assert case_of_code(store.session, demo.keyring, number, code)[0] == case_id
        assert replay(store.events(case_id)).kind is Kind.REPORT
    held = held_bytes(demo.engine)
    assert not any(secret.encode() in held for secret in (channel, body, code))


def test_taken_up_again_it_leaves_one_token_of_each_and_logs_no_secret(demo, told, caplog):
    before = secrets_of(demo)
    people = Acting(*(Actor("x", role, "xicheng") for role in (Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR)), {})
    with caplog.at_level(logging.DEBUG):
        write_secrets(demo, people, (told["demo-follow"][0], "2026-010001-9"))
    with demo.read() as store:
        valid = [each for each in tokens_of(store.session, "xicheng") if each.revoked_at is None]
    assert [(each.channel, each.body_id) for each in valid] == [("", BODY), ("12315", None)]
    after = secrets_of(demo)
    assert not set(before.values()) & set(after.values())
    assert not any(secret in caplog.text for secret in (*before.values(), *after.values()))


def test_released_disputes_are_listed(demo):
    with demo.read() as store:
        found = released(store.session, Sought())
    assert len(found) == 5
    assert len([each for each in found if each.closed_at is None]) == 2


def test_a_body_hears_over_an_address_that_nobody_has(demo):
    with demo.read() as store:
        assert subscriptions(store.session, "xicheng") == {BODY: EVENTS}
        (contact,) = contacts_of(store.session, "xicheng")
        waiting, _ = messages(store.session, "xicheng", body_id=BODY)
    assert contact.address == ADDRESS
    assert ".invalid/" in ADDRESS
    assert waiting
    assert {each.attempts for each in waiting} == {0}


def test_it_is_not_loaded_twice(demo):
    with pytest.raises(InvalidInputError, match="--anyway"):
        loading.load(demo, lambda _done, _total: None)
    with pytest.raises(InvalidInputError, match="zuoxi"):
        loading.load(demo, lambda _done, _total: None, beside=True)


def test_it_is_loaded_beside_others_only_when_told_to(services, monkeypatch):
    """Whoever worked here before keeps account and password; nothing of theirs is changed."""
    monkeypatch.setattr(loading, "read_complaints", lambda: islice(read_complaints(), 3))
    with services.write() as store:
        own = create_account(
            store.session,
            username="zhang",
            display_name="张三",
            password_hash="x",
            role=Role.ADMINISTRATOR,
            office_id="xicheng",
            body_id=None,
            at=START,
            demo=False,
        )
    with pytest.raises(InvalidInputError, match="--anyway"):
        loading.load(services, lambda _done, _total: None)
    with pytest.raises(InvalidInputError, match="xicheng"):
        loading.load(services, lambda _done, _total: None, beside=True)
    with services.read() as store:
        assert account_by_username(store.session, "zhang") == own
        assert account_by_username(store.session, "zuoxi") is None
