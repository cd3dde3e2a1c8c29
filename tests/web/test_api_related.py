"""Which of its own complaints a channel's complaint likely repeats: nothing of other channels, nobody who informed."""

from __future__ import annotations

import pytest

from tests.web.api_world import AGENCY, FULL, NORTH, PHONE, SECRETS, SISTER, URL, bearer, refused, send

TOLD = "柳林村村东头鱼塘边上有个院子加工劣质猪血，味道很重，工人往桶里倒福尔马林。"
RETOLD = "柳林村鱼塘旁边一户人家做劣质血豆腐，往桶里倒福尔马林，味道很重。"
OTHER = "在某网店买的劣质羽绒服里面全是碎布，要求退款。"


@pytest.fixture
def bring(api):
    def post(text, number, *, token=None, **more):
        body = {"external_id": number, "text": text, "kind": "report"} | more
        answer = send(api, body, token=token) if token else send(api, body)
        assert answer.status_code == 201, answer.text
        return answer

    return post


def near(api, answer, token=None):
    where = f"{answer.headers['Location']}/related"
    found = api.get(where, headers=bearer(token) if token else bearer())
    assert found.status_code == 200, found.text
    assert not any(secret in found.text for secret in SECRETS)
    return found.json["items"]


def test_the_same_matter_is_named_with_its_reason(api, bring):
    first, second = bring(TOLD, "1"), bring(RETOLD, "2")
    (found,) = near(api, second)
    assert (found["complaint_id"], found["case_number"]) == (first.json["complaint_id"], first.json["case_number"])
    assert (found["sameness"], found["reasons"]) == ("same", ["words"])
    assert 0 < found["likeness"] < 1
    assert near(api, bring("冒牌衬衫掉色严重。", "3")) == []


def test_the_same_caller_is_named_where_nobody_informed(api, bring):
    caller = {"reporter": FULL["reporter"]}
    first = bring(OTHER, "1", **caller, kind="dispute")
    bring("有人在巷子里卖劣质香烟。", "2", **caller)
    again = bring("小区门口理发店办卡后关门跑路。", "3", **caller, kind="dispute")
    (found,) = near(api, again)
    assert (found["complaint_id"], found["reasons"]) == (first.json["complaint_id"], ["phone", "id_number"])
    tip = bring("隔壁厂房夜里灌装假白酒。", "4", **caller)
    assert near(api, tip) == []


def test_of_other_channels_and_offices_nothing_is_told(api, bring):
    bring(TOLD, "1", token=SISTER)
    bring(TOLD, "2", token=NORTH)
    assert near(api, bring(RETOLD, "3")) == []


def test_what_is_not_the_channels_own_is_like_nothing(api, bring):
    first = bring(TOLD, "1")
    where = f"{first.headers['Location']}/related"
    ghost = refused(api.get(f"{URL}/{'0' * 32}/related", headers=bearer()), 404)
    assert refused(api.get(where, headers=bearer(SISTER)), 404) == ghost
    assert refused(api.get(where, headers=bearer(NORTH)), 404) == ghost
    refused(api.get(where, headers=AGENCY), 403)
    refused(api.get(f"{URL}/x/related", headers=bearer()), 404)
    assert PHONE not in str(ghost)
