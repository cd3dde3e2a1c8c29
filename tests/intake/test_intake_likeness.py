"""Whether two complaints are the same matter, judged on a set made by hand, and the pairs that an index keeps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hotline.intake.duplicates import bigrams, shared_words
from hotline.intake.likeness import Sameness, Told, judge, likeness
from hotline.intake.rarity import ASKED, KEPT, gram_number, posting_grams, rarest, table_of, weight
from hotline.records import Respondent
from hotline.vocabulary import Kind

GOLDEN = Path(__file__).parents[1] / "golden" / "duplicates.jsonl"
PAIRS = [json.loads(line) for line in GOLDEN.read_text("utf-8").splitlines()]
CALLERS = {"same": True, "other": False, "unknown": None}
FAKE_DRUG = "在康宁药店买的降压药是假药，批准文号查不到，请查处。"


def judged(pair):
    one, other = (
        Told(pair[side], Kind(pair["kind"]), Respondent(name=shop))
        for side, shop in zip("ab", pair["shops"], strict=True)
    )
    return judge(one, other, same_caller=CALLERS[pair["callers"]])[0]


def figures(pairs):
    """Precision and recall of 可能重复."""
    found = [pair["same"] for pair in pairs if judged(pair) is Sameness.SAME]
    return sum(found) / len(found), sum(found) / sum(pair["same"] for pair in pairs)


def test_the_set_holds_as_many_near_misses_as_same_matters():
    assert [pair["same"] for pair in PAIRS].count(True) == len(PAIRS) / 2 == 60


@pytest.mark.parametrize(("half", "precision", "recall"), [(0, 1.0, 0.8), (1, 0.9, 0.85)])
def test_precision_and_recall_do_not_fall(half, precision, recall):
    found = figures(PAIRS[half::2])
    assert found[0] >= precision
    assert found[1] >= recall


def test_the_index_finds_most_same_matters_among_all_texts():
    same = [pair for pair in PAIRS if pair["same"]]
    found = [bool({*posting_grams(pair["a"])} & {*rarest(pair["b"], ASKED)}) for pair in same]
    assert found.count(True) >= 57


def test_nobody_takes_another_callers_claim_for_a_repetition():
    for pair in PAIRS:
        if (pair["kind"], pair["callers"]) == ("dispute", "other"):
            assert judged(pair) is not Sameness.SAME, pair


@pytest.mark.parametrize(
    ("kind", "same_caller", "changes", "expected"),
    [
        (Kind.DISPUTE, True, {}, Sameness.SAME),
        (Kind.DISPUTE, None, {}, Sameness.SAME),
        (Kind.DISPUTE, False, {}, Sameness.GROUP),
        (Kind.REPORT, False, {}, Sameness.SAME),
        (Kind.REPORT, True, {"respondent": Respondent(name="仁济堂大药房")}, Sameness.COPY),
        (Kind.REPORT, True, {"respondent": Respondent(name="康宁药店广外店")}, Sameness.SAME),
        (Kind.REPORT, True, {"text": f"{FAKE_DRUG}批号20260409"}, Sameness.COPY),
        (Kind.REPORT, True, {"text": "路灯不亮"}, None),
        (Kind.REPORT, True, {"text": ""}, None),
    ],
)
def test_who_calls_and_about_whom_decides_what_like_texts_are(kind, same_caller, changes, expected):
    one = Told(f"{FAKE_DRUG}批号20251104", kind, Respondent(name="康宁药店"))
    other = Told(**{"text": one.text, "kind": kind, "respondent": one.respondent} | changes)
    assert judge(one, other, same_caller=same_caller)[0] is expected
    assert judge(other, one, same_caller=same_caller)[0] is expected


def test_likeness_is_one_for_the_same_text_and_counts_rare_pairs_most():
    assert likeness(Told(FAKE_DRUG), Told(FAKE_DRUG)) == pytest.approx(1)
    assert likeness(Told(FAKE_DRUG), Told("")) == 0.0
    assert weight("投诉") < weight("药店") < weight("龘靐")


def test_the_words_that_match_are_told_the_longest_first():
    assert shared_words(FAKE_DRUG, "康宁药店的降压药，批准文号查不到") == ("批准文号查不到", "康宁药店", "的降压药")


def test_a_text_is_kept_under_its_rarest_pairs_and_no_digits():
    text = "电话139，投诉康宁药店的降压药20251104是假药，批准文号查不到"
    grams = posting_grams(text)
    kept = [chr(gram >> 16) + chr(gram & 0xFFFF) for gram in grams]
    assert len(kept) == KEPT
    assert not any(pair.isdigit() for pair in kept)
    assert "投诉" not in kept
    assert set(grams) <= {gram_number(pair) for pair in bigrams(text)}


@pytest.mark.parametrize("text", ["", "药", "12345678", "。，！", "\ud83d\ude00"])
def test_a_text_without_pairs_is_kept_under_none(text):
    assert posting_grams(text) == ()


def test_equally_rare_pairs_come_in_one_order_in_any_text():
    first, second = rarest("龘靐齉爩鱻麤", 9), rarest("鱻麤爩，龘靐齉爩", 9)
    shared = set(first) & set(second)
    assert [gram for gram in first if gram in shared] == [gram for gram in second if gram in shared]


def test_the_table_counts_texts_and_leaves_out_rare_pairs():
    assert table_of(["降压药，降压药"] * 5 + ["药店"]) == "6\n5 压药降压\n"
