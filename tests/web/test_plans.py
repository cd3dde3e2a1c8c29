from __future__ import annotations

import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from hotline.routing.plans import SHIPPED
from hotline.rules import RuleKeeper
from hotline.store.events import read_events
from hotline.store.plan_versions import version_lines
from hotline.store.tables import CASE
from hotline.vocabulary import Action
from tests.web.conftest import WEST, make_services

PLAN = "xicheng-2011"
NEW = f"/plans/{PLAN}/new-version"
TOMORROW = date(2026, 11, 19)
TEXT = (SHIPPED / f"{PLAN}.toml").read_text("utf-8")
# Pirated goods of street traders go to another agency in the next version.
CHANGED = TEXT.replace('agencies = ["区城管监察大队"]', 'agencies = ["区文化委"]')
MOVED = TEXT.replace('agencies = ["区文化委"]', 'agencies = ["区城管监察大队"]', 1)


@pytest.fixture
def supervisor(client, login):
    return login(client, "xc-supervisor")


@pytest.fixture
def send(supervisor, post):
    def fill(**fields):
        values = {"content": CHANGED, "effective": TOMORROW.isoformat(), "note": "机构调整", "count": "1000"}
        return post(supervisor, NEW, NEW, **(values | fields))

    return fill


@pytest.fixture
def adopted(send):
    """Version 2, checked and adopted through the pages."""
    page = send().text
    checked = re.search(r'name="checked" value="([^"]+)"', page)[1]
    answer = send(step="adopt", checked=checked)
    assert answer.status_code == 302, answer.text
    return answer


def versions(services, office=WEST):
    with services.read() as store:
        return version_lines(store.session, PLAN, office)


@pytest.mark.parametrize(
    "address",
    ["/plans/", f"/plans/{PLAN}", "/plans/national-2012", "/plans/beijing-2017", "/plans/compare", "/plans/what-if"],
)
def test_operators_may_look_and_agencies_may_not(client, app, login, address):
    assert login(client, "xc-operator").get(address).status_code == 200
    assert login(app.test_client(), "xc-clerk").get(address).status_code == 403


def test_only_supervisors_may_change(client, login, post):
    operator = login(client, "xc-operator")
    assert operator.get(NEW).status_code == 403
    assert "采用新版本" not in operator.get(f"/plans/{PLAN}").text
    assert post(operator, "/plans/what-if", NEW, content=CHANGED).status_code == 403
    assert post(operator, "/plans/what-if", f"/plans/{PLAN}/versions/1/withdraw", note="x").status_code == 403


def test_the_list_says_version_office_and_where(supervisor):
    page = supervisor.get("/plans/").text
    assert page.index("西城区打击侵犯知识产权") < page.index("baodi-2010"), "the office's own first"
    for words in ("本地现用", "第 1 版", "没有本地方案的地方", "只列重点，不分派职责", "2011年1月10日"):
        assert words in page


def test_the_matrix_shows_gaps_overlaps_and_both_names(supervisor):
    page = supervisor.get(f"/plans/{PLAN}").text
    rows = re.findall(r'<th scope="row">([^<]+)</th>', page)
    assert len(rows) == 27
    assert page.count('<td class="gap') == int(re.search(r"未列明 (\d+)，", page)[1])
    assert page.count('<td class="overlap') == int(re.search(r"多条涉及 (\d+)；", page)[1])
    assert "区城管监察大队" in page
    assert "→ 北京市西城区城市管理综合行政执法局" in page


def test_each_cell_opens_its_clause(supervisor):
    page = supervisor.get(f"/plans/{PLAN}").text
    cells = [unescape(url) for url in re.findall(r'<a href="([^"]+category=[^"]+)#cell"', page)]
    assert len(cells) == 27 * 9
    opened = supervisor.get(next(url for url in cells if "category=copyright&setting=street" in url)).text
    assert "强化对市场环境的执法" in opened
    assert "二（二）2" in opened
    silent = supervisor.get(next(url for url in cells if "category=tobacco&setting=market" in url)).text
    assert "方案未列明" in silent
    assert 'id="cell"' not in supervisor.get(f"/plans/{PLAN}?category=nothing&setting=street").text


@pytest.mark.parametrize("address", ["/plans/nowhere", f"/plans/{PLAN}?version=7", "/plans/nowhere/new-version"])
def test_an_unknown_plan_or_version_is_a_clear_error(supervisor, address):
    answer = supervisor.get(address)
    assert answer.status_code == 404
    assert "没有方案" in answer.text
    assert PLAN in answer.text


