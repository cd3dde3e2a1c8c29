"""Threads that register at the same moment share one transaction, and each gets its own answer."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import event, func, select

from hotline.errors import CalendarError, ConflictError, IdempotencyError
from hotline.intake.submission import Draft
from hotline.registering import Wish, prepare_draft, register_prepared, register_waiting
from hotline.sharing import Lane
from hotline.store.numbers import take_numbers
from hotline.store.quarantine import quarantine_list
from hotline.store.tables import CASE
from tests.flow.conftest import FAKE_DRUG, OPERATOR


def together(lane, wishes, work):
    """The answers of threads of which the first is at work until all others wait."""
    begun, go, answers = threading.Event(), threading.Event(), {}

    def slow(asked):
        begun.set()
        go.wait(10)
        return work(asked)

    def ask(wish, how):
        try:
            answers[wish] = lane.share(wish, how)
        except Exception as error:  # noqa: BLE001 - it is the answer.
            answers[wish] = error

    first = threading.Thread(target=ask, args=(wishes[0], slow))
    first.start()
    begun.wait(10)
    rest = [threading.Thread(target=ask, args=(wish, work)) for wish in wishes[1:]]
    for thread in rest:
        thread.start()
    while len(lane._waiting) < len(rest):
        threading.Event().wait(0.001)
    go.set()
    for thread in (first, *rest):
        thread.join(10)
    return answers


def test_who_waits_is_served_together():
    asked = []

    def work(wishes):
        asked.append(sorted(wishes))
        return [wish * 2 for wish in wishes]

    assert together(Lane(), [1, 2, 3, 4], work) == {1: 2, 2: 4, 3: 6, 4: 8}
    assert asked == [[1], [2, 3, 4]]


def test_a_refusal_of_several_is_asked_anew_one_by_one():
    def work(wishes):
        if 3 in wishes:
            message = "三"
            raise CalendarError(message)
        return [wish * 2 for wish in wishes]

    found = together(Lane(), [1, 2, 3, 4], work)
    assert isinstance(found.pop(3), CalendarError)
    assert found == {1: 2, 2: 4, 4: 8}


def test_an_answer_that_is_a_refusal_is_one_threads_own_and_a_fault_is_everybodys():
    found = together(Lane(), [1, 2, 3], lambda wishes: [ConflictError("二") if w == 2 else w * 2 for w in wishes])
    assert isinstance(found.pop(2), ConflictError)
    assert found == {1: 2, 3: 6}
    found = together(Lane(), [1, 2, 3], lambda wishes: [{1: 1}[wish] for wish in wishes])
    assert found.pop(1) == 1
    assert [type(each) for each in found.values()] == [KeyError, KeyError]


def test_a_thread_that_was_ended_at_work_leaves_nobody_behind():
    lane, left = Lane(), []

    def ended(wishes):
        left.extend(wishes)
        raise SystemExit

    with pytest.raises(SystemExit):
        lane.share(1, ended)
    assert lane.share(2, lambda wishes: [wish * 2 for wish in wishes]) == 4


def wishes_of(services, hotline_texts):
    made = []
    for external_id, text in hotline_texts:
        prepared = prepare_draft(services, draft(services, external_id, text), "xicheng")
        made.append(Wish(prepared, OPERATOR, dispatch=True))
    return made


def draft(services, external_id, text):
    return Draft("12315", external_id, text, services.now(), raw=text.encode())


def numbers_of(services):
    with services.read() as store:
        return sorted(store.session.execute(select(CASE.c.number)).scalars())


def test_one_transaction_registers_all_and_numbers_have_no_gap(services, engine):
    wishes = wishes_of(
        services, [("A", FAKE_DRUG), ("B", FAKE_DRUG), ("A", FAKE_DRUG), ("B", "别的内容，商店不退款。")]
    )
    begun = []
    event.listen(engine, "commit", begun.append)
    one, two, again, other = register_waiting(services, wishes)
    assert len(begun) == 1
    assert (one.created, two.created, again.created) == (True, True, False)
    assert (again.case_id, again.case) == (one.case_id, None)
    assert isinstance(other, IdempotencyError)
    assert [each[:11] for each in numbers_of(services)] == ["2026-010001", "2026-010002"]
    assert (one.number, two.number) == tuple(numbers_of(services))
    assert take_numbers(services.engine, "1", 2026, 1)[0].startswith("2026-010003")


def test_what_fails_gives_its_number_back(services, monkeypatch):
    (wish,) = wishes_of(services, [("A", FAKE_DRUG)])

    def fail(*_args, **_more):
        message = "没有那一年"
        raise CalendarError(message)

    with monkeypatch.context() as broken:
        broken.setattr("hotline.registering.put_right", fail)
        with pytest.raises(CalendarError):
            register_prepared(services, wish.prepared, OPERATOR, dispatch=True, source="desk")
    assert numbers_of(services) == []
    made = register_prepared(services, wish.prepared, OPERATOR, dispatch=True, source="desk")
    assert made.number.startswith("2026-010001")


def test_many_threads_register_each_its_own(services):
    texts = [(f"N{n}", f"{FAKE_DRUG}第{n}次。") for n in range(12)]
    wishes, made = wishes_of(services, texts), []

    def run(wish):
        made.append(register_prepared(services, wish.prepared, wish.actor, dispatch=True, source="desk"))

    threads = [threading.Thread(target=run, args=(wish,)) for wish in wishes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(each.created for each in made) == {True: 12}
    assert len({each.number for each in made}) == 12
    assert [each[:11] for each in numbers_of(services)] == [f"2026-01{n:04d}" for n in range(1, 13)]
    with services.read() as store:
        assert store.session.execute(select(func.count()).select_from(CASE)).scalar_one() == 12


def test_other_content_is_kept_once_beside_the_first(services):
    one, other = wishes_of(services, [("A", FAKE_DRUG), ("A", "别的内容，商店不退款。")])
    register_prepared(services, one.prepared, OPERATOR, dispatch=True, source="desk")
    with pytest.raises(IdempotencyError):
        register_prepared(services, replace(other.prepared), OPERATOR, dispatch=True, source="desk")
    with services.read() as store:
        assert len(quarantine_list(store.session, "xicheng").lines) == 1
