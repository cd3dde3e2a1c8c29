import json

import pytest

from hotline.commands.installation import open_database
from hotline.environment import read_settings
from hotline.store.engine import read_transaction
from hotline.store.quarantine import quarantine_list

TABLE = """\
编号,投诉内容,受理时间
1,甲商场卖假名牌包,2026-11-20
2,,2026-11-20
3,乙店卖假烟,2023-02-30
4,丙店卖假酒,2026-11-20
1,甲商场卖假名牌包,2026-11-20
4,丙店卖假药,2026-11-20
合计,6,
"""
REFUSED = [(2, 3), (3, 4), (6, 7)]


@pytest.fixture
def installation(hotline, monkeypatch, model_folder):
    """A migrated database with one office."""
    monkeypatch.setenv("HOTLINE_MODEL", str(model_folder))
    assert hotline("migrate").code == 0
    made = hotline(
        *("users", "office", "xicheng", "--name", "西城区专项行动领导小组办公室", "--region", "110102"),
        *("--plan", "xicheng-2011", "--prefix", "1"),
    )
    assert made.code == 0, made.err
    return hotline


def places(result):
    return [(each["row"], each["line"]) for each in result["rejected"]]


def test_dry_run_needs_nothing_and_writes_nothing(separate, place):
    (place / "in.csv").write_bytes(TABLE.encode("gb18030"))
    ran = separate("import", "--channel", "12315", "in.csv", "--dry-run", "--json")
    assert ran.code == 1
    assert set(ran.object) == {"accepted", "duplicates", "rejected"}
    assert (ran.object["accepted"], ran.object["duplicates"]) == (2, 1)
    assert places(ran.object) == REFUSED
    assert all(set(each) == {"row", "line", "reason"} for each in ran.object["rejected"])
    assert [path.name for path in place.iterdir()] == ["in.csv"]


def test_json_says_what_each_record_likely_repeats(installation):
    told = "柳林村村东头鱼塘边上有个院子加工猪血，味道很重，工人往桶里倒福尔马林。"
    rows = "".join(json.dumps({"id": f"R{n}", "text": told, "kind": "举报"}, ensure_ascii=False) + "\n" for n in (1, 2))
    ran = installation("import", "--channel", "12315", "--json", stdin=rows)
    assert ran.code == 0, ran.err
    assert {"accepted", "duplicates", "rejected", "repeats"} == set(ran.object)
    one, other = ran.object["repeats"]
    assert (one["row"], other["row"]) == (1, 2)
    assert one["near"][0]["case_number"] == other["case_number"]
    assert (one["near"][0]["sameness"], one["near"][0]["reasons"]) == ("same", ["words"])
    again = rows.replace('"R', '"S')
    without = installation("import", "--channel", "12315", "--json", "--repeats", "0", stdin=again)
    assert ("repeats" in without.object, without.object["repeats_unchecked"]) == (False, 2)
    told_people = installation("import", "--channel", "12315", "--repeats", "1", stdin=again.replace('"S', '"T'))
    assert "疑似重复" in told_people.err
    assert "其余 1 条没有逐条查找" in told_people.err
    assert "福尔马林" not in told_people.err


def test_without_json_people_get_words_and_stdout_stays_empty(hotline):
    ran = hotline("import", "--channel", "12315", "-", "--dry-run", stdin=TABLE)
    assert (ran.code, ran.out) == (1, "")
    assert "可登记 2 条" in ran.err
    assert "第 6 条（文件第 7 行）" in ran.err


def test_a_clean_file_is_exit_0(hotline):
    ran = hotline("import", "--channel", "12390", "--dry-run", "--json", stdin='{"text": "有人卖盗版书"}\n')
    assert ran.code == 0
    assert ran.object == {"accepted": 1, "duplicates": 0, "rejected": []}


@pytest.mark.parametrize("content", [b"", b" \n\n", b"\x00\x01\x02\x03" * 50, "甲,乙\n1,2\n".encode()])
def test_a_file_that_cannot_be_used_at_all(hotline, content):
    ran = hotline("import", "--channel", "12315", "--dry-run", "--json", stdin=content)
    assert ran.code == 2
    error = ran.object.pop("error")
    assert error
    assert {key: ran.object[key] for key in ("accepted", "duplicates", "rejected")} == {
        "accepted": 0,
        "duplicates": 0,
        "rejected": [],
    }


def test_a_file_that_is_not_there(hotline):
    ran = hotline("import", "--channel", "12315", "nothing.csv", "--dry-run", "--json")
    assert ran.code == 2
    assert "nothing.csv" in ran.object["error"]


def test_an_unknown_channel_is_exit_2(hotline):
    ran = hotline("import", "--channel", "99999", "--dry-run", "--json", stdin=TABLE)
    assert (ran.code, ran.out) == (2, "")
    assert "12315" in ran.err


def test_import_without_a_database_says_what_to_do(hotline):
    ran = hotline("import", "--channel", "12315", stdin=TABLE)
    assert (ran.code, ran.out) == (2, "")
    assert "hotline migrate" in ran.err


def test_import_without_an_office_says_what_to_do(hotline, monkeypatch, model_folder):
    monkeypatch.setenv("HOTLINE_MODEL", str(model_folder))
    hotline("migrate")
    ran = hotline("import", "--channel", "12315", stdin=TABLE)
    assert (ran.code, ran.out) == (2, "")
    assert "办公室" in ran.err


