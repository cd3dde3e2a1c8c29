"""Of the one who reports (举报) nothing is left in what stands in clear: no end of a number, no surname."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from hotline.intake.masking import hide_caller
from hotline.intake.normalise import hidden, masked, normalise
from hotline.intake.submission import Draft, complaint_from_draft
from hotline.records import Reporter, Respondent
from hotline.vocabulary import Kind

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
INFORMER = Reporter("欧阳雪梅", "13712345678", "11010219900307451X", "西城区白纸坊街7号院")
WANG = Reporter("王建军", "13712345678")


@pytest.mark.parametrize(
    ("text", "reporter", "shown"),
    [
        ("我的电话13712345678。", None, "我的电话[电话]。"),
        ("电话幺三七 一二三四 五六七八。", None, "电话[电话]。"),
        ("座机010-66885544。", None, "座机[电话]。"),
        ("身份证11010219900307451X。", None, "身份证[证件号]。"),
        ("电话137****5678。", None, "电话[电话]。"),
        ("身份证110102********451X。", None, "身份证[证件号]。"),
        ("手机尾号5678，末四位是5678。", INFORMER, "手机尾号[电话]，末四位是[电话]。"),
        ("我叫王建军，要举报。", None, "我叫[姓名]，要举报。"),
        ("我叫王**，要举报。", None, "我叫[姓名]，要举报。"),
        ("王女士来电反映。", None, "[姓名]女士来电反映。"),
        ("我是小王，住楼上。", None, "我是小[姓名]，住楼上。"),
        ("店员欧阳雪梅看到。", INFORMER, "店员[姓名]看到。"),
        ("店员雪梅看到。", INFORMER, "店员[姓名]看到。"),
        ("王某某和王*军看到。", WANG, "[姓名]和[姓名]看到。"),
        ("住在西城区白纸坊街7号院。", INFORMER, "住在****。"),
        ("店主王大力卖假酒，店主李某也卖。", WANG, "店主王大力卖假酒，店主李某也卖。"),
    ],
)
def test_nothing_of_a_name_or_a_number_is_left(text, reporter, shown):
    assert masked(text, reporter, whole=True) == shown
    again = masked(shown, reporter, whole=True)
    assert again == shown, "what is hidden stays as it is"


def test_other_texts_are_masked_as_before():
    told = "我叫王建军，电话13712345678。"
    assert normalise(told, received_at=NOW, reporter=WANG).masked_text == "我叫王**，电话137****5678。"


def test_what_was_masked_in_part_is_masked_whole():
    told = "店员欧阳雪梅，电话13712345678，身份证11010219900307451X。"
    half = masked(told, INFORMER)
    assert "5678" in half
    assert "欧" in half
    assert masked(half, INFORMER, whole=True) == masked(told, INFORMER, whole=True)


DRAFT = Draft(
    channel="12315",
    external_id="1",
    text="举报卖假酒，我是店员欧阳雪梅，13712345678。",
    received_at=NOW,
    reporter=INFORMER,
    respondent=Respondent("欧阳雪梅", "马连道1号，联系人欧阳雪梅", "137 1234 5678", "11010219900307451X"),
    goods="欧阳雪梅买的酒，13712345678",
)


def made(kind):
    return complaint_from_draft(
        replace(DRAFT, kind=kind), complaint_id="c", submission_id="s", office_id="o", home_region=None
    )


def clear(complaint):
    """Everything of a complaint that stands in clear."""
    other = complaint.respondent
    return f"{complaint.masked_text} {complaint.goods} {other.name} {other.address} {other.phone} {other.platform}"


def test_a_report_shows_nothing_of_who_typed_themselves_into_the_wrong_field():
    report = made(Kind.REPORT)
    for part in ("欧", "雪梅", "5678", "137", "1101", "451X"):
        assert part not in clear(report), part
    assert report.respondent.name == "[姓名]"
    assert report.respondent.address == "马连道1号，联系人[姓名]"


def test_a_dispute_hides_them_in_part_and_whole_once_it_is_a_report():
    dispute = made(Kind.DISPUTE)
    assert dispute.respondent.name == "欧***"
    assert dispute.respondent.phone == "137****5678"
    report = hidden(dispute, whole=True)
    assert "5678" not in clear(report)
    assert report.respondent.name == "[姓名]"


@pytest.mark.parametrize("name", ["王建军", "王建军先生", "举报人王建军", "王建军，13712345678", "（王建军）"])
def test_the_callers_own_name_is_hidden_where_it_stands_for_itself(name):
    assert "王" not in hide_caller(name, WANG, whole=True)
    assert "建军" not in hide_caller(name, WANG)


@pytest.mark.parametrize(
    "name", ["王建军商行", "王先生", "王某", "王建国", "小王烟酒店", "老王建军需品店", "北京王建军贸易公司"]
)
def test_a_respondent_of_the_same_family_survives(name):
    assert hide_caller(name, WANG, whole=True) == name
    draft = replace(DRAFT, kind=Kind.REPORT, reporter=WANG, respondent=Respondent(name))
    got = complaint_from_draft(draft, complaint_id="c", submission_id="s", office_id="o", home_region=None)
    assert got.respondent.name == name
