"""The agency's queue: only its own legs, in the order of their deadlines; signing, searching, approving."""

import re
from datetime import timedelta

import pytest

from hotline.casework.grounds import grounds_for
from hotline.casework.state import replay
from hotline.records import Respondent
from hotline.store.clockstore import clocks_of
from hotline.store.open_clocks import open_clocks
from hotline.store.queue_heads import body_figures, queue_counts, queue_figures
from hotline.store.queue_tabs import Tab
from hotline.store.queues import queue
from hotline.vocabulary import Action, Kind, LegState, Urgency
from hotline.web.agencies.worktime import Worktime, working_left, working_words

MARKET, CULTURE = "110102-scjg", "110102-whly"
QUEUE = "/agencies/queue"


def numbers(page):
    """The case numbers of a list, from above."""
    return re.findall(r'class="number"[^>]*>([\d-]+)<', page)


def number_of(services, case_id):
    with services.read() as store:
        return (
            store.session.connection().exec_driver_sql("SELECT number FROM case_file WHERE id = ?", (case_id,)).scalar()
        )


def snapshot(services, case_id):
    with services.read() as store:
        return replay(store.events(case_id))


def key_of(services, case_id, body=MARKET):
    leg = next(leg for leg in snapshot(services, case_id).legs if leg.body_id == body)
    return f"{case_id}:{leg.id}"


def test_only_the_bodys_own_legs(client, login, cases, app_services):
    page = login(client, "xc-clerk").get(QUEUE).text
    own = {number_of(app_services, cases[name]) for name in ("dispatched", "report", "anonymous")}
    assert set(numbers(page)) == own
    other = login(client.application.test_client(), "xc-other-clerk").get(QUEUE).text
    assert numbers(other) == []


def test_the_order_is_the_working_time_that_remains(app_services, register, clock):
    register("劣质电线，特急", urgency=Urgency.CRITICAL)
    clock.forward(hours=3)
    register("劣质电池，紧急", urgency=Urgency.URGENT)
    register("举报劣质手套", kind=Kind.REPORT)
    calendar, now = app_services.rulebook.calendar, clock()
    with app_services.read() as store:
        page = queue(store.session, MARKET, Tab.OPEN, app_services.now())
        clocks = open_clocks(store.session, MARKET, [line.case_id for line in page.lines])
    nearest = [
        min(working_left(each, now, calendar) for each in clocks[line.case_id] if each.running()) for line in page.lines
    ]
    assert len(nearest) == 6
    assert nearest == sorted(nearest)
    assert nearest[0] < nearest[-1]


def test_the_clock_of_the_whole_case_presses_its_lead_body(app_services, cases, step, clock, client, login):
    """办结 names no leg; once the leg's own clocks are met it is what the queue is ordered by and shows."""
    step(cases["dispatched"], "xc-clerk", Action.SIGN, leg=True)
    step(cases["dispatched"], "xc-clerk", Action.CONTACT, leg=True)
    with app_services.read() as store:
        mine = [each for each in clocks_of(store.session, cases["dispatched"]) if each.body_id == MARKET]
        running = [each for each in mine if each.running()]
        line = next(
            each
            for each in queue(store.session, MARKET, Tab.OPEN, app_services.now()).lines
            if each.case_id == cases["dispatched"]
        )
    resolve = next(each for each in running if each.policy == "H-RESOLVE")
    assert resolve.leg_id is None
    assert line.due_at == min(each.due.due_at for each in running) == resolve.due.due_at
    clock.moment = resolve.due.breach_at + timedelta(minutes=1)
    page = login(client, "xc-clerk").get(QUEUE).text
    row = next(row for row in page.split("<tr") if number_of(app_services, cases["dispatched"]) in row)
    assert "办结反馈" in row
    assert "row-late" in row
    assert "工作时间超" in row or "非工作时间" in row


def test_late_rows_equal_the_figure(app_services, clock, client, login):
    clock.forward(days=30)
    page = login(client, "xc-clerk").get(QUEUE).text
    with app_services.read() as store:
        figures = body_figures(store.session, MARKET, clock())
    assert figures.overdue == page.count('class="row-late') == 3
    assert f"已逾期 {figures.overdue} 件" in page


