"""The administrator's addresses and outbox, and the digests on everybody's board."""

import re
from dataclasses import replace

import pytest

from hotline.announcing import Manner, sweep
from hotline.delivery.job import deliver
from hotline.services import Services
from hotline.store.outbox_messages import messages
from hotline.vocabulary import Outlet
from hotline.web import create_app

MARKET = "110102-scjg"


@pytest.fixture
def admin(client, login):
    return login(client, "admin")


def events(services):
    with services.read() as store:
        return [dict(event.data) for event in store.events("outbox:xicheng")]


def outbox(services):
    with services.read() as store:
        return messages(store.session, "xicheng")[0]


def set_address(client, post, **changes):
    form = {"recipient": f"body:{MARKET}", "outlet": "mail", "address": "zhiban@example.gov.cn"} | changes
    return post(client, "/admin/contacts", "/admin/contacts", **form)


def test_an_address_is_set_and_removed_and_each_is_an_event(admin, post, app_services):
    assert set_address(admin, post).status_code == 302
    page = admin.get("/admin/contacts").text
    assert "zhiban@example.gov.cn" in page
    assert "本部署没有启用：邮件、接口推送" in page
    contact = re.search(r"/admin/contacts/([0-9a-f]{32})/remove", page)[1]
    assert post(admin, "/admin/contacts", f"/admin/contacts/{contact}/trial").status_code == 302
    assert post(admin, "/admin/contacts", f"/admin/contacts/{contact}/remove").status_code == 302
    assert "zhiban@example.gov.cn" not in admin.get("/admin/contacts").text
    assert [event["what"] for event in events(app_services)] == ["contact_set", "contact_tried", "contact_removed"]
    assert "zhiban" not in str(events(app_services)), "an address stands sealed beside the event"
    assert outbox(app_services)[0].payload["kind"] == "trial"


def test_a_webhooks_secret_is_shown_once(admin, post):
    answer = set_address(admin, post, recipient="role:supervisor", outlet="webhook", address="http://10.0.0.5/in")
    assert answer.status_code == 302, "reloading must not change the key"
    page = admin.get(answer.location).text
    assert "对“时间戳.正文”计算" in page
    secret = re.search(r'class="secret">([^<]{40,})<', page)[1]
    assert secret not in admin.get("/admin/contacts").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"address": "nobody"}, "请填写一个邮件地址"),
        ({"outlet": "webhook", "address": "file:///etc/passwd"}, "http://"),
        ({"outlet": "webhook", "address": "http://127.0.0.1:8000/admin"}, "地址指向本机"),
        ({"outlet": "webhook", "address": "http://169.254.169.254/latest"}, "云主机元数据"),
        ({"outlet": "pigeon"}, "请选择方式"),
        ({"recipient": "body:120115-gafj"}, "请从列表中选择收件人"),
        ({"recipient": "role:administrator"}, "请从列表中选择收件人"),
    ],
)
def test_what_cannot_be_an_address_is_refused_by_name(admin, post, app_services, changes, words):
    answer = set_address(admin, post, **changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert events(app_services) == []


def late_sweep(services, clock, outlets=frozenset()):
    clock.forward(days=56)
    return sweep(services.engine, clock(), Manner(outlets=outlets))


def unknown_host(*_, **__):
    raise OSError


def test_a_failed_message_is_seen_and_tried_again(app, login, post, app_services, clock, monkeypatch):
    monkeypatch.setattr("hotline.delivery.connecting.socket.getaddrinfo", unknown_host)
    set_address(login(app.test_client(), "admin"), post, outlet="webhook", address="http://10.0.0.9:1/in")
    late_sweep(app_services, clock, frozenset({Outlet.WEBHOOK}))
    admin = login(app.test_client(), "admin")
    settings = replace(app_services.settings, webhooks=True, base_url="http://localhost")
    deliver(app_services.engine, app_services.keyring, settings, clock)
    message = outbox(app_services)[0]
    page = admin.get("/admin/outbox?state=failed&outlet=webhook").text
    assert "连接接收地址失败" in page
    assert message.id in page
    assert message.id not in admin.get("/admin/outbox?state=sent").text
    post(admin, "/admin/outbox", f"/admin/outbox/{message.id}/again")
    assert outbox(app_services)[0].attempts == 0
    assert events(app_services)[-1]["message"] == message.id
    ghost = post(admin, "/admin/outbox", f"/admin/outbox/{'0' * 32}/again")
    assert ghost.status_code == 404


def test_the_board_has_one_entry_with_its_list(app, app_services, login, post, clock, cases):
    late_sweep(app_services, clock)
    clerk = login(app.test_client(), "xc-clerk")
    page = clerk.get("/notices/").text
    assert page.count("标为已读</button>") == 2, "one digest, and the button for all"
    assert f"/cases/{cases['dispatched']}" in page
    assert "此前未及提醒：" in page
    head = re.search(r'name="notice_id" value="([0-9a-f]+)"', page)[1]
    assert f"/cases/{cases['dispatched']}" in clerk.get(f"/notices/{head}").text
    stranger = login(app.test_client(), "bd-clerk")
    assert stranger.get(f"/notices/{head}").status_code == 404
    post(clerk, "/notices/", "/notices/read")
    assert "没有未读通知" in clerk.get("/notices/?unread=1").text


def test_a_long_digest_goes_on_page_by_page(app, app_services, login, register, clock, monkeypatch):
    for n in range(23):
        register(f"劣质水杯第{n}件漏水")
    late_sweep(app_services, clock)
    clerk = login(app.test_client(), "xc-clerk")
    page = clerk.get("/notices/").text
    link = re.search(r'href="(/notices/[0-9a-f]{32})"', page)[1]
    assert "下面是最近 20 项" in page
    monkeypatch.setattr("hotline.web.noticeboard.PAGE", 15)
    first = clerk.get(link).text
    following = re.search(r'href="(/notices/[^"]+before=[0-9a-f]+)"', first)[1]
    seen = [set(re.findall(r'<td><a class="number"[^>]*>([^<]+)', text)) for text in (first, clerk.get(following).text)]
    assert len(seen[0]) > 1
    assert seen[1]


def test_new_lines_make_the_digest_of_the_day_unread_again(app, app_services, login, post, clock):
    late_sweep(app_services, clock)
    supervisor = login(app.test_client(), "xc-supervisor")
    post(supervisor, "/notices/", "/notices/read")
    assert "没有未读通知" in supervisor.get("/notices/?unread=1").text
    clock.forward(hours=1)
    assert sweep(app_services.engine, clock()) > 0, "clocks in hours are late one more day"
    page = supervisor.get("/notices/?unread=1").text
    assert page.count("2027-01-13 汇总") == 1


def test_what_is_switched_on_is_not_called_off(app_services, login):
    settings = replace(app_services.settings, webhooks=True, base_url="http://localhost")
    app = create_app(
        Services(settings, app_services.engine, app_services.keyring, app_services.shipped, app_services.now)
    )
    assert "本部署没有启用：邮件。" in login(app.test_client(), "admin").get("/admin/contacts").text
