from __future__ import annotations

import io
import re
from datetime import date, timedelta

import pytest

from hotline.casework.calendar_legal import legal_days
from hotline.casework.calendar_years import year_document
from hotline.casework.calendars import NoticeDay
from hotline.moments import local_date
from hotline.store.rule_versions import rule_lines
from tests.web.conftest import NORTH, WEST

SIGN = "/rules/limits/H-SIGN"


def off(year):
    """The days of a year that are off by law."""
    named = {day: name for name, days in legal_days(year).items() for day in days}
    return tuple(NoticeDay(day, makeup=False, name=name) for day, name in sorted(named.items()))


FILE = year_document(2027, (*off(2027), NoticeDay(date(2027, 1, 3), makeup=True, name="元旦")))
TERMS = {"duration": "2", "unit": "工作日", "effective": "2026-11-18", "note": "人手不足"}


@pytest.fixture
def supervisor(client, login):
    return login(client, "xc-supervisor")


def checked_in(page, form):
    return re.search(r'name="checked" value="([^"]+)"', page[page.index(form) :])[1]


def lines(services, kind, office=WEST):
    with services.read() as store:
        return rule_lines(store.session, office, kind)


@pytest.mark.parametrize("address", ["/rules/", SIGN, "/rules/limits/C-ACCEPT", "/rules/calendar"])
def test_supervisors_and_administrators_look_others_do_not(app, login, address):
    for username, status in (("xc-supervisor", 200), ("admin", 200), ("xc-operator", 403), ("xc-clerk", 403)):
        assert login(app.test_client(), username).get(address).status_code == status


def test_the_list_shows_article_confidence_and_version(supervisor):
    page = supervisor.get("/rules/").text
    for words in ("H-SIGN", "C-ACCEPT", "总局121号令第15条", "随程序", "只在该件没有其他受理或处理期限时作兜底"):
        assert words in page


def test_a_change_is_tried_then_adopted_and_shown(supervisor, post, app_services):
    page = post(supervisor, SIGN, SIGN, **TERMS).text
    assert "试算：将改变" in page
    assert lines(app_services, "policy") == ()
    answer = post(supervisor, SIGN, SIGN, **TERMS, step="adopt", checked=checked_in(page, "采用新版本"))
    assert answer.status_code == 302
    page = supervisor.get(SIGN).text
    assert "各级：2 工作日" in page
    assert "人手不足" in page
    assert "第 1 版" in supervisor.get("/rules/").text
    assert len(lines(app_services, "policy")) == 1
    assert lines(app_services, "policy", NORTH) == ()


def test_what_was_not_tried_is_not_adopted(supervisor, post, app_services):
    page = post(supervisor, SIGN, SIGN, **TERMS).text
    other = TERMS | {"duration": "9"}
    assert (
        post(supervisor, SIGN, SIGN, **other, step="adopt", checked=checked_in(page, "采用新版本")).status_code == 200
    )
    assert lines(app_services, "policy") == ()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"duration": "-3"}, "时长 -3 工作日 不能用"),
        ({"duration": "x"}, "时长应是整数"),
        ({"duration": ""}, "请写明时长"),
        ({"unit": "世纪"}, "请从列出的单位中选择"),
        ({"extension": "-1", "times": "1"}, "延期 -1"),
        ({"warn": "200"}, "200%"),
        ({"effective": "soon"}, "请写明生效日期"),
        ({"note": ""}, "请写明理由"),
    ],
)
def test_bad_terms_are_named_and_kept_in_the_form(supervisor, post, app_services, fields, words):
    answer = post(supervisor, SIGN, SIGN, **(TERMS | fields))
    assert answer.status_code == 422
    assert words in answer.text
    assert lines(app_services, "policy") == ()


def test_a_statutory_limit_has_no_form_and_refuses_one(supervisor, post):
    assert "不能在这里改" in supervisor.get("/rules/limits/C-ACCEPT").text
    answer = post(supervisor, SIGN, "/rules/limits/C-ACCEPT", **TERMS)
    assert answer.status_code == 422
    assert "法定时限" in answer.text
    assert supervisor.get("/rules/limits/NONE-1").status_code == 404


def test_administrators_do_not_change_limits(client, login, post):
    admin = login(client, "admin")
    assert "采用新版本" not in admin.get(SIGN).text
    assert post(admin, "/rules/calendar", SIGN, **TERMS).status_code == 403


def test_a_version_that_waits_is_withdrawn(supervisor, post, app_services):
    later = TERMS | {"effective": "2026-12-01"}
    page = post(supervisor, SIGN, SIGN, **later).text
    post(supervisor, SIGN, SIGN, **later, step="adopt", checked=checked_in(page, "采用新版本"))
    post(supervisor, SIGN, f"{SIGN}/versions/1/withdraw", note="写错了")
    assert "撤回：写错了" in supervisor.get(SIGN).text
    assert app_services.rulebook.changes == ()


