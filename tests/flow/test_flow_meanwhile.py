"""What is registered is worked out before the lock is taken: what others did meanwhile is found all the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from hotline.errors import ConflictError, IdempotencyError
from hotline.intake.submission import Draft
from hotline.records import Respondent
from hotline.registering import Wish, prepare_draft, register_prepared, register_together, register_waiting
from hotline.store import batchstore
from hotline.store.crime_marks import flags_of
from hotline.store.tables import CASE, COMPLAINT, QUARANTINE
from tests.flow.conftest import FAKE_DRUG, OPERATOR

SHOP = Respondent(name="康宁药店")
OTHER = "别的内容，商店不退款。"
BRAND = "在这家店买的名牌包是假冒注册商标的商品，店里还在卖。"


def wish_of(services, external_id, text=FAKE_DRUG, respondent=SHOP):
    draft = Draft("12315", external_id, text, services.now(), raw=text.encode(), respondent=respondent)
    return Wish(prepare_draft(services, draft, "xicheng"), OPERATOR, dispatch=True)


def registered(services, wish):
    return register_prepared(services, wish.prepared, OPERATOR, dispatch=True, source="desk")


def count(services, table):
    with services.read() as store:
        return store.session.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def meanwhile(services, monkeypatch):
    """Does something, once, in the moment between working out and taking the lock."""

    def arrange(deed):
        take_lock, waiting = batchstore.take_lock, [deed]

        def later(session):
            if waiting:
                waiting.pop()()
            take_lock(session)

        monkeypatch.setattr(batchstore, "take_lock", later)

    return arrange


def test_the_same_content_that_came_meanwhile_is_the_first_one(services, meanwhile):
    # Another process shares no lane with this one.
    other, firsts = replace(services), []
    meanwhile(lambda: firsts.append(registered(other, wish_of(other, "A"))))
    made = registered(services, wish_of(services, "A"))
    assert (made.case_id, made.created, made.number) == (firsts[0].case_id, False, "")
    assert count(services, CASE) == 1
    assert registered(services, wish_of(services, "B")).number.startswith("2026-010002")


def test_other_content_that_came_meanwhile_is_kept_beside_the_first(services, meanwhile):
    other = replace(services)
    meanwhile(lambda: registered(other, wish_of(other, "A", OTHER)))
    with pytest.raises(IdempotencyError):
        registered(services, wish_of(services, "A"))
    assert (count(services, CASE), count(services, QUARANTINE)) == (1, 1)


def test_of_several_only_the_one_that_came_meanwhile_is_not_new(services, meanwhile):
    other = replace(services)
    meanwhile(lambda: registered(other, wish_of(other, "B")))
    one, two, three = register_waiting(services, [wish_of(services, each) for each in "ABC"])
    assert (one.created, two.created, three.created) == (True, False, True)
    assert (one.number[:11], three.number[:11]) == ("2026-010002", "2026-010003")


def test_complaints_of_the_same_respondent_that_came_meanwhile_are_counted(services, meanwhile):
    other = replace(services)
    registered(services, wish_of(services, "A", BRAND))
    second = wish_of(other, "B", BRAND)
    meanwhile(lambda: registered(other, second))
    third = registered(services, wish_of(services, "C", BRAND))
    with services.read() as store:
        said = [flag.found for flag in flags_of(store.session, third.case_id)]
    assert any("另有 2 件" in each for each in said)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_repeat_waits_for_no_writer(services):
    first = registered(services, wish_of(services, "A"))
    with services.write():
        again = registered(replace(services), wish_of(services, "A"))
    assert (again.case_id, again.created) == (first.case_id, False)


def test_what_belongs_together_is_numbered_and_fails_together(services):
    batch = [wish_of(services, each).prepared for each in "AB"]
    seen = []

    def refuse(_store, opened):
        seen.extend(each.number[:11] for each in opened)
        message = "不行"
        raise ConflictError(message)

    with pytest.raises(ConflictError):
        register_together(services, batch, OPERATOR, dispatch=True, then=refuse)
    assert count(services, COMPLAINT) == 0
    opened = register_together(services, batch, OPERATOR, dispatch=True, then=lambda _store, _opened: None)
    assert [each.number[:11] for each in opened] == ["2026-010001", "2026-010002"] == seen[:2]
