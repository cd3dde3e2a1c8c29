import fcntl
import sqlite3
from itertools import islice

import pytest

from hotline.commands.installation import open_database
from hotline.demo import loading
from hotline.demo.complaints import read_complaints
from hotline.environment import read_settings
from hotline.routing.plans import load_plans
from hotline.store.accounts import account_by_username
from hotline.store.engine import read_transaction
from hotline.store.passwords import verify_password
from hotline.store.token_hash import hash_token
from hotline.store.tokens import token_of

PLANS = len(load_plans())
"""Each shipped plan is one event when the database is made."""

OFFICE = ("users", "office", "xicheng", "--name", "西城区办公室", "--region", "110102", "--plan", "xicheng-2011")
KEYS = {"id", "username", "display_name", "role", "office", "body", "active", "demo", "created_at"}


@pytest.fixture
def installation(hotline):
    assert hotline("migrate").code == 0
    assert hotline(*OFFICE, "--prefix", "1").code == 0
    return hotline


def stored(username):
    with open_database(read_settings()) as (engine, _), read_transaction(engine) as session:
        return account_by_username(session, username)


def test_an_account_is_made_with_a_password_that_fits(installation):
    ran = installation("users", "add", "zhang", "--role", "operator", "--display", "张三")
    assert ran.code == 0
    made = ran.object
    assert set(made) == KEYS | {"password"}
    assert (made["display_name"], made["role"], made["office"], made["active"]) == ("张三", "operator", "xicheng", True)
    account = stored("zhang")
    assert verify_password(account.password_hash, made["password"])
    listed = installation("users", "list")
    assert [set(line) for line in listed.lines] == [KEYS]
    assert made["password"] not in listed.out
    assert account.password_hash not in listed.out


def test_password_disable_and_enable(installation):
    first = installation("users", "add", "zhang", "--role", "operator").object["password"]
    second = installation("users", "password", "zhang").object["password"]
    assert first != second
    assert verify_password(stored("zhang").password_hash, second)
    assert installation("users", "disable", "zhang").object["active"] is False
    assert installation("users", "enable", "zhang").object["active"] is True
    # office, account made, password, disabled, enabled: each an event
    assert installation("audit", "verify").object["events"] == PLANS + 5


