import json
from datetime import UTC, datetime

import pytest

from hotline.errors import InvalidInputError, UnknownPlanError
from hotline.records import Candidate, Classification, Reason
from hotline.routing.directory_file import load_directory
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy
from hotline.routing.triage import triage_line
from hotline.vocabulary import Kind

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
KEYS = {
    "id", "category", "confidence", "alternatives", "secondary", "setting", "kind", "needs_review", "reasons",
    "plan", "duty", "lead", "co", "lead_today", "co_today", "trace",
}  # fmt: skip


def model(category, setting, asked=None):
    def classify(text, *, lead_depends_on_setting=None):
        if asked is not None:
            asked.append(lead_depends_on_setting(category) if lead_depends_on_setting else None)
        return Classification(
            category=category,
            confidence=0.9,
            alternatives=(Candidate(category, 0.9), Candidate("food", 0.1)),
            secondary=(),
            setting=setting,
            setting_confidence=0.8,
            kind=Kind.REPORT,
            needs_review=False,
            doubt="",
            reasons=(Reason("盗版", 1.5, category),),
            model_version="test",
        )

    return classify


def line(obj, category="copyright", setting="street", **more):
    given = {
        "classify": model(category, setting),
        "plans": load_plans(),
        "directory": load_directory(),
        "taxonomy": load_taxonomy(),
        "now": NOW,
        **more,
    }
    return json.loads(json.dumps(triage_line(obj, **given), ensure_ascii=False))


def test_every_key_of_the_contract():
    out = line({"text": "西城区某小学门口有人摆摊卖盗版教辅书", "id": "a1"}, plan_id="xicheng-2011")
    assert set(out) >= KEYS
    assert (out["id"], out["plan"], out["kind"]) == ("a1", "xicheng-2011", "report")
    assert out["duty"] == {
        "clause": "二（二）3",
        "seq": 1,
        "quote": out["duty"]["quote"],
        "mode": "sole",
    }
    assert out["lead"] == "区城管监察大队"
    assert out["lead_today"] == "北京市西城区城市管理综合行政执法局"
    assert (out["co"], out["co_today"]) == ([], [])
    assert all(set(step) == {"step", "detail"} for step in out["trace"])


def test_the_region_of_the_text_chooses_the_plan():
    out = line({"text": "北京市西城区某小学门口有人摆摊卖盗版教辅书"})
    assert out["plan"] == "xicheng-2011"
    hinted = line({"text": "小学门口有人摆摊卖盗版教辅书", "location_hint": "北京市西城区"})
    assert hinted["plan"] == "xicheng-2011"


def test_without_a_place_the_home_region_serves():
    out = line({"text": "小学门口有人摆摊卖盗版教辅书"}, home_region="110102")
    assert out["plan"] == "xicheng-2011"
    assert "没有写明地点" in out["trace"][0]["detail"]


def test_a_day_before_any_plan_names_nobody():
    out = line({"text": "北京市西城区某小学门口卖盗版书", "received_at": "2001-01-01T00:00:00"})
    assert (out["plan"], out["duty"], out["lead"], out["co"], out["lead_today"]) == (None, None, None, [], None)


def test_the_day_is_reckoned_in_shanghai():
    text = "北京市西城区某小学门口卖盗版书"
    assert line({"text": text, "received_at": "2011-01-09T16:30:00Z"})["plan"] == "xicheng-2011"
    assert line({"text": text, "received_at": "2011-01-10T00:30:00"})["plan"] == "xicheng-2011"


def test_other_has_no_lead_and_silent_has_the_office():
    out = line({"text": "楼上装修太吵"}, "other", "unknown", plan_id="xicheng-2011")
    assert (out["duty"], out["lead"], out["co"]) == (None, None, [])
    out = line({"text": "烟酒店卖假烟"}, "tobacco", "market", plan_id="xicheng-2011")
    assert (out["duty"], out["lead"], out["co"]) == (None, "区专项行动领导小组办公室", [])


def test_the_model_may_ask_whether_the_lead_depends_on_the_setting():
    asked = []
    for category in ("copyright", "food"):
        line({"text": "卖假货"}, classify=model(category, "market", asked), plan_id="xicheng-2011")
    assert asked == [True, False]


@pytest.mark.parametrize("obj", [None, [], "text", {}, {"text": 3}, {"text": "好", "location_hint": 3}])
def test_what_is_no_complaint_is_named(obj):
    with pytest.raises(InvalidInputError):
        line(obj)


@pytest.mark.parametrize("value", ["2023-02-30", "昨天", 17])
def test_an_unreadable_time_is_named(value):
    with pytest.raises(InvalidInputError, match="received_at"):
        line({"text": "好", "received_at": value})


def test_an_unknown_plan_is_named():
    with pytest.raises(UnknownPlanError):
        line({"text": "好"}, plan_id="nowhere")
