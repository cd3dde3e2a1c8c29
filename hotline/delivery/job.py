"""The scheduler's delivery job: claim a message, send it outside any transaction, write down what became of it.

A crash between sending and writing down repeats the message after the lease, under the same id. What a server that
is away would get stays unclaimed, so that its tries are not used up, and nobody else waits behind it.
"""

from __future__ import annotations

import logging
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from hotline.casework.policy_file import load_policies
from hotline.delivery import compose
from hotline.delivery.by_mail import send_mail
from hotline.delivery.by_webhook import post
from hotline.delivery.outcome import DeliveryError
from hotline.routing.taxonomy import load_taxonomy
from hotline.store.contacts import address_of
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.outbox_tries import anything_to_send, claim, mark_failed, mark_sent, put_off_others
from hotline.vocabulary import Outlet

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Engine

    from hotline.delivery.compose import Words
    from hotline.settings import Settings
    from hotline.store.crypto import Keyring
    from hotline.store.outbox_messages import Message

BUDGET_SECONDS = 20.0
"""How long one run may take: messages that are left wait for the next."""
log = logging.getLogger(__name__)


def outlets_in_use(settings: Settings) -> frozenset[Outlet]:
    """The outlets that this deployment is configured for."""
    chosen = {Outlet.MAIL: settings.smtp is not None, Outlet.WEBHOOK: settings.webhooks}
    return frozenset(outlet for outlet, used in chosen.items() if used)


def deliver(engine: Engine, keyring: Keyring, settings: Settings, now: Callable[[], datetime]) -> int:
    """Send what is due; return how many messages the other side took over."""
    open_outlets, ends, sent = set(outlets_in_use(settings)), time.monotonic() + BUDGET_SECONDS, 0
    while open_outlets and time.monotonic() < ends:
        with read_transaction(engine) as session:
            if not anything_to_send(session, now(), open_outlets):
                return sent
        with write_transaction(engine) as session:
            message = claim(session, now(), open_outlets)
            reached = address_of(session, keyring, message.recipient, message.outlet) if message else None
        if message is None:
            return sent
        try:
            _send(message, reached, settings, now())
        except DeliveryError as error:
            _failed(engine, message, error, now())
            if error.down and message.outlet is Outlet.MAIL:
                open_outlets.discard(message.outlet)
            continue
        with write_transaction(engine) as session:
            mark_sent(session, message, now())
        sent += 1
    return sent


def _send(message: Message, reached: tuple[str, bytes] | None, settings: Settings, now: datetime) -> None:
    if reached is None:
        problem = "没有登记收件地址"
        raise DeliveryError(problem, for_good=True)
    address, secret = reached
    words = _words(settings.base_url)
    if message.outlet is Outlet.WEBHOOK:
        content = compose.body(message, words)
        timestamp, local = int(now.timestamp()), settings.local_targets
        post(address, content, event_id=message.id, secret=secret, timestamp=timestamp, local=local)
    elif settings.smtp is not None:
        send_mail(settings.smtp, compose.mail(message, words, sender=settings.smtp.sender, to=address))


def _failed(engine: Engine, message: Message, error: DeliveryError, at: datetime) -> None:
    log.warning("delivery_failed message=%s outlet=%s attempt=%s", message.id, message.outlet, message.attempts)
    with write_transaction(engine) as session:
        mark_failed(session, message, error.problem, at, for_good=error.for_good)
        if error.down and message.outlet is Outlet.WEBHOOK:  # One server takes all mail, but each body has its own.
            put_off_others(session, message, at)


@lru_cache(maxsize=4)
def _words(base_url: str) -> Words:
    policies = {policy.id: policy.title for policy in load_policies()}
    categories = {code: category.name for code, category in load_taxonomy().categories.items()}
    return compose.Words(policies, categories, base_url)
