"""Links, repeats, demands, completed callers and 告知书 on the pages: who sees them, and what a form does once."""

import html
import io
import re

import pytest
from docx import Document

from hotline.casework.bonds import links_of, open_demands
from hotline.casework.state import replay
from hotline.records import Reporter, Respondent
from hotline.store.respondent_members import number_of
from hotline.vocabulary import Action, Kind, Relation
from tests.web.conftest import field_in

SHOP = Respondent("瑞隆烟酒超市", "西城区广安门外大街甲398号")


def snapshot(services, case_id):
    with services.read() as store:
        return replay(store.events(case_id))


def evidence(services, case_id):
    with services.read() as store:
        return store.evidence_list(case_id)


def page_of(client, case_id):
    return client.get(f"/cases/{case_id}").text


def number_in(page):
    return re.search(r'<span class="number">([^<]+)</span>', page)[1]


@pytest.fixture
def pair(register):
    return register("劣质水杯漏水。", respondent=SHOP), register("劣质茶壶。", respondent=Respondent("瑞隆超市"))


def test_repeats_are_shown_to_the_desk_with_the_evidence(client, login, pair):
    login(client, "xc-operator")
    page = page_of(client, pair[0])
    assert "同一被投诉人 1 件" in page
    assert "名称“瑞隆”" in page
    assert number_in(page_of(client, pair[1])) in page


def test_an_agency_sees_no_repeats(client, login, pair):
    login(client, "xc-clerk")
    assert "同一被投诉人" not in page_of(client, pair[0])


def test_link_by_number_and_undo(client, login, post, pair, app_services):
    login(client, "xc-operator")
    one, other = pair
    number = number_in(page_of(client, other))
    post(client, f"/cases/{one}", f"/cases/{one}/links", number=number, relation="duplicate", token="t1")
    assert links_of(snapshot(app_services, one))[0].relation is Relation.DUPLICATE
    assert number_in(page_of(client, one)) in page_of(client, other)
    again = post(client, f"/cases/{one}", f"/cases/{one}/links", number=number, relation="duplicate", token="t1")
    assert again.status_code == 302
    assert len(links_of(snapshot(app_services, one))) == 1
    refused = post(client, f"/cases/{one}", f"/cases/{one}/unlink", case=other, text="")
    assert refused.status_code == 422
    assert '<details class="quiet" open><summary>解除关联' in refused.text
    assert links_of(snapshot(app_services, one))
    post(client, f"/cases/{one}", f"/cases/{one}/unlink", case=other, text="不是一回事")
    assert not links_of(snapshot(app_services, other))


@pytest.mark.parametrize("number", ["", "123", "2026-010123-0"])
def test_a_wrong_number_links_nothing(client, login, post, pair, app_services, number):
    login(client, "xc-operator")
    told = {"number": number, "relation": "related", "text": "同店"}
    refused = post(client, f"/cases/{pair[0]}", f"/cases/{pair[0]}/links", **told)
    assert refused.status_code == 422
    assert "没有这个编号的工单" in refused.text
    assert field_in(refused.text, "number") == number
    assert '<option value="related" selected>' in refused.text
    assert 'value="同店"' in refused.text
    assert not links_of(snapshot(app_services, pair[0]))


def test_another_offices_case_cannot_be_linked(client, login, post, pair, cases, app_services):
    with app_services.read() as store:
        number = number_of(store.session, cases["north"])
    login(client, "xc-operator")
    post(client, f"/cases/{pair[0]}", f"/cases/{pair[0]}/links", number=number, relation="related")
    assert not links_of(snapshot(app_services, pair[0]))
    assert not links_of(snapshot(app_services, cases["north"]))


@pytest.mark.parametrize("path", ["links", "unlink", "split"])
def test_these_forms_are_the_desks(client, login, post, pair, path):
    login(client, "xc-clerk")
    assert post(client, f"/cases/{pair[0]}", f"/cases/{pair[0]}/{path}").status_code == 403


def test_split_opens_the_other_half(client, login, post, pair, app_services):
    login(client, "xc-operator")
    answer = post(client, f"/cases/{pair[0]}", f"/cases/{pair[0]}/split", text="另有线索")
    made = answer.location.rpartition("/")[2]
    assert snapshot(app_services, made).kind is Kind.REPORT
    again = post(client, f"/cases/{pair[0]}", f"/cases/{pair[0]}/split", told="第三件事")
    assert again.status_code == 409
    assert "拆分过" in again.text
    assert "第三件事" in again.text, "what was typed is not lost, though the form is gone"


