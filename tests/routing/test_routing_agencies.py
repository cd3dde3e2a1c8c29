from datetime import date

import pytest

from hotline.errors import PlanError
from hotline.routing.agencies import resolve_today
from hotline.routing.directory_file import SHIPPED, load_directory
from hotline.routing.plans import load_plans
from hotline.vocabulary import AgencyType

NOW = date(2026, 11, 20)
DIRECTORY = load_directory()


def named(alias):
    return DIRECTORY.find(alias, "110102")


@pytest.mark.parametrize(
    ("alias", "category", "today"),
    [
        ("西城工商分局", "trademark", "北京市西城区市场监督管理局"),
        ("区质监局", "product_quality", "北京市西城区市场监督管理局"),
        ("西城药监分局", "drug", "北京市西城区市场监督管理局"),
        ("区文化委", "copyright", "北京市西城区文化和旅游局"),
        ("区旅游局", "trademark", "北京市西城区文化和旅游局"),
        ("区知识产权局", "patent", "北京市西城区知识产权局"),
        ("区城管监察大队", "copyright", "北京市西城区城市管理综合行政执法局"),
        ("区发展改革委", "price_fraud", "北京市西城区市场监督管理局"),
        ("区发展改革委", "fuel", "北京市西城区发展和改革委员会"),
        ("西城公安分局", "trademark", "北京市公安局西城分局"),
        ("区委宣传部", "copyright", "中国共产党北京市西城区委员会宣传部"),
    ],
)
def test_successors_by_remit(alias, category, today):
    assert resolve_today(DIRECTORY, named(alias), category, NOW).name == today


@pytest.mark.parametrize(
    ("on", "today"),
    [
        (date(2011, 6, 1), "110102-yjfj"),
        (date(2013, 12, 30), "110102-yjfj"),
        (date(2013, 12, 31), "110102-syj"),
        (date(2018, 11, 29), "110102-syj"),
        (date(2018, 11, 30), "110102-scjg"),
    ],
)
def test_the_body_of_the_day_through_two_successions(on, today):
    assert resolve_today(DIRECTORY, named("西城药监分局"), "drug", on).id == today


def test_types_choose_the_statutory_clocks():
    assert named("西城工商分局").type is AgencyType.AIC
    assert named("区质监局").type is AgencyType.QUALITY
    assert named("区市场监管局").type is AgencyType.MARKET_REGULATION
    assert named("区知识产权局").type is AgencyType.PATENT


def test_every_agency_of_the_plans_is_known_and_has_a_body_today():
    for plan in load_plans().values():
        for duty in plan.duties:
            for name in duty.agencies_full:
                assert DIRECTORY.known(name, duty.region)
                body = DIRECTORY.find(name, duty.region)
                assert body is None or resolve_today(DIRECTORY, body, "trademark", NOW) is not None


def test_the_same_name_elsewhere_is_another_body():
    assert DIRECTORY.find("区质监局", "120115") is not named("区质监局")


def test_what_is_from_memory_says_so():
    steps = [step for body in DIRECTORY.bodies.values() for step in body.successors]
    assert steps
    assert all(step.confirmed or "待部署单位确认" in step.reason for step in steps)


WIDE = """
version = 1
[[body]]
id = "000000-old"
name = "总局"
region = "000000"
type = "aic"
until = 2018-03-21
[[body.successor]]
body = "000000-new"
on = 2018-03-21
reason = "组建"
confirmed = true
[[body]]
id = "000000-new"
name = "新总局"
region = "000000"
type = "market_regulation"
system = "market"
[[body]]
id = "110102-new"
name = "区局"
region = "110102"
type = "market_regulation"
system = "market"
since = 2018-11-30
[[body]]
id = "000000-gone"
name = "旧委"
region = "000000"
type = "any"
until = 2018-03-21
"""


def test_under_a_wider_plan_the_body_at_the_place_acts(tmp_path):
    path = tmp_path / "agencies.toml"
    path.write_text(WIDE, encoding="utf-8")
    directory = load_directory(path)
    old = directory.bodies["000000-old"]
    assert resolve_today(directory, old, "food", NOW, "110102").id == "110102-new"
    assert resolve_today(directory, old, "food", NOW, "410000").id == "000000-new"
    assert resolve_today(directory, old, "food", date(2018, 6, 1), "110102").id == "000000-new"
    assert resolve_today(directory, directory.bodies["000000-gone"], "food", NOW) is None


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('body = "000000-new"', 'body = "000000-nobody"', "承接机构"),
        ('name = "区局"', 'name = "区局"\naliases = ["新总局"]\n#', None),
        ('id = "110102-new"', 'id = "000000-new"', "重复"),
        ('name = "新总局"', 'name = "总局"', "重复"),
        ('type = "any"', 'type = "police station"', "取值有误"),
        ("confirmed = true", 'confirmed = true\ncategories = ["petrol"]', "未知类别"),
        ("version = 1", 'version = "', "TOML"),
    ],
)
def test_a_directory_that_contradicts_itself_is_refused(tmp_path, old, new, reason):
    path = tmp_path / "agencies.toml"
    path.write_text(WIDE.replace(old, new, 1), encoding="utf-8")
    if reason is None:
        assert load_directory(path).find("新总局", "110102").id == "110102-new"
        return
    with pytest.raises(PlanError, match=reason):
        load_directory(path)


def test_the_shipped_directory_is_utf8_and_versioned():
    assert "version = " in SHIPPED.read_text(encoding="utf-8")
    assert DIRECTORY.version >= 1


NARROW = WIDE.replace(
    """name = "区局"
region = "110102"
type = "market_regulation"
system = "market"
since = 2018-11-30
""",
    """name = "市药监局"
region = "110000"
type = "food_drug"
system = "market"
[[body.remit]]
categories = ["drug"]
reason = "药品"
[[body]]
id = "110000-new"
name = "市局"
region = "110000"
type = "market_regulation"
system = "market"
[[body.remit]]
categories = ["food", "trademark"]
reason = "食品与商标"
[[body.remit]]
categories = ["trademark"]
settings = ["import_export"]
rank = 2
reason = "口岸"
[[body.remit]]
categories = ["food"]
goods = ["葡萄酒"]
rank = 2
reason = "酒类"
""",
)


def test_the_nearest_place_around_serves_and_there_the_competent_body(tmp_path):
    path = tmp_path / "agencies.toml"
    path.write_text(NARROW, encoding="utf-8")
    directory = load_directory(path)
    old = directory.bodies["000000-old"]
    assert resolve_today(directory, old, "food", NOW, "110105").name == "市局"
    assert resolve_today(directory, old, "drug", NOW, "110105").name == "市药监局"
    assert resolve_today(directory, old, "food", NOW, None).name == "新总局"


def test_a_narrowed_remit_fits_only_its_setting_or_goods_and_then_comes_first(tmp_path):
    path = tmp_path / "agencies.toml"
    path.write_text(NARROW, encoding="utf-8")
    body = load_directory(path).bodies["110000-new"]
    assert body.competence("trademark", "market").reason == "食品与商标"
    assert body.competence("trademark", "import_export").reason == "口岸"
    assert body.competence("food", "market", "葡萄酒").reason == "酒类"
    assert body.competence("food", "market", "大米").reason == "食品与商标"
    assert body.competence("drug", "market") is None


def test_a_remit_in_an_unknown_setting_is_refused(tmp_path):
    path = tmp_path / "agencies.toml"
    path.write_text(NARROW.replace('"import_export"', '"harbour"'), encoding="utf-8")
    with pytest.raises(PlanError, match="未知环节"):
        load_directory(path)
