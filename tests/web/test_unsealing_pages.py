"""Two persons on the pages: unsealing asked, granted, used and recorded; what waits to be lifted, found and lifted."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from hotline.store.migrate import downgrade, upgrade
from hotline.store.tables import CASE
from hotline.vocabulary import Action, Kind
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


CALLED = {
    "kind": "dispute",
    "category": "product_quality",
    "setting": "market",
    "urgency": "一般",
    "text": "",
}
LIFTINGS = "/supervisors/unsealings"


def waits(page):
    """The count beside 启封与解除 in the navigation; empty where there is none."""
    return (
        re.search(r'href="/supervisors/unsealings"[^>]*>启封与解除(?:<span class="count">([^<]*)</span>)?', page)[1]
        or ""
    )


@pytest.fixture
def opened(app, login, perform, register):
    """A report that the operator has called a dispute."""
    case_id = register("举报仓库换标签。", kind=Kind.REPORT, dispatch=False)
    assert perform(login(app.test_client(), "xc-operator"), case_id, "classify", **CALLED).status_code == 302
    return case_id


def test_who_may_lift_finds_the_case_without_being_told(app, login, perform, opened):
    supervisor = login(app.test_client(), "xc-supervisor")
    page = supervisor.get(LIFTINGS).text
    assert waits(page) == "1"
    assert f'href="/cases/{opened}#form-lift-case"' in page
    assert "原为举报，已改类" in page
    assert "测试xc-operator" in page
    assert 'id="form-lift-case"' in supervisor.get(f"/cases/{opened}").text, "the link opens the form"
    assert perform(supervisor, opened, "lift", text="核实过，是消费纠纷").status_code == 302
    page = supervisor.get(LIFTINGS).text
    assert waits(page) == ""
    assert "没有等待解除举报保护的在办工单。" in page


def test_what_one_has_opened_oneself_is_anothers_to_decide(app, login, perform, register):
    case_id = register("举报仓库换标签。", kind=Kind.REPORT, dispatch=False)
    supervisor = login(app.test_client(), "xc-supervisor")
    perform(supervisor, case_id, "classify", **CALLED)
    page = supervisor.get(LIFTINGS).text
    assert waits(page) == ""
    assert "须由另一位督办员办理" in page
    assert waits(login(app.test_client(), "bd-supervisor").get(LIFTINGS).text) == "", "another office's"
    perform(supervisor, case_id, "classify", **CALLED | {"kind": "report"})
    assert case_id not in supervisor.get(LIFTINGS).text, "a report again, it waits for nobody"


def test_what_was_split_out_of_a_report_waits_too(app, login, post, register):
    report = register("举报仓库换标签。", kind=Kind.REPORT, dispatch=False)
    operator = login(app.test_client(), "xc-operator")
    done = post(operator, f"/cases/{report}", f"/cases/{report}/split", text="另有消费纠纷")
    page = login(app.test_client(), "xc-supervisor").get(LIFTINGS).text
    assert f"/cases/{done.location.rsplit('/', 1)[1]}#form-lift-case" in page
    assert f"/cases/{report}#form-lift-case" not in page
    assert "由举报拆出" in page


def test_a_closed_one_is_listed_and_does_not_press(app, login, perform, opened):
    operator = login(app.test_client(), "xc-operator")
    assert perform(operator, opened, "withdraw", text="来电人撤回").status_code == 302
    page = login(app.test_client(), "xc-supervisor").get(LIFTINGS).text
    assert waits(page) == ""
    assert opened in page[page.index("已办结，仍受保护（1）") :]


def opened_by(services):
    with services.read() as store:
        return dict(store.session.execute(select(CASE.c.id, CASE.c.opened_by)).all())


def test_what_waited_before_is_found_after_an_upgrade(app, app_services, login, perform, post, opened, register):
    supervisor, operator = login(app.test_client(), "xc-supervisor"), login(app.test_client(), "xc-operator")
    report = register("举报仓库换标签。", kind=Kind.REPORT, dispatch=False)
    post(operator, f"/cases/{report}", f"/cases/{report}/split", text="另有消费纠纷")
    lifted, again = (register(f"举报仓库换标签{n}。", kind=Kind.REPORT, dispatch=False) for n in (1, 2))
    for case_id in (lifted, again):
        perform(operator, case_id, "classify", **CALLED)
        perform(supervisor, case_id, "lift", text="核实过")
    perform(operator, again, "classify", **CALLED | {"kind": "report"})
    perform(supervisor, again, "classify", **CALLED)
    before = opened_by(app_services)
    downgrade(app_services.engine, "r0024")
    upgrade(app_services.engine)
    assert opened_by(app_services) == before
    assert before[lifted] == ""
    assert before[opened] != before[again]
    assert len([who for who in before.values() if who]) == 3, "the split one too"
