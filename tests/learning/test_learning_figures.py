"""Confusion, drift, standing and thresholds: pure, by hand-counted examples."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from hotline.learning.confusion import Pair, confusion
from hotline.learning.drift import FAR, FEW, MOVED, STEADY, Week, drift, stability, training_shares, week_begins
from hotline.learning.standing import PROMOTED, REVERTED, ROLLED_BACK, SHIPPED, TARGET, THRESHOLD, standing
from hotline.moments import SHANGHAI
from hotline.records import CaseEvent
from hotline.routing import novelty, scoring
from hotline.routing.classifier import load_classifier
from hotline.routing.thresholds import ALL, threshold_for, with_thresholds
from hotline.vocabulary import Action, Role

NOW = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)  # A Saturday.


def test_confusion_puts_the_most_corrected_first():
    found = confusion({("a", "a"): 5, ("a", "b"): 2, ("a", "c"): 2, ("b", "b"): 9, ("c", "a"): 5})
    assert (found.count, found.right) == (23, 14)
    assert [(line.guess, line.count, line.right) for line in found.lines] == [("c", 5, 0), ("a", 9, 5), ("b", 9, 9)]
    assert found.lines[1].others == (Pair("a", "b", 2), Pair("a", "c", 2))
    assert confusion({}).lines == ()


def test_weeks_begin_on_monday_in_shanghai():
    begins = week_begins(NOW, 3)
    assert [begin.isoformat() for begin in begins] == [
        "2026-11-02T00:00:00+08:00",
        "2026-11-09T00:00:00+08:00",
        "2026-11-16T00:00:00+08:00",
    ]
    sunday_night = datetime(2026, 11, 22, 15, 59, tzinfo=UTC)
    assert week_begins(sunday_night, 1)[0] == begins[-1]
    assert week_begins(sunday_night + timedelta(minutes=1), 1)[0] == begins[-1] + timedelta(weeks=1)


@pytest.mark.parametrize(
    ("seen", "judgement"),
    [
        ({"a": 500, "b": 500}, STEADY),
        ({"a": 700, "b": 300}, MOVED),
        ({"a": 900, "b": 100}, FAR),
        ({"a": 5, "b": 5}, FEW),
        ({}, FEW),
    ],
)
def test_the_stability_index_and_its_bounds(seen, judgement):
    assert stability({"a": 0.5, "b": 0.5}, seen, ("a", "b")).judgement == judgement


def test_the_stability_index_by_hand():
    found = stability({"a": 0.5, "b": 0.5}, {"a": 7000, "b": 3000}, ("a", "b"))
    assert found.index == pytest.approx(0.2 * np.log(1.4) - 0.2 * np.log(0.6), abs=1e-3)
    assert found.cases == 10_000
    assert stability({"a": 1.0}, {"b": 50, "a": 50}, ("a", "b")).index > 1, "a new class has a finite index"


def week(number, counts, unknown=0, tokens=0):
    return Week(datetime(2026, 11, 2, tzinfo=SHANGHAI) + timedelta(weeks=number), counts, unknown, tokens)


def test_drift_compares_with_training_and_with_the_weeks_before():
    weeks = (
        week(0, {"a": 500, "b": 500}, 100, 5000),
        week(1, {"a": 500, "b": 500}, 900, 5000),
        week(2, {"a": 950, "b": 50}, 5, 10),
        week(3, {}),
    )
    last, third, second, first = drift(weeks, {"a": 0.5, "b": 0.5}, 0.05, ("a", "b"))
    assert (first.from_before, first.from_training.judgement, first.words) == (None, STEADY, STEADY)
    assert (second.from_before.judgement, second.words, second.unknown_share) == (STEADY, MOVED, 0.18)
    assert (third.from_before.judgement, third.from_training.judgement, third.words) == (FAR, FAR, FEW)
    assert (last.cases, last.unknown_share, last.from_before.judgement) == (0, None, FEW)


def test_drift_of_an_old_model_compares_with_nothing():
    (only,) = drift((week(0, {"a": 500}, 10, 5000),), training_shares({}), None, ("a",))
    assert (only.from_training, only.words, only.unknown_share) == (None, FEW, 0.002)


def test_training_shares_come_from_the_manifest():
    classes = {"a": {"texts": 30}, "b": {"texts": 10}}
    assert training_shares({"metrics": {"category": {"classes": classes}}}) == {"a": 0.75, "b": 0.25}


def test_unknown_tokens_leave_numbers_and_blanks_out():
    assert novelty.unknown_tokens([["假", "药", " ", "139", "一粒"]], {"假", "药"}) == (1, 3)


def test_the_share_out_of_fold_is_that_of_the_other_hands_words():
    texts = [("", ["假", "药"]), ("", ["假", "酒"]), ("", ["假", "药"]), ("", ["假", "书"])]
    # Each hand knows 假 from the two texts of the other; 药, 酒 and 书 stand in one at most.
    assert novelty.out_of_fold_share(texts, [0, 0, 1, 1]) == 0.5
    assert novelty.out_of_fold_share([], []) == 0


def test_curves_count_by_hand():
    right = np.asarray([True, True, False, True])
    confidence, guess = np.asarray([0.95, 0.9, 0.5, 0.1]), np.asarray([0, 1, 0, 1])
    found = scoring.class_curves(right, confidence, guess, ("x", "y", "z"))
    assert found["all"][0] == {"threshold": 0.0, "coverage": 1.0, "precision": 0.75, "n": 4}
    assert [point["n"] for point in found["all"]] == [4, 3, 2, 1]
    assert set(found["classes"]) == {"x", "y"}
    assert found["classes"]["x"][-1] == {"threshold": 0.52, "coverage": 0.5, "precision": 1.0, "n": 1}
    assert threshold_for(found["all"], 1.0) == 0.52
    assert threshold_for(found["all"], 0.75) == 0.0
    assert threshold_for([], 0.5) is None


def event(seq, what, **data):
    return CaseEvent(f"e{seq}", "model", seq, Action.NOTE, "su1", Role.SUPERVISOR, NOW, NOW, {"what": what, **data})


def test_standing_is_the_sum_of_the_events():
    events = [
        event(1, PROMOTED, version="v1", data_hash="d1", manifest="m1"),
        event(2, THRESHOLD, version="v1", facet="category", code="drug", value=0.7),
        event(3, TARGET, version="v1", facet="category", code="", value=0.6, target=0.95),
        event(4, PROMOTED, version="v2", data_hash="d2", manifest="m2"),
        event(5, "something_of_a_later_program", version="v9"),
    ]
    found = standing(events)
    assert (found.seq, found.version, found.serving.data_hash) == (5, "v2", "d2")
    assert found.thresholds("v2") == {}, "a threshold belongs to its version"
    assert found.thresholds("v1") == {("category", "drug"): 0.7, ("category", ""): 0.6}
    back = standing(
        [*events, event(6, ROLLED_BACK, version="v1"), event(7, REVERTED, version="v1", facet="category", code="drug")]
    )
    assert (back.version, back.thresholds("v1")) == ("v1", {("category", ""): 0.6})
    home = standing([*events, event(6, ROLLED_BACK, version=SHIPPED)])
    assert (home.version, home.serving) == (SHIPPED, None)
    assert set(home.promoted) == {"v1", "v2"}
    assert standing([]).seq == 0


def test_a_threshold_decides_who_must_look(shipped):
    classifier = load_classifier(shipped)
    text = "农贸市场里卖盗版光盘"
    code = classifier.classify(text).category
    for chosen, review in (
        ({("category", ALL): 1.0}, True),
        ({("category", ALL): 0.0}, False),
        ({("category", ALL): 1.0, ("category", code): 0.0}, False),
        ({("category", code): 1.0}, True),
    ):
        changed = with_thresholds(classifier, chosen)
        assert changed.classify(text).needs_review is review, chosen
        assert changed.classify_many([text])[0].needs_review is review
        assert changed.version == classifier.version
    setting = with_thresholds(classifier, {("category", ALL): 0.0, ("setting", ALL): 1.0})
    assert setting.classify(text, lead_depends_on_setting=lambda _: True).needs_review
    assert classifier.model.category.thresholds == load_classifier(shipped).model.category.thresholds
