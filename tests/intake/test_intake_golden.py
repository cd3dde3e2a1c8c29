import json
from datetime import datetime
from pathlib import Path

import pytest

from hotline.intake.normalise import normalise

GOLDEN = Path(__file__).parents[1] / "golden" / "normalise.jsonl"
LINES = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("line", LINES, ids=[line["text"][:20] for line in LINES])
def test_each_phrase_of_the_conventions(line):
    got = normalise(line["text"], received_at=datetime.fromisoformat(line["received_at"]))
    sums = [{"value": str(each.value), "approx": each.approx} for each in got.amounts_yuan]
    read = {
        "phones": list(got.phones),
        "id_numbers": list(got.id_numbers),
        "amounts_yuan": sums,
        "dates": [day.isoformat() for day in got.dates],
        "urls": list(got.urls),
    }
    assert read == {key: line[key] for key in read}


def test_there_are_enough_lines():
    assert len(LINES) >= 120
