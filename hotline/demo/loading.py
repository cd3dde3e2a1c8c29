"""Loads the demonstration into an empty database."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from hotline.announcing import Manner, sweep
from hotline.casework.preparation import prepare
from hotline.casework.stages import opening
from hotline.demo.accounts import ACCOUNTS, BAODI, OFFICES, XICHENG, create_people, open_accounts
from hotline.demo.bonds import tell_bonds
from hotline.demo.complaints import draft_of, read_complaints
from hotline.demo.shown import People, tell_shown
from hotline.demo.story import Story
from hotline.demo.weekly import tell_weekly
from hotline.errors import InvalidInputError
from hotline.moments import SHANGHAI, local_date
from hotline.store.ids import new_id
from hotline.store.numbers import take_numbers
from hotline.store.offices import offices
from hotline.store.sealing import seal_pending
from hotline.store.tables import ACCOUNT
from hotline.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from hotline.services import Services

ELSEWHERE = "请换一个数据目录（HOTLINE_VAR）。"
NOT_EMPTY = f"数据库里已有账号，没有装入演示数据。{ELSEWHERE}确实要装进这个库，加 --anyway。"
SEED = 20110110
DAYS = 45
ANNOUNCING_STEP = timedelta(minutes=15)
BAODI_EVERY = 20
"""One complaint in so many belongs to the second office."""


def is_empty(services: Services) -> bool:
    """Whether nobody can log in yet, so that nothing real can be mixed with the demonstration."""
    with services.read() as store:
        opened = select(func.count()).select_from(ACCOUNT).where(ACCOUNT.c.active)
        return int(store.session.execute(opened).scalar_one()) == 0


def load(services: Services, progress: Callable[[int, int], None], *, beside: bool = False) -> int:
    """Create offices, accounts and complaints; return how many complaints there are.

    With `beside` also where people can log in already, as long as no account and no office of theirs would be changed.

    Raises:
        InvalidInputError: The database is not empty, or holds what the demonstration would change.
    """
    if not is_empty(services):
        if not beside:
            raise InvalidInputError(NOT_EMPTY)
        _check_free(services)
    now = services.now()
    people = create_people(services, now)
    chance = random.Random(SEED)  # noqa: S311 - a story, not a secret.
    clerks = {each.body_id: each.actor for each in people.values() if each.body_id and each.role is Role.CLERK}
    told = list(read_complaints())
    moments = sorted((_moment(chance, now) for _ in told), reverse=False)
    for index, (each, received_at) in enumerate(zip(told, moments, strict=True)):
        office_id = BAODI if index % BAODI_EVERY == BAODI_EVERY - 1 else XICHENG
        desk = services.desk(office_id)
        operator = people["zuoxi" if office_id == XICHENG else "bd-zuoxi"].actor
        supervisor = people["duban" if office_id == XICHENG else "bd-duban"].actor
        prepared = prepare(
            draft_of(each, received_at), office=desk.office, rulebook=services.rulebook, now=received_at, new_id=new_id
        )
        number = take_numbers(services.engine, desk.office.number_prefix, local_date(received_at).year, 1)[0]
        with services.write() as store:
            own_chance = random.Random(f"{SEED}-{each.id}")  # noqa: S311 - as above.
            story = Story(store, desk, operator, supervisor, clerks, own_chance, now, received_at)
            story.tell(prepared, each, number)
        progress(index + 1, len(told))
    tell_bonds(services, XICHENG, people["zuoxi"].actor, people["duban"].actor, clerks)
    tell_weekly(services, XICHENG, people["duban"].actor, clerks)
    shown = tell_shown(services, People(people["zuoxi"].actor, people["duban"].actor, people["guanli"].actor, clerks))
    open_accounts(services, people, now)
    _announce(services, now)
    seal_pending(services.engine, services.keyring, now, services.settings.seals)
    return len(told) + shown


def _check_free(services: Services) -> None:
    """Refuse where an account or an office of the demonstration is there and is somebody's.

    Raises:
        InvalidInputError: It is; the message names it.
    """
    names, places = {account.username for account in ACCOUNTS}, {office.id for office in OFFICES}
    with services.read() as store:
        session = store.session
        known = session.execute(select(ACCOUNT.c.username, ACCOUNT.c.active, ACCOUNT.c.demo)).all()
        taken = {row.username for row in known if row.username in names and (row.active or not row.demo)}
        # Offices alone are what a demonstration left that was broken off: its accounts are not open yet.
        if not any(row.demo for row in known):
            taken |= {office.id for office in offices(session)} & places
    if taken:
        message = f"数据库里已有演示数据要用的账号或办公室：{'、'.join(sorted(taken))}，不能再装。{ELSEWHERE}"
        raise InvalidInputError(message)


def _announce(services: Services, now: datetime) -> None:
    """What the scheduler would have told by now: at this moment, or late on the last working day."""
    calendar, moment = services.rulebook.calendar, now
    while opening(moment, calendar) > moment:
        moment -= ANNOUNCING_STEP
    sweep(services.engine, moment, Manner(calendar))


def _moment(chance: random.Random, now: datetime) -> datetime:
    """A moment of the last weeks, more of them recent, in the hours in which people call."""
    days = DAYS * chance.random() ** 2.4
    day = local_date(now - timedelta(days=days))
    called = datetime.combine(day, time(hour=chance.randint(8, 20), minute=chance.randint(0, 59)), SHANGHAI)
    return min(called, now - timedelta(minutes=chance.randint(3, 90))).astimezone(now.tzinfo)
