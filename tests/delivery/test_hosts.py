"""Where this server sends to: an intranet yes, itself and where machines keep secrets no, however it is written."""

from __future__ import annotations

import socket

import pytest

from hotline.delivery import connecting
from hotline.delivery.by_webhook import post
from hotline.delivery.outcome import DeliveryError
from hotline.errors import InvalidInputError
from hotline.store.address_rules import check_address
from hotline.store.hosts import fault_of_name
from hotline.vocabulary import Outlet

LOCAL = ("127.0.0.1", "127.8.8.8", "127.1", "0x7f000001", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "localhost")
NAMES = ("LOCALHOST.", "app.localhost", "localhost.localdomain")
NEVER = ("169.254.169.254", "[fe80::1]", "0.0.0.7", "0", "[::]", "224.0.0.1", "[ff02::1]", "255.255.255.255")
INSIDE = ("100.100.100.200", "[::ffff:169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "240.0.0.1")
GOOD = ("10.1.2.3", "172.16.5.5", "192.168.0.9", "[fd12::5]", "hooks.example.gov.cn", "203.0.113.7", "100.64.0.9")


@pytest.mark.parametrize("host", LOCAL + NAMES + NEVER + INSIDE)
def test_an_address_that_leads_inside_is_refused_when_it_is_set(host):
    with pytest.raises(InvalidInputError, match="地址指向"):
        check_address(Outlet.WEBHOOK, f"http://{host}:8080/in")


@pytest.mark.parametrize("host", GOOD)
def test_the_networks_of_an_administration_are_good(host):
    check_address(Outlet.WEBHOOK, f"https://{host}/in")


def test_this_machine_may_be_let_in_and_nothing_else():
    assert all(fault_of_name(host.strip("[]"), local=True) == "" for host in LOCAL[:-2] + NAMES)
    assert all(fault_of_name(host.strip("[]"), local=True) for host in NEVER + INSIDE[:-2])


def send(address, **more):
    post(address, b"{}", event_id="1", secret=b"s", timestamp=1, **more)


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}/in", "http://localhost:{port}/in"])
def test_what_was_set_before_is_refused_at_delivery(hooks, address):
    with pytest.raises(DeliveryError, match="地址指向本机") as caught:
        send(address.format(port=hooks.server_address[1]))
    assert caught.value.for_good
    assert hooks.posts == []


def told(monkeypatch, *answers):
    """Let names lead to these addresses, the first look-up to the first list, the later ones to the last."""
    left = list(answers)

    def look_up(_host, port, **_):
        now = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in now]

    monkeypatch.setattr(connecting.socket, "getaddrinfo", look_up)


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["203.0.113.7", "127.0.0.1"], ["169.254.169.254"], ["::1"]])
def test_a_name_that_leads_inside_is_refused_when_it_is_looked_up(monkeypatch, addresses, hooks):
    told(monkeypatch, addresses)
    with pytest.raises(DeliveryError, match="地址指向") as caught:
        send(f"http://hooks.example.gov.cn:{hooks.server_address[1]}/in")
    assert caught.value.for_good
    assert hooks.posts == []


def test_the_address_that_was_judged_is_the_one_that_is_called(monkeypatch, hooks):
    """A name that leads elsewhere at the second look-up is not looked up a second time."""
    called = []

    def connect(where, _seconds):
        called.append(where)
        raise OSError

    told(monkeypatch, ["10.1.2.3", "10.1.2.4"], ["127.0.0.1"])
    monkeypatch.setattr(connecting.socket, "create_connection", connect)
    port = hooks.server_address[1]
    with pytest.raises(DeliveryError, match="连接接收地址失败"):
        send(f"http://hooks.example.gov.cn:{port}/in")
    assert called == [("10.1.2.3", port), ("10.1.2.4", port)]


def test_a_receiver_on_this_machine_is_reached_where_the_setting_lets_it(hooks):
    send(f"http://localhost:{hooks.server_address[1]}/in", local=True)
    assert len(hooks.posts) == 1