def test_what_is_shown_is_masked(client, login):
    page = login(client, "xc-clerk").get(QUEUE).text
    assert "13900001234" not in page
    assert "赵晓梅" not in page
    assert "电饭锅" in page


def test_tabs_hold_what_they_say(app_services, cases, step, client, login):
    step(cases["report"], "xc-clerk", Action.FILE, leg=True)
    step(cases["anonymous"], "xc-clerk", Action.RETURN, leg=True, text="不归我们", clause="二（一）1", owner=CULTURE)
    login(client, "xc-clerk")
    expected = {"open": ("dispatched", "report"), "unsigned": ("dispatched",), "working": ("report",)}
    expected |= {"returned": ("anonymous",), "done": ()}
    for tab, names in expected.items():
        page = client.get(QUEUE, query_string={"tab": tab}).text
        assert set(numbers(page)) == {number_of(app_services, cases[name]) for name in names}, tab
    with app_services.read() as store:
        counts = queue_counts(store.session, MARKET)
    assert {str(tab): count for tab, count in counts.items()} == {
        "open": 2, "unsigned": 1, "working": 1, "owed": 0, "returned": 1, "done": 0,
    }  # fmt: skip


def test_a_notice_that_is_still_owed_keeps_a_finished_leg_in_sight(app_services, register, step, clock, client, login):
    case_id = register("劣质锅铲，要求退钱", dispatch=False)
    step(case_id, "xc-operator", Action.DISPATCH, lead=MARKET)
    step(case_id, "xc-clerk", Action.SIGN, leg=True)
    step(case_id, "xc-clerk", Action.ACCEPT, leg=True)
    ground = grounds_for(Action.TERMINATE, clock())[0].code
    step(case_id, "xc-clerk", Action.TERMINATE, leg=True, ground=ground)
    step(case_id, "xc-clerk", Action.RESOLVE, leg=True, outcome="other", text="调解终止")
    page = login(client, "xc-clerk").get(QUEUE, query_string={"tab": "owed"}).text
    assert numbers(page) == [number_of(app_services, case_id)]
    assert "终止调解告知" in page
    step(case_id, "xc-clerk", Action.NOTIFY, leg=True, subject="termination")
    assert numbers(client.get(QUEUE, query_string={"tab": "owed"}).text) == []


def test_an_unknown_tab_is_the_first(client, login):
    assert "全部在办" in login(client, "xc-clerk").get(QUEUE, query_string={"tab": "x"}).text


def test_signing_one_in_the_list(app_services, cases, client, login, post):
    login(client, "xc-clerk")
    answer = post(client, QUEUE, "/agencies/sign", only=key_of(app_services, cases["dispatched"]), tab="unsigned")
    assert answer.status_code == 302
    assert answer.location.endswith("tab=unsigned")
    assert snapshot(app_services, cases["dispatched"]).legs[0].state is LegState.SIGNED
    assert "已签收 1 件" in client.get(QUEUE).text


def test_signing_several_and_one_that_is_signed_already(app_services, cases, client, login, post):
    login(client, "xc-clerk")
    chosen = [key_of(app_services, cases[name]) for name in ("dispatched", "report", "anonymous")]
    post(client, QUEUE, "/agencies/sign", leg=chosen)
    page = client.get(QUEUE).text
    assert "已签收 2 件" in page
    assert "1 件没有签收" in page
    assert snapshot(app_services, cases["anonymous"]).legs[0].state is LegState.SIGNED


def test_signing_nothing_says_so(client, login, post):
    login(client, "xc-clerk")
    post(client, QUEUE, "/agencies/sign")
    assert "没有选中工单" in client.get(QUEUE).text


@pytest.mark.parametrize("typed", ["x", ":", "a:b", "0" * 32 + ":" + "1" * 32])
def test_a_forged_key_signs_nothing(client, login, post, typed):
    login(client, "xc-clerk")
    assert post(client, QUEUE, "/agencies/sign", only=typed).status_code == 302
    assert "1 件没有签收" in client.get(QUEUE).text


def test_another_bodys_leg_cannot_be_signed(app_services, cases, client, login, post):
    login(client, "bd-clerk")
    post(client, QUEUE, "/agencies/sign", only=key_of(app_services, cases["dispatched"]))
    assert snapshot(app_services, cases["dispatched"]).legs[0].state is LegState.QUEUED


