"""What every test of the API needs: tokens, a full complaint, and what a refusal looks like."""

from __future__ import annotations

import json
import re

from sqlalchemy import func, select

from hotline.store import queries
from hotline.store.token_hash import hash_token
from hotline.store.tokens import Scope, add_token

URL = "/api/v1/complaints"
TOKEN, SISTER, NORTH = "token-12315-xicheng", "token-12390-xicheng", "token-12315-baodi"
TEXT = "在商店买到劣质电饭锅，用了两天就坏，要求退款。"
SECRETS = ("欧阳明慧", "13711112222", "11010119900307001X", "金丝胡同九号")
NAME, PHONE, ID_NUMBER, ADDRESS = SECRETS
FULL = {
    "external_id": "T-1",
    "text": TEXT,
    "kind": "dispute",
    "received_at": "2026-11-18T09:00:00+08:00",
    "location_hint": "110102",
    "urgency": "紧急",
    "goods": "电饭锅",
    "amount": 399.5,
    "happened_on": "2026-11-15",
    "happened_where": "西单",
    "demand": "退款",
    "evidence_note": "小票",
    "reporter": {
        "name": NAME,
        "phone": PHONE,
        "id_number": ID_NUMBER,
        "address": ADDRESS,
        "anonymous": False,
        "role": "消费者",
    },
    "respondent": {"name": "好再来商店", "address": "西单", "phone": "010-66001234", "platform": "", "url": ""},
}
CLERK, READER, CULTURE = "token-market", "token-market-reading", "token-culture"
AGENCY = {"Authorization": f"Bearer {CLERK}"}


def add_tokens(services):
    """Two channels of one office, one of another; two bodies of the first, one of them also for reading only."""
    with services.write() as store:
        for token, office, whose in (
            (TOKEN, "xicheng", {"channel": "12315"}),
            (SISTER, "xicheng", {"channel": "12390"}),
            (NORTH, "baodi", {"channel": "12315"}),
            (CLERK, "xicheng", {"body_id": "110102-scjg"}),
            (READER, "xicheng", {"body_id": "110102-scjg", "scope": Scope.READ}),
            (CULTURE, "xicheng", {"body_id": "110102-whly"}),
        ):
            hashed, at = hash_token(token), services.now()
            add_token(store.session, token_hash=hashed, office_id=office, label="测试", at=at, **whose)


def bearer(token=TOKEN):
    return {"Authorization": f"Bearer {token}"}


def send(client, body=None, *, token=TOKEN, **more):
    """Post a complaint; bytes go as they are and without a content type."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post(URL, data=content, headers=bearer(token) | more.pop("headers", {}), **more)


def refused(answer, status, *fields, code=None):
    """The one error shape, in Chinese, with these fields and nothing of what was sent."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/json"
    assert set(answer.json) == {"error"}
    error = answer.json["error"]
    assert set(error) == {"code", "message", "fields"}
    assert re.fullmatch(r"[a-z_]+", error["code"])
    assert code in (None, error["code"])
    assert re.search(r"[\u4e00-\u9fff]", error["message"])
    assert set(error["fields"]) == set(fields)
    assert all(re.search(r"[\u4e00-\u9fff]", reason) for reason in error["fields"].values())
    assert not any(secret in answer.text for secret in SECRETS)
    return error


def kept(services, office="xicheng"):
    """What quarantine holds: (line, original bytes), the newest first."""
    with services.read() as store:
        lines = queries.quarantine_list(store.session, office).lines
        return [(line, store.quarantined(line.id)) for line in lines]


def complaint(services, complaint_id):
    with services.read() as store:
        return store.complaint(complaint_id)


def count(services, table):
    with services.read() as store:
        return store.session.execute(select(func.count()).select_from(table)).scalar_one()
