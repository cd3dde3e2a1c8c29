"""What is dispatched inside a batch is told to those who subscribed, as one case after the other is."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hotline.importing.files import import_file
from hotline.store import hooks
from hotline.store.contacts import save_contact
from hotline.store.digests import Recipient
from hotline.store.hooks import EVENTS, subscribe
from hotline.store.tables import CASE, LEG, OUTBOX
from hotline.vocabulary import Outlet
from tests.flow.test_flow_batch import IMPORTER, a_file

MARKET = "110102-scjg"


def listen(services, office_id="xicheng"):
    with services.write() as store:
        at = services.now()
        where = "https://hooks.example.gov.cn/in"
        save_contact(
            store.session, store.keyring, Recipient(office_id, MARKET, ""), Outlet.WEBHOOK, address=where, at=at
        )
        subscribe(store.session, office_id, MARKET, EVENTS, at)


def rows(services, *columns):
    with services.read() as store:
        return [tuple(row) for row in store.session.execute(select(*columns))]


def test_an_import_tells_the_body_of_each_case_it_got(services):
    listen(services)
    listen(services, "baodi")
    import_file(services, a_file(30), "12315", IMPORTER, source="test")
    theirs = {case_id for case_id, body_id in rows(services, LEG.c.case_id, LEG.c.body_id) if body_id == MARKET}
    numbers = dict(rows(services, CASE.c.id, CASE.c.number))
    told = [payload for (payload,) in rows(services, OUTBOX.c.payload)]
    assert len(theirs) > 3
    assert sorted(each["case_id"] for each in told) == sorted(theirs)
    assert {each["event"] for each in told} == {"case.dispatched"}
    assert all(each["number"] == numbers[each["case_id"]] for each in told)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_where_nobody_listens_a_batch_looks_once(services, monkeypatch):
    asked, ask = [], hooks.ask

    def noting(session, statement, values):
        asked.append(str(statement))
        return ask(session, statement, values)

    monkeypatch.setattr(hooks, "ask", noting)
    import_file(services, a_file(25), "12315", IMPORTER, source="test")
    assert rows(services, OUTBOX.c.id) == []
    assert sum("FROM case_file JOIN subscription" in statement for statement in asked) == 1
