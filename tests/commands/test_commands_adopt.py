import pytest
import time_machine

from hotline.routing.plans import SHIPPED, load_plans

TEXT = (SHIPPED / "xicheng-2011.toml").read_text("utf-8")
CHANGED = TEXT.replace('agencies = ["区城管监察大队"]', 'agencies = ["区文化委"]')
OFFICE = ("users", "office", "xicheng", "--name", "西城区办公室", "--region", "110102", "--plan", "xicheng-2011")


@pytest.fixture
def adopt(hotline, place):
    """`hotline plans adopt` in an installation, on 21 November 2026."""
    with time_machine.travel("2026-11-21T04:00:00Z", tick=False):
        assert hotline("migrate").code == 0
        assert hotline(*OFFICE, "--prefix", "1").code == 0

        def run(content, *more, effective="2026-12-01"):
            (place / "plan.toml").write_text(content, "utf-8")
            return hotline("plans", "adopt", "plan.toml", "--effective", effective, "--reason", "机构调整", *more)

        yield run


def test_a_version_is_tried_adopted_and_counted(adopt, hotline):
    tried = adopt(CHANGED, "--dry-run")
    assert (tried.code, tried.lines[-1]["version"]) == (0, None)
    before = hotline("audit", "verify").object["events"]
    ran = adopt(CHANGED)
    last = ran.lines[-1]
    assert (last["plan"], last["version"], last["effective"], last["moved"]) == ("xicheng-2011", 2, "2026-12-01", 0)
    assert all(line["level"] == "note" for line in ran.lines[:-1])
    after = hotline("audit", "verify").object
    assert (after["events"], after["ok"]) == (before + 1, True)
    assert adopt(CHANGED).code == 2, "the same text again"


def test_a_new_plan_needs_no_code(adopt):
    fresh = CHANGED.replace('id = "xicheng-2011"', 'id = "xicheng-2026"').replace("2011-01-10", "2026-11-20")
    assert adopt(fresh).lines[-1]["version"] == 1


@pytest.mark.parametrize(
    ("content", "effective", "code", "said"),
    [
        (TEXT, "2026-12-01", 2, "没有改动"),
        (CHANGED, "2026-11-20", 2, "不能早于今天"),
        (CHANGED, "soon", 2, "不是日期"),
        ("format =", "2026-12-01", 2, "plan.toml:1"),
        (CHANGED.replace('"西城公安分局"', '"区太空局"'), "2026-12-01", 1, "不能采用"),
    ],
)
def test_what_cannot_be_adopted_says_why(adopt, content, effective, code, said):
    ran = adopt(content, effective=effective)
    assert ran.code == code
    assert said in ran.err


def test_plans_without_a_database_say_that_they_are_the_shipped_ones(hotline):
    ran = hotline("plans", "list")
    assert "随程序发布" in ran.err
    assert len(ran.lines) == len(load_plans())
