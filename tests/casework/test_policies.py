from dataclasses import replace
from datetime import date

import pytest

from hotline.casework.policies import applicable
from hotline.casework.policy_file import load_policies, load_policy_file, parse_policies
from hotline.casework.policy_lookup import default_agency_type, extension_rule, known_policy
from hotline.casework.policy_overrides import with_overrides
from hotline.errors import PolicyError
from hotline.records import ClockOverride
from hotline.vocabulary import AgencyType, Kind, Unit, Urgency

POLICIES = load_policies()
HOTLINE = {"H-DISPATCH", "H-SIGN", "H-RETURN", "H-REASSIGN", "H-FIRST-CONTACT", "H-RESOLVE", "H-FOLLOWUP"}
# These are chosen by the day of their event and stand in every list of their agency type.
X310 = {"X310-DECIDE", "X310-TRANSFER", "X310-RECONSIDER", "X310-SUPERVISE", "X310-HANDOVER", "GA-SUPPLEMENT"}
EVENT = X310 | {"CASE-90"}


def ids(kind, agency, day, channel="12315", *, category=None, urgency=Urgency.NORMAL):
    chosen = applicable(
        POLICIES,
        kind=Kind(kind),
        agency_type=AgencyType(agency),
        channel=channel,
        urgency=urgency,
        received_on=date.fromisoformat(day),
        category=category,
    )
    return {policy.id for policy in chosen if policy.statutory}


NEW = {"C-ACCEPT", "C-MEDIATE", "C-TERM", "C-CLUE", "C-LIMIT", "J-DISPUTE"}
OLD = {"C20-ACCEPT", "C20-MEDIATE", "C20-TERM", "C20-CLUE"}
ZL81 = {"ZL81-FILE", "ZL81-CLOSE"}


@pytest.mark.parametrize(
    ("kind", "agency", "day", "expected"),
    [
        ("dispute", "market_regulation", "2026-04-15", NEW),
        ("dispute", "food_drug", "2026-04-15", NEW),
        ("dispute", "market_regulation", "2026-04-14", OLD | {"J-DISPUTE"}),
        ("dispute", "market_regulation", "2020-01-01", OLD | {"J-DISPUTE"}),
        ("dispute", "market_regulation", "2019-12-31", {"GS62-ACCEPT", "GS62-MEDIATE"}),  # 12315 took over 工商.
        ("dispute", "market_regulation", "2018-02-28", {"CPL-46"}),
        ("report", "market_regulation", "2026-11-20", {"R-VERIFY", "R-MERGE", "J-DISPUTE"}),
        ("report", "market_regulation", "2026-04-14", {"R-VERIFY", "R20-NOTIFY", "J-DISPUTE"}),
        ("report", "market_regulation", "2019-04-01", {"R-VERIFY"}),
        ("report", "market_regulation", "2019-03-31", set()),
        ("dispute", "aic", "2014-03-14", {"GS51-ACCEPT", "GS51-MEDIATE"}),
        ("dispute", "aic", "2014-03-15", {"GS62-ACCEPT", "GS62-MEDIATE"}),
        ("dispute", "aic", "2020-01-01", {"CPL-46"}),
        ("report", "aic", "2019-03-31", {"GS28-VERIFY"}),
        ("report", "aic", "2019-04-01", set()),
        ("dispute", "quality", "1998-03-12", {"ZJ51-DECIDE"}),
        ("dispute", "quality", "1998-03-11", set()),
        ("report", "quality", "2015-01-01", set()),
        ("dispute", "food_drug", "2016-03-01", {"SY21-ACCEPT", "SY21-REPLY"}),
        ("report", "food_drug", "2016-02-29", set()),
        ("dispute", "patent", "2026-11-20", ZL81 | {"ZL71-FILE-FAKE-OWN"}),
        ("dispute", "patent", "2025-02-01", ZL81 | OLD | {"ZL71-FILE-FAKE-OWN"}),
        ("dispute", "patent", "2025-01-31", OLD | {"ZL71-FILE-INFRINGE", "ZL71-CLOSE-INFRINGE", "ZL71-FILE-FAKE-OWN"}),
        ("dispute", "patent", "2012-01-01", {"ZL60-CLOSE-INFRINGE", "ZL71-FILE-FAKE-OWN"}),
        ("report", "patent", "2026-11-20", {"ZL71-FILE-FAKE-REPORT", "ZL71-CLOSE-FAKE", "ZL71-FILE-FAKE-OWN"}),
        ("report", "copyright", "2026-11-20", {"BQ6-ACCEPT"}),
        ("dispute", "copyright", "2026-11-20", {"CPL-46"}),
        ("report", "copyright", "2009-06-14", set()),
        ("dispute", "any", "2026-11-20", {"CPL-46"}),
        ("dispute", "any", "2014-03-14", set()),
        ("report", "any", "2026-11-20", set()),
        ("dispute", "customs", "2026-11-20", {"CPL-46", "HG-DETAIN", "HG-FINDING"}),
        ("inquiry", "market_regulation", "2026-11-20", None),
    ],
)
def test_the_statutory_clocks_of_each_case(kind, agency, day, expected):
    assert ids(kind, agency, day) == (set() if expected is None else expected | EVENT)


