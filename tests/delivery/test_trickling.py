"""A receiver that is silent or answers a byte at a time holds nobody up, and no job waits for other machines."""

import socketserver
import threading

import pytest

from hotline.delivery import by_webhook
from hotline.delivery.outcome import DeliveryError
from hotline.scheduler import AFAR, schedule
from hotline.store.engine import write_transaction
from hotline.store.outbox import add_trial
from hotline.vocabulary import Outlet
from tests.delivery.conftest import BODY, SUPERVISORS
from tests.delivery.servers import running

SOON = 30
"""Seconds after which a test gives up; none of them waits so long."""


class Trickle(socketserver.StreamRequestHandler):
    """A header that never ends."""

    def handle(self):
        self.wfile.write(b"HTTP/1.1 204 No Content\r\nX-Slow: ")
        while not self.server.gone.wait(0.02):
            try:
                self.wfile.write(b"x")
            except OSError:
                return


class TrickleServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Trickle)
        self.gone = threading.Event()


def test_a_receiver_that_trickles_has_no_more_time_than_a_silent_one(monkeypatch):
    monkeypatch.setattr(by_webhook, "TIMEOUT_SECONDS", 0.3)
    with running(TrickleServer()) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        with pytest.raises(DeliveryError, match="TimeoutError"):
            by_webhook.post(address, b"{}", event_id="e", secret=b"s", timestamp=1, local=True)
        server.gone.set()


@pytest.mark.parametrize("name", sorted(AFAR))
def test_the_first_round_does_not_wait_for_other_machines(name):
    freed, stop, in_time = threading.Event(), threading.Event(), []

    def waits():
        in_time.append(freed.wait(SOON))
        stop.set()

    schedule({name: (60, waits), "sweep": (60, freed.set)}, stop)
    assert in_time == [True]


def test_a_silent_receiver_holds_up_nobody_behind_it(house, hooks):
    house.address(BODY, Outlet.WEBHOOK, "http://127.0.0.1:1/in")
    house.address(SUPERVISORS, Outlet.WEBHOOK, house.hook)
    with write_transaction(house.world.engine) as session:
        for recipient in (BODY, BODY, BODY, SUPERVISORS):
            add_trial(session, recipient, Outlet.WEBHOOK, house.now)
    assert house.deliver() == 1
    assert sorted(message.attempts for message in house.messages()) == [0, 0, 1, 1]
    house.address(BODY, Outlet.WEBHOOK, house.hook)
    house.pass_by(minutes=1)
    assert house.deliver() == 3
