from __future__ import annotations

import re

import pytest

from hotline.casework.matters import matters_of
from hotline.casework.state import replay
from hotline.records import Respondent
from hotline.reports.matter_figures import matter_figures
from hotline.vocabulary import Action

POLICE, CULTURE = "110102-gafj", "110102-whly"
FAKES = "作坊批量加工假冒商标的包，销售额6万元。"
NEAR = "店里卖假冒商标的包，销售额4.5万元。"
NEVER_BEFORE = Respondent("从前没有投诉过的店")


@pytest.fixture
def case_id(register):
    return register(FAKES)


def matter_id(services, case_id):
    with services.read() as store:
        return matters_of(replay(store.events(case_id)))[-1].id


def seq(services, case_id):
    with services.read() as store:
        return store.events(case_id)[-1].seq


@pytest.fixture
def send(app_services, post):
    """One step through the pages, on the form's own page."""

    def do(client, case_id, kind, step, *, begin=False, **fields):
        if begin:
            page, url = f"/cases/{case_id}", f"/matters/begin/{case_id}/{kind}/{step}"
        else:
            page = f"/matters/{matter_id(app_services, case_id)}"
            url = f"{page}/{kind}/{step}"
        fields.setdefault("expected_seq", seq(app_services, case_id))
        return post(client, page, url, **fields)

    return do


def test_possible_crime_stands_on_the_case_and_in_the_lists(app, login, case_id):
    page = login(app.test_client(), "xc-clerk").get(f"/cases/{case_id}").text
    assert "可能涉罪" in page
    assert "法释〔2025〕5号第5条" in page
    assert "销售额6万元" in page
    assert "涉罪：" in login(app.test_client(), "xc-clerk").get("/agencies/queue").text
    assert "涉罪：" in login(app.test_client(), "xc-supervisor").get("/supervisors/cases").text


def test_a_transfer_goes_from_report_to_the_procuratorate(app, app_services, login, case_id, send):
    clerk, head = login(app.test_client(), "xc-clerk"), login(app.test_client(), "xc-responsible")
    began = send(
        clerk, case_id, "transfer", "propose", begin=True, body=POLICE, crime="C214", text="销售额六万元，请审批。"
    )
    assert began.status_code == 302, began.text
    assert send(head, case_id, "transfer", "approve").status_code == 302
    missing = send(clerk, case_id, "transfer", "hand", documents=["letter"])
    assert missing.status_code == 422
    assert "涉案物品清单" in missing.text
    assert send(clerk, case_id, "transfer", "hand", documents=["letter", "report", "list"]).status_code == 302
    assert send(clerk, case_id, "transfer", "copy", procuratorate="西城区人民检察院").status_code == 302
    page = clerk.get(f"/matters/{matter_id(app_services, case_id)}").text
    for words in ("已移送，待公安接受", "涉案物品清单", "西城区人民检察院", "第310号第8条", "北京市公安局西城分局"):
        assert words in page
    assert "另 2 项" in clerk.get("/matters/").text, "three clocks of the police run"
    assert "移送公安" in login(app.test_client(), "xc-supervisor").get("/matters/").text


def test_the_other_body_answers_and_sees_no_caller(app, app_services, login, case_id, send):
    clerk, other = login(app.test_client(), "xc-clerk"), login(app.test_client(), "xc-other-clerk")
    assert other.get(f"/cases/{case_id}").status_code == 404
    assert (
        send(clerk, case_id, "joint", "ask", begin=True, bodies=[CULTURE], text="周五上午联合检查。").status_code == 302
    )
    led = other.get(f"/cases/{case_id}")
    assert led.status_code == 302
    page = other.get(led.location).text
    assert "周五上午联合检查" in page
    assert "赵晓梅" not in page
    assert "13900001234" not in page
    assert "打开工单" not in page
    assert "待答复" in other.get("/matters/").text
    assert send(other, case_id, "joint", "answer", answer="joined", text="派两人参加。").status_code == 302
    with app_services.read() as store:
        figures = matter_figures(store.session, "xicheng", app_services.now())
    assert [(each.kind, each.body_id, each.asked, each.answered, each.in_time) for each in figures] == [
        ("joint", CULTURE, 1, 1, 1)
    ]
    assert "参加" in login(app.test_client(), "xc-supervisor").get("/matters/?all=1").text


def shown(client):
    """What the queue says of matters: the number at its head and the one in the navigation."""
    page = client.get("/agencies/queue").text
    head = re.search(r"移送协查待处理 (\d+) 件", page)
    menu = re.search(r'移送协查<span class="count">(\d+)</span>', page)
    return (head and int(head[1]), menu and int(menu[1]))


def test_the_queue_says_what_waits_for_the_body(app, login, case_id, send):
    clerk, other = login(app.test_client(), "xc-clerk"), login(app.test_client(), "xc-other-clerk")
    assert shown(clerk) == shown(other) == (None, None)
    send(clerk, case_id, "joint", "ask", begin=True, bodies=[CULTURE], text="周五上午联合检查")
    assert (shown(clerk), shown(other)) == ((None, None), (1, 1))
    send(other, case_id, "joint", "answer", answer="joined", text="派两人参加。")
    assert shown(other) == (None, None)
    send(clerk, case_id, "transfer", "propose", begin=True, body=POLICE, crime="C214", text="请审批。")
    assert shown(clerk) == (1, 1)