def test_import_twice_changes_nothing_and_other_content_is_refused_by_its_number(installation):
    first = installation("import", "--channel", "12315", "--json", stdin=TABLE)
    assert first.code == 1
    assert "xicheng" in first.err, "the office is named"
    assert (first.object["accepted"], first.object["duplicates"]) == (2, 1)
    assert places(first.object) == REFUSED
    second = installation("import", "--channel", "12315", "--json", stdin=TABLE)
    assert (second.object["accepted"], second.object["duplicates"]) == (0, 3)
    assert places(second.object) == REFUSED
    changed = TABLE.replace("甲商场卖假名牌包", "甲商场卖假名牌鞋")
    third = installation("import", "--channel", "12315", "--json", stdin=changed)
    assert (third.object["accepted"], third.object["duplicates"]) == (0, 2)
    assert places(third.object) == [(1, 2), *REFUSED], "sorted by row, each with its line"


def test_refused_rows_wait_in_quarantine_with_their_place(installation):
    installation("import", "--channel", "12315", stdin=TABLE)
    installation("import", "--channel", "12315", stdin=TABLE)
    installation("import", "--channel", "12315", stdin=TABLE.replace("假名牌包", "假名牌鞋"))
    with open_database(read_settings()) as (engine, _), read_transaction(engine) as session:
        waiting = quarantine_list(session, "xicheng").lines
    assert sorted({(each.row, each.line) for each in waiting}) == [(1, 2), *REFUSED]
    assert len(waiting) == 4, "importing again keeps a refused row once"


def test_rows_without_ids_are_known_again(installation):
    content = "\n".join(json.dumps({"text": text}, ensure_ascii=False) for text in ("甲", "甲", "乙"))
    assert installation("import", "--channel", "12330", "--json", stdin=content).object["accepted"] == 3
    again = installation("import", "--channel", "12330", "--json", stdin=content)
    assert (again.code, again.object) == (0, {"accepted": 0, "duplicates": 3, "rejected": []})


def test_an_unusable_file_changes_nothing_in_the_database(installation):
    before = installation("audit", "verify").object["events"]
    ran = installation("import", "--channel", "12315", "--json", stdin="甲,乙\n1,2\n")
    assert ran.code == 2
    assert "error" in ran.object
    assert installation("audit", "verify").object["events"] == before


def test_the_office_can_be_chosen(installation):
    installation(
        *("users", "office", "baodi", "--name", "宝坻区办公室", "--region", "120115"),
        *("--plan", "xicheng-2011", "--prefix", "2"),
    )
    assert "（xicheng）" in installation("import", "--channel", "12315", stdin=TABLE).err, "the lowest number prefix"
    named = installation("import", "--channel", "12315", "--office", "baodi", "--json", stdin=TABLE)
    assert named.object["accepted"] == 2, "another office's complaints are not this one's"
    assert installation("import", "--channel", "12315", "--office", "nowhere", stdin=TABLE).code == 2


@pytest.mark.parametrize(
    ("when", "text"),
    [
        ("2099-01-01 00:00", "西城区卖假烟"),
        ("2003-05-01 09:00", "买的电视是假货，要求退款"),
        ("2026-02-30", "西城区卖假烟"),
    ],
)
def test_a_dry_run_refuses_what_an_import_refuses(installation, place, when, text):
    (place / "in.csv").write_text(f"编号,投诉内容,受理时间\n1,{text},{when}\n2,西城区卖假酒,2026-11-20\n", "utf-8")
    dry, real = (
        installation("import", "--channel", "12315", "in.csv", "--json", *more) for more in (("--dry-run",), ())
    )
    assert (dry.code, real.code) == (1, 1)
    assert dry.object == real.object
    assert (dry.object["accepted"], places(dry.object)) == (1, [(1, 2)])


def test_the_same_refused_rows_under_another_name_wait_once(installation, place):
    for name in ("a.csv", "b.csv"):
        (place / name).write_bytes(TABLE.encode())
        assert installation("import", "--channel", "12315", name, "--json").code == 1
    with open_database(read_settings()) as (engine, _), read_transaction(engine) as session:
        assert len(quarantine_list(session, "xicheng").lines) == len(REFUSED)


def test_a_dry_run_takes_what_an_import_takes_of_a_year_without_calendar(installation, place):
    """A 举报 has no clock that begins with the receipt in working days of that time, nor what waits for its body."""
    rows = (
        "1,西城区卖假烟,2003-05-01 09:00",
        "2,食品里吃出虫子，要求退款,1999-05-01",
        "3,买到过期的面包，要求赔偿,1999-05-02",
    )
    (place / "in.csv").write_text("\n".join(("编号,投诉内容,受理时间", *rows)), "utf-8")
    for more in (("--dry-run",), ()):
        assert installation("import", "--channel", "12315", "in.csv", "--json", *more).object == {
            "accepted": 3,
            "duplicates": 0,
            "rejected": [],
        }


def test_a_dry_run_without_a_model_says_so_and_refuses_no_row(installation, place, monkeypatch):
    monkeypatch.setenv("HOTLINE_MODEL", str(place / "nowhere"))
    ran = installation(
        "import",
        "--channel",
        "12315",
        "--dry-run",
        "--json",
        stdin="编号,投诉内容,受理时间\n1,西城区卖假烟,1999-05-01\n",
    )
    assert (ran.code, ran.out) == (2, "")
    assert "模型" in ran.err