def test_searching_stays_within_the_body(app_services, cases, client, login, post):
    login(client, "xc-clerk")
    found = post(client, QUEUE, QUEUE, q="电饭锅")
    assert numbers(found.text) == [number_of(app_services, cases["dispatched"])]
    assert numbers(post(client, QUEUE, QUEUE, q="雨伞").text) == []
    assert numbers(post(client, QUEUE, QUEUE, q="13900001234").text) == []
    assert post(client, QUEUE, QUEUE, q=" ").status_code == 302


def test_pages_join_without_gaps(app_services, register):
    for index in range(5):
        register(f"劣质灯泡第{index}只")
    with app_services.read() as store:
        whole = [line.leg_id for line in queue(store.session, MARKET, Tab.OPEN, app_services.now()).lines]
        found, after = [], None
        while True:
            page = queue(store.session, MARKET, Tab.OPEN, app_services.now(), after=after, limit=3)
            found += [line.leg_id for line in page.lines]
            after = page.next
            if after is None:
                break
    assert found == whole
    assert len(whole) == 8


def test_a_broken_cursor_is_said(client, login):
    assert login(client, "xc-clerk").get(QUEUE, query_string={"after": "x~y"}).status_code == 422


def test_the_responsible_person_approves_a_statutory_extension(app_services, cases, step, client, login, post):
    step(cases["report"], "xc-clerk", Action.REQUEST_EXTEND, leg=True, policy="R-VERIFY", amount=10, text="待鉴定")
    login(client, "xc-responsible")
    page = client.get("/agencies/requests").text
    assert number_of(app_services, cases["report"]) in page
    assert "待鉴定" in page
    assert "10 工作日" in page
    case = snapshot(app_services, cases["report"])
    fields = {"leg_id": case.legs[0].id, "expected_seq": case.seq, "request_id": case.extensions[0].id}
    url = f"/cases/{case.case_id}/actions/extend"
    answer = post(client, "/agencies/requests", url, back="/agencies/requests", **fields)
    assert answer.location.endswith("/agencies/requests")
    assert snapshot(app_services, cases["report"]).extensions == ()
    assert "没有待批的延期申请" in client.get("/agencies/requests").text


def test_a_hotline_extension_is_not_the_responsible_persons(cases, step, client, login):
    step(cases["report"], "xc-clerk", Action.REQUEST_EXTEND, leg=True, policy="H-RESOLVE", amount=3, text="多查几天")
    assert "没有待批的延期申请" in login(client, "xc-responsible").get("/agencies/requests").text


def test_a_clerk_does_not_approve(client, login):
    assert login(client, "xc-clerk").get("/agencies/requests").status_code == 403


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 分"),
        (59, "59 分"),
        (61, "1 小时 1 分"),
        (420, "1 个工作日"),
        (485, "1 个工作日 1 小时"),
        (-420, "1 个工作日"),
    ],
)
def test_working_time_in_words(minutes, words):
    assert working_words(minutes) == words


def choices(page, name):
    """The values of a select of the page, without the empty one."""
    found = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)
    return re.findall(r'<option value="([^"]+)"', found[0]) if found else []


def test_late_and_soon_open_exactly_their_legs(client, login, cases, clock):
    clock.forward(days=4)
    page = login(client, "xc-clerk").get(QUEUE).text
    counted = {tab: int(count) for tab, count in re.findall(r"tab=(overdue|due_soon)[^>]*>\D*(\d+) 件", page)}
    assert counted["overdue"] >= 2
    for tab, count in counted.items():
        assert len(numbers(client.get(f"{QUEUE}?tab={tab}").text)) == count


def test_more_time_is_offered_only_where_it_can_be_had(client, login, cases, register, step):
    login(client, "xc-clerk")
    page = f"/cases/{cases['dispatched']}"
    assert choices(client.get(page).text, "policy") == ["H-RESOLVE"]
    step(cases["dispatched"], "xc-clerk", Action.REQUEST_EXTEND, leg=True, text="取证", policy="H-RESOLVE", amount=3)
    asked = client.get(page).text
    assert choices(asked, "policy") == []
    assert "由办公室督办员批准" in asked
    critical = register("劣质电线，特急", urgency=Urgency.CRITICAL)
    assert choices(client.get(f"/cases/{critical}").text, "policy") == [], "a critical case's clock takes no extension"


