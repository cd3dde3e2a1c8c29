"""What the tests of a case's page need: whom the caller is, and what the record holds."""

from __future__ import annotations

from hotline.casework.state import replay

PHONE = "13900001234"
MARKET = "110102-scjg"


def snapshot(services, case_id):
    with services.read() as store:
        return replay(store.events(case_id))


def events(services, case_id):
    with services.read() as store:
        return store.events(case_id)