def test_police_clocks_are_the_police_s_alone():
    police = ids("report", "police", "2026-11-20") - ids("report", "any", "2026-11-20")
    assert police == {
        *("X310-FORWARD", "X310-REVIEW", "X310-REDECIDE", "GA-FORWARD", "GA-INCOMPLETE", "GA-EXPLAIN", "GA-FILE")
    }


@pytest.mark.parametrize(
    ("channel", "expected"), [("12315", "GS62-ACCEPT"), ("12365", "ZJ51-DECIDE"), ("12331", "SY21-ACCEPT")]
)
def test_a_merged_bureau_keeps_the_rules_of_what_it_took_over(channel, expected):
    receipts = ids("dispute", "market_regulation", "2018-06-01", channel) & {
        *("GS62-ACCEPT", "ZJ51-DECIDE", "SY21-ACCEPT", "CPL-46")
    }
    assert receipts == {expected}


def test_a_fake_patent_at_the_market_bureau_takes_the_shorter_time():
    assert "R-VERIFY" in ids("report", "market_regulation", "2026-11-20", category="trademark")
    fake = ids("report", "market_regulation", "2026-11-20", category="patent")
    assert "ZL71-FILE-FAKE-REPORT" in fake
    assert "R-VERIFY" not in fake


def test_hotline_clocks_always_run_and_region_tables_never():
    for kind in Kind:
        for agency in AgencyType:
            chosen = applicable(
                POLICIES,
                kind=kind,
                agency_type=agency,
                channel="12330",
                urgency=Urgency.NORMAL,
                received_on=date(2026, 11, 20),
                region="110000",
            )
            demands = {"H-SUPERVISE", "H-REPLY"} if agency is AgencyType.HOTLINE else set()
            matters = set() if kind is Kind.INQUIRY else {"H-JOINT", "H-COOPERATE"}
            assert {policy.id for policy in chosen if not policy.statutory} == HOTLINE | demands | matters
            assert not any(policy.id.startswith(("DF-", "GA16-", "BJ-", "SD-")) for policy in chosen)


def test_an_enabled_regional_policy_serves_its_region_only():
    enabled = tuple(replace(policy, enabled=True) for policy in POLICIES if policy.id == "SD-RETURN")
    facts = {
        "kind": Kind.REPORT,
        "agency_type": AgencyType.ANY,
        "channel": "12315",
        "urgency": Urgency.NORMAL,
        "received_on": date(2026, 11, 20),
    }
    assert applicable(enabled, **facts, region="370102")
    assert not applicable(enabled, **facts, region="110102")
    assert not applicable(enabled, **facts)


