"""The administrator's room: accounts, sessions, channel tokens, the audit. No case is seen here."""

from __future__ import annotations

from hotline.web.admin import accounts, doors
from hotline.web.admin.room import blueprint

__all__ = ["accounts", "blueprint", "doors"]
