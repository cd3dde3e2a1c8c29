"""The pages of all roles on a narrow screen (390 px): the page keeps its width, wide tables scroll in themselves."""

import pytest

from tests.browser.conftest import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]
PAGES = {
    "zuoxi": (
        "/operators/new",
        "/operators/triage",
        "/operators/desk",
        "/operators/search",
        "/operators/import",
        "/operators/quarantine",
        "/matters/",
        "/notices/",
        "/plans/compare",
        "/plans/xicheng-2011",
    ),
    "shichang": ("/agencies/queue", "/agencies/due", "/agencies/weekly"),
    "duban": (
        "/supervisors/overview",
        "/supervisors/cases",
        "/supervisors/breaches",
        "/supervisors/weekly",
        "/supervisors/requests",
        "/supervisors/unsealings",
        "/supervisors/groups",
        "/supervisors/demands",
        "/rules/",
        "/rules/calendar",
        "/rules/limits/H-RESOLVE",
    ),
    "guanli": ("/admin/accounts", "/admin/channels", "/admin/outbox", "/admin/contacts", "/admin/sessions"),
}
CASES = {"zuoxi": "/operators/triage", "shichang": "/agencies/queue", "duban": "/supervisors/cases"}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("username", sorted(PAGES))
def test_no_page_scrolls_sideways(sign_in, running, username):
    page = sign_in(username, width=390, height=800)
    wide = {}
    for path in PAGES[username]:
        page.goto(running.base + path)
        wide[path] = page.evaluate(TOO_WIDE)
    if username in CASES:
        page.goto(running.base + CASES[username])
        page.locator("td a.number").first.click()
        page.wait_for_url("**/cases/**")
        wide["a case"] = page.evaluate(TOO_WIDE)
    assert {path: by for path, by in wide.items() if by > 0} == {}


def test_a_wide_table_scrolls_inside_itself(sign_in, running):
    page = sign_in("shichang", width=390, height=800)
    page.goto(f"{running.base}/agencies/queue")
    table = page.locator("table.dense").first
    assert table.evaluate("table => table.scrollWidth > table.clientWidth")
    assert table.evaluate("table => getComputedStyle(table).overflowX") == "auto"
