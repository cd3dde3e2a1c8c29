"""Each fact against texts written from the conventions by a hand that had not seen the code."""

import json
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from hotline.intake.normalise import normalise

GOLDEN = Path(__file__).parents[1] / "golden"
EQUAL = (1, 1)
# File → fact → the least precision and recall; a fact that has reached equality stays there.
FLOORS = {
    "normalise_conventions.jsonl": {
        "phones": EQUAL,
        "id_numbers": EQUAL,
        "amounts_yuan": (1, 0.99),
        "dates": EQUAL,
        "urls": EQUAL,
        "region": (0.98, 0.97),
    },
    "normalise_conventions_2.jsonl": {
        "phones": EQUAL,
        "id_numbers": EQUAL,
        "amounts_yuan": (1, 0.995),  # 二十一个 may be so much a piece or a count.
        "dates": EQUAL,
        "urls": EQUAL,
        "region": EQUAL,
    },
}
LINES = {
    name: [json.loads(line) for line in (GOLDEN / name).read_text(encoding="utf-8").splitlines()] for name in FLOORS
}


def bare(url):
    """An address without its scheme and its last slash, its host in lower case."""
    host, slash, path = url.partition("://")[2].partition("/") if "://" in url else url.partition("/")
    return (host.lower() + slash + path).rstrip("/")


def sums(found, expected):
    """Both sides as comparable sets; where the line leaves open whether a sum is approximate, only its value counts."""
    vague = {Decimal(each["value"]): each["approx"] for each in expected if "approx" in each}
    wanted = {(Decimal(each["value"]), each.get("approx")) for each in expected}
    return {(each.value, each.approx if each.value in vague else None) for each in found}, wanted


def read(line, fact):
    """What is found and what is expected, as sets."""
    got = normalise(
        line["text"],
        received_at=datetime.fromisoformat(line["received_at"]),
        location_hint=line.get("location_hint", ""),
        home_region=line.get("home_region"),
    )
    if fact == "amounts_yuan":
        return sums(got.amounts_yuan, line[fact])
    if fact == "region":
        return ({got.region.adcode} if got.region else set()), ({line[fact]} if line[fact] else set())
    if fact == "urls":
        return {bare(url) for url in got.urls}, {bare(url) for url in line[fact]}
    return {str(each) for each in getattr(got, fact)}, set(line[fact])


@pytest.mark.parametrize(("name", "fact"), [(name, fact) for name, floors in FLOORS.items() for fact in floors])
def test_a_fact_is_found_and_hardly_anything_else(name, fact):
    count, wrong = Counter(), []
    for line in LINES[name]:
        if fact in line:
            found, expected = read(line, fact)
            count += Counter(right=len(found & expected), found=len(found), expected=len(expected))
            if found != expected:
                wrong.append((line["text"], sorted(found - expected), sorted(expected - found)))
    precision, recall = FLOORS[name][fact]
    assert count["right"] >= precision * count["found"], wrong
    assert count["right"] >= recall * count["expected"], wrong


@pytest.mark.parametrize("name", FLOORS)
def test_every_fact_is_asked_for_often_enough(name):
    lines = LINES[name]
    assert len(lines) >= 190
    for fact, least in {"phones": 90, "amounts_yuan": 230, "dates": 120, "urls": 14, "region": 60}.items():
        assert sum(len(line.get(fact) or ()) if fact != "region" else bool(line.get(fact)) for line in lines) >= least
