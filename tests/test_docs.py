"""The documentation names what exists."""

import re
from pathlib import Path

import pytest

from hotline.variables import SETTINGS

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented(setting):
    lines = (ROOT / "docs/settings.md").read_text("utf-8").splitlines()
    row = next((line for line in lines if f"`{setting.name}`" in line), "")
    assert setting.help in row
    assert not setting.default or f"`{setting.default}`" in row


def test_no_setting_is_documented_that_does_not_exist():
    named = set(re.findall(r"HOTLINE_[A-Z0-9_]+[A-Z0-9]", (ROOT / "docs/settings.md").read_text("utf-8")))
    assert named <= {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("page", ["README.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").glob("*.md"))])
def test_links_between_documents_lead_somewhere(page):
    source = ROOT / page
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", source.read_text("utf-8")):
        assert (source.parent / target).exists(), f"{page} links to {target}"
