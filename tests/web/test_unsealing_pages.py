"""Unsealing on the pages: ask, see it in the supervisors' list, have it granted by another, look, find it recorded."""

from __future__ import annotations

from hotline.vocabulary import Action
from tests.web.conftest import CALLER, field_in


def test_the_whole_way(app, login, post, cases, app_services):
    page = f"/cases/{cases['report']}"
    operator = login(app.test_client(), "xc-operator")
    supervisor = login(app.test_client(), "xc-supervisor")
    before = operator.get(page).text
    assert "举报人身份密封" in before
    assert post(operator, page, f"{page}/look", why="verify").status_code == 403
    asked = post(
        operator,
        page,
        f"{page}/actions/ask_unseal",
        expected_seq=field_in(before, "expected_seq"),
        why="verify",
        text="须向举报人了解库房位置",
    )
    assert asked.status_code == 302, asked.text
    listed = supervisor.get("/supervisors/unsealings").text
    assert "去审批" in listed
    assert "测试xc-operator" in listed
    with app_services.read() as store:
        wanted = store.events(cases["report"])[-1].data["unsealing_id"]
    granted = post(
        supervisor,
        page,
        f"{page}/actions/unseal",
        expected_seq=field_in(supervisor.get(page).text, "expected_seq"),
        unsealing_id=wanted,
    )
    assert granted.status_code == 302, granted.text
    assert post(supervisor, page, f"{page}/look", why="verify").status_code == 403, "it is for who asked"
    assert CALLER.name not in operator.get(page).text, "the record comes before the sight"
    shown = post(operator, page, f"{page}/look", why="verify").text
    assert CALLER.name in shown
    assert CALLER.phone in shown
    with app_services.read() as store:
        assert store.events(cases["report"])[-1].action is Action.LOOK
    record = supervisor.get(page).text
    assert "谁查看过、为什么（3）" in record
    assert CALLER.name not in record
    assert "没有待审批" in supervisor.get("/supervisors/unsealings").text


def test_the_list_is_the_supervisors_of_the_office(app, login):
    assert login(app.test_client(), "xc-operator").get("/supervisors/unsealings").status_code == 403
    assert login(app.test_client(), "xc-clerk").get("/supervisors/unsealings").status_code == 403
    assert login(app.test_client(), "bd-supervisor").get("/supervisors/unsealings").status_code == 200