@pytest.mark.parametrize("username", ["xc-supervisor", "admin"])
def test_a_missing_notice_warns_until_it_is_adopted(client, login, post, app_services, username):
    who = login(client, username)
    assert "还没有 2027 年的放假安排" in who.get("/rules/").text
    form = {"what": "year", "year": "2027", "note": "国办发明电"}
    page = post(who, "/rules/calendar", "/rules/calendar", **form, file=(io.BytesIO(FILE.encode()), "2027.toml")).text
    assert "2027：新增，原为暂定" in page
    assert "2027-01-03 周末 → 元旦补班" in page
    assert lines(app_services, "calendar") == ()
    form |= {"content": FILE, "step": "adopt", "checked": checked_in(page, "导入放假通知")}
    assert post(who, "/rules/calendar", "/rules/calendar", **form).status_code == 302
    assert app_services.rulebook.calendar.last_announced == 2027
    page = who.get("/rules/calendar").text
    assert "还没有 2027 年的放假安排" not in page
    assert "国办发明电" in page


def test_operators_are_not_warned(client, login):
    assert "还没有 2027 年的放假安排" not in login(client, "xc-operator").get("/operators/desk").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {
                "what": "year",
                "year": "2028",
                "content": year_document(2028, off(2028)),
            },
            "先导入 2027 年",
        ),
        ({"what": "year", "year": "2027", "content": "date,type\n2027-01-01,放假\n2027-01-01,补班"}, "不是周末"),
        ({"what": "year", "year": "2027", "content": "date,type\n2027-01-02,放假\n2027-01-02,补班"}, "自相矛盾"),
        ({"what": "year", "year": "1", "content": "x"}, "年份应在"),
        ({"what": "year", "year": "2027", "content": ""}, "是空的"),
        ({"what": "year", "year": "2027", "content": year_document(2027, off(2027)[1:])}, "缺少法定放假日：元旦"),
        ({"what": "bands", "bands": "9:00-12:00 11:00-14:00"}, "重叠"),
        ({"what": "bands", "bands": "整天"}, "读不出来"),
        ({"what": "bands", "bands": "9:00-12:00"}, "生效日期"),
        ({"what": "bands", "bands": "9:00-12:00", "effective": "2020-01-01"}, "一年前"),
    ],
)
def test_a_calendar_that_cannot_serve_is_named(supervisor, post, app_services, fields, words):
    answer = post(supervisor, "/rules/calendar", "/rules/calendar", note="改", **fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert lines(app_services, "calendar") == ()


def test_bands_of_the_region(supervisor, post, app_services):
    today = local_date(app_services.now())
    form = {"what": "bands", "bands": "8:30-12:00，14:00-18:00", "scope": "region", "note": "夏令"}
    form |= {"effective": today.isoformat()}
    page = post(supervisor, "/rules/calendar", "/rules/calendar", **form).text
    form |= {"step": "adopt", "checked": checked_in(page, 'aria-label="工作时段"')}
    assert post(supervisor, "/rules/calendar", "/rules/calendar", **form).status_code == 302
    assert "8:30-12:00 14:00-18:00" in supervisor.get("/rules/calendar").text
    rules = app_services.rulebook.clock_rules
    found = [rules.calendar_for(app_services.office(each)) for each in (WEST, NORTH)]
    assert len({each.bands_on(today) for each in found}) == 2
    assert len({each.bands_on(today - timedelta(days=1)) for each in found}) == 1


def test_why_this_date_for_programs(client, app, login, cases):
    case_id = cases["dispatched"]
    answer = login(client, "xc-operator").get(f"/cases/{case_id}/clocks.json")
    clock = next(each for each in answer.json if each["policy"] == "C-ACCEPT")
    assert sum(step["counted"] for step in clock["due"]["trace"]) == clock["duration"] == 7
    assert any("工作日，计入" in line for line in clock["why"])
    assert login(app.test_client(), "bd-operator").get(f"/cases/{case_id}/clocks.json").status_code == 404


def test_a_year_is_taken_back_only_after_what_it_moves_was_shown(supervisor, post, app_services):
    form = {"what": "year", "year": "2027", "note": "国办发明电", "content": FILE}
    page = post(supervisor, "/rules/calendar", "/rules/calendar", **form).text
    form |= {"step": "adopt", "checked": checked_in(page, "导入放假通知")}
    post(supervisor, "/rules/calendar", "/rules/calendar", **form)
    address = "/rules/calendar/versions/1/withdraw"
    assert post(supervisor, "/rules/calendar", address, note="", step="check").status_code == 422
    post(supervisor, "/rules/calendar", address, note="发文有误", step="withdraw")
    assert app_services.rulebook.calendar.last_announced == 2027
    page = post(supervisor, "/rules/calendar", address, note="发文有误", step="check").text
    assert "试算：将改变" in page
    fields = {"note": "发文有误", "step": "withdraw", "checked": checked_in(page, 'id="versions"')}
    assert post(supervisor, "/rules/calendar", address, **fields).status_code == 302
    assert app_services.rulebook.calendar.last_announced == 2026
    assert "撤回：发文有误" in supervisor.get("/rules/calendar").text
    assert post(supervisor, "/rules/calendar", address, note="再来", step="check").status_code == 422