def test_what_is_missing_is_shown_and_can_be_completed(client, login, post, register, app_services):
    case_id = register("劣质水杯。", reporter=Reporter())
    login(client, "xc-operator")
    assert "第10条要求而缺少：投诉人姓名" in page_of(client, case_id)
    told = {"phone": "12", "name": "钱多多", "facts": "小票还在<家>\n第二行"}
    refused = post(client, f"/cases/{case_id}", f"/cases/{case_id}/caller", **told)
    assert refused.status_code == 422
    assert "来电人电话：电话应含 5 至 24 位数字，请核对。" in refused.text
    assert "。。" not in refused.text
    assert {name: field_in(refused.text, name) for name in ("phone", "name")} == {"phone": "12", "name": "钱多多"}
    assert "小票还在&lt;家&gt;\n第二行</textarea>" in refused.text, "what was typed stands where it was typed"
    assert not snapshot(app_services, case_id).named
    post(client, f"/cases/{case_id}", f"/cases/{case_id}/caller", name="钱多多", phone="13900009999")
    assert snapshot(app_services, case_id).named
    page = page_of(client, case_id)
    assert missing_in(page) == "投诉人地址"
    form = {"address": "西城区某胡同9号", "goods": "搪瓷杯", "facts": "小票还在"}
    post(client, f"/cases/{case_id}", f"/cases/{case_id}/caller", **form)
    page = page_of(client, case_id)
    assert missing_in(page) is None
    assert "搪瓷杯" in page
    assert "小票还在" in page
    assert "钱多多" not in page
    assert "钱**" in page


def missing_in(page):
    found = re.search(r"第10条要求而缺少：([^。]*)。", page)
    return found and found[1]


def test_the_lead_agency_completes_what_is_empty_and_then_accepts(client, login, post, register, step, app_services):
    case_id = register("劣质水杯。", respondent=Respondent(), demand="")
    login(client, "xc-clerk")
    step(case_id, "xc-clerk", Action.SIGN, leg=True)
    page = page_of(client, case_id)
    assert missing_in(page) == "被投诉人名称（姓名）、被投诉人地址（网店可填平台、网址）、具体的投诉请求"
    assert 'name="id_number"' not in page
    form = {"respondent_name": "好再来商店", "platform": "某宝", "demand": "退货"}
    post(client, f"/cases/{case_id}", f"/cases/{case_id}/caller", **form)
    page = page_of(client, case_id)
    assert missing_in(page) is None
    assert 'name="respondent_name"' not in page
    refused = post(client, f"/cases/{case_id}", f"/cases/{case_id}/caller", respondent_name="别家")
    assert "请派单台办理" in refused.text
    step(case_id, "xc-clerk", Action.ACCEPT, leg=True)


def corrects(page):
    """The labels of the fields that take the place of what is registered."""
    return re.findall(r'<label for="add-[a-z_]+">([^<]+)<span class="hint">（已登记，填写即更正）</span>', page)


CALLED = ["来电人姓名", "来电人电话"]
ABOUT = ["被投诉人名称（姓名）", "被投诉人地址", "商品或者服务", "投诉请求"]


@pytest.mark.parametrize(
    ("kind", "who", "labels"),
    [
        (Kind.DISPUTE, "xc-operator", [*CALLED, *ABOUT]),
        (Kind.DISPUTE, "xc-clerk", CALLED),
        (Kind.REPORT, "xc-operator", ABOUT),
    ],
)
def test_the_form_says_what_would_be_put_right(client, login, register, step, kind, who, labels):
    caller = Reporter("赵晓梅", "13900001234")
    case_id = register("劣质水杯。", kind=kind, reporter=caller, respondent=SHOP, goods="水杯")
    step(case_id, "xc-clerk", Action.SIGN, leg=True)
    assert corrects(page_of(login(client, who), case_id)) == labels


def test_where_nothing_stands_nothing_is_put_right(client, login, register):
    case_id = register("劣质水杯。", reporter=Reporter(), respondent=Respondent(), demand="")
    assert corrects(page_of(login(client, "xc-operator"), case_id)) == []


def test_a_strange_agency_completes_nothing(client, login, post, register, app_services):
    case_id = register("劣质水杯。", respondent=Respondent(), dispatch=False)
    login(client, "xc-clerk")
    assert post(client, f"/cases/{case_id}", f"/cases/{case_id}/caller", goods="杯").status_code == 404


def test_telling_writes_the_notice_and_hides_it_from_others(client, login, step, cases, app_services, post):
    case_id = cases["dispatched"]
    step(case_id, "xc-clerk", Action.SIGN, leg=True)
    login(client, "xc-clerk")
    now = snapshot(app_services, case_id)
    leg_id = now.legs[0].id
    fields = {"leg_id": leg_id, "expected_seq": now.seq, "told": "1", "token": "form-1"}
    for _ in range(2):
        answer = post(client, f"/cases/{case_id}", f"/cases/{case_id}/actions/accept", **fields)
        assert answer.status_code == 302
    papers = evidence(app_services, case_id)
    assert [paper.filename.split(" ")[0] for paper in papers] == ["投诉受理告知书"]
    sent = client.get(f"/cases/{case_id}/evidence/{papers[0].id}")
    assert "赵晓梅：" in [each.text for each in Document(io.BytesIO(sent.data)).paragraphs]
    step(case_id, "xc-operator", Action.REASSIGN, lead="110102-whly", why="wrong_dispatch")
    assert client.get(f"/cases/{case_id}/evidence/{papers[0].id}").status_code == 404
    assert "告知书" not in page_of(client, case_id).split("证据</h2>")[1].split("</section>")[0]