def test_a_clerk_belongs_to_a_body(installation):
    assert installation("users", "add", "li", "--role", "clerk").code == 2
    unknown = installation("users", "add", "li", "--role", "clerk", "--body", "nowhere")
    assert unknown.code == 2
    assert "110102-" in unknown.err, "the message names the bodies there are"
    made = installation("users", "add", "li", "--role", "clerk", "--body", "110102-scjg")
    assert made.object["body"] == "110102-scjg"


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "zhang", "--role", "operator"),
        ("add", "z", "--role", "operator"),
        ("add", "a b", "--role", "operator"),
        ("add", "wang", "--role", "system"),
        ("add", "wang", "--role", "operator", "--office", "nowhere"),
        ("add", "wang", "--role", "operator", "--body", "110102-scjg"),
        ("disable", "nobody"),
        ("password", "nobody"),
        ("token", "--channel", "99999"),
        ("office", "XC", "--name", "甲", "--region", "110102", "--plan", "xicheng-2011", "--prefix", "3"),
        ("office", "xc", "--name", "甲", "--region", "999999", "--plan", "xicheng-2011", "--prefix", "3"),
        ("office", "xc", "--name", "甲", "--region", "110102", "--plan", "nowhere", "--prefix", "3"),
        ("office", "xc", "--name", "甲", "--region", "110102", "--plan", "xicheng-2011", "--prefix", "A"),
        ("office", "xc", "--name", "甲", "--region", "110102", "--plan", "xicheng-2011", "--prefix", "01"),
    ],
)
def test_what_cannot_be_is_refused(installation, arguments):
    installation("users", "add", "zhang", "--role", "operator")
    ran = installation("users", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.strip()


def test_a_token_is_the_channel_and_is_kept_as_a_digest(installation, place):
    made = installation("users", "token", "--channel", "12315", "--label", "呼叫中心").object
    assert set(made) == {"id", "channel", "office", "scope", "label", "token"}
    with open_database(read_settings()) as (engine, _), read_transaction(engine) as session:
        assert token_of(session, hash_token(made["token"])).channel == "12315"
    assert made["token"].encode() not in (place / "var" / "hotline.db").read_bytes()


def test_a_channel_of_the_deployments_own_has_a_token_and_clocks(installation, place):
    own = '[channels.96315]\nname = "96315 老年人热线"\nkind = "dispute"\n'
    (place / "own.toml").write_text(own, "utf-8")
    assert installation("channels", "add", "own.toml").code == 0
    assert installation("users", "token", "--channel", "96315").object["channel"] == "96315"
    asked = ("--kind", "dispute", "--channel", "96315", "--received", "2026-11-20T09:00")
    assert installation("deadlines", *asked).lines[0]["policy"]


def test_a_token_can_be_a_bodys_and_only_one_of_both(installation, place):
    made = installation("users", "token", "--body", "110102-scjg", "--scope", "read", "--label", "办案系统").object
    with open_database(read_settings()) as (engine, _), read_transaction(engine) as session:
        found = token_of(session, hash_token(made["token"]))
    assert (found.body_id, found.channel, found.scope) == ("110102-scjg", "", "read")
    for wrong in ((), ("--channel", "12315", "--body", "110102-scjg"), ("--body", "nobody")):
        assert installation("users", "token", *wrong).code == 2


def test_audit_verify_finds_what_was_altered(installation, place):
    ran = installation("audit", "verify")
    assert ran.code == 0
    assert ran.object == {"ok": True, "events": PLANS + 1, "seals": 0, "unsealed": PLANS + 1, "broken": []}
    with sqlite3.connect(place / "var" / "hotline.db") as database:
        database.execute("update case_event set actor_id = 'somebody' where stream = 'office:xicheng'")
    ran = installation("audit", "verify")
    assert ran.code == 1
    assert ran.object["ok"] is False
    (fault,) = ran.object["broken"]
    assert (fault["stream"], fault["seq"]) == ("office:xicheng", 1)
    assert fault["reason"]


@pytest.mark.parametrize("command", [("audit", "verify"), ("users", "list")])
def test_without_a_database_nothing_is_created(hotline, place, command):
    ran = hotline(*command)
    assert (ran.code, ran.out) == (2, "")
    assert "hotline migrate" in ran.err
    assert list(place.iterdir()) == []


def test_keys_that_do_not_fit_are_refused(installation, place):
    (key,) = (place / "var" / "keys").glob("event*")
    key.write_text("00" * 32 + "\n", "ascii")
    ran = installation("audit", "verify")
    assert (ran.code, ran.out) == (2, "")
    assert "密钥" in ran.err
    found = {check["check"]: check["status"] for check in installation("doctor", "--json").object["checks"]}
    assert found["keys"] == "wrong"


def checks(ran):
    assert set(ran.object) == {"ok", "checks"}
    assert all(set(check) == {"check", "status", "detail"} for check in ran.object["checks"])
    assert ran.code == (0 if ran.object["ok"] else 1)
    return {check["check"]: check["status"] for check in ran.object["checks"]}


def test_doctor_looks_at_everything(installation, monkeypatch, model_folder, place):
    monkeypatch.setenv("HOTLINE_MODEL", str(model_folder))
    found = checks(installation("doctor", "--json"))
    assert {
        *("python", "libraries", "settings", "segmenter", "model", "plans", "policies", "calendar", "scheduler"),
        *("database", "keys", "offices", "seals", "demo_accounts"),
    } <= set(found)
    assert "wrong" not in {status for check, status in found.items() if check != "libraries"}
    assert found["scheduler"] == "warning"
    with (place / "var" / "scheduler.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert checks(installation("doctor", "--json"))["scheduler"] == "ok"


def test_doctor_names_a_missing_model_and_goes_on(hotline, monkeypatch, tmp_path):
    monkeypatch.setenv("HOTLINE_MODEL", str(tmp_path / "nothing"))
    ran = hotline("doctor", "--json")
    found = checks(ran)
    assert (ran.code, found["model"], found["plans"], found["database"]) == (1, "wrong", "ok", "warning")
    assert "[有误] model" in hotline("doctor").out


def test_doctor_names_an_unknown_setting(hotline, monkeypatch):
    monkeypatch.setenv("HOTLINE_PROT", "80")
    ran = hotline("doctor", "--json")
    assert checks(ran)["settings"] == "wrong"


def test_doctor_sees_a_seal_file_that_was_cut(installation, place):
    with sqlite3.connect(place / "var" / "hotline.db") as database:
        columns = "id, at, count, ranges, root, prev_root, hmac"
        for number in (1, 2):
            database.execute(
                f"insert into seal ({columns}) values (?, '2026-11-20 00:00:00.000000', 0, '[]', '', '', '')",  # noqa: S608 - our own names.
                (number,),
            )
    assert checks(installation("doctor", "--json"))["seals"] == "wrong"


def test_the_demonstration_is_refused_where_people_work_unless_told(hotline, monkeypatch, model_folder):
    monkeypatch.setenv("HOTLINE_MODEL", str(model_folder))
    monkeypatch.setattr(loading, "read_complaints", lambda: islice(read_complaints(), 3))
    assert hotline("migrate").code == 0
    other = ("users", "office", "haidian", "--name", "海淀区办公室", "--region", "110108", "--plan", "beijing-2017")
    assert hotline(*other, "--prefix", "7").code == 0
    assert hotline("users", "add", "zhang", "--role", "operator").code == 0
    before = stored("zhang")
    refused = hotline("demo")
    assert (refused.code, refused.out) == (2, "")
    assert "--anyway" in refused.err
    assert hotline("demo", "--if-empty").code == 0
    assert stored("zuoxi") is None
    told = hotline("demo", "--anyway")
    assert told.code == 0, told.err
    assert stored("zhang") == before
    assert stored("zuoxi").demo
    again = hotline("demo", "--anyway")
    assert again.code == 2
    assert "zuoxi" in again.err
