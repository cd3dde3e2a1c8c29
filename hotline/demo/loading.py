"""Loads the demonstration into an empty database."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from hotline.announcing import Manner, sweep
from hotline.casework.preparation import prepare
from hotline.casework.stages import opening
from hotline.demo.accounts import BAODI, XICHENG, create_people, open_accounts
from hotline.demo.bonds import tell_bonds
from hotline.demo.complaints import draft_of, read_complaints
from hotline.demo.shown import People, tell_shown
from hotline.demo.story import Story
from hotline.demo.weekly import tell_weekly
from hotline.errors import InvalidInputError
from hotline.moments import SHANGHAI, local_date
from hotline.store.ids import new_id
from hotline.store.numbers import take_numbers
from hotline.store.sealing import seal_pending
from hotline.store.tables import ACCOUNT
from hotline.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from hotline.wiring import Services

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


def load(services: Services, progress: Callable[[int, int], None]) -> int:
    """Create offices, accounts and complaints; return how many complaints there are.

    Raises:
        InvalidInputError: The database is not empty.
    """
    if not is_empty(services):
        message = "数据库里已有账号，不能装入演示数据。请换一个数据目录（HOTLINE_VAR）。"
        raise InvalidInputError(message)
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
