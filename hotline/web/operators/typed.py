"""What was typed into the entry form, to be kept and to be shown again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LINES = (
    "name",
    "phone",
    "address",
    "id_number",
    "role",
    "respondent_name",
    "respondent_address",
    "respondent_phone",
    "platform",
    "url",
    "goods",
    "happened_where",
    "location_hint",
    "reason",
)
TYPED = (
    "channel",
    "text",
    *LINES,
    "anonymous",
    "amount",
    "happened_on",
    "demand",
    "evidence_note",
    "urgency",
    "kind",
    "received_at",
    "category",
    "setting",
    "plan_id",
    "split",
    "clue",
)


def typed_of(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed, to be shown again: only the fields of this form, and no kind that the page had only proposed."""
    typed = {name: form[name] for name in (*TYPED, "token", "quarantine_id") if form.get(name)}
    if typed.get("kind") == form.get("kind_proposed"):
        typed.pop("kind", None)
    return typed


def raw_of(form: Mapping[str, str]) -> bytes:
    """What was typed, as it is kept beside the complaint."""
    kept = {name: form[name] for name in TYPED if form.get(name)}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True).encode("utf-8", errors="replace")
