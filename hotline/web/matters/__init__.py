"""移送公安, 联合执法, 协查: the list of what concerns a person, one matter, and what may be done next."""

from __future__ import annotations

from hotline.web.matters import acting, listing, showing
from hotline.web.matters.room import blueprint

__all__ = ["acting", "blueprint", "listing", "showing"]
