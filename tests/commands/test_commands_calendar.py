import pytest

from hotline.casework.calendar_legal import legal_days


def notice(year, *more, without=""):
    """The days of a year that are off by law, as the file of a notice, and others."""
    named = {day: name for name, days in legal_days(year).items() if name != without for day in days}
    off = [f"{day},放假,{name}" for day, name in named.items()]
    return "\n".join(["date,type,name", *off, *more, ""])


NOTICE = notice(2027, "2027-02-09,holiday,春节", "2027-02-14,补班,春节")
CLOCK = {
    "policy": str, "statutory": bool, "trigger": str, "start": str, "duration": int, "unit": str, "due": str,
    "provisional": bool, "trace": list,
}  # fmt: skip
RECEIVED = ("deadlines", "--kind", "dispute", "--channel", "12315", "--received", "2026-11-20T10:00:00+08:00")


def test_add_skips_the_holiday_and_counts_the_makeup_day(separate):
    ran = separate("workdays", "add", "2026-09-30", "3")
    assert ran.code == 0
    assert (ran.object["date"], ran.object["provisional"]) == ("2026-10-10", False)
    steps = ran.object["trace"]
    assert [step["counted"] for step in steps] == [False] * 7 + [True] * 3
    assert set(steps[0]) == {"date", "counted", "reason"}


def test_between_counts_the_last_day_and_not_the_first(hotline):
    found = hotline("workdays", "between", "2026-11-20", "2026-11-23").object
    assert (found["days"], found["provisional"], len(found["trace"])) == (1, False, 3)


def test_a_year_without_its_notice_is_provisional(hotline):
    assert hotline("workdays", "add", "2026-12-31", "1").object["provisional"] is True


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "2026-02-30", "1"),
        ("add", "20261120", "1"),
        ("add", "2026-11-20", "0"),
        ("add", "2026-11-20", "-1"),
        ("add", "2026-11-20", "x"),
        ("add", "1999-01-01", "3"),
        ("between", "2026-11-20", "2026-11-19"),
        ("between", "1999-01-01", "1999-02-01"),
        ("import", "2027", "nothing.csv"),
        ("import", "x", "-"),
    ],
)
def test_bad_arguments_are_exit_2(hotline, arguments):
    ran = hotline("workdays", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.strip()


def test_an_imported_year_serves_from_then_on(hotline, place):
    ran = hotline("workdays", "import", "2027", stdin=NOTICE)
    assert ran.code == 0
    found = ran.object
    assert (found["year"], found["days"], found["provisional"]) == (2027, 15, False)
    assert found["added"] == ["2027-02-14"]
    assert "2027-05-03" in found["removed"]
    assert "2027-02-14" in ran.err
    assert (place / "var" / "calendar" / "2027.toml").is_file()
    later = hotline("workdays", "add", "2027-02-12", "1").object
    assert (later["date"], later["provisional"]) == ("2027-02-14", False)
    again = hotline("workdays", "import", "2027", stdin=NOTICE)
    assert again.object == found, "the same file again says and stores the same"


@pytest.mark.parametrize(
    ("year", "content"),
    [
        ("2027", ""),
        ("2027", b"\x00\x01\x02"),
        ("2027", "date,type,name\n2027-13-01,放假,元旦\n"),
        ("2027", "date,type,name\n2026-05-01,放假,劳动节\n"),
        ("2027", "date,type,name\n2027-01-01,放假,元旦\n2027-01-01,放假,元旦\n"),
        ("2027", "date,type,name\n2027-02-09,补班,春节\n"),
        ("2028", notice(2028)),
    ],
)
def test_a_notice_that_cannot_be_used_changes_nothing(hotline, place, year, content):
    ran = hotline("workdays", "import", year, stdin=content)
    assert (ran.code, ran.out) == (2, "")
    assert not (place / "var").exists()


@pytest.mark.parametrize("feast", ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"])
def test_a_notice_without_a_legal_holiday_is_taken_and_names_it(hotline, feast):
    ran = hotline("workdays", "import", "2027", stdin=notice(2027, without=feast))
    assert ran.code == 0
    assert f"缺少法定放假日：{feast}（" in ran.err


def test_a_whole_notice_lacks_nothing(hotline):
    assert "缺少" not in hotline("workdays", "import", "2027", stdin=NOTICE).err


@pytest.mark.parametrize("start", ["R-VERIFY=2026-11-23", "C-MEDIATE=2026-11-19"])
def test_a_start_that_is_odd_is_told_and_the_rest_reckoned(hotline, start):
    ran = hotline(*RECEIVED, "--start", start)
    assert ran.code == 0
    assert "请注意：--start" in ran.err
    assert any(line["policy"] == "C-ACCEPT" for line in ran.lines)


def test_a_stored_year_that_was_spoilt_is_named(hotline, place):
    hotline("workdays", "import", "2027", stdin=NOTICE)
    (place / "var" / "calendar" / "2027.toml").write_text("[[day]]\ndate = 1\n", "utf-8")
    ran = hotline("workdays", "add", "2026-11-20", "1")
    assert ran.code == 2
    assert "2027.toml" in ran.err


def test_deadlines_print_one_clock_a_line(separate):
    ran = separate(*RECEIVED)
    assert ran.code == 0
    clocks = {line["policy"]: line for line in ran.lines}
    for line in ran.lines:
        for key, kind in CLOCK.items():
            assert isinstance(line[key], kind), key
        assert {"article", "due_alt"} <= set(line)
        assert line["statutory"] == bool(line["article"])
    assert clocks["C-ACCEPT"]["due"] == "2026-12-01"
    assert "第15条" in clocks["C-ACCEPT"]["article"]
    assert clocks["H-DISPATCH"]["statutory"] is False


def test_a_later_clock_runs_only_with_its_start(hotline):
    assert "C-MEDIATE" not in [line["policy"] for line in hotline(*RECEIVED).lines]
    ran = hotline(*RECEIVED, "--start", "C-MEDIATE=2026-11-23T09:00:00+08:00")
    (clock,) = [line for line in ran.lines if line["policy"] == "C-MEDIATE"]
    assert clock["start"].startswith("2026-11-23")


def test_urgency_chooses_the_hotline_clock(hotline):
    due = {}
    for urgency in ("特急", "一般"):
        lines = hotline(*RECEIVED, "--urgency", urgency).lines
        due[urgency] = next(line["due"] for line in lines if line["policy"] == "H-DISPATCH")
    assert due["特急"] < due["一般"]


@pytest.mark.parametrize(
    "more",
    [
        ("--start", "NO-SUCH=2026-11-23"),
        ("--start", "C-MEDIATE"),
        ("--category", "nope"),
        ("--start", "C-MEDIATE=yesterday"),
        ("--start", "C-MEDIATE=2026-11-23", "--start", "C-MEDIATE=2026-11-24"),
        ("--extend", "C-ACCEPT=5"),
        ("--extend", "H-RESOLVE=-1"),
        ("--extend", "H-RESOLVE=1.5"),
        ("--agency-type", "navy"),
        ("--urgency", "soon"),
        ("--received", "2026-02-30"),
        ("--received", "0001-01-01T00:00:00+08:00"),
        ("--channel", "99999"),
        ("--kind", "gossip"),
    ],
)
def test_deadlines_refuse_what_they_cannot_use(hotline, more):
    ran = hotline(*RECEIVED, *more)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.strip()


def test_a_day_before_the_calendar_says_from_which_year_on(hotline):
    ran = hotline("deadlines", "--kind", "dispute", "--channel", "12315", "--received", "2003-05-01")
    assert (ran.code, ran.out) == (2, "")
    assert "2004" in ran.err