def test_two_plans_side_by_side_differences_first(supervisor):
    page = supervisor.get(f"/plans/compare?a={PLAN}@1&b=national-2017@1").text
    differing, total = (int(n) for n in re.search(r"<h2>(\d+) 格中 (\d+) 格", page).groups()[::-1])
    assert 0 < differing < total == 243
    marks = re.findall(r'<tr class="(differs|reworded|)">', page)
    assert marks == sorted(marks, key=["differs", "reworded", ""].index)
    same = supervisor.get(f"/plans/compare?a={PLAN}@1&b={PLAN}@1").text
    assert "243 格中 0 格" in same
    assert supervisor.get(f"/plans/compare?a={PLAN}@1&b=nowhere").status_code == 404


def ask(client, post, **fields):
    return post(client, "/plans/what-if", "/plans/what-if", **fields)


def test_what_if_with_a_text_tells_everything(supervisor, post):
    page = ask(supervisor, post, text="西城区学校门口卖盗版书", setting="street").text
    for words in (
        "侵权盗版（实物）",
        "二（二）3",
        "区城管监察大队",
        "北京市西城区城市管理综合行政执法局",
        "次选",
        "方案 xicheng-2011 第1版",
        "版权保护专项整治",
        "模型版本 test",
    ):
        assert words in page


def test_what_if_with_facets_alone(supervisor, post):
    page = ask(supervisor, post, category="tobacco", region="110102").text
    assert "方案未列明" in page
    assert "模型版本" not in page
    page = ask(supervisor, post, category="drug", setting="online", region="河南省驻马店市").text
    assert "市食品药品监督管理局" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "请填写内容"),
        ({"text": "盗版", "region": "999999"}, "没有这个地区"),
        ({"text": "盗版", "region": "鼓楼区"}, "有多处同名"),
        ({"text": "盗版", "day": "2026-02-30"}, "日期无法识别"),
        ({"text": "盗版", "category": "x"}, "请从列出的类别中选择"),
        ({"text": "盗版", "setting": "x"}, "请从列出的环节中选择"),
        ({"text": "盗版", "plan_id": "x"}, "没有方案"),
        ({"text": "盗" * 9000}, "不超过"),
    ],
)
def test_what_if_with_bad_input_says_what_is_wrong(supervisor, post, fields, said):
    answer = ask(supervisor, post, **fields)
    assert answer.status_code == 422
    assert said in answer.text


def test_what_if_saves_nothing(supervisor, post, app_services):
    with app_services.read() as store:
        before = store.session.connection().exec_driver_sql("SELECT count(*) FROM complaint").scalar()
    ask(supervisor, post, text="西城区学校门口卖盗版书")
    with app_services.read() as store:
        assert store.session.connection().exec_driver_sql("SELECT count(*) FROM complaint").scalar() == before


def test_adopting_is_an_event_and_serves_from_its_day_on(adopted, app_services, register, clock):
    lines = versions(app_services)
    assert [(line.version, line.effective_from) for line in lines] == [(1, date(2011, 1, 10)), (2, TOMORROW)]
    assert lines[1].note == "机构调整"
    assert lines[1].replay["cases"] > 0
    with app_services.read() as store:
        assert read_events(store.session, f"plan:{PLAN}")[-1].data["version"] == 2
    today = register("盗版光盘，一碰就坏")
    clock.forward(days=1)
    tomorrow = register("盗版光盘，一碰就坏，退钱")
    with app_services.read() as store:
        assert [store.assignment(each).plan_version for each in (today, tomorrow)] == [1, 2]


def test_the_new_version_stands_on_the_plans_page(adopted, supervisor):
    page = supervisor.get(f"/plans/{PLAN}").text
    assert "待生效" in page
    assert "第 2 版" in page
    second = supervisor.get(f"/plans/{PLAN}?version=2").text
    assert "不是现行版本" in second
    compared = supervisor.get(f"/plans/compare?a={PLAN}@1&b={PLAN}@2").text
    assert "改动 1（二（二）3/1）" in compared
    assert supervisor.get(f"/plans/{PLAN}/versions/2.toml").text == CHANGED
    assert "第 2 版自" in supervisor.get("/plans/").text


