"""The model's room as a supervisor meets it."""

import json
import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from hotline.store.tables import MODEL_GUESS
from hotline.vocabulary import Action
from hotline.web import create_app
from tests.web.conftest import PASSWORD, START, token_in
from tests.web.test_pages_invariants import faults_of

ROOM = "/supervisors/model"
PAGES = ("/", "/confusion", "/confusion/cases", "/corrections", "/drift", "/labelling", "/candidates", "/history")


@pytest.fixture
def app(services):
    made = create_app(services)
    made.testing = True
    return made


def signed_in(app, username):
    client = app.test_client()
    token = token_in(client.get("/login").text)
    client.post("/login", data={"csrf_token": token, "username": username, "password": PASSWORD})
    return client


@pytest.fixture
def supervisor(app):
    return signed_in(app, "xc-supervisor")


def send(client, page, url, **fields):
    token = token_in(client.get(ROOM + page).text)
    return client.post(ROOM + url, data={"csrf_token": token, **fields}, follow_redirects=True)


@pytest.mark.parametrize("username", ["xc-operator", "xc-clerk", "xc-responsible", "admin"])
def test_only_supervisors_come_in(app, candidate, username):
    app.config["WTF_CSRF_ENABLED"] = False
    client = signed_in(app, username)
    for page in (*PAGES, f"/candidates/{candidate.version}", f"/candidates/{candidate.version}/report.json"):
        assert client.get(ROOM + page).status_code == 403, page
    for url in (f"/candidates/{candidate.version}/promote", "/roll-back", "/thresholds", "/thresholds/revert"):
        assert client.post(ROOM + url, data={"reason": "x"}).status_code == 403, url


def test_a_form_without_its_token_is_refused(supervisor, services, candidate):
    before = services.rulebook.classifier.version
    answer = supervisor.post(f"{ROOM}/candidates/{candidate.version}/promote", data={"reason": "更好"})
    assert answer.status_code == 400
    assert services.rulebook.classifier.version == before


def test_every_page_keeps_the_rules(supervisor, candidate):
    for page in (*PAGES, f"/candidates/{candidate.version}", "/corrections?confirmed=1", "/?facet=setting"):
        answer = supervisor.get(ROOM + page)
        assert (answer.status_code, faults_of(answer.text)) == (200, []), page


def test_the_navigation_leads_here(supervisor, app):
    assert f'href="{ROOM}/"' in supervisor.get("/supervisors/overview").text
    assert f'href="{ROOM}/"' not in signed_in(app, "xc-operator").get("/operators/desk").text


def test_the_overview_says_what_serves_and_draws_the_curve(supervisor, services):
    page = supervisor.get(f"{ROOM}/").text
    for words in (services.rulebook.classifier.version, "安装时的模型", "数据散列", "<polyline", "目标精确率"):
        assert words in page
    assert "未记录" not in page
    one = supervisor.get(f"{ROOM}/?facet=category&code=copyright").text
    assert "覆盖与精确：侵权盗版" in one
    assert "看全部" in one
    assert supervisor.get(f"{ROOM}/?facet=nothing&code=nothing").status_code == 200


def test_a_model_of_an_older_program_says_not_recorded(supervisor, services, tmp_path, copy_tree):
    folder = copy_tree(services.settings.model, tmp_path / "old")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    for name in ("curves", "unknown_token_share", "hands", "data_hash"):
        del manifest[name]
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    object.__setattr__(services.settings, "model", folder)
    services.refresh_rules()
    page = supervisor.get(f"{ROOM}/").text
    assert page.count("未记录") >= 4
    assert "曲线未记录" in page
    assert "未记录" in supervisor.get(f"{ROOM}/drift").text


