"""The main job as people do it: type, save, sign, resolve, see overdue; with processes killed in the middle."""

import os
import re
import signal
import time

import pytest

from tests.browser.conftest import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]
TEXT = "我昨天在西城区广安门外大街的康宁药店花三百二十块钱买了两盒降压药，批准文号查不到，是假药，请你们查处这家药店。"
PAGES = {
    "zuoxi": ["/operators/new", "/operators/triage", "/operators/desk", "/operators/search", "/notices"],
    "shichang": ["/agencies/queue"],
    "duban": ["/supervisors/overview", "/supervisors/cases", "/supervisors/requests", "/supervisors/weekly"],
    "guanli": ["/admin/accounts", "/admin/sessions", "/admin/channels", "/admin/audit"],
}


def enter(page, running, text=TEXT, urgency="一般"):
    """Type a complaint as an operator does and save it with the keyboard; return its number."""
    page.goto(f"{running.base}/operators/new")
    page.select_option("[name=channel]", "12315")
    page.fill("[name=text]", text)
    page.select_option("[name=urgency]", urgency)
    page.wait_for_selector("text=西城药监分局")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/operators/saved/"))
    return re.sub(r"\D", "", page.inner_text(".big-number"))


def open_case(page, number):
    page.click(f"text={number[:4]}-{number[4:10]}-{number[10:]}")
    page.wait_for_url(re.compile("/cases/"))


@pytest.mark.timeout(300)
def test_from_the_call_to_the_agencys_signature(sign_in, running):
    operator = sign_in("zuoxi")
    number = enter(operator, running)
    assert len(number) == 11
    clerk = sign_in("shichang")
    clerk.goto(f"{running.base}/agencies/queue")
    clerk.fill("[name=q]", number)
    clerk.keyboard.press("Enter")
    clerk.wait_for_load_state()
    open_case(clerk, number)
    assert "二（二）7" in clerk.content()
    clerk.click("summary:has-text('签收')")
    clerk.click("details[open] button")
    clerk.wait_for_load_state()
    assert "已签收" in clerk.inner_text("main")


@pytest.mark.timeout(400)
def test_an_urgent_complaint_runs_late_while_processes_are_killed(sign_in, running):
    operator = sign_in("zuoxi")
    number = enter(operator, running, text=TEXT.replace("康宁", "安平"), urgency="特急")
    for process in running.processes("scheduler"):
        os.kill(process, signal.SIGKILL)
    os.kill(running.processes("gunicorn")[-1], signal.SIGKILL)
    supervisor = sign_in("duban")
    label = f"{number[:4]}-{number[4:10]}-{number[10:]}"
    deadline = time.monotonic() + 240
    while True:
        supervisor.goto(f"{running.base}/notices")
        told = supervisor.locator("tr", has_text=label)
        if told.count():
            break
        assert time.monotonic() < deadline, "nobody told the supervisor"
        time.sleep(2)
    time.sleep(4)
    supervisor.reload()
    rows = [row.inner_text() for row in supervisor.locator("tr", has_text=label).all()]
    legs = len(rows)
    assert legs in {1, 2}, "one announcement for each leg that is late"
    assert all("逾期" in row for row in rows)
    supervisor.click(f"text={label}")
    supervisor.wait_for_url(re.compile("/cases/"))
    assert "逾期" in supervisor.inner_text("main")


@pytest.mark.timeout(120)
def test_the_supervise_button_of_a_list_opens_the_form_with_the_cursor_in_it(sign_in, running):
    supervisor = sign_in("duban")
    supervisor.goto(f"{running.base}/supervisors/cases?clock=overdue")
    supervisor.click("a:has-text('督办')[href*='#form-supervise-case']")
    supervisor.wait_for_selector("details#form-supervise-case[open]")
    supervisor.wait_for_function("document.activeElement.name === 'days'")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
@pytest.mark.parametrize("username", PAGES)
def test_pages_fit_and_can_be_used_by_everybody(sign_in, running, username, width, height):
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - only where a browser is there.

    page = sign_in(username, width, height)
    for path in PAGES[username]:
        assert page.goto(running.base + path).status == 200, path
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{path} is wider than the screen by {overflow}"
        serious = [
            f"{found['id']}: {found['nodes'][0]['target']}"
            for found in Axe().run(page).response["violations"]
            if found["impact"] in {"serious", "critical"}
        ]
        assert serious == [], path
