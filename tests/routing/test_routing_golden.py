"""The golden table: 28 categories × 9 settings of the Xicheng plan, and texts with goods words, read row by row."""

import csv
from datetime import date
from pathlib import Path

import pytest

from hotline.routing.directory_file import load_directory
from hotline.routing.matrix import route
from hotline.routing.plans import load_plans
from hotline.routing.taxonomy import load_taxonomy

TABLE = Path(__file__).parents[1] / "golden" / "xicheng-routing.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['category']}-{row['setting']}-{row['cue'][:8]}")
def test_each_row_routes_as_the_table_says(row):
    assignment = route(
        plan=load_plans()["xicheng-2011"],
        directory=load_directory(),
        category=row["category"],
        setting=row["setting"],
        text=row["cue"],
        received_on=date(2026, 11, 20),
    )
    assert (assignment.duty.clause if assignment.duty else "") == row["clause"]
    assert (assignment.lead.name if assignment.lead else "") == row["lead"]
    assert "、".join(agency.name for agency in assignment.co) == row["co"]


def test_the_table_holds_the_whole_grid_and_says_why():
    taxonomy = load_taxonomy()
    grid = {(row["category"], row["setting"]) for row in ROWS if not row["cue"]}
    assert grid == {(category, setting) for category in taxonomy.categories for setting in taxonomy.settings}
    assert len(grid) == 28 * 9
    assert all(row["comment"] for row in ROWS)
