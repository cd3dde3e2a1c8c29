"""The API: channels bring complaints and ask how they stand, agencies' systems work on the cases sent to them."""

from hotline.web.api import (
    admission,
    cases,
    complaints,
    document,
    evidence,
    failing,
    guide,
    hooks,
    repeats,
    supplements,
    tags,
)
from hotline.web.api.room import blueprint

__all__ = [
    "admission",
    "blueprint",
    "cases",
    "complaints",
    "document",
    "evidence",
    "failing",
    "guide",
    "hooks",
    "repeats",
    "supplements",
    "tags",
]