def test_another_office_keeps_its_version(adopted, app, login):
    other = login(app.test_client(), "bd-supervisor")
    assert other.get(f"/plans/{PLAN}?version=2").status_code == 404
    assert other.get(f"/plans/{PLAN}/versions/2.toml").status_code == 404
    assert "待生效" not in other.get(f"/plans/{PLAN}").text


def test_another_process_takes_it_up_without_a_restart(app_services, send, tmp_path, clock):
    second = make_services(app_services.settings.var, clock)
    assert len(second.rulebook.versions) == 6
    keeper = RuleKeeper(second.engine, second.settings, second.shipped, seconds=0)
    before = keeper.current()
    assert keeper.current() is before, "nothing changed, nothing built"
    page = send().text
    send(step="adopt", checked=re.search(r'name="checked" value="([^"]+)"', page)[1])
    after = keeper.current()
    assert [each.version for each in after.versions if each.plan_id == PLAN] == [1, 2]
    old = next(each.plan for each in before.versions if each.plan_id == "national-2017")
    assert next(each.plan for each in after.versions if each.plan_id == "national-2017") is old
    second.engine.dispose()


def test_rules_that_cannot_be_read_leave_the_old_ones_in_force(app_services):
    keeper = RuleKeeper(app_services.engine, app_services.settings, app_services.shipped, seconds=0)
    before = keeper.current()
    with app_services.write() as store:
        store.session.connection().exec_driver_sql("UPDATE plan_version SET content = 'no plan' WHERE version = 1")
        store.session.connection().exec_driver_sql("UPDATE rules_stamp SET value = value + 1")
    assert keeper.current() is before


def test_what_was_not_checked_is_not_adopted(send, app_services):
    assert send(step="adopt").status_code == 200
    assert send(step="adopt", checked="other").status_code == 200
    page = send().text
    checked = re.search(r'name="checked" value="([^"]+)"', page)[1]
    other_day = (TOMORROW + timedelta(days=1)).isoformat()
    assert send(step="adopt", checked=checked, effective=other_day).status_code == 200
    assert len(versions(app_services)) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"content": ""}, "请选择方案文件"),
        ({"content": "format ="}, "TOML"),
        ({"content": TEXT.replace('agencies = ["区城管监察大队"]', 'agencies = ["区太空局"]')}, "不在机构名录中"),
        ({"content": TEXT.replace('id = "xicheng-2011"', 'id = "other"')}, "文件中的方案代码"),
        ({"content": TEXT.replace("issued_on = 2011-01-10", "issued_on = 2030-01-10")}, "早于文件的印发日期"),
        ({"content": TEXT}, "没有改动"),
        ({"effective": "2026-11-17"}, "不能早于今天"),
        ({"effective": "2026-02-30"}, "请写明生效日期"),
        ({"effective": ""}, "请写明生效日期"),
        ({"count": "0"}, "1 到 100000"),
        ({"count": "100001"}, "1 到 100000"),
        ({"count": "x"}, "1 到 100000"),
        ({"note": " "}, "请写明理由"),
    ],
)
def test_a_bad_upload_is_refused_on_the_page_and_keeps_what_was_typed(send, app_services, fields, said):
    answer = send(**fields)
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert len(versions(app_services)) == 1
    if fields.get("content") != "":
        assert "xicheng-2011" in unescape(answer.text)


def test_a_refusal_names_file_line_and_the_line_itself(send):
    page = unescape(send(content=TEXT.replace('agencies = ["区城管监察大队"]', "agencies = 7")).text)
    number = int(re.search(r'<td class="num">(\d+)</td>', page)[1])
    assert "<code>agencies = 7</code>" in page
    assert TEXT.split("\n")[number - 1] == 'agencies = ["区城管监察大队"]'
    assert "xicheng-2011.toml" in page


def test_a_file_is_uploaded_and_its_quotes_are_proved_against_the_source(send):
    file = (io.BytesIO(CHANGED.encode()), "plan.toml")
    assert "检查通过" in send(content="", file=file).text
    source = (io.BytesIO("别的文件的全文，没有这些引文。".encode()), "source.txt")
    answer = send(source=source)
    assert answer.status_code == 422
    assert "引文不在原文中" in answer.text
    binary = (io.BytesIO(b"\x00\x01\x02" * 50), "plan.toml")
    assert send(content="", file=binary).status_code == 422


