"""What the demonstration shows beside its stories, so that each page has something to see.

Complaints that repeat each other (a merged pair and a third, several buyers of one shop, one caller with two matters),
a tip that is followed by number and code, released cases, tokens of other systems and a subscription. Secrets are made
anew for every installation and kept in one file (0600): nothing prints them.
"""

from __future__ import annotations

import json
import os
import random
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from hotline.casework.desk import act
from hotline.casework.linking import link
from hotline.casework.preparation import prepare
from hotline.demo.accounts import XICHENG
from hotline.demo.complaints import Told, draft_of
from hotline.demo.story import Story
from hotline.moments import local_date
from hotline.records import Command, NewEvent
from hotline.store import tokens
from hotline.store.contacts import save_contact
from hotline.store.digests import Recipient
from hotline.store.following import issue_code
from hotline.store.hooks import EVENTS, subscribe
from hotline.store.ids import new_id
from hotline.store.numbers import take_numbers
from hotline.store.tables import CASE
from hotline.store.token_hash import hash_token
from hotline.vocabulary import Action, CaseState, Kind, Outlet, Relation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hotline.records import Actor
    from hotline.services import Services

FILE = Path(__file__).with_name("shown.jsonl")
MERGED = ("demo-same-1", "demo-same-2")
FOLLOWED = "demo-follow"
FIRST_HOURS = timedelta(hours=5)
"""How far these complaints go: they are registered and sent out, and wait for their agencies."""
CHANNEL, BODY = "12315", "110102-scjg"
ADDRESS = "https://scjg.example.invalid/hotline"
"""A name that never resolves (RFC 2606): its messages are seen to wait."""
RELEASED = ((CaseState.DISPATCHED, 2), (CaseState.ARCHIVED, 3))


@dataclass(frozen=True, slots=True)
class People:
    """Who acts in it."""

    operator: Actor
    supervisor: Actor
    administrator: Actor
    clerks: Mapping[str, Actor]


def read_shown() -> Iterator[Told]:
    """The complaints that are shown beside the stories."""
    for line in FILE.read_text("utf-8").splitlines():
        record = json.loads(line)
        yield Told(record["id"], record["category"], record["setting"], record)


def tell_shown(services: Services, people: People) -> int:
    """Do all of it in the larger office; return how many complaints there were."""
    _subscribe(services)
    cases = {told.id: _tell(services, people, told) for told in read_shown()}
    one, other = (cases[each] for each in MERGED)
    desk, now = services.desk(XICHENG), services.now()
    with services.write() as store:
        text = "同一处灌装点，两人先后反映，并案核查。"
        link(store, one, other, Relation.DUPLICATE, desk=desk, actor=people.operator, now=now, text=text)
    _release(services, people.supervisor)
    write_secrets(services, people, cases[FOLLOWED])
    return len(cases)


def secrets_file(var: Path) -> Path:
    """Where the demonstration's tokens and its code are kept."""
    return var / "demo-tokens.txt"


def _tell(services: Services, people: People, told: Told) -> tuple[str, str]:
    """One complaint in its first hours; case id and number."""
    desk, received = services.desk(XICHENG), services.now() - timedelta(days=told.fields["days_ago"])
    draft = draft_of(told, received)
    prepared = prepare(draft, office=desk.office, rulebook=services.rulebook, now=received, new_id=new_id)
    number = take_numbers(services.engine, desk.office.number_prefix, local_date(received).year, 1)[0]
    with services.write() as store:
        chance = random.Random(told.id)  # noqa: S311 - a story, not a secret.
        soon = received + FIRST_HOURS
        story = Story(store, desk, people.operator, people.supervisor, people.clerks, chance, soon, received)
        story.tell(prepared, told, number)
    return story.case_id, number


def _subscribe(services: Services) -> None:
    """The market regulator's system wants to hear of everything; its address cannot be reached."""
    with services.write() as store:
        recipient = Recipient(XICHENG, BODY, "")
        save_contact(store.session, store.keyring, recipient, Outlet.WEBHOOK, address=ADDRESS, at=services.now())
        subscribe(store.session, XICHENG, BODY, EVENTS, services.now())


def _release(services: Services, supervisor: Actor) -> None:
    """Some disputes, running and closed, whose progress the public may read."""
    desk, now = services.desk(XICHENG), services.now()
    for state, count in RELEASED:
        wanted = select(CASE.c.id).where(CASE.c.office_id == XICHENG, CASE.c.kind == str(Kind.DISPUTE))
        wanted = wanted.where(CASE.c.state == str(state)).order_by(CASE.c.received_at.desc(), CASE.c.id).limit(count)
        with services.write() as store:
            for case_id in store.session.execute(wanted).scalars().all():
                act(store, case_id, Command(Action.RELEASE), desk=desk, actor=supervisor, now=now)


def write_secrets(services: Services, people: People, followed: tuple[str, str]) -> None:
    """Tokens of a channel and of a body, and the code of one tip, made and kept in their file.

    A demonstration that was broken off and is taken up again revokes what it made before, as its file may be gone.
    """
    made = {
        f"渠道令牌（{CHANNEL}，登记和查询诉求）": _token(services, people.administrator, channel=CHANNEL),
        "单位令牌（市场监管局，查询和办理工单）": _token(services, people.administrator, body_id=BODY),
    }
    case_id, number = followed
    with services.write() as store:
        complaint_id = store.history(case_id).case.complaint_id
        who, at = people.operator.account_id, services.now()
        code = issue_code(store.session, services.keyring, case_id, complaint_id, by=who, at=at)
    made[f"查询码（{number}，须设 HOTLINE_FOLLOW=1）"] = code
    path = secrets_file(services.settings.var)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{what}\t{secret}\n" for what, secret in made.items())


def _token(services: Services, administrator: Actor, *, channel: str = "", body_id: str | None = None) -> str:
    """A new token in the place of the demonstration's earlier one."""
    token, label, at = secrets.token_urlsafe(32), "演示", services.now()
    with services.write() as store:
        for old in tokens.tokens_of(store.session, XICHENG):
            if (old.channel, old.body_id, old.label, old.revoked_at) == (channel, body_id, label, None):
                tokens.revoke_token(store.session, old.id, XICHENG, at)
        made = tokens.add_token(
            store.session,
            token_hash=hash_token(token),
            office_id=XICHENG,
            label=label,
            at=at,
            channel=channel,
            body_id=body_id,
        )
        created = NewEvent(Action.NOTE, {"what": "created"})
        stream = f"token:{made.id}"
        store.append(stream, [created], expected_seq=0, actor=administrator, at=at, recorded_at=at)
    return token
