"""Digests leave the house once, with one id, to real servers on this machine; what fails is tried again."""

import hashlib
import hmac
import json
import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from hotline.announcing import Manner
from hotline.delivery import job
from hotline.delivery.by_webhook import post
from hotline.delivery.daily import list_what_is_due
from hotline.delivery.outcome import DeliveryError
from hotline.errors import InvalidInputError
from hotline.store.address_rules import check_address
from hotline.store.digest_lines import forget_digests
from hotline.store.engine import write_transaction
from hotline.store.outbox_messages import forget_sent, given_up
from hotline.store.outbox_tries import BACKOFF, LEASE, send_again
from hotline.store.tables import DIGEST_LINE, NOTICE, OUTBOX
from hotline.vocabulary import Delivery, Outlet
from tests.delivery.conftest import BODY, SUPERVISORS
from tests.store.store_world import PHONE

MAIL = "zhiban@example.gov.cn"


def test_one_mail_a_recipient_and_not_one_a_clock(house, mail_server):
    house.address(BODY, Outlet.MAIL, MAIL)
    house.address(SUPERVISORS, Outlet.MAIL, "duban@example.gov.cn")
    house.late(12)
    assert house.sweep() == 12
    assert house.deliver() == 2
    assert house.deliver() == 0
    mail = next(mail for mail in mail_server.mails if mail["To"] == MAIL)
    assert mail["Subject"] == "【时限提醒】2026-11-23 有 12 项，其中 12 项已逾期"
    text = mail.get_content()
    assert text.count("https://hotline.example.gov.cn/cases/") == 12
    assert "2026-110003-1" in text
    assert "已逾期 2 天（此前未及提醒：" in text
    assert not re.search(f"张三|{PHONE}|光盘$", str(mail) + text)
    assert [message.state for message in house.messages()] == [Delivery.SENT, Delivery.SENT]


def test_a_webhook_is_signed_and_names_no_person(house, hooks):
    house.address(BODY, Outlet.WEBHOOK, house.hook)
    house.late(2)
    house.sweep()
    assert house.deliver() == 1
    path, headers, content = hooks.posts[0]
    assert path == "/in"
    signed = headers["X-Hotline-Timestamp"].encode() + b"." + content
    expected = hmac.new(house.secrets[BODY], signed, hashlib.sha256).hexdigest()
    assert headers["X-Hotline-Signature"] == f"sha256={expected}"
    event = json.loads(content)
    assert event["event_id"] == headers["X-Hotline-Event"] == house.messages()[0].id
    assert {line["number"] for line in event["lines"]} == {"2026-110000-1", "2026-110001-1"}
    assert set(event["lines"][0]) == {
        "number",
        "category",
        "policy",
        "title",
        "stage",
        "missed",
        "due_at",
        "link",
    }
    assert "张三" not in content.decode()


def test_who_has_no_address_gets_nothing_outside_and_off_means_off(house):
    house.late()
    house.sweep()
    assert house.messages() == ()
    house.address(BODY, Outlet.MAIL, MAIL)
    house.outlets = frozenset()
    house.late(start=1)
    assert house.sweep() == 1
    assert house.messages() == ()


def test_later_stages_wait_for_one_message_an_hour(house, mail_server):
    house.address(BODY, Outlet.MAIL, MAIL)
    house.late()
    house.sweep()
    house.deliver()
    for n in range(1, 6):
        house.pass_by(minutes=5)
        house.late(start=n)
        house.sweep()
        house.deliver()
    assert len(mail_server.mails) == 1
    house.pass_by(minutes=36)
    house.deliver()
    assert len(mail_server.mails) == 2
    assert "有 5 项" in mail_server.mails[1]["Subject"]


def test_a_crash_between_sending_and_marking_repeats_it_under_the_same_id(house, mail_server, hooks, monkeypatch):
    house.address(BODY, Outlet.MAIL, MAIL)
    house.address(SUPERVISORS, Outlet.WEBHOOK, house.hook)
    house.late()
    house.sweep()

    def die(*_):
        raise KeyboardInterrupt

    for _ in range(2):
        with monkeypatch.context() as patched:
            patched.setattr(job, "mark_sent", die)
            with pytest.raises(KeyboardInterrupt):
                house.deliver()
    assert house.deliver() == 0, "the lease still runs"
    house.pass_by(seconds=LEASE.total_seconds() + 1)
    assert house.deliver() == 2
    first, second = mail_server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()
    assert hooks.posts[0][1]["X-Hotline-Event"] == hooks.posts[1][1]["X-Hotline-Event"]
    assert hooks.posts[0][2] == hooks.posts[1][2]


