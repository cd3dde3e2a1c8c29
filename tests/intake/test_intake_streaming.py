"""A file is read piece by piece: where it is cut changes nothing, and what is remembered of it stays small."""

import io
import random
from datetime import UTC, datetime

import pytest

from hotline.intake import encodings
from hotline.intake.channels import get_channel
from hotline.intake.judge import dry_run, judge_file
from hotline.intake.outcome import ImportOutcome, Refusal, Refusals
from hotline.intake.readers import read_table
from hotline.intake.seen import Seen, word

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CHANNEL = get_channel("12315")
TABLE = (
    "某某中心工单导出\r\n编号,时间,诉求内容,电话\r\n"
    'A1,2026-11-20,"第一行\r\n第二行, ""引""用",13900000000\r\n'
    "A2,2023-02-30,买到假货,\r\nA3,,𠀀店卖过期牛奶,\n\nA3,,𠀀店卖过期牛奶,\rA3,,别的内容,\nA4,,少一列\n合计,3,,\n"
)
LINES = (
    '\n{"id": "1", "text": "甲店卖假烟", "reporter": {"phone": "13900000000"}}\n{"text": "乙"}\n不是 JSON\n'
    '[1]\n{"id": "1", "text": "甲店卖假烟", "reporter": {"phone": "13900000000"}}\n{"text": "𠀀"}'
)
ARRAY = '[\n {"id": 1, "text": "甲"},\n {"text": "乙]\\"["}, 17, {"text": "丙"}, {"text": "断'
OBJECT = '\n{\n "id": "7",\n "text": "只有一条"\n}\n'
TEXTS = {
    "table": TABLE,
    "open quote": TABLE.replace('""用"', '""用'),
    "semicolons": TABLE.replace(",", ";"),
    "lines": LINES,
    "array": ARRAY,
    "whole array": ARRAY[: ARRAY.rindex(", {")] + "]",
    "object": OBJECT,
    "torn object": OBJECT[:-4],
}
CODES = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le")


def read(content, size, monkeypatch):
    monkeypatch.setattr(encodings, "CHUNK", size)
    reading = read_table(io.BytesIO(content), CHANNEL)
    return reading.form, reading.encoding, reading.header, list(reading.records)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", TEXTS)
def test_where_the_pieces_end_changes_nothing(name, code, monkeypatch):
    content = TEXTS[name].encode(code)
    whole = read(content, 1 << 20, monkeypatch)
    assert len(whole[3]) > 0
    for size in (2, 6, 10, 64, 98):
        assert read(content, size, monkeypatch) == whole, size


def test_neither_does_it_in_spoilt_files(monkeypatch):
    chance = random.Random(7)  # noqa: S311 - the same spoilt files every time.
    tried = 0
    for turn in range(300):
        content = bytearray(chance.choice(list(TEXTS.values())).encode(chance.choice(CODES)))
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(content))
            content[at : at + chance.randint(0, 2)] = bytes([chance.choice(b'"\x00\xff\xe5,\n\r{[\x80')])
        try:
            whole = read(bytes(content), 1 << 20, monkeypatch)
        except Exception as error:  # noqa: BLE001 - whatever it is, the pieces must give the same.
            with pytest.raises(type(error)):
                read(bytes(content), 6, monkeypatch)
            continue
        assert read(bytes(content), 6, monkeypatch) == whole, turn
        tried += 1
    assert tried > 150


def test_a_record_over_many_pieces_costs_no_more_than_its_length(monkeypatch):
    long = "长" * 200_000
    content = f'诉求内容,编号\n"{long}",1\n短,2\n'.encode()
    *_, rows = read(content, 256, monkeypatch)
    assert [len(row.fields["text"]) for row in rows] == [200_000, 1]


def test_a_stream_is_not_held(tmp_path):
    class Watched(io.FileIO):
        longest = 0

        def read(self, size=-1):
            found = super().read(size)
            Watched.longest = max(Watched.longest, len(found))
            return found

    path = tmp_path / "long.csv"
    path.write_text("编号,诉求内容\n" + "".join(f"N{n},劣质水杯{n}\n" for n in range(40_000)), encoding="utf-8")
    with Watched(path) as stream:
        assert dry_run(stream, "12315", now=NOW).accepted == 40_000
    assert Watched.longest <= encodings.CHUNK < path.stat().st_size


def test_a_dry_run_counts_what_is_judged():
    for text in TEXTS.values():
        judged, counted = judge_file(text.encode(), "12315", now=NOW), dry_run(text.encode(), "12315", now=NOW)
        assert (counted.accepted, counted.duplicates) == (judged.accepted, judged.duplicates)
        assert [(each.row, each.line, each.reason) for each in counted.rejected] == [
            (each.row, each.line, each.reason) for each in judged.rejected
        ]


def test_many_names_are_remembered_in_little_room():
    seen = Seen()
    names = [word(f"工单{n}") for n in range(50_000)]
    for place, name in enumerate(names, 1):
        seen.put(name, place)
        seen.put(names[0], 7)
    assert [seen.get(name) for name in names[:3]] == [7, 2, 3]
    assert seen.get(names[-1]) == 50_000
    assert seen.get(word("没有见过")) == 0
    ((kilobytes,),), ((kept,),) = seen._ask("PRAGMA cache_size"), seen._ask("SELECT count(*) FROM seen")
    assert (kept, kilobytes) == (50_000, -4096)


def test_refusals_keep_their_order_and_no_content():
    made = Refusals([Refusal(3, 9, "乙", "原文", "A3"), Refusal(1, 2, "甲", "原文"), Refusal(2, 5, "乙")])
    assert list(made.in_order()) == [Refusal(1, 2, "甲"), Refusal(2, 5, "乙"), Refusal(3, 9, "乙")]
    assert made[0] == Refusal(3, 9, "乙")
    assert made[1:] == [Refusal(1, 2, "甲"), Refusal(2, 5, "乙")]
    whole = ImportOutcome(1, 2, Refusals([Refusal(1, 1, "甲")]))
    whole.add(ImportOutcome(3, 4, made))
    assert (whole.accepted, whole.duplicates, len(whole.rejected), whole.read) == (4, 6, 4, 14)
