"""What is left of an informer in other places: kinds that come and go, links, codes, files, and names typed to try."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest

from hotline.casework.bonds import links_of
from hotline.casework.state import replay
from hotline.errors import ForbiddenError
from hotline.records import Reporter, Respondent
from hotline.store.respondent_members import number_of
from hotline.vocabulary import Action, Kind
from hotline.web import create_app
from tests.web.api_world import AGENCY
from tests.web.conftest import MARKET, token_in
from tests.web.test_informer_roundabout import EVERYWHERE, INFORMER, TOLD, found

TEXT = "举报仓库夜里换劣质插座的标签，店员欧阳雪梅看到，电话13712345678。"
KINDS = {"category": "product_quality", "setting": "market", "urgency": "一般", "text": ""}


@pytest.fixture
def sign_in(app, login):
    """Every account with a browser of its own."""
    return lambda name: login(app.test_client(), name)


def called(perform, client, case_id, kind):
    done = perform(client, case_id, "classify", kind=kind, **KINDS)
    assert done.status_code == 302, done.text


def split(post, client, case_id, **more):
    done = post(client, f"/cases/{case_id}", f"/cases/{case_id}/split", text="线索另立", **more)
    assert done.status_code == 302
    return done.location.rsplit("/", 1)[1]


def number(services, case_id):
    with services.read() as store:
        return number_of(store.session, case_id)


# ---- once a 举报 --------------------------------------------------------------------------------


def test_a_dispute_that_was_a_report_for_a_while_is_not_found_by_its_caller(sign_in, register, perform):
    desk, supervisor = sign_in("xc-operator"), sign_in("xc-supervisor")
    case_id = register(TEXT, reporter=INFORMER, dispatch=False)
    assert found(desk, case_id) == EVERYWHERE
    called(perform, desk, case_id, "report")
    called(perform, desk, case_id, "dispute")
    assert found(desk, case_id) == set()
    assert found(supervisor, case_id) == set()
    assert "5678" not in desk.get(f"/cases/{case_id}").text

    assert perform(desk, case_id, "lift", text="本来就是投诉").status_code == 403
    assert perform(supervisor, case_id, "lift", text="").status_code == 422
    assert perform(supervisor, case_id, "lift", text="与来电人核实，是消费纠纷").status_code == 302
    assert found(desk, case_id) == EVERYWHERE
    assert "解除举报保护" in desk.get(f"/cases/{case_id}").text

    called(perform, desk, case_id, "report")
    called(perform, desk, case_id, "dispute")
    assert found(desk, case_id) == set()


def test_nobody_lifts_what_they_changed_themselves(sign_in, register, perform):
    supervisor = sign_in("xc-supervisor")
    report = register(TEXT, kind=Kind.REPORT, reporter=INFORMER, dispatch=False)
    assert perform(supervisor, report, "lift", text="不是举报").status_code == 409
    called(perform, supervisor, report, "dispute")
    assert perform(supervisor, report, "lift", text="不是举报").status_code == 403
    assert found(supervisor, report) == set()


def test_what_was_a_report_is_not_released_to_the_public(sign_in, register, perform, step):
    desk, supervisor = sign_in("xc-operator"), sign_in("xc-supervisor")
    case_id = register(TEXT, kind=Kind.REPORT, reporter=INFORMER, dispatch=False)
    called(perform, desk, case_id, "dispute")
    step(case_id, "xc-supervisor", Action.DISPATCH, lead=MARKET)
    assert perform(supervisor, case_id, "release").status_code == 409
    perform(supervisor, case_id, "lift", text="与来电人核实")
    assert perform(supervisor, case_id, "release").status_code == 302


def test_what_becomes_a_report_is_masked_anew_for_agencies(sign_in, register, perform, step, api):
    desk = sign_in("xc-operator")
    other = Respondent("欧阳雪梅", phone="13712345678")
    case_id = register(TEXT, reporter=INFORMER, respondent=other, goods="欧阳雪梅的插座", dispatch=False)
    called(perform, desk, case_id, "report")
    step(case_id, "xc-operator", Action.DISPATCH, lead=MARKET)
    step(case_id, "xc-clerk", Action.NOTE, text="请转告13712345678的欧阳雪梅")
    pages = [
        sign_in("xc-clerk").get(f"/cases/{case_id}").text,
        api.get(f"/api/v1/cases/{case_id}", headers=AGENCY).text,
    ]
    pages += [sign_in("xc-clerk").get("/agencies/queue").text, sign_in("xc-responsible").get(f"/cases/{case_id}").text]
    for page in (*pages[:1], *pages[1:]):
        text = page.replace("请转告13712345678的欧阳雪梅", "")  # Who wrote it sees it as it was written.
        for part in ("5678", "欧阳", "雪梅"):
            assert part not in text


# ---- the two halves of one call ----------------------------------------------------------------


@pytest.fixture
def halves(sign_in, register, post, step):
    """A dispute and the report split out of it, both with the same agency."""
    dispute = register(TEXT, reporter=INFORMER)
    clue = split(post, sign_in("xc-operator"), dispute, told="有人举报仓库换标签。")
    step(clue, "xc-operator", Action.DISPATCH, lead=MARKET)
    return dispute, clue


def test_an_agency_with_both_halves_sees_no_link_of_them(sign_in, halves, app_services, clock):
    clock.forward(minutes=5)
    for name in ("xc-clerk", "xc-responsible"):
        client = sign_in(name)
        for one, other in (halves, halves[::-1]):
            page = client.get(f"/cases/{one}").text
            assert number(app_services, one) in page
            for sign in (number(app_services, other), other, "拆分", "关联", "线索另立"):
                assert sign not in page, sign


def test_a_link_by_hand_of_a_report_and_a_dispute_is_the_desks_alone(sign_in, register, post, app_services):
    dispute, report = register(TEXT), register("举报劣质插座。", kind=Kind.REPORT, reporter=INFORMER)
    named = number(app_services, report)
    post(sign_in("xc-operator"), f"/cases/{dispute}", f"/cases/{dispute}/links", number=named, relation="related")
    assert named in panel_of(sign_in("xc-supervisor").get(f"/cases/{dispute}").text)
    assert named not in sign_in("xc-clerk").get(f"/cases/{dispute}").text


def test_no_entry_point_gives_a_reports_code_to_another_operator(register, step):
    report = register(TOLD, kind=Kind.REPORT, reporter=INFORMER, dispatch=False, username="xc-supervisor")
    with pytest.raises(ForbiddenError, match="原登记人或督办员"):
        step(report, "xc-operator", Action.ISSUE_CODE, again=True)


def test_the_number_of_steps_in_a_form_does_not_tell_of_a_link(sign_in, halves):
    page = sign_in("xc-clerk").get(f"/cases/{halves[0]}").text
    steps = len(re.findall(r"<li>\s*<div><b>", page[page.index('class="history"') :]))
    assert {int(each) for each in re.findall(r'name="expected_seq" value="(\d+)"', page)} == {steps}


def test_an_agency_cannot_try_out_which_cases_are_linked(sign_in, halves, register, perform):
    clerk, other = sign_in("xc-clerk"), register("劣质水杯。")
    answers = [perform(clerk, halves[0], "note", text="一并", also=also) for also in (halves[1], other, "0" * 32)]
    problems = {re.search(r'role="alert">\s*([^<]+?)\s*[<\n]', answer.text)[1] for answer in answers}
    assert [answer.status_code for answer in answers] == [422] * 3
    assert len(problems) == 1


def test_a_split_does_not_look_like_a_change_to_the_disputes_agency(sign_in, register, post, api, clock):
    dispute = register(TEXT, reporter=INFORMER)
    before = api.get(f"/api/v1/cases/{dispute}", headers=AGENCY)
    clock.forward(minutes=5)
    split(post, sign_in("xc-operator"), dispute)
    after = api.get(f"/api/v1/cases/{dispute}", headers=AGENCY)
    assert (after.headers["ETag"], after.json) == (before.headers["ETag"], before.json)


def test_a_report_half_tells_its_agency_the_day_of_receipt_only(sign_in, halves, api, clock):
    clock.forward(minutes=7)
    clerk = sign_in("xc-clerk")
    page = clerk.get(f"/cases/{halves[1]}").text
    assert "收到 11月18日 ·" in page
    assert "收到 11月18日 09:30 ·" in clerk.get(f"/cases/{halves[0]}").text
    status = api.get(f"/api/v1/cases/{halves[1]}", headers=AGENCY).json
    assert status["received_at"] == "2026-11-18T00:00:00+08:00"
    listed = api.get("/api/v1/cases?kind=report", headers=AGENCY).json["items"]
    assert {each["received_at"][11:] for each in listed} == {"00:00:00+08:00"}
    assert "收到 11月18日 09:30 ·" in sign_in("xc-operator").get(f"/cases/{halves[1]}").text


def test_the_report_has_words_of_its_own_and_no_word_of_the_split(sign_in, halves):
    page = sign_in("xc-clerk").get(f"/cases/{halves[1]}").text
    assert "有人举报仓库换标签" in page
    assert "店员" not in page


def test_the_desk_sees_the_link_with_a_second_persons_consent_or_where_it_made_it(
    sign_in, halves, perform, post, app_services
):
    dispute, clue = halves
    maker, supervisor = sign_in("xc-operator"), sign_in("xc-supervisor")
    assert clue in maker.get(f"/cases/{dispute}").text
    related = supervisor.get(f"/cases/{dispute}").text
    panel = panel_of(related)
    assert "没有关联的工单" in panel
    assert "另立举报" in panel, "also the form that it was made with stands there as before"
    assert "投诉、举报拆分" not in related

    refused = post(supervisor, f"/cases/{dispute}", f"/cases/{dispute}/unlink", case=clue, text="试试")
    assert "没有关联" in refused.text
    with app_services.read() as store:
        assert links_of(replay(store.events(dispute)))


def test_who_is_let_look_at_the_report_sees_its_other_half(sign_in, register, post, perform, app_services):
    supervisor, maker = sign_in("xc-supervisor"), sign_in("xc-operator")
    dispute = register(TEXT, reporter=INFORMER, username="xc-supervisor")
    clue = split(post, supervisor, dispute)
    report = f"/cases/{clue}"
    assert number(app_services, dispute) not in panel_of(maker.get(report).text)
    perform(maker, clue, "ask_unseal", why="verify", text="核对")
    with app_services.read() as store:
        (asked,) = replay(store.events(clue)).unsealings
    assert perform(supervisor, clue, "unseal", unsealing_id=asked.id).status_code == 302
    assert number(app_services, dispute) in panel_of(maker.get(report).text)


def panel_of(page):
    panel = page[page.index('id="links-title"') :]
    return panel[: panel.index("</section>")]


def test_who_may_not_know_the_half_finds_it_among_the_others(sign_in, halves):
    def repeats(client):
        page = client.get(f"/cases/{halves[0]}").text
        part = page[page.index('id="repeats-title"') :]
        return part[: part.index("</section>")]

    assert halves[1] in repeats(sign_in("xc-supervisor"))
    assert halves[1] not in repeats(sign_in("xc-operator"))


def test_both_halves_of_one_entry_can_be_told_in_their_own_words(sign_in, post, app_services):
    typed = {"channel": "12315", "urgency": "一般", "kind": "dispute", "split": "1", "text": TOLD, "demand": "退款"}
    typed |= {"name": INFORMER.name, "phone": INFORMER.phone, "clue": "举报仓库夜里换标签。"}
    saved = post(sign_in("xc-operator"), "/operators/new", "/operators/new", **typed)
    with app_services.read() as store:
        cases = [replay(store.events(each)) for each in re.findall(r"[0-9a-f]{32}", saved.location)]
        told = {case.kind: store.complaint(case.complaint_id) for case in cases}
    assert told[Kind.DISPUTE].text == TOLD
    assert (told[Kind.REPORT].text, told[Kind.REPORT].demand) == ("举报仓库夜里换标签。", "")


# ---- names typed to try -------------------------------------------------------------------------

SUSPECTS = "张三丰、欧阳雪梅、李四光、赵铁柱"


def test_a_note_of_all_suspects_does_not_tell_its_writer_which_one_it_is(sign_in, register, perform, step):
    report = register(TOLD, kind=Kind.REPORT, reporter=INFORMER, dispatch=False)
    step(report, "xc-operator", Action.DISPATCH, lead=MARKET)
    for name in ("xc-clerk", "xc-supervisor"):
        client = sign_in(name)
        assert perform(client, report, "note", text=f"{name}：{SUSPECTS}").status_code == 302
        assert f"{name}：{SUSPECTS}" in client.get(f"/cases/{report}").text
    assert "欧阳" not in sign_in("xc-responsible").get(f"/cases/{report}").text, "others see it without the name"


@pytest.mark.parametrize("name", ["欧阳雪梅", "张三丰"])
def test_a_name_completed_as_the_respondents_shows_alike_whoever_it_is(sign_in, register, post, name):
    report = register(TOLD, kind=Kind.REPORT, reporter=INFORMER, respondent=Respondent(), dispatch=False)
    supervisor = sign_in("xc-supervisor")
    done = post(supervisor, f"/cases/{report}", f"/cases/{report}/caller", respondent_name=name, goods=f"{name}的货")
    page = supervisor.get(done.location).text
    assert f'<dd class="text">{name}</dd>' in page
    assert f"{name}的货" in page


def test_what_the_registrar_completes_hides_the_informer(sign_in, register, post):
    report = register(TOLD, kind=Kind.REPORT, reporter=INFORMER, respondent=Respondent(), dispatch=False)
    desk = sign_in("xc-operator")
    post(desk, f"/cases/{report}", f"/cases/{report}/caller", respondent_name="欧阳雪梅")
    assert "欧阳" not in desk.get(f"/cases/{report}").text


def test_a_reason_of_all_suspects_does_not_tell_either(sign_in, register, perform):
    report = register(TOLD, kind=Kind.REPORT, reporter=INFORMER, dispatch=False)
    supervisor = sign_in("xc-supervisor")
    reason = {"plan_id": "xicheng-2011", "reason": SUSPECTS}
    assert perform(supervisor, report, "classify", kind="report", **KINDS, **reason).status_code == 302
    assert SUSPECTS in supervisor.get(f"/cases/{report}").text


def test_own_words_for_a_split_are_only_for_who_knows_the_informer(sign_in, register, post, app_services):
    report = register(TOLD, kind=Kind.REPORT, reporter=INFORMER, dispatch=False)
    refused = post(sign_in("xc-supervisor"), f"/cases/{report}", f"/cases/{report}/split", told=SUSPECTS)
    assert refused.status_code == 403
    with app_services.read() as store:
        assert len(store.events(report)) == 1, "nothing was split off"
    made = split(post, sign_in("xc-operator"), report, told="退货不退款。")
    assert made != report


# ---- codes and files ----------------------------------------------------------------------------


@pytest.fixture
def following(app_services, login):
    """Clients of a deployment that lets callers follow their case."""
    made = create_app(replace(app_services, settings=replace(app_services.settings, follow=True)))
    made.testing = True
    return lambda name: login(made.test_client(), name)


def new_code(client, case_id, **fields):
    page = f"/cases/{case_id}"
    token = token_in(client.get(page).text)
    answer = client.post(f"{page}/code", data={"csrf_token": token, **fields}, follow_redirects=True)
    code = re.search(r"查询码：([0-9A-Z-]+)", answer.text)
    return answer, code and code[1]


def test_a_reports_code_is_issued_again_by_its_registrar_or_a_supervisor_who_say_why(following, register):
    report = register(TOLD, kind=Kind.REPORT, reporter=INFORMER, dispatch=False, username="xc-supervisor")
    desk, supervisor = following("xc-operator"), following("xc-supervisor")
    assert new_code(desk, report, phone=INFORMER.phone, text="来电要求")[0].status_code == 403
    assert f"/cases/{report}/code" not in desk.get(f"/cases/{report}").text
    assert "请写明重发的理由" in new_code(supervisor, report)[0].text
    answer, code = new_code(supervisor, report, text="来电人说出举报的细节")
    assert code
    assert "来电人说出举报的细节" in answer.text
    own = register(TOLD, kind=Kind.REPORT, reporter=INFORMER, dispatch=False)
    assert new_code(desk, own, text="本人回电")[1]


def test_a_reports_code_is_not_asked_by_phone_as_the_answer_would_tell(following, register):
    report = register(TOLD, kind=Kind.REPORT, reporter=INFORMER, dispatch=False)
    supervisor = following("xc-supervisor")
    texts = {new_code(supervisor, report, phone=phone)[1] for phone in (INFORMER.phone, "13700000000")}
    assert texts == {None}
    assert 'name="phone" required' not in supervisor.get(f"/cases/{report}").text


def test_a_disputes_code_is_issued_again_to_who_names_the_phone_on_record(following, register):
    dispute = register("劣质水杯。", reporter=INFORMER, dispatch=False, username="xc-supervisor")
    desk = following("xc-operator")
    assert "与登记的电话不符" in new_code(desk, dispute, phone="13700000000")[0].text
    assert new_code(desk, dispute)[1] is None
    assert new_code(desk, dispute, phone="137-1234-5678")[1]


def test_phones_are_not_tried_out_for_a_code(following, register):
    dispute = register("劣质水杯。", reporter=INFORMER, dispatch=False)
    desk = following("xc-operator")
    for n in range(5):
        new_code(desk, dispute, phone=f"1370000000{n}")
    answer, code = new_code(desk, dispute, phone=INFORMER.phone)
    assert "次数过多" in answer.text
    assert code is None


def test_without_a_phone_on_record_a_code_needs_registrar_or_supervisor(following, register):
    dispute = register("劣质水杯。", reporter=Reporter("王五"), dispatch=False, username="xc-supervisor")
    assert new_code(following("xc-operator"), dispute, text="回电")[0].status_code == 403
    assert new_code(following("xc-supervisor"), dispute, text="回电")[1]


def test_every_download_of_evidence_stands_in_the_record_once_a_day(sign_in, cases, app_services, clock):
    case_id = cases["report"]
    clerk, page = sign_in("xc-clerk"), f"/cases/{case_id}"
    content = {"file": (BytesIO("违法证据".encode()), "账本.txt"), "csrf_token": token_in(clerk.get(page).text)}
    with app_services.read() as store:
        leg = replay(store.events(case_id)).legs[0].id
    clerk.post(f"{page}/evidence", data=content | {"leg_id": leg}, content_type="multipart/form-data")
    file = re.search(rf'href="({page}/evidence/[0-9a-f]+)"', clerk.get(page).text)[1]
    desk = sign_in("xc-operator")
    assert "谁下载过证据" not in desk.get(page).text
    before = snapshot_seq(app_services, case_id)
    for client in (clerk, clerk, desk):
        assert client.get(file).status_code == 200
    shown = desk.get(page).text
    assert "谁下载过证据（2）" in shown
    assert "账本.txt" in shown[shown.index("谁下载过证据") :]
    assert "测试xc-clerk" in shown[shown.index("谁下载过证据") :]
    assert snapshot_seq(app_services, case_id) == before, "a download changes nothing of the case"
    clock.forward(days=1)
    clerk, desk = sign_in("xc-clerk"), sign_in("xc-operator")
    clerk.get(file)
    assert "谁下载过证据（3）" in desk.get(page).text
    assert sign_in("xc-other-clerk").get(file).status_code == 404
    assert "谁下载过证据（3）" in desk.get(page).text


def snapshot_seq(services, case_id):
    with services.read() as store:
        return replay(store.events(case_id)).seq
