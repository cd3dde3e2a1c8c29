"""An agency's own system: it sees its body's cases without the caller, and works on them by the rules of the pages."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from hotline.casework.transition_table import TRANSITIONS
from hotline.moments import SHANGHAI
from hotline.store.token_hash import hash_token
from hotline.store.tokens import add_token
from hotline.vocabulary import AGENCY_ROLES, Action
from hotline.web.api.cases import ACTIONS
from tests.web.api_world import AGENCY, CULTURE, READER, TOKEN, bearer, refused
from tests.web.conftest import CALLER

LIST = "/api/v1/cases"


@pytest.fixture
def read(api):
    def ask(case_id, token=None):
        return api.get(f"{LIST}/{case_id}", headers=bearer(token) if token else AGENCY)

    return ask


@pytest.fixture
def act(api, read):
    """One action with the ETag of what is there now; `tag` and `key` send others."""

    def send(case_id, action, *, tag=None, key=None, token=None, **body):
        if "leg_id" not in body and action != "remind":
            own = [leg for leg in read(case_id).json["legs"] if leg["own"]]
            body["leg_id"] = own[0]["leg_id"]
        headers = {**(bearer(token) if token else AGENCY), "If-Match": tag or read(case_id).headers["ETag"]}
        headers |= {"Idempotency-Key": key} if key else {}
        return api.post(f"{LIST}/{case_id}/actions/{action}", json=body, headers=headers)

    return send


def test_a_body_lists_its_own_cases_only(api, cases):
    found = api.get(LIST, headers=AGENCY).json["items"]
    assert {each["case_id"] for each in found} == {cases["dispatched"], cases["report"], cases["anonymous"]}
    assert api.get(LIST, headers=bearer(CULTURE)).json == {"items": [], "next": None}


def test_a_return_is_possible_to_the_end_of_its_time(read, cases, clock):
    def possible():
        return {each["action"] for each in read(cases["dispatched"]).json["actions"]}

    clock.moment = datetime(2026, 11, 21, tzinfo=SHANGHAI)
    assert {"sign", "return"} <= possible()
    clock.forward(minutes=1)
    assert possible() & {"sign", "return"} == {"sign"}


def test_pages_are_walked_by_their_cursor_and_hold_each_case_once(api, register):
    for n in range(5):
        register(f"劣质水杯第{n}个漏水。")
    seen, after = [], None
    while True:
        query = {"limit": 3} | ({"after": after} if after else {})
        page = api.get(LIST, query_string=query, headers=AGENCY).json
        seen += [each["case_id"] for each in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 8
    assert seen == sorted(seen, reverse=True)


def test_a_list_is_narrowed(api, cases, clock, step):
    def ids(**query):
        return {each["case_id"] for each in api.get(LIST, query_string=query, headers=AGENCY).json["items"]}

    clock.forward(hours=2)
    step(cases["dispatched"], "xc-clerk", Action.SIGN, leg=True)
    assert ids(updated_since=clock().isoformat()) == {cases["dispatched"]}
    assert ids(updated_since="2026-11-18T11:30:01") == set()
    assert ids(kind="report") == {cases["report"]}
    assert ids(category="trademark") == set()
    assert ids(state="archived") == set()
    assert len(ids(state="dispatched", category="product_quality")) == 3


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"state": "gone"}, "state"),
        ({"kind": "举报"}, "kind"),
        ({"updated_since": "昨天"}, "updated_since"),
        ({"updated_since": ""}, "updated_since"),
        ({"after": "1~2"}, "after"),
        ({"after": "0" * 48}, "after"),
        ({"after": "0" * 32, "updated_since": "2026-11-18"}, "after"),
        ({"after": "f" * 48, "updated_since": "2026-11-18"}, "after"),
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"category": "'--"}, "category"),
        ({"欧阳明慧": "1"}, "others"),
        ([("limit", "1"), ("limit", "2")], "limit"),
    ],
)
def test_what_cannot_be_asked_is_named(api, query, field):
    refused(api.get(LIST, query_string=query, headers=AGENCY), 422, field, code="invalid_input")


def test_nothing_of_the_caller_is_told(read, cases):
    for name in ("dispatched", "report"):
        answer = read(cases[name])
        assert answer.status_code == 200
        assert not any(value in answer.text for value in (CALLER.name, CALLER.phone, CALLER.address))
    assert "[电话]" in read(cases["dispatched"]).json["text"] or "****" in read(cases["dispatched"]).json["text"]


def test_a_case_tells_legs_clocks_and_what_can_be_done(read, cases):
    case = read(cases["dispatched"]).json
    assert [(leg["own"], leg["state"]) for leg in case["legs"]] == [
        (True, "queued"),
        (False, "queued"),
        (False, "queued"),
    ]
    assert {"H-SIGN", "H-RESOLVE"} <= {clock["policy"] for clock in case["clocks"]}
    offered = {each["action"] for each in case["actions"]}
    assert {"sign", "return"} <= offered
    assert offered <= set(ACTIONS)
    returning = next(each for each in case["actions"] if each["action"] == "return")
    assert any(need["name"] == "text" and need["required"] for need in returning["needs"])


@pytest.mark.parametrize("name", ["north", "triage", "ready"])
def test_another_bodys_case_is_like_none(read, cases, name):
    ghost = refused(read("0" * 32), 404)
    assert refused(read(cases[name]), 404) == ghost
    assert refused(read(cases["dispatched"], CULTURE), 404) == ghost
    assert refused(read("token:x"), 404) == ghost


def test_what_was_read_is_not_sent_twice(api, read, cases):
    first = read(cases["report"])
    again = api.get(f"{LIST}/{cases['report']}", headers={**AGENCY, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.text) == (304, "")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_case_is_worked_on_from_signing_to_accepting(act, read, cases, app_services):
    case_id = cases["dispatched"]
    signed = act(case_id, "sign")
    assert signed.status_code == 200, signed.text
    assert signed.json["legs"][0]["state"] == "signed"
    assert signed.headers["ETag"] == read(case_id).headers["ETag"]
    accepted = act(case_id, "accept", at="2026-11-18T09:30:00")
    assert accepted.status_code == 200, accepted.text
    assert accepted.json["legs"][0]["state"] == "accepted"
    with app_services.read() as store:
        last = store.events(case_id)[-1]
    assert last.actor_id.startswith("agency:")
    assert last.actor_role == "clerk"


def test_the_page_says_that_a_system_did_it(act, client, login, cases):
    act(cases["dispatched"], "sign")
    page = login(client, "xc-operator").get(f"/cases/{cases['dispatched']}").text
    assert "经接口" in page


def test_what_was_not_seen_is_not_acted_on(api, act, read, cases, step):
    case_id = cases["dispatched"]
    tag = read(case_id).headers["ETag"]
    step(case_id, "xc-clerk", Action.SIGN, leg=True)
    refused(act(case_id, "accept", tag=tag), 412, code="precondition_failed")
    leg_id = read(case_id).json["legs"][0]["leg_id"]
    answer = api.post(f"{LIST}/{case_id}/actions/accept", json={"leg_id": leg_id}, headers=AGENCY)
    refused(answer, 428, code="precondition_required")
    assert act(case_id, "accept", tag="*").status_code == 200


def test_a_step_that_the_state_forbids_is_a_conflict(act, cases):
    refused(act(cases["dispatched"], "accept"), 409, code="forbidden_transition")


def test_the_same_step_sent_twice_is_done_once(act, read, cases, app_services):
    case_id, tag = cases["dispatched"], read(cases["dispatched"]).headers["ETag"]
    first = act(case_id, "sign", tag=tag, key="k-1")
    again = act(case_id, "sign", tag=tag, key="k-1")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == again.json
    with app_services.read() as store:
        assert [event.action for event in store.events(case_id)].count(Action.SIGN) == 1


def test_a_key_of_another_step_is_refused_and_not_taken_for_done(act, cases, app_services):
    case_id = cases["dispatched"]
    assert act(case_id, "sign", key="k-1").status_code == 200
    refused(act(case_id, "note", key="k-1", text="已联系。"), 422, "Idempotency-Key")
    with app_services.read() as store:
        assert Action.NOTE not in [event.action for event in store.events(case_id)]


def test_a_key_of_the_same_step_with_other_words_is_refused_and_the_first_stays(act, cases, app_services):
    case_id = cases["dispatched"]
    assert act(case_id, "note", leg_id=None, key="k-2", text="已联系商家。").status_code == 200
    error = refused(act(case_id, "note", leg_id=None, key="k-2", text="没有联系上。"), 422, "Idempotency-Key")
    assert "先办的保留" in error["message"]
    assert act(case_id, "note", leg_id=None, key="k-2", text="已联系商家。").status_code == 200
    with app_services.read() as store:
        notes = [event for event in store.events(case_id) if event.action is Action.NOTE]
        assert [store.event_texts(case_id)[event.id] for event in notes] == ["已联系商家。"]
        assert "已联系" not in str(notes[0].data)


def test_long_keys_that_end_differently_are_different_keys(act, cases, app_services):
    case_id, start = cases["dispatched"], "k" * 60
    for end in ("a", "b"):
        assert act(case_id, "note", leg_id=None, key=start + end, text=f"第{end}次联系。").status_code == 200
    with app_services.read() as store:
        assert [event.action for event in store.events(case_id)].count(Action.NOTE) == 2


def test_a_key_is_the_tokens_own(act, cases, app_services):
    """Two systems of one body count their steps alike; neither must take the other's for its own."""
    with app_services.write() as store:
        hashed, at = hash_token("second"), app_services.now()
        add_token(store.session, token_hash=hashed, office_id="xicheng", label="二", at=at, body_id="110102-scjg")
    for token in (None, "second"):
        assert act(cases["dispatched"], "note", leg_id=None, key="1", text="已联系。", token=token).status_code == 200
    with app_services.read() as store:
        assert [event.action for event in store.events(cases["dispatched"])].count(Action.NOTE) == 2