def test_the_notice_button_writes_it_before_the_telling(client, login, step, cases, app_services, post):
    case_id = cases["dispatched"]
    step(case_id, "xc-clerk", Action.SIGN, leg=True)
    step(case_id, "xc-clerk", Action.ACCEPT, leg=True)
    login(client, "xc-clerk")
    assert "生成“是否受理”告知书" in page_of(client, case_id)
    post(client, f"/cases/{case_id}", f"/cases/{case_id}/notices", subject="acceptance")
    assert len(evidence(app_services, case_id)) == 1
    assert "生成“是否受理”告知书" not in page_of(client, case_id)
    leg_id = snapshot(app_services, case_id).legs[0].id
    seq = snapshot(app_services, case_id).seq
    told = {"subject": "acceptance", "how": "phone", "whom": "caller", "leg_id": leg_id, "expected_seq": seq}
    post(client, f"/cases/{case_id}", f"/cases/{case_id}/actions/notify", **told)
    assert len(evidence(app_services, case_id)) == 1
    assert snapshot(app_services, case_id).legs[0].told == ("acceptance",)
    assert "告知方式" in page_of(client, case_id)


def test_duplicates_are_worked_on_together(app, client, login, step, post, app_services, register):
    one, other = register("劣质水杯。", respondent=SHOP), register("劣质水杯，又一个。", respondent=SHOP)
    login(client, "xc-operator")
    number = number_in(page_of(client, other))
    post(client, f"/cases/{one}", f"/cases/{one}/links", number=number, relation="duplicate")
    client = login(app.test_client(), "xc-clerk")
    page = page_of(client, one)
    assert "重复诉求一并登记" in page
    now = snapshot(app_services, one)
    fields = {"leg_id": now.legs[0].id, "expected_seq": now.seq, "also": other}
    post(client, f"/cases/{one}", f"/cases/{one}/actions/sign", **fields)
    assert [snapshot(app_services, each).legs[0].state for each in (one, other)] == ["signed", "signed"]
    step(other, "xc-clerk", Action.ACCEPT, leg=True)
    now = snapshot(app_services, one)
    fields = {"leg_id": now.legs[0].id, "expected_seq": now.seq, "also": other}
    answer = post(client, f"/cases/{one}", f"/cases/{one}/actions/accept", **fields)
    assert "全部没有登记" in answer.text
    assert snapshot(app_services, one).legs[0].state == "signed"


def test_a_group_is_supervised_with_one_click(client, login, post, pair, app_services):
    login(client, "xc-supervisor")
    page = client.get("/supervisors/groups").text
    assert "瑞隆" in page
    fields = {"case": list(pair), "text": "并案研判", "token": "g1"}
    post(client, "/supervisors/groups", "/supervisors/groups/supervise", **fields)
    assert all(open_demands(snapshot(app_services, each)) for each in pair)
    post(client, "/supervisors/groups", "/supervisors/groups/supervise", case=pair[0])
    assert "1 件没有督办" in client.get("/supervisors/groups").text
    listed = client.get("/supervisors/demands").text
    assert number_in(page_of(client, pair[0])) in listed
    assert "等待中" in listed


def test_the_agency_replies_and_the_office_hears_of_it(app, client, login, post, pair, step, app_services):
    step(pair[0], "xc-supervisor", Action.SUPERVISE, text="限期报告", days=3)
    login(client, "xc-clerk")
    page = page_of(client, pair[0])
    assert "督办等待回复" in page
    now = snapshot(app_services, pair[0])
    demand = open_demands(now)[0].id
    fields = {"leg_id": now.legs[0].id, "expected_seq": now.seq, "demand_id": demand, "text": "正在核查"}
    post(client, f"/cases/{pair[0]}", f"/cases/{pair[0]}/actions/reply", **fields)
    assert not open_demands(snapshot(app_services, pair[0]))
    office = login(app.test_client(), "xc-supervisor")
    assert "督办或催办已有回复" in office.get("/notices/").text


def test_every_number_of_the_demands_opens_its_lines(client, login, step, pair, clock):
    step(pair[0], "xc-supervisor", Action.SUPERVISE, days=1)
    step(pair[1], "xc-supervisor", Action.SUPERVISE, days=30)
    clock.forward(days=3)
    page = login(client, "xc-supervisor").get("/supervisors/demands").text
    opened = [
        (int(number), html.unescape(url))
        for url, number in re.findall(r'<a href="([^"]+body=[^"]*)"[^>]*>(\d+)</a>', page)
    ]
    assert [number for number, _ in opened] == [2, 1, 1]  # Asked, late, waiting.
    for number, url in opened:
        listed = client.get(url).text.split('class="dense queue"')[1]
        assert listed.count('class="number"') == number, url
    assert "全部列出" in client.get(opened[1][1]).text
    assert "全部列出" not in page


@pytest.mark.parametrize("path", ["/supervisors/groups", "/supervisors/demands"])
@pytest.mark.parametrize("who", ["xc-operator", "xc-clerk", "admin"])
def test_the_lists_are_the_supervisors(client, login, path, who):
    login(client, who)
    assert client.get(path).status_code == 403
