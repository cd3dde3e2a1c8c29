import json

import pytest

TRIAGE = {
    "id": object, "category": str, "confidence": float, "alternatives": list, "secondary": list, "setting": str,
    "kind": str, "needs_review": bool, "reasons": list, "plan": object, "duty": object, "lead": object, "co": list,
    "lead_today": object, "co_today": list, "trace": list,
}  # fmt: skip
NORMALISED = {
    "id": object, "text": str, "phones": list, "id_numbers": list, "amounts_yuan": list, "dates": list, "urls": list,
    "region": object, "masked_text": str, "repaired": bool,
}  # fmt: skip
STREAM = """\
{"text": "西城区某小学门口有人摆摊卖盗版教辅书", "id": "a"}

not json
{"text": "", "id": 7}
{"text": 5}
["text"]
{"text": "宝坻有人卖假化肥", "received_at": "2026-11-20T10:00:00+08:00", "id": NaN}
{"text": "西城区一家店卖假酒", "id": null, "location_hint": "110102"}
"""


def check(record, shape):
    assert set(record) >= set(shape)
    for key, kind in shape.items():
        assert isinstance(record[key], kind), key


def test_triage_answers_line_by_line_under_a_c_locale(separate, model_folder):
    ran = separate("triage", stdin=STREAM, HOTLINE_MODEL=str(model_folder))
    assert ran.code == 1, ran.err
    assert [set(line) == {"line", "error"} for line in ran.lines] == [False, True, True, False, True, True, True, False]
    assert [line["line"] for line in ran.lines if "error" in line] == [2, 3, 5, 6, 7]
    good = [line for line in ran.lines if "error" not in line]
    assert [line["id"] for line in good] == ["a", 7, None]
    for line in good:
        check(line, TRIAGE)
    assert good[0]["plan"] == "xicheng-2011"
    assert good[1]["needs_review"] is True
    assert "区" in ran.out, "Chinese is written as it is, not as escapes"


def test_triage_of_an_unknown_plan_says_nothing_on_stdout(separate, model_folder):
    ran = separate("triage", "--plan", "nowhere-1999", stdin=STREAM, HOTLINE_MODEL=str(model_folder))
    assert (ran.code, ran.out) == (2, "")
    assert "nowhere-1999" in ran.err


def test_triage_with_a_plan_routes_under_it_wherever_it_happened(hotline, monkeypatch, model_folder):
    monkeypatch.setenv("HOTLINE_MODEL", str(model_folder))
    text = json.dumps({"text": "河南驻马店一个小学门口有人摆地摊卖盗版教辅书"}, ensure_ascii=False)
    assert hotline("triage", "--plan", "xicheng-2011", stdin=text).object["plan"] == "xicheng-2011"


def test_triage_without_a_model_refuses(hotline, monkeypatch, tmp_path):
    monkeypatch.setenv("HOTLINE_MODEL", str(tmp_path / "nothing"))
    ran = hotline("triage", stdin='{"text": "甲"}')
    assert (ran.code, ran.out) == (2, "")
    assert "模型" in ran.err


def test_normalise_gives_every_key(hotline, place):
    (place / "in.jsonl").write_bytes(
        b"\xef\xbb\xbf"
        + '{"id": 1, "text": "昨天在西城区花八十八块五买的，电话１３９ ０００ ０００００，约300元", '
        '"received_at": "2026-11-20T09:00:00"}\n{"text": ""}\n'.encode()
    )
    ran = hotline("normalise", "in.jsonl")
    assert ran.code == 0
    full, empty = ran.lines
    for line in ran.lines:
        check(line, NORMALISED)
    assert full["phones"] == ["13900000000"]
    assert full["dates"] == ["2026-11-19"]
    assert {"value": 88.5, "approx": False} in full["amounts_yuan"]
    assert {"value": 300, "approx": True} in full["amounts_yuan"]
    assert full["region"] == {"adcode": "110102", "name": "北京市西城区", "level": "county"}
    assert "13900000000" not in full["masked_text"]
    assert empty == {key: [] for key in ("phones", "id_numbers", "amounts_yuan", "dates", "urls")} | {
        "id": None, "text": "", "region": None, "masked_text": "", "repaired": False,
    }  # fmt: skip


def test_normalise_says_that_garbled_text_was_repaired(hotline):
    good = "你购的商品是假的，商家让我打电话，他不肯退钱。"
    lines = [json.dumps({"text": text}) for text in (good.encode().decode("latin-1"), good)]
    garbled, plain = hotline("normalise", stdin="\n".join(lines)).lines
    assert (garbled["text"], garbled["repaired"]) == (good, True)
    assert (plain["text"], plain["repaired"]) == (good, False)


@pytest.mark.parametrize(
    "line",
    [
        b'{"text": "\xff"}',
        b"null",
        b'{"id": 1}',
        b"",
        b"  \t\r",
        b'{"text": "x", "id": 1e999}',
        b'{"text": "x", "id": [{"deep": -1e999}]}',
        b'{"text": "x", "id": Infinity}',
        b"[" * 100_000,
        b'{"text": "x", "received_at": "2023-02-30"}',
        b'{"text": "x", "received_at": 20230228}',
        b'{"text": "x", "location_hint": ["110102"]}',
        b'{"text": "x", "received_at": "0001-01-01T00:00:00+08:00"}',
    ],
)
def test_a_line_that_cannot_be_read_is_answered_in_its_place(hotline, line):
    ran = hotline("normalise", "-", stdin=b'{"text": "a"}\n' + line + b'\n{"text": "b"}')
    assert ran.code == 1
    first, bad, last = ran.lines
    assert (first["text"], last["text"]) == ("a", "b")
    assert set(bad) == {"line", "error"}
    assert bad["line"] == 2


def test_a_lone_surrogate_comes_back_as_valid_json(hotline):
    ran = hotline("normalise", stdin='{"id": "\\ud800", "text": "甲"}')
    assert ran.object["id"] == "\ud800"


def test_a_huge_line_is_taken_whole(hotline):
    text = "假货" * 200_000
    assert len(hotline("normalise", stdin=json.dumps({"text": text})).object["text"]) == len(text)


@pytest.mark.parametrize("command", ["triage", "normalise"])
def test_an_unreadable_file_is_exit_2(hotline, monkeypatch, model_folder, command):
    monkeypatch.setenv("HOTLINE_MODEL", str(model_folder))
    ran = hotline(command, "nothing-here.jsonl")
    assert (ran.code, ran.out) == (2, "")
    assert "nothing-here.jsonl" in ran.err


def test_the_home_region_decides_between_namesakes(hotline, monkeypatch):
    line = json.dumps({"text": "朝阳区一家店卖假酒"}, ensure_ascii=False)
    assert hotline("normalise", stdin=line).object["region"] is None
    monkeypatch.setenv("HOTLINE_HOME_REGION", "110105")
    assert hotline("normalise", stdin=line).object["region"]["adcode"] == "110105"


@pytest.mark.parametrize(("stdin", "lines"), [("", 0), ("\n", 1), ('{"text": "a"}\n', 1), ('{"text": "a"}\n\n', 2)])
def test_behind_the_last_newline_there_is_no_line(hotline, stdin, lines):
    assert len(hotline("normalise", stdin=stdin).lines) == lines
