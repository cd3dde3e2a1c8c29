"""The directory is read from `agencies.toml` and from every file of the folder beside it, as one."""

import pytest

from hotline.errors import PlanError
from hotline.routing.directory_file import SHIPPED, load_directory

FIRST = """
version = 3
collectives = ["有关部门"]
[[body]]
id = "000000-a"
name = "总局"
region = "000000"
type = "aic"
"""
SECOND = """
collectives = ["各县区"]
[[body]]
id = "411700-a"
name = "市局"
region = "411700"
type = "aic"
[[body.successor]]
body = "000000-a"
on = 2018-03-21
reason = "试"
confirmed = true
"""


def written(folder, second):
    path = folder / "agencies.toml"
    path.write_text(FIRST, encoding="utf-8")
    (folder / "agencies").mkdir()
    (folder / "agencies" / "411700.toml").write_text(second, encoding="utf-8")
    return path


def test_files_are_joined_and_may_name_each_other_s_bodies(tmp_path):
    directory = load_directory(written(tmp_path, SECOND))
    assert set(directory.bodies) == {"000000-a", "411700-a"}
    assert directory.version == 3
    assert directory.collectives == {"有关部门", "各县区"}


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('id = "411700-a"', 'id = "000000-a"', "重复"),
        ('body = "000000-a"', 'body = "000000-b"', "承接机构"),
        ("[[body]]", "[[corpse]]", "411700.toml: 机构名录缺少字段"),
        ('"各县区"]', '"各县区"', "411700.toml: 机构名录不是有效的 TOML"),
    ],
)
def test_a_broken_part_is_refused_by_name(tmp_path, old, new, reason):
    with pytest.raises(PlanError, match=reason):
        load_directory(written(tmp_path, SECOND.replace(old, new, 1)))


def test_shipped_parts_are_there():
    ids = set(load_directory().bodies)
    parts = sorted(path.stem for path in SHIPPED.with_suffix("").glob("*.toml"))
    assert {"120115", "411700"} <= set(parts)
    assert {"110102-scjg", "120115-scjg", "411700-scjg"} <= ids