def test_late_answers_are_counted(app, app_services, clock, login, case_id, send):
    clerk = login(app.test_client(), "xc-clerk")
    ask = {"begin": True, "outside": "某省某县市场监管局", "text": "请协查进货来源。"}
    assert send(clerk, case_id, "cooperate", "ask", **ask).status_code == 302
    clock.forward(days=40)
    with app_services.read() as store:
        (waiting,) = matter_figures(store.session, "xicheng", clock.moment)
    assert (waiting.name, waiting.waiting_late) == ("某省某县市场监管局", 1)
    clerk = login(app.test_client(), "xc-clerk")
    assert send(clerk, case_id, "cooperate", "answer", answer="unable", text="查无此人。").status_code == 302
    with app_services.read() as store:
        (figure,) = matter_figures(store.session, "xicheng", clock.moment)
    assert (figure.answered, figure.in_time, figure.late) == (1, 0, 1)


@pytest.mark.parametrize("username", ["xc-other-clerk", "bd-operator", "bd-supervisor"])
def test_strangers_find_nothing(app, app_services, login, case_id, step, username):
    step(case_id, "xc-clerk", Action.TRANSFER, step="propose", body=POLICE, crime="C214", text="请审批。")
    client = login(app.test_client(), username)
    assert client.get(f"/matters/{matter_id(app_services, case_id)}").status_code == 404
    assert client.get("/matters/nothing").status_code == 404
    assert re.search(r"现在没有在办的移送", client.get("/matters/").text)


def test_a_failed_beginning_shows_what_was_typed(app, login, case_id, send):
    clerk = login(app.test_client(), "xc-clerk")
    page = send(clerk, case_id, "transfer", "propose", begin=True, body=CULTURE, crime="C214", text="写了很久的理由")
    assert page.status_code == 422
    assert "公安机关" in page.text
    assert "写了很久的理由" in page.text
    stale = send(
        clerk, case_id, "transfer", "propose", begin=True, body=POLICE, crime="C214", text="再来", expected_seq=1
    )
    assert stale.status_code == 409
    assert send(clerk, case_id, "transfer", "dance", begin=True).status_code == 404
    assert send(clerk, case_id, "transfer", "hand", begin=True).status_code == 404


def test_audit_covers_matters(app_services, case_id, step):
    step(case_id, "xc-clerk", Action.TRANSFER, step="propose", body=POLICE, crime="C214", text="请审批。")
    with app_services.read() as store:
        last = store.events(case_id)[-1]
    assert (last.action, last.data["step"], last.data["asker"]) == (Action.TRANSFER, "propose", "110102-scjg")


def crimes(page):
    """What the form of a transfer offers as the marked crimes, what is chosen in it, and the hint below."""
    form = page[page.index('name="crime"') :]
    first = re.search(r'<optgroup label="本件提示可能涉罪">(.*?)</optgroup>', form, re.DOTALL)
    marked = re.findall(r'<option value="([^"]+)"', first[1]) if first else []
    options = form[: form.index("</select>")]
    hint = re.search(r'</select>\s*<div class="hint">([^<]+)', form)
    return marked, re.findall(r'value="([^"]*)" selected', options), hint[1] if hint else ""


@pytest.mark.parametrize(
    ("text", "marked", "chosen", "hint"),
    [
        (
            "店里卖假冒商标的包，销售额4.5万元。",
            ["C214"],
            ["C214"],
            "“可能涉罪”只提示这一项，已经选上；请核实后再提交。",
        ),
        ("作坊批量加工假冒商标的包。", ["W30"], [], "“可能涉罪”提示的是合理嫌疑，没有指明罪名；请核实后选择。"),
        (FAKES, ["C213-GOODS", "C214"], [], "“可能涉罪”提示了几项，排在最前；请核实后选择。"),
        ("店里卖假冒商标的包，有一个。", [], [], ""),
    ],
)
def test_a_transfer_offers_the_marked_crimes_first(app, login, register, text, marked, chosen, hint):
    case_id = register(text, respondent=NEVER_BEFORE)
    page = login(app.test_client(), "xc-supervisor").get(f"/cases/{case_id}").text
    assert crimes(page) == (marked, chosen, hint)


def test_what_was_chosen_stays_chosen(app, login, register, send):
    clerk, case_id = login(app.test_client(), "xc-clerk"), register(NEAR, respondent=NEVER_BEFORE)
    page = send(clerk, case_id, "transfer", "propose", begin=True, body=POLICE, crime="C215", text="").text
    assert crimes(page) == (["C214"], ["C215"], "")
    page = send(clerk, case_id, "transfer", "propose", begin=True, body=POLICE, crime="", text="请审批").text
    assert crimes(page)[:2] == (["C214"], []), "what was cleared is not chosen again"
