"""The selection: its address, its words, and what it refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hotline.casework.policy_file import load_policies
from hotline.commands.report_papers import ReportRules
from hotline.errors import InvalidInputError
from hotline.reports.addresses import from_query, to_query
from hotline.reports.figure_words import DESK, ClockState, Figure
from hotline.reports.labels import Labels, in_words
from hotline.reports.selection import Selection
from hotline.routing.directory_file import load_directory
from hotline.routing.taxonomy import load_taxonomy
from hotline.vocabulary import CaseState, Kind

FULL = Selection(
    clock=ClockState.LATE,
    policy="H-SIGN",
    started=True,
    since=date(2026, 11, 1),
    until=date(2026, 11, 21),
    body="110102-scjg",
    category="piracy",
    channel="12315",
    kind=Kind.REPORT,
    state=CaseState.DISPATCHED,
    supervised=True,
    silent=True,
)


@pytest.mark.parametrize("chosen", [Selection(), FULL, Selection(figure=Figure.BREACHED, body=DESK)])
def test_an_address_means_the_selection_it_was_made_from(chosen):
    assert from_query(to_query(chosen)) == chosen


def test_an_empty_selection_makes_an_empty_address():
    assert to_query(Selection()) == {}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"clock": "soonish"}, "clock"),
        ({"figure": "sold"}, "figure"),
        ({"kind": "盗版"}, "kind"),
        ({"state": "open"}, "state"),
        ({"from": "2026-02-30"}, "from"),
        ({"to": "21.11.2026"}, "to"),
        ({"from": "0001-01-01"}, "from"),
        ({"from": "2026-11-21", "to": "2026-11-20"}, "to"),
        ({"body": "x" * 65}, "body"),
        ({"category": "a\x00b"}, "category"),
    ],
)
def test_what_cannot_be_read_is_named(query, field):
    with pytest.raises(InvalidInputError) as caught:
        from_query(query)
    assert field in caught.value.fields


def test_days_are_days_in_shanghai_both_ends_included():
    since, until = Selection(since=date(2026, 11, 21), until=date(2026, 11, 21)).span()
    assert since == datetime(2026, 11, 20, 16, tzinfo=UTC)
    assert until == datetime(2026, 11, 21, 16, tzinfo=UTC)


@pytest.fixture(scope="module")
def labels():
    return Labels(ReportRules({}, load_directory(), load_taxonomy(), load_policies()))


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (Selection(), "全部工单"),
        (Selection(clock=ClockState.OVERDUE), "时限已逾期"),
        (Selection(clock=ClockState.OVERDUE, body=DESK), "时限责任单位：本办公室派单台；时限已逾期"),
        (Selection(body="110102-zscq", kind=Kind.DISPUTE), "承办单位：北京市西城区知识产权局；性质：投诉"),
        (Selection(policy="H-SIGN", since=date(2026, 11, 1)), "时限起算：2026-11-01 至 今天；时限：签收"),
        (Selection(since=date(2026, 11, 1), until=date(2026, 11, 2)), "收到：2026-11-01 至 2026-11-02"),
        (Selection(figure=Figure.RESOLVED, until=date(2026, 11, 2)), "期间：最早 至 2026-11-02；办结的工单"),
        (Selection(supervised=True, silent=True), "督办件；方案未列明"),
        (Selection(state=CaseState.DISPUTED), "状态：退单待处理"),
    ],
)
def test_the_filter_in_words(chosen, words, labels):
    assert in_words(chosen, labels) == words
