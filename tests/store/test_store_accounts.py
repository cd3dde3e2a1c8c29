from __future__ import annotations

from datetime import timedelta

import pytest

from hotline.errors import ConflictError, NotFoundError
from hotline.records import Actor, ClockOverride, Office
from hotline.store import account_changes, accounts, attempts, login_sessions, token_hash, tokens
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.offices import BodyLine, bodies, office, offices, save_bodies, save_office
from hotline.vocabulary import Role, Unit, Urgency
from tests.store.store_world import NOW

WEEK = timedelta(days=7)


@pytest.fixture
def clerk(world):
    with write_transaction(world.engine) as session:
        return make(session, "clerk", role=Role.CLERK, body_id="body-a")


def make(session, username, *, role=Role.OPERATOR, body_id=None, office_id="xicheng", demo=False):
    return account_changes.create_account(
        session,
        username=username,
        display_name=f"{username}的姓名",
        password_hash="$argon2id$x",
        role=role,
        office_id=office_id,
        body_id=body_id,
        at=NOW,
        demo=demo,
    )


def test_accounts_are_kept_and_found(world, clerk):
    with write_transaction(world.engine) as session:
        other = make(session, "baodi", office_id="baodi", demo=True)
    with read_transaction(world.engine) as session:
        assert accounts.account(session, clerk.id) == clerk
        assert accounts.account_by_username(session, "clerk") == clerk
        assert accounts.account_by_username(session, "nobody") is None
        assert accounts.list_accounts(session) == (other, clerk)
        assert accounts.list_accounts(session, "xicheng") == (clerk,)
        assert accounts.display_names(session, [clerk.id, "x"]) == {clerk.id: "clerk的姓名"}
        with pytest.raises(NotFoundError):
            accounts.account(session, "x")
    assert clerk.actor == Actor(clerk.id, Role.CLERK, "xicheng", "body-a")
    assert "argon2" not in repr(clerk)
    assert accounts.has_demo_accounts(world.engine)


@pytest.mark.parametrize(
    "changes", [{}, {"office_id": "nowhere", "username": "x"}, {"body_id": "nobody", "username": "x"}]
)
def test_a_taken_name_or_an_unknown_office_or_body_is_refused(world, clerk, changes):
    with pytest.raises(ConflictError), write_transaction(world.engine) as session:
        make(session, **{"username": "clerk"} | changes)


def test_a_login_holds_until_it_expires_or_is_revoked(world, clerk):
    hashed = token_hash.hash_token("random")
    with write_transaction(world.engine) as session:
        login_sessions.open_login(session, clerk.id, hashed, NOW, WEEK)
        found, login = login_sessions.login_account(session, hashed, NOW)
        assert found == clerk
        assert not login_sessions.needs_touch(login, NOW + timedelta(seconds=59))
        assert login_sessions.needs_touch(login, NOW + timedelta(seconds=60))
        login_sessions.touch_login(session, login, NOW + timedelta(hours=1))
        _, touched = login_sessions.login_account(session, hashed, NOW)
        assert touched.last_seen_at == NOW + timedelta(hours=1)
        assert login_sessions.login_account(session, hashed, NOW + WEEK) is None
        assert login_sessions.login_account(session, token_hash.hash_token("other"), NOW) is None
        login_sessions.revoke_login(session, hashed, NOW)
        assert login_sessions.login_account(session, hashed, NOW) is None
    with write_transaction(world.engine) as session:
        assert login_sessions.forget_dead_sessions(session, NOW + timedelta(days=6)) == 0
        assert login_sessions.forget_dead_sessions(session, NOW + timedelta(days=8)) == 1


@pytest.mark.parametrize("how", ["password", "inactive"])
def test_a_new_password_or_switching_off_ends_every_login(world, clerk, how):
    with write_transaction(world.engine) as session:
        for token in ("a", "b"):
            login_sessions.open_login(session, clerk.id, token_hash.hash_token(token), NOW, WEEK)
        if how == "password":
            account_changes.set_password(session, clerk.id, "new", NOW)
        else:
            account_changes.set_active(session, clerk.id, active=False, at=NOW)
        assert login_sessions.login_account(session, token_hash.hash_token("a"), NOW) is None
        changed = accounts.account(session, clerk.id)
    assert (changed.password_hash, changed.active) == (("new", True) if how == "password" else ("$argon2id$x", False))


def test_switching_on_does_not_bring_old_logins_back(world, clerk):
    with write_transaction(world.engine) as session:
        login_sessions.open_login(session, clerk.id, token_hash.hash_token("a"), NOW, WEEK)
        account_changes.set_active(session, clerk.id, active=False, at=NOW)
        account_changes.set_active(session, clerk.id, active=True, at=NOW)
        assert login_sessions.login_account(session, token_hash.hash_token("a"), NOW) is None


def test_attempts_count_in_fixed_windows_for_all_workers(engine):
    window = timedelta(minutes=15)
    assert [attempts.count_attempt(engine, "login:a", NOW, window) for _ in range(3)] == [1, 2, 3]
    assert attempts.count_attempt(engine, "login:b", NOW, window) == 1
    assert attempts.count_attempt(engine, "login:a", NOW + window, window) == 1
    with read_transaction(engine) as session:
        assert attempts.attempts(session, "login:a", NOW, window) == 3
        assert attempts.attempts(session, "login:c", NOW, window) == 0
    attempts.forget_attempts(engine, "login:a")
    with read_transaction(engine) as session:
        assert attempts.attempts(session, "login:a", NOW, window) == 0


def test_tokens_of_channels(world):
    hashed = token_hash.hash_token("secret")
    with write_transaction(world.engine) as session:
        made = tokens.add_token(
            session, token_hash=hashed, channel="12315", office_id="xicheng", label="呼叫中心", at=NOW
        )
        assert tokens.token_of(session, hashed) == made
        assert tokens.token_of(session, token_hash.hash_token("x")) is None
        tokens.revoke_token(session, made.id, "baodi", NOW)
        assert tokens.token_of(session, hashed) == made
        tokens.revoke_token(session, made.id, "xicheng", NOW)
        assert tokens.token_of(session, hashed) is None
        assert [token.revoked_at for token in tokens.tokens_of(session, "xicheng")] == [NOW]
        assert tokens.tokens_of(session, "baodi") == ()


def test_offices_and_bodies_are_brought_up_to_date(world):
    override = ClockOverride("H-SIGN", 2, Unit.MINUTE, Urgency.URGENT)
    changed = Office("xicheng", "西城区办公室", "110102", "xicheng-2011", "99", (override,), auto_dispatch=False)
    with write_transaction(world.engine) as session:
        save_office(session, changed, NOW)
        save_bodies(session, [BodyLine("body-a", "区文旅局", "110102", "copyright")])
        kept = office(session, "xicheng")
        assert (kept.name, kept.overrides, kept.auto_dispatch) == ("西城区办公室", (override,), False)
        assert kept.number_prefix == "11"
        assert [each.id for each in offices(session)] == ["baodi", "xicheng"]
        assert len(bodies(session)) == 3
        with pytest.raises(NotFoundError):
            office(session, "x")
