from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.errors import InvalidInputError
from hotline.intake.channels import get_channel
from hotline.intake.duplicates import bigrams, shared_words, similarity
from hotline.intake.kinds import propose_kind
from hotline.intake.normalise import masked
from hotline.intake.numbers import chinese_int, to_decimal
from hotline.intake.regions import all_regions, find_region, parents
from hotline.intake.rows import RawRow
from hotline.intake.submission import Draft, complaint_from_draft, content_digest, draft_from_row
from hotline.records import Reporter, Respondent
from hotline.vocabulary import Kind, Urgency

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
DRAFT = Draft(channel="12330", external_id="1", text="买到假货，花了300元，电话13900000000", received_at=NOW)


def row(**fields):
    return RawRow(1, 2, fields, "raw")


def draft(**fields):
    return draft_from_row(row(**fields), get_channel("12315"), office_id="x", now=NOW, home_region=None)


def complaint(given_draft, home=None):
    return complaint_from_draft(given_draft, complaint_id="c", submission_id="s", office_id="o", home_region=home)


def test_a_row_becomes_a_draft():
    got = draft(
        text=" 假货 ", kind="举报类", urgency="特急", amount="￥1,280.00元", happened_on="2026-11-01",
        reporter_name="匿名", respondent_name="某店", respondent_url="http://a.cn",
    )  # fmt: skip
    assert (got.text, got.kind, got.urgency) == ("假货", Kind.REPORT, Urgency.CRITICAL)
    assert (got.amount, got.happened_on) == (Decimal("1280.00"), date(2026, 11, 1))
    assert got.reporter == Reporter(anonymous=True)
    assert got.respondent.name == "某店"
    assert got.raw == b"raw"


def test_what_cannot_be_read_is_left_out_but_text_and_time_are_refused():
    got = draft(text="假货", amount="很多", happened_on="那天", kind="投诉举报")
    assert (got.amount, got.happened_on, got.kind) == (None, None, None)
    for fields in ({}, {"text": "  "}, {"text": "x", "received_at": "2023-02-30"}):
        with pytest.raises(InvalidInputError):
            draft(**fields)


def test_the_digest_is_of_the_content_only():
    other = replace(DRAFT, external_id="2", raw=b"y", received_given=False)
    later = replace(other, received_at=NOW.replace(day=22))
    assert content_digest(other) == content_digest(later)
    assert content_digest(DRAFT) != content_digest(replace(DRAFT, received_at=NOW.replace(day=22)))
    assert content_digest(DRAFT) != content_digest(replace(DRAFT, reporter=Reporter(phone="1")))
    assert content_digest(replace(DRAFT, amount=Decimal("1.0"))) == content_digest(replace(DRAFT, amount=Decimal(1)))


def test_a_complaint_takes_sums_and_days_from_the_form_only():
    got = complaint(DRAFT)
    assert (got.amount, got.happened_on) == (None, None)
    assert "电话[电话]" in got.masked_text
    assert got.text == DRAFT.text


def test_the_kind_is_given_or_proposed_or_the_channels():
    assert complaint(replace(DRAFT, kind=Kind.INQUIRY, text="我要举报")).kind is Kind.INQUIRY
    assert complaint(replace(DRAFT, text="我要举报有人制假")).kind is Kind.REPORT
    assert complaint(replace(DRAFT, text="那个事情")).kind is Kind.REPORT
    assert complaint(replace(DRAFT, text="那个事情", channel="12315")).kind is Kind.DISPUTE


def test_the_place_comes_from_the_form_where_the_text_is_silent():
    assert complaint(replace(DRAFT, happened_where="西城区")).region.adcode == "110102"
    assert complaint(DRAFT, home="110102").region is None


def test_a_draft_without_text_makes_no_complaint():
    with pytest.raises(InvalidInputError):
        complaint(replace(DRAFT, text=" "))