def test_a_version_that_waits_is_taken_back(adopted, supervisor, post, app_services):
    page = f"/plans/{PLAN}"
    url = f"{page}/versions/2/withdraw"
    assert post(supervisor, page, url, note="").status_code == 302
    assert versions(app_services)[1].withdrawn_at is None
    post(supervisor, page, url, note="写错了")
    assert versions(app_services)[1].withdrawn_note == "写错了"
    assert "已撤回" in supervisor.get(page).text
    assert [each.version for each in app_services.rulebook.versions if each.plan_id == PLAN] == [1]
    assert post(supervisor, page, f"{page}/versions/9/withdraw", note="x").status_code == 404


def test_ending_a_plan_hands_over_to_the_plan_around_it(send, supervisor, register, clock, login, app_services):
    page = send(content="", ends="1").text
    assert "重放" in page
    send(content="", ends="1", step="adopt", checked=re.search(r'name="checked" value="([^"]+)"', page)[1])
    assert "停用" in supervisor.get("/plans/").text
    clock.forward(days=1)
    with app_services.read() as store:
        assert store.assignment(register("盗版光盘，一碰就坏")).plan == "beijing-2017"
    assert "已停用" in login(supervisor, "xc-supervisor").get(f"/plans/{PLAN}").text


def test_a_plan_that_another_forwards_cannot_end(supervisor, post):
    url = "/plans/national-2017/new-version"
    answer = post(supervisor, url, url, ends="1", effective=TOMORROW.isoformat(), note="停", count="10")
    assert answer.status_code == 422
    assert "转发了这个方案" in answer.text


def test_the_case_shows_its_focuses_and_supervisors_filter_by_them(supervisor, register):
    case_id = register("校门口书店卖盗版教辅")
    page = supervisor.get(f"/cases/{case_id}").text
    assert "符合的专项整治与重点" in page
    assert "版权保护专项整治" in page
    lists = supervisor.get("/supervisors/cases").text
    code = re.search(r'<option value="(national-2012/[^"]*版权保护[^"]*)"', lists)[1]
    found = supervisor.get("/supervisors/cases", query_string={"focus": code}).text
    assert "重点：版权保护专项整治" in found
    assert re.search(r"共 <b>1</b> 件", found)


def test_reclassifying_marks_anew(supervisor, register, post, app_services):
    case_id = register("校门口书店卖盗版教辅", dispatch=False)
    page = f"/cases/{case_id}"
    text = supervisor.get(page).text
    seq = re.search(r'name="expected_seq" value="(\d+)"', text)[1]
    answer = post(
        supervisor,
        page,
        f"{page}/actions/classify",
        expected_seq=seq,
        category="fuel",
        setting="market",
        kind="dispute",
        urgency="一般",
        state="ready",
    )
    assert answer.status_code == 302, answer.text
    assert "版权保护专项整治" not in supervisor.get(page).text


def test_the_trace_on_the_case_page_is_in_words(supervisor, register):
    page = supervisor.get(f"/cases/{register('校门口书店卖盗版教辅')}").text
    for step in ("地区与方案", "分面", "比对条目", "适用条目", "理由", "牵头", "现机构", "版本"):
        assert f"<dt>{step}</dt>" in page


def number_of(services, case_id):
    with services.read() as store:
        return store.session.execute(select(CASE.c.number).where(CASE.c.id == case_id)).scalar_one()


def test_a_check_names_the_cases_that_would_move_and_changes_nothing(send, register, app_services):
    moving, staying = (number_of(app_services, register(text)) for text in ("校外书店卖盗版教辅", "劣质水壶漏电"))
    page = unescape(send(content=MOVED).text)
    assert re.search(r"重放：最近 \d+ 件中有 1 件会改变去向", page)
    replayed = page[page.index('id="replay"') : page.index("<form method", page.index('id="replay"'))]
    assert moving in replayed
    assert staying not in replayed
    assert replayed.index("区文化委") < replayed.index("区城管监察大队")
    assert 'value="adopt"' in page
    assert len(versions(app_services)) == 1
    assert "最近 1 件" in send(content=MOVED, count="1").text


def test_bodies_that_vanish_are_caught_with_their_open_legs(send, register, step, app_services):
    body = app_services.rulebook.directory.find("区城管监察大队", "110102")
    today = next(each.body for each in body.successors)
    case_id = register("校门口地摊卖盗版教辅", dispatch=False)
    step(case_id, "xc-operator", Action.DISPATCH, lead=today)
    page = unescape(send().text)
    assert "新版本不再列这些单位，而它们手上还有 1 个在办的承办段" in page
    assert number_of(app_services, case_id) in page