def test_each_number_of_the_confusion_opens_its_cases(supervisor, decided):
    page = supervisor.get(f"{ROOM}/confusion").text
    assert re.search(r"<b>12</b> 件中，<b>6</b> 件保持", page)
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]*confusion/cases[^"]*)"', page)]
    assert len(links) == 2
    for link in links:
        opened = supervisor.get(link).text
        assert len(set(re.findall(r'href="/cases/([0-9a-f]+)"', opened))) == 6, link


def test_the_corrections_say_who_and_show_masked_texts_only(supervisor, app, decided):
    page = supervisor.get(f"{ROOM}/corrections").text
    assert page.count("测试xc-operator") == 6
    assert "盗版词典第" in page
    confirmed = supervisor.get(f"{ROOM}/corrections?confirmed=1").text
    assert confirmed.count("测试xc-operator") == 6
    foreign = signed_in(app, "bd-supervisor").get(f"{ROOM}/corrections").text
    assert "还没有" in foreign
    assert supervisor.get(f"{ROOM}/corrections?after=nonsense").status_code == 422


def test_old_decisions_leave_the_confusion(supervisor, services, decided):
    with services.write() as store:
        decided_rows = update(MODEL_GUESS).where(MODEL_GUESS.c.decided_at.is_not(None))
        store.session.execute(decided_rows.values(decided_at=START - timedelta(weeks=9)))
    assert "没有人工判定" in supervisor.get(f"{ROOM}/confusion").text
    assert "<b>12</b>" in supervisor.get(f"{ROOM}/confusion?weeks=10").text
    assert supervisor.get(f"{ROOM}/confusion?weeks=99999").status_code == 200


def test_what_is_least_certain_waits_to_be_labelled(supervisor, step, cases):
    page = supervisor.get(f"{ROOM}/labelling").text
    places = [page.index(cases[name]) for name in ("triage", "ready")]
    assert places == sorted(places), "the one with 40 % before the one with 95 %"
    assert cases["north"] not in page
    data = {"category": "product_quality", "setting": "market", "kind": "dispute", "urgency": "一般", "state": "ready"}
    step(cases["triage"], "xc-operator", Action.CLASSIFY, **data)
    assert cases["triage"] not in supervisor.get(f"{ROOM}/labelling").text


def test_the_drift_counts_the_week(supervisor, decided):
    page = supervisor.get(f"{ROOM}/drift").text
    assert page.count('<td class="nowrap">') == 8
    assert "11月16日" in page
    assert "件数少，不作判断" in page
    assert supervisor.get(f"{ROOM}/drift?weeks=2").text.count('<td class="nowrap">') == 2


def test_a_candidate_is_compared_promoted_and_taken_back(supervisor, services, candidate):
    before = services.rulebook.classifier.version
    assert candidate.version in supervisor.get(f"{ROOM}/candidates").text
    page = supervisor.get(f"{ROOM}/candidates/{candidate.version}?count=15").text
    assert "本办公室最近 15 件" in page
    answer = supervisor.get(f"{ROOM}/candidates/{candidate.version}/report.json?count=5")
    report = json.loads(answer.data)
    assert report["recent"]["cases"] == 5
    assert set(report["trained"]) == {"versions", "held_out"}, "the sealed part decides nothing"
    assert "盗版词典" not in answer.text
    where = f"/candidates/{candidate.version}"
    assert "请写明理由" in send(supervisor, where, f"{where}/promote", reason=" ").text
    assert services.rulebook.classifier.version == before
    done = send(supervisor, where, f"{where}/promote", reason="各类都更好")
    assert f"已升级到 {candidate.version}" in done.text
    assert "由 测试xc-supervisor 升级" in done.text
    assert services.rulebook.classifier.version == candidate.version
    back = send(supervisor, "/history", "/roll-back", version="", reason="观察一周后不好")
    for words in ("已回退", "各类都更好", "观察一周后不好", "测试xc-supervisor", before):
        assert words in back.text
    assert services.rulebook.classifier.version == before


def test_a_tampered_candidate_is_refused_on_the_page(supervisor, services, candidate, spoil):
    before = services.rulebook.classifier.version
    where = f"/candidates/{candidate.version}"
    spoil(candidate.folder / "setting.npz")
    answer = supervisor.get(ROOM + where)
    assert (answer.status_code, "校验值不符" in answer.text) == (422, True)
    refused = send(supervisor, "/", f"{where}/promote", reason="更好")
    assert "校验值不符" in refused.text
    assert services.rulebook.classifier.version == before


def test_an_unusable_promoted_model_is_said_on_the_page(supervisor, services, candidate, spoil):
    where = f"/candidates/{candidate.version}"
    send(supervisor, where, f"{where}/promote", reason="更好")
    spoil(services.settings.models / candidate.version / "category.npz")
    services.refresh_rules()
    page = supervisor.get(f"{ROOM}/").text
    assert "暂用安装时的模型" in page
    assert supervisor.get("/readyz").json["checks"]["model"]


def test_an_unknown_candidate_is_not_found(supervisor):
    assert supervisor.get(f"{ROOM}/candidates/{'0' * 12}").status_code == 404


def test_a_threshold_is_set_and_taken_back_on_the_page(supervisor, services):
    given = {"version": services.rulebook.classifier.version, "facet": "category", "code": "copyright"}
    done = send(supervisor, "/", "/thresholds", value="0.77", reason="盗版常判错", **given)
    assert "阈值已设定" in done.text
    assert '<td class="num">0.77</td>' in done.text
    facet = services.rulebook.classifier.model.category
    assert facet.thresholds[facet.labels.index("copyright")] == 0.77
    assert "盗版常判错" in supervisor.get(f"{ROOM}/history").text
    assert "请写 0 到 1" in send(supervisor, "/", "/thresholds", value="seven", reason="x", **given).text
    gone = send(supervisor, "/", "/thresholds/revert", reason="够了", **given)
    assert "已撤销" in gone.text
    assert '<td class="num">0.77</td>' not in gone.text
    target = send(supervisor, "/", "/thresholds", target="90", reason="少转人工", **(given | {"code": ""}))
    assert "现按目标 90.0%" in target.text
    assert "目标精确率已设定" in target.text
    assert "已撤销" in send(supervisor, "/", "/thresholds/revert", reason="够了", **(given | {"code": ""})).text