@pytest.mark.parametrize(
    ("urgency", "policy", "duration", "unit"),
    [
        (Urgency.CRITICAL, "H-DISPATCH", 1, Unit.HOUR),
        (Urgency.URGENT, "H-DISPATCH", 2, Unit.HOUR),
        (Urgency.NORMAL, "H-DISPATCH", 24, Unit.HOUR),
        (Urgency.CRITICAL, "H-SIGN", 30, Unit.MINUTE),
        (Urgency.NORMAL, "H-SIGN", 1, Unit.WORKDAY),
        (Urgency.NORMAL, "H-RETURN", 2, Unit.WORKDAY),
        (Urgency.URGENT, "H-REASSIGN", 4, Unit.HOUR),
        (Urgency.CRITICAL, "H-FIRST-CONTACT", 2, Unit.HOUR),
        (Urgency.NORMAL, "H-RESOLVE", 5, Unit.WORKDAY),
        (Urgency.CRITICAL, "H-FOLLOWUP", 0, Unit.DAY),
        (Urgency.URGENT, "H-FOLLOWUP", 1, Unit.DAY),
        (Urgency.NORMAL, "H-FOLLOWUP", 3, Unit.WORKDAY),
    ],
)
def test_urgency_chooses_the_hotline_duration(urgency, policy, duration, unit):
    chosen = known_policy(POLICIES, policy).at(urgency)
    assert (chosen.duration, chosen.unit) == (duration, unit)


def test_the_article_follows_the_date():
    old, new = (
        next(policy for policy in POLICIES if policy.id == "J-DISPUTE" and policy.covers(AgencyType.FOOD_DRUG, day))
        for day in (date(2026, 4, 14), date(2026, 4, 15))
    )
    assert "20号令第30条" in old.article
    assert "121号令第33条" in new.article


def test_every_statutory_policy_cites_and_no_hotline_policy_does():
    for policy in POLICIES:
        assert bool(policy.article) == policy.statutory, policy.id
        assert policy.title
        assert policy.trigger
        assert policy.confidence


@pytest.mark.parametrize(
    ("channel", "day", "expected"),
    [
        ("12315", "2018-02-28", "aic"),
        ("12315", "2018-03-01", "market_regulation"),
        ("12365", "2018-02-28", "quality"),
        ("12365", "2026-01-01", "market_regulation"),
        ("12330", "2010-01-01", "patent"),
        ("12330", "2026-01-01", "patent"),
        ("12390", "2026-01-01", "copyright"),
        ("12345", "2026-01-01", "any"),
    ],
)
def test_the_body_behind_a_channel(channel, day, expected):
    assert default_agency_type(channel, date.fromisoformat(day)) == expected


@pytest.mark.parametrize(
    ("policy", "urgency", "expected"),
    [
        ("R-VERIFY", None, (15, Unit.WORKDAY, 1)),
        ("C-CLUE", None, (15, Unit.WORKDAY, 1)),
        ("CASE-90", None, (30, Unit.DAY, 1)),
        ("ZL71-CLOSE-FAKE", None, (15, Unit.DAY, 1)),
        ("ZL81-CLOSE", None, (3, Unit.MONTH, 2)),
        ("H-RESOLVE", None, (10, Unit.WORKDAY, 1)),
        ("H-RESOLVE", Urgency.URGENT, (24, Unit.HOUR, 1)),
        ("H-RESOLVE", Urgency.CRITICAL, None),
        ("C-ACCEPT", None, None),
        ("C-MEDIATE", None, None),
        ("H-SIGN", None, None),
        ("NO-SUCH", None, None),
    ],
)
def test_extensions_only_where_the_article_allows(policy, urgency, expected):
    rule = extension_rule(POLICIES, policy, urgency)
    assert (rule and (rule.maximum, rule.unit, rule.times)) == expected


def test_an_office_may_change_its_hotline_clocks():
    changed = with_overrides(POLICIES, [ClockOverride("H-SIGN", 2, Unit.MINUTE, Urgency.NORMAL)])
    sign = known_policy(changed, "H-SIGN")
    assert (sign.at(Urgency.NORMAL).duration, sign.at(Urgency.NORMAL).unit) == (2, Unit.MINUTE)
    assert sign.at(Urgency.CRITICAL).duration == 30
    every = known_policy(with_overrides(POLICIES, [ClockOverride("H-RESOLVE", 7, Unit.WORKDAY)]), "H-RESOLVE")
    assert {every.at(urgency).duration for urgency in Urgency} == {7}
    assert known_policy(POLICIES, "H-SIGN").at(Urgency.NORMAL).unit is Unit.WORKDAY