def test_two_deliverers_at_once_send_each_message_once(house, hooks):
    house.address(BODY, Outlet.WEBHOOK, house.hook)
    house.address(SUPERVISORS, Outlet.WEBHOOK, house.hook)
    house.late(3)
    house.sweep()
    threads = [threading.Thread(target=house.deliver) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(hooks.posts) == 2
    assert len({headers["X-Hotline-Event"] for _, headers, _ in hooks.posts}) == 2


def test_what_fails_is_tried_ever_more_seldom_and_then_given_up(house, hooks):
    house.address(BODY, Outlet.WEBHOOK, house.hook)
    house.late()
    house.sweep()
    hooks.answers = [503]
    waits = []
    for _ in BACKOFF:
        house.deliver()
        message = house.messages()[0]
        assert (message.state, message.problem) == (Delivery.FAILED, "接收方没有接受（503）")
        waits.append(message.next_try_at - house.now)
        house.now = message.next_try_at
    assert tuple(waits) == BACKOFF
    house.deliver()
    message = house.messages()[0]
    assert (message.state, message.next_try_at) == (Delivery.GIVEN_UP, None)
    hooks.answers = [200]
    assert house.deliver() == 0
    with write_transaction(house.world.engine) as session:
        assert send_again(session, "baodi", message.id, house.now) is None
        assert send_again(session, "xicheng", message.id, house.now)
    assert house.deliver() == 1
    assert house.messages()[0].state is Delivery.SENT


def test_a_replay_has_the_same_id_and_takes_no_new_lines(house, hooks):
    house.address(BODY, Outlet.WEBHOOK, house.hook)
    house.late()
    house.sweep()
    house.deliver()
    with write_transaction(house.world.engine) as session:
        send_again(session, "xicheng", house.messages()[0].id, house.now)
    house.late(start=1)
    house.sweep()
    house.pass_by(hours=2)
    house.deliver()
    ids = [headers["X-Hotline-Event"] for _, headers, _ in hooks.posts]
    assert ids[0] == ids[1] != ids[2]
    assert hooks.posts[0][2] == hooks.posts[1][2]


def test_a_redirect_is_refused(house, hooks):
    house.address(BODY, Outlet.WEBHOOK, house.hook)
    house.late()
    house.sweep()
    hooks.answers = [302]
    assert house.deliver() == 0
    assert [path for path, *_ in hooks.posts] == ["/in"]
    assert "跳转" in house.messages()[0].problem


@pytest.mark.parametrize(
    ("refusals", "state", "problem"),
    [
        ({"RCPT": "550 no such box"}, Delivery.GIVEN_UP, "邮件服务器不接受收件地址（550）"),
        ({"RCPT": "450 busy"}, Delivery.FAILED, "邮件服务器不接受收件地址（450）"),
        ({"DATA": "451 later"}, Delivery.FAILED, "邮件服务器没有接受（451）"),
    ],
)
def test_what_the_mail_server_says(house, mail_server, refusals, state, problem):
    house.address(BODY, Outlet.MAIL, MAIL)
    house.late()
    house.sweep()
    mail_server.refusals = refusals
    assert house.deliver() == 0
    assert (house.messages()[0].state, house.messages()[0].problem) == (state, problem)


def test_without_encryption_nothing_is_sent_where_encryption_is_asked_for(house, mail_server):
    house.address(BODY, Outlet.MAIL, MAIL)
    house.late()
    house.sweep()
    house.settings = replace(house.settings, smtp=replace(house.settings.smtp, tls="starttls"))
    assert house.deliver() == 0
    assert mail_server.mails == []
    assert "不支持要求的加密" in house.messages()[0].problem


def test_a_server_that_is_away_keeps_the_others_tries(house):
    house.address(BODY, Outlet.MAIL, MAIL)
    house.address(SUPERVISORS, Outlet.MAIL, MAIL)
    house.late()
    house.sweep()
    house.settings = replace(house.settings, smtp=replace(house.settings.smtp, port=1))
    assert house.deliver() == 0
    assert sorted(message.attempts for message in house.messages()) == [0, 1]


def test_a_backlog_on_arrival_is_one_digest(house, mail_server):
    house.address(BODY, Outlet.MAIL, MAIL)
    house.late(230)
    house.sweep()
    house.deliver()
    assert len(mail_server.mails) == 1
    assert "有 230 项" in mail_server.mails[0]["Subject"]
    assert "另有 30 项未列出" in mail_server.mails[0].get_content()


def test_the_link_local_network_is_refused():
    with pytest.raises(DeliveryError) as caught:
        post("http://169.254.169.254/latest", b"{}", event_id="1", secret=b"s", timestamp=1)
    assert caught.value.for_good


@pytest.mark.parametrize(
    ("outlet", "address"),
    [
        (Outlet.MAIL, "no-at"),
        (Outlet.MAIL, "a@b.cn\r\nBcc: c@d.cn"),
        (Outlet.MAIL, "a@b.cn,c@d.cn"),
        (Outlet.MAIL, f"{'a' * 64}@{'b' * 200}.cn"),
        (Outlet.WEBHOOK, "ftp://a.cn/"),
        (Outlet.WEBHOOK, "http://"),
        (Outlet.WEBHOOK, "http://user:pass@a.cn/"),
        (Outlet.WEBHOOK, "http://a.cn/#x"),
        (Outlet.WEBHOOK, "http://a.cn:99999/"),
        (Outlet.WEBHOOK, "http://a.cn/ x"),
    ],
)
def test_addresses_that_cannot_be_used(outlet, address):
    with pytest.raises(InvalidInputError):
        check_address(outlet, address)


def test_intranet_addresses_may_be_used():
    for address in ("http://10.1.2.3:8080/in", "https://[fd00::1]/in", "http://jieshou/in?a=1"):
        check_address(Outlet.WEBHOOK, address)


def test_a_pressing_line_does_not_wait(house, mail_server):
    house.address(BODY, Outlet.MAIL, MAIL)
    house.late()
    house.sweep()
    house.deliver()
    house.pass_by(minutes=5)
    house.world.case("2026-119999-1", clocks=[{"due": -timedelta(hours=1)}], urgency="特急")
    house.sweep()
    house.deliver()
    assert len(mail_server.mails) == 2


def test_the_daily_list_goes_out_once_when_work_begins(house, mail_server):
    house.address(BODY, Outlet.MAIL, MAIL)
    house.late(2)
    house.world.case("2026-118888-1", clocks=[{"due": timedelta(days=2, hours=3)}])
    house.world.case("2026-117777-1", clocks=[{"due": timedelta(days=3, hours=3)}])
    manner, engine = Manner(outlets=house.outlets), house.world.engine
    assert list_what_is_due(engine, house.now - timedelta(hours=2), manner) == 0, "8:30 in the morning"
    assert list_what_is_due(engine, house.now, manner) == 1
    assert list_what_is_due(engine, house.now + timedelta(hours=1), manner) == 0
    house.sweep()
    assert house.deliver() == 2, "a digest does not wait for the list"
    mail = mail_server.mails[0] if "到期清单" in mail_server.mails[0]["Subject"] else mail_server.mails[1]
    assert mail["Subject"] == "【到期清单】2026-11-23 有 3 项，其中 2 项已逾期"
    assert "2026-118888-1" in mail.get_content()
    assert "2026-117777-1" not in mail.get_content()
    assert list_what_is_due(engine, house.now + timedelta(days=1), manner) == 1


def test_two_sweeps_at_once_put_each_stage_into_the_outbox_once(house):
    house.address(BODY, Outlet.MAIL, MAIL)
    house.late(40)
    threads = [threading.Thread(target=house.sweep) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert house.sweep() == 0
    lines = [line["number"] for message in house.messages() for line in message.payload["lines"]]
    assert len(lines) == len(set(lines)) == 40


def test_what_was_sent_is_forgotten_and_what_waits_is_not(house, mail_server):
    house.address(BODY, Outlet.MAIL, MAIL)
    house.address(SUPERVISORS, Outlet.MAIL, "duban@example.gov.cn")
    house.late()
    house.sweep()
    assert house.deliver() == 2
    house.pass_by(days=1)
    house.late(start=1)
    house.sweep()
    later = house.now + timedelta(days=1)
    with write_transaction(house.world.engine) as session:
        assert forget_sent(session, later - timedelta(days=30)) == 0
        assert given_up(session) == 0
        assert forget_sent(session, later) == 2
        assert forget_digests(session, later) == 0, "nobody has read them"
        session.execute(update(NOTICE).values(read_at=house.now))
        assert forget_digests(session, later) > 0
        assert session.execute(select(DIGEST_LINE)).first() is None
    assert {message.state for message in house.messages()} == {Delivery.WAITING}


def test_what_was_given_up_is_counted(house):
    house.address(BODY, Outlet.MAIL, MAIL)
    house.late()
    house.sweep()
    with write_transaction(house.world.engine) as session:
        session.execute(update(OUTBOX).values(state=str(Delivery.GIVEN_UP), next_try_at=None))
        assert given_up(session) == 1
        assert forget_sent(session, house.now + timedelta(days=999)) == 0
