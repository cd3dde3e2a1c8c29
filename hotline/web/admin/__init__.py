"""The administrator's room: accounts, sessions, channel tokens, the outbox, the audit. No case is seen here."""

from __future__ import annotations

from hotline.web.admin import accounts, channel_page, contacts, doors, outbox, tokens
from hotline.web.admin.room import blueprint

__all__ = ["accounts", "blueprint", "channel_page", "contacts", "doors", "outbox", "tokens"]