@pytest.mark.parametrize(
    ("override", "message"),
    [
        (ClockOverride("C-ACCEPT", 30, Unit.DAY), "法定时限"),
        (ClockOverride("R-VERIFY", 3, Unit.WORKDAY), "法定时限"),
        (ClockOverride("H-NONE", 3, Unit.DAY), "没有编号"),
        (ClockOverride("H-SIGN", -1, Unit.HOUR), "不能用"),
        (ClockOverride("H-SIGN", 0, Unit.HOUR), "不能用"),
    ],
)
def test_an_override_that_may_not_be(override, message):
    with pytest.raises(PolicyError, match=message):
        with_overrides(POLICIES, [override])


ROW = """
version = "t"
[[policy]]
id = "T-ONE"
title = "t"
kinds = ["dispute"]
agency_types = ["any"]
since = "2020-01-01"
trigger = "t"
duration = 7
unit = "日"
holder = "leg"
stop = "t"
article = "t"
confidence = "A"
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("duration = 7", "duration = -7", "-7 日 不能用"),
        ("duration = 7", 'duration = "7"', "不能用"),
        ("duration = 7", "duration = 7.5", "不能用"),
        ('unit = "日"', 'unit = "周"', "周 不在词表中"),
        ("duration = 7\n", "", "缺少 'duration'"),
        ('"dispute"', '"complaint"', "complaint 不在词表中"),
        ('["any"]', "[]", "没有机关类型"),
        ('["any"]', '"any"', "文字列表"),
        ('since = "2020-01-01"', 'since = "2020-01-01"\nuntil = "2019-01-01"', "止日早于起日"),
        ('since = "2020-01-01"', 'since = "2020-02-30"', "T-ONE"),
        ('id = "T-ONE"', 'id = "t one"', "编号"),
        ('stop = "t"', 'stop = "t"\ncolour = "red"', "colour"),
        ('stop = "t"', 'stop = "t"\nenabled = "yes"', "true 或 false"),
        ('stop = "t"', 'stop = "t"\nextension = { max = 0, unit = "日", times = 1 }', "延期数额"),
        ('stop = "t"', 'stop = "t"\nextension = { max = -5, unit = "日", times = 1 }', "不能用"),
        ('stop = "t"', 'stop = "t"\nstop_actions = ["fly"]', "fly 不在词表中"),
        ("[[policy]]", "[policy", "格式不对"),
        ('version = "t"', "", "格式不对"),
    ],
)
def test_a_policy_that_no_clock_could_follow_is_refused(old, new, message):
    assert parse_policies(ROW).policies[0].id == "T-ONE"
    with pytest.raises(PolicyError, match=message):
        parse_policies(ROW.replace(old, new))


def test_two_versions_may_not_claim_the_same_case():
    second = ROW.split("\n", 2)[2]
    with pytest.raises(PolicyError, match="两条"):
        parse_policies(ROW + second)
    later = second.replace("2020-01-01", "2021-01-01")
    first = ROW.replace('since = "2020-01-01"', 'since = "2020-01-01"\nuntil = "2020-12-31"')
    assert len(parse_policies(first + later).policies) == 2


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(PolicyError, match=r"nothing\.toml"):
        load_policy_file(tmp_path / "nothing.toml")


def test_an_unknown_id_is_an_error():
    with pytest.raises(PolicyError, match="没有编号为 C-NONE"):
        known_policy(POLICIES, "C-NONE")


def test_only_the_market_bureaus_may_extend_a_filed_case():
    assert extension_rule(POLICIES, "CASE-90", agency_type=AgencyType.MARKET_REGULATION).maximum == 30
    assert extension_rule(POLICIES, "CASE-90", agency_type=AgencyType.COPYRIGHT) is None