@pytest.mark.parametrize(
    ("text", "kind", "also"),
    [
        ("我在店里买了一部手机是假的，要求退一赔三", Kind.DISPUTE, None),
        ("举报某仓库里批量生产假酒，请查处", Kind.REPORT, None),
        ("请问怎么申请专利？", Kind.INQUIRY, None),
        ("我要举报这家店卖假货，请严查，同时要求退款赔偿，帮我协调解决", Kind.REPORT, Kind.DISPUTE),
        ("咨询一下举报电话是多少", Kind.INQUIRY, None),
        ("", Kind.REPORT, None),
    ],
)
def test_kinds(text, kind, also):
    got = propose_kind(text)
    assert (got.kind, got.also) == (kind, also)
    assert got.why


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三千二百", 3200),
        ("四百五", 450),
        ("一万二", 12000),
        ("二〇二六", 2026),
        ("十五", 15),
        ("一百零五", 105),
        ("廿三", 23),
        ("三五百", None),
        ("", None),
    ],
)
def test_chinese_numerals(text, value):
    assert chinese_int(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,280.00", "1280.00"), ("1.2万", "12000"), ("3万5", "35000"), ("三点五万", "35000"), ("x", None)],
)
def test_numbers(text, value):
    assert to_decimal(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("name", "adcode"),
    [
        ("北京市西城区", "110102"),
        ("北京西城", "110102"),
        ("西城区", "110102"),
        ("110102", "110102"),
        ("110100", "110000"),
        ("河南省驻马店市", "411700"),
        ("吉林", "220000"),
        ("宝坻", "120115"),
        ("朝阳区", None),
        ("999999", None),
        ("", None),
    ],
)
def test_find_region(name, adcode):
    region = find_region(name)
    assert (region.adcode if region else None) == adcode


def test_regions_know_their_parents_and_levels():
    assert parents("110102") == ("110000",)
    assert parents("130203") == ("130200", "130000")
    assert parents("110000") == ()
    assert find_region("130203").name == "河北省唐山市路北区"
    assert find_region("419001").level == "county"
    assert all(region.level in {"province", "city", "county"} for region in all_regions().values())


def test_near_duplicates():
    a = "西单商场二楼卖假冒耐克鞋，要求查处"
    b = "西单商场2楼的店卖假冒耐克鞋"
    assert similarity(a, a) == 1
    assert similarity(a, b) > 0.5 > similarity(a, "物业停车费太贵")
    assert "卖假冒耐克鞋" in shared_words(a, b)
    assert bigrams("假货，假货") == ("假货",)


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_similarity_is_between_nothing_and_all(a, b):
    assert 0 <= similarity(a, b) <= 1
    assert all(word in b.lower() for word in shared_words(a, b))
    propose_kind(a)
    to_decimal(a)
    find_region(a)


def test_other_free_text_of_a_form_is_masked_alike():
    assert masked("回电13900000000给王小五", Reporter(name="王小五")) == "回电139****0000给王**"


def test_the_callers_numbers_are_hidden_in_what_is_said_of_the_other_side():
    """Those fields stand in clear and agencies read them; a caller's number typed there by mistake must not."""
    caller = Reporter(name="赵晓梅", phone="138 1234 5678", id_number="110102199001011234")
    other = Respondent(
        "茶庄13812345678", "马连道1号，联系138-1234-5678", "13812345678", "甲", "http://a.cn/?p=13812345678"
    )
    given_draft = replace(DRAFT, kind=Kind.DISPUTE, reporter=caller, respondent=other)
    hidden = "138****5678"
    url = f"http://a.cn/?p={hidden}"
    assert complaint(given_draft).respondent == Respondent(
        f"茶庄{hidden}", f"马连道1号，联系{hidden}", hidden, "甲", url
    )
    shop = Respondent("茶庄", "马连道1号", "01088886666")
    assert complaint(replace(given_draft, respondent=shop)).respondent == shop