def test_a_request_on_a_clock_that_has_ended_waits_for_nobody(client, login, cases, step):
    asked = {"policy": "R-VERIFY", "amount": 5}
    step(cases["report"], "xc-clerk", Action.REQUEST_EXTEND, leg=True, text="需协查", **asked)
    login(client, "xc-responsible")
    assert "需协查" in client.get("/agencies/requests").text
    step(cases["report"], "xc-clerk", Action.FILE, leg=True)
    assert "没有待批的延期申请" in client.get("/agencies/requests").text


def test_a_return_begins_with_the_duty_the_case_was_sent_under(client, login, cases):
    page = login(client, "xc-clerk").get(f"/cases/{cases['dispatched']}").text
    assert re.search(r'name="clause" value="二[^"]+"', page)


def test_who_is_reminded_or_answered_gets_a_notice(app, login, post, cases):
    page = f"/cases/{cases['report']}"
    supervisor, clerk = login(app.test_client(), "xc-supervisor"), login(app.test_client(), "xc-clerk")
    seq = re.search(r'name="expected_seq" value="(\d+)"', supervisor.get(page).text)[1]
    assert post(supervisor, page, f"{page}/actions/remind", expected_seq=seq, text="来电人着急").status_code == 302
    told = clerk.get("/notices/").text
    assert "催办" in told
    assert "来电人着急" not in told, "the words stand in the case, not in the notice"
    leg = re.search(r'name="leg_id" value="([^"]+)"', clerk.get(page).text)[1]
    asked = {"policy": "H-RESOLVE", "amount": "3", "text": "等检测", "leg_id": leg}
    seq = re.search(r'name="expected_seq" value="(\d+)"', clerk.get(page).text)[1]
    assert post(clerk, page, f"{page}/actions/request_extend", expected_seq=seq, **asked).status_code == 302
    assert "申请延期" in supervisor.get("/notices/").text
    waiting = supervisor.get(page).text
    request = choices(waiting, "request_id")[0]
    seq = re.search(r'name="expected_seq" value="(\d+)"', waiting)[1]
    answer = {"expected_seq": seq, "request_id": request, "leg_id": leg}
    assert post(supervisor, page, f"{page}/actions/extend", **answer).status_code == 302
    assert "批准延期" in clerk.get("/notices/").text


def test_working_time_of_many_deadlines_equals_that_of_each(app_services, cases, clock):
    """Days are reckoned once a page; nights, weekends and holidays before and after must come out the same."""
    calendar = app_services.rulebook.calendar
    with app_services.read() as store:
        found = open_clocks(store.session, MARKET, [cases["dispatched"]])[cases["dispatched"]][0]
    worktime = Worktime(clock(), calendar)
    for minutes in range(-60 * 24 * 60, 40 * 24 * 60, 487):
        moved = found._replace(due_at=clock() + timedelta(minutes=minutes))
        assert worktime.left(moved) == working_left(moved, clock(), calendar), minutes
    held = found._replace(paused_since=clock() - timedelta(days=3))
    assert worktime.left(held) == working_left(held, clock(), calendar)


def test_what_callers_wrote_is_no_html(register, client, login):
    register("劣质灯管 <b onclick='x'>&\0坏", respondent=Respondent(name="<script>店"))
    register("劣质灯罩")
    page = login(client, "xc-clerk").get(QUEUE).text
    assert "<script>店" not in page
    assert "<b onclick" not in page
    assert "&lt;script&gt;店" in page
    assert "劣质灯罩" in page


def test_one_statement_says_what_two_say(app_services, cases, clock):
    clock.forward(days=4)
    with app_services.read() as store:
        both = queue_figures(store.session, MARKET, clock())
        assert both == (queue_counts(store.session, MARKET), body_figures(store.session, MARKET, clock()))
    assert both[1].overdue >= 2


def test_the_responsible_person_sees_how_many_requests_wait(cases, step, client, login):
    login(client, "xc-responsible")
    assert "延期审批 0" in client.get(QUEUE).text
    step(cases["report"], "xc-clerk", Action.REQUEST_EXTEND, leg=True, policy="R-VERIFY", amount=10, text="待鉴定")
    assert "延期审批 1" in client.get(QUEUE).text
