"""Sentences in which callers introduce themselves, and sentences about respondents that must stay readable."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.intake import masking, phones
from hotline.intake.normalise import hidden, masked
from hotline.intake.submission import Draft, complaint_from_draft

GOLDEN = Path(__file__).parents[1] / "golden" / "masking.jsonl"
LINES = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
_WORDS = [
    *(
        "我叫",
        "王强",
        "李娜",
        "，",
        "。",
        "住",
        "西城区",
        "广安门内大街六号",
        "三号楼",
        "电话",
        "，13812345678，",
        "：",
    ),
    *(
        "举报人",
        "被投诉人",
        "地址",
        "收货地址",
        "老板",
        "先生",
        "我姓",
        "姓名",
        "微信",
        "wx_abc",
        "家住",
        "[电话]",
        "王*",
    ),
]


def again(text, *, whole):
    """Masked without cleaning, as a row is masked anew."""
    written = phones.spoken_digits(text)
    ids = phones.find_ids(written)
    return masking.mask(text, written, [*ids, *phones.find_phones(text, written)], None, whole=whole)


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("line", LINES, ids=[line["text"][:16] for line in LINES])
def test_the_caller_is_hidden_and_the_respondent_is_not(line, whole):
    got = masked(line["text"], whole=whole)
    assert [word for word in line["gone"] if word in got] == []
    assert [word for word in line["stays"] if word not in got] == []
    assert again(got, whole=whole) == got


def test_there_are_enough_sentences_of_both():
    assert sum(bool(line["gone"]) for line in LINES) >= 50
    assert sum(not line["gone"] for line in LINES) >= 28


@given(st.lists(st.sampled_from(_WORDS), max_size=14).map("".join), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_mixture_is_masked_and_no_phone_is_left(text, whole):
    assert "13812345678" not in masked(text, whole=whole)


@pytest.mark.parametrize(
    "piece",
    ["我叫王强，住", "住西城区，", "电话13812345678，", "收货地址：", "我姓王，", "举报人王", "[电话]住", "\n王强"],
)
@pytest.mark.timeout(20)
def test_repetition_takes_bounded_time(piece):
    assert masked(piece * 2_000)


def test_a_row_masked_by_earlier_rules_loses_the_name_said_again_and_the_address():
    text = "我叫张伟，住西城区白广路7号院。张伟说过。"
    draft = Draft(channel="12315", external_id="1", text=text, received_at=datetime(2026, 11, 20, 2, 0, tzinfo=UTC))
    made = complaint_from_draft(draft, complaint_id="c", submission_id="s", office_id="o", home_region=None)
    old = replace(made, masked_text="我叫张*，住西城区白广路7号院。张伟说过。")
    assert hidden(old, whole=False).masked_text == "我叫张*，住****。张*说过。"