@pytest.mark.parametrize(
    ("action", "body", "status", "fields"),
    [
        ("return", {"data": {"reason": "other"}}, 422, None),
        ("sign", {"data": {"欧阳": "1"}}, 422, None),
        ("sign", {"data": {"message": "x"}}, 422, ["data"]),
        ("sign", {"data": {"ground": "x"}}, 422, ["data.ground"]),
        ("sign", {"at": "2026-11-18T09:00:00"}, 422, ["at"]),
        ("sign", {"text": "备注"}, 422, ["text"]),
        ("sign", {"leg_id": "0" * 32}, 422, ["leg_id"]),
        ("sign", {"leg_id": None}, 422, ["leg_id"]),
        ("sign", {"extra": 1}, 422, ["others"]),
        ("sign", {"data": []}, 422, ["data"]),
        ("look", {}, 409, []),
        ("ask_unseal", {}, 409, []),
        ("evidence", {}, 409, []),
        ("dispatch", {}, 409, []),
        ("nothing", {}, 404, []),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(act, read, cases, action, body, status, fields):
    before = read(cases["dispatched"]).json
    answer = act(cases["dispatched"], action, **body)
    if fields is None:
        assert answer.status_code == status
    else:
        refused(answer, status, *fields)
    assert read(cases["dispatched"]).json == before


def test_tokens_open_their_own_door_and_no_other(api, act, cases):
    refused(api.get(LIST, headers=bearer(TOKEN)), 403, code="forbidden")
    refused(api.get("/api/v1/complaints", headers=AGENCY), 403, code="forbidden")
    refused(api.post("/api/v1/complaints", json={}, headers=AGENCY), 403, code="forbidden")
    assert api.get(LIST, headers=bearer(READER)).status_code == 200
    refused(act(cases["dispatched"], "sign", token=READER), 403, code="forbidden")
    assert api.get("/agencies/queue", headers=AGENCY).status_code == 302


def test_what_a_system_may_do_is_what_its_people_may_save_seeing_callers():
    people = {row.action for row in TRANSITIONS if row.cases and row.form and row.roles & AGENCY_ROLES}
    assert people - set(ACTIONS) <= {Action.LOOK, Action.ASK_UNSEAL, Action.UNSEAL, Action.REFUSE_UNSEAL}
    assert not set(ACTIONS) & {Action.LOOK, Action.ASK_UNSEAL, Action.EVIDENCE}


def test_the_complaints_of_a_channel_are_listed_with_their_own_ids(api):
    for n in range(3):
        api.post("/api/v1/complaints", json={"external_id": f"L-{n}", "text": "劣质水壶漏电。"}, headers=bearer())
    page = api.get("/api/v1/complaints", query_string={"limit": 2}, headers=bearer()).json
    assert [each["external_id"] for each in page["items"]] == ["L-2", "L-1"]
    rest = api.get("/api/v1/complaints", query_string={"limit": 2, "after": page["next"]}, headers=bearer()).json
    assert rest["items"][0]["external_id"] == "L-0"
    assert all(re.fullmatch(r"[0-9a-f]{32}", each["complaint_id"]) for each in page["items"])


def test_an_action_that_is_not_there_is_named(act, cases):
    answer = act(cases["dispatched"], "fly", tag="*")
    refused(answer, 404, code="not_found")
    assert "没有这个动作" in answer.json["error"]["message"]
