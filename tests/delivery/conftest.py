"""A world with late clocks, addresses for its recipients, and real servers to send to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from hotline.announcing import Manner, sweep
from hotline.delivery.job import deliver
from hotline.environment import read_settings
from hotline.settings import Smtp
from hotline.store.contacts import save_contact
from hotline.store.digests import Recipient
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.outbox_messages import messages
from hotline.vocabulary import Outlet
from tests.delivery.servers import HookServer, MailServer, running
from tests.store.store_world import NOW, World

MONDAY = NOW + timedelta(days=2)  # 10:30 in Shanghai.
BODY = Recipient("xicheng", "body-a")
SUPERVISORS = Recipient("xicheng", "", "supervisor")


@dataclass
class House:
    """The outbox in the words of a test."""

    world: World
    settings: object
    now: object = MONDAY
    outlets: frozenset = frozenset(Outlet)
    secrets: dict = field(default_factory=dict)

    def address(self, recipient, outlet, address):
        with write_transaction(self.world.engine) as session:
            secret = save_contact(
                session, self.world.keyring, recipient, outlet, address=address, at=self.now, local=True
            )
        self.secrets[recipient] = secret.encode()

    def late(self, count=1, start=0):
        for n in range(start, start + count):
            self.world.case(f"2026-11{n:04}-1", clocks=[{"due": -timedelta(hours=1)}])

    def sweep(self):
        return sweep(self.world.engine, self.now, Manner(outlets=self.outlets))

    def deliver(self):
        return deliver(self.world.engine, self.world.keyring, self.settings, lambda: self.now)

    def pass_by(self, **span):
        self.now += timedelta(**span)

    def messages(self, **wanted):
        with read_transaction(self.world.engine) as session:
            return messages(session, "xicheng", **wanted)[0]


@pytest.fixture
def mail_server():
    with running(MailServer()) as server:
        yield server


@pytest.fixture
def hooks():
    with running(HookServer()) as server:
        yield server


@pytest.fixture
def house(engine, keyring, mail_server, hooks, tmp_path):
    smtp = Smtp("127.0.0.1", mail_server.server_address[1], "none", "hotline@example.gov.cn", "", None)
    base = read_settings({"HOTLINE_VAR": str(tmp_path)})
    settings = replace(base, smtp=smtp, webhooks=True, base_url="https://hotline.example.gov.cn", local_targets=True)
    made = House(World(engine, keyring), settings)
    made.hook = f"http://127.0.0.1:{hooks.server_address[1]}/in"
    return made
