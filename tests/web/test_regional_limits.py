"""Limits of a region on the pages: one policy for a district, city or province; the region's written limits at once."""

from __future__ import annotations

import re

import pytest

from hotline.moments import local_date
from hotline.store.rule_versions import rule_lines
from hotline.vocabulary import Urgency
from tests.web.conftest import NORTH, WEST

SIGN = "/rules/limits/H-SIGN"
REGIONAL = "/rules/regional"
TERMS = {"duration": "2", "unit": "工作日", "effective": "2026-11-18", "note": "全市统一"}
FORM = {"effective": "2026-11-18", "note": "按北京地标"}


@pytest.fixture
def supervisor(client, login):
    return login(client, "xc-supervisor")


def checked_in(page, form):
    return re.search(r'name="checked" value="([^"]+)"', page[page.index(form) :])[1]


def lines(services, office=WEST):
    with services.read() as store:
        return rule_lines(store.session, office, "policy")


def sign_of(services, office):
    policies = services.rulebook.clock_rules.policies_for(services.office(office), local_date(services.now()))
    return next(each for each in policies if each.id == "H-SIGN").at(Urgency.NORMAL)


def adopt(supervisor, post, **fields):
    form = TERMS | fields
    page = post(supervisor, SIGN, SIGN, **form).text
    assert "试算：将改变" in page
    return post(supervisor, SIGN, SIGN, **form, step="adopt", checked=checked_in(page, "采用新版本"))


def test_a_limit_for_the_region_serves_its_offices_and_no_other(supervisor, post, app_services):
    page = supervisor.get(SIGN).text
    assert re.findall(r'<option value="(\d{6})"', page) == ["110102", "110100", "110000"]
    assert adopt(supervisor, post, scope="110000").status_code == 302
    (line,) = lines(app_services)
    assert (line.office_id, line.region) == (None, "110000")
    assert sign_of(app_services, WEST).duration == 2
    assert sign_of(app_services, NORTH).duration == 1
    assert "110000" in supervisor.get(SIGN).text


def test_the_offices_own_version_goes_first(supervisor, post, app_services):
    adopt(supervisor, post, duration="3")
    adopt(supervisor, post, scope="110102")
    assert sign_of(app_services, WEST).duration == 3
    assert "地区的版本对它不起作用" in supervisor.get(SIGN).text


@pytest.mark.parametrize("scope", ["120000", "370100", "x", "110103"])
def test_another_place_is_refused(supervisor, post, app_services, scope):
    answer = post(supervisor, SIGN, SIGN, **TERMS, scope=scope)
    assert answer.status_code == 422
    assert "请从列出的范围中选择" in answer.text
    assert lines(app_services) == ()


def test_what_was_tried_for_the_office_is_not_adopted_for_the_region(supervisor, post, app_services):
    page = post(supervisor, SIGN, SIGN, **TERMS).text
    mark = checked_in(page, "采用新版本")
    assert post(supervisor, SIGN, SIGN, **TERMS, scope="110000", step="adopt", checked=mark).status_code == 200
    assert lines(app_services) == ()


def test_a_waiting_version_of_the_region_is_taken_back_there_and_nowhere_else(
    app, supervisor, login, post, app_services
):
    adopt(supervisor, post, scope="110102", effective="2026-12-01")
    (line,) = lines(app_services)
    address = f"{SIGN}/versions/{line.version}/withdraw"
    elsewhere = login(app.test_client(), "bd-supervisor")
    assert address not in elsewhere.get(SIGN).text
    post(elsewhere, SIGN, address, note="不要")
    assert lines(app_services)[0].withdrawn_at is None
    post(supervisor, SIGN, address, note="不要")
    assert lines(app_services)[0].withdrawn_at is not None


def test_the_regions_written_limits_are_tried_and_adopted_at_once(supervisor, post, app_services):
    page = supervisor.get("/rules/").text
    assert "采用本地区的时限" in page
    assert "征求意见稿" in page
    assert "JN-RESOLVE" in page
    page = post(supervisor, REGIONAL, REGIONAL, **FORM).text
    assert re.search(r"试算：将改变 \d+ 个到期日，其中 \d+ 个随即超期", page)
    assert lines(app_services) == ()
    mark = checked_in(page, 'aria-label="采用本地区的时限"')
    assert post(supervisor, REGIONAL, REGIONAL, **FORM, step="adopt", checked=mark).status_code == 302
    found = lines(app_services)
    assert {(line.subject, line.region, line.office_id) for line in found} == {("H-DISPATCH", "110000", None)}
    assert len(found) == 3
    assert {line.trial["cases"] for line in found} == {found[0].trial["cases"]}
    page = supervisor.get("/rules/").text
    assert page.count("已采用（第") == 3
    assert REGIONAL not in page
    answer = post(supervisor, "/rules/", REGIONAL, **FORM)
    assert answer.status_code == 422
    assert "都已经采用" in answer.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"effective": "2022-12-31"}, "不能更早"),
        ({"effective": "x"}, "请写明生效日期"),
        ({"note": ""}, "请写明理由"),
    ],
)
def test_what_stands_against_it_is_named(supervisor, post, app_services, fields, words):
    answer = post(supervisor, REGIONAL, REGIONAL, **(FORM | fields))
    assert answer.status_code == 422
    assert words in answer.text
    assert lines(app_services) == ()


def test_nothing_untried_is_adopted(supervisor, post, app_services):
    post(supervisor, REGIONAL, REGIONAL, **FORM, step="adopt", checked="x")
    assert lines(app_services) == ()


def test_elsewhere_nothing_is_written_for_the_place(client, login):
    page = login(client, "bd-supervisor").get("/rules/").text
    assert REGIONAL not in page


@pytest.mark.parametrize(("who", "status"), [("admin", 403), ("xc-operator", 403), ("xc-clerk", 403)])
def test_only_supervisors_adopt(client, login, who, status):
    assert login(client, who).get(REGIONAL).status_code == status
