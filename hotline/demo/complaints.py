"""The complaints of the demonstration: written for it, about invented people, as a form would hold them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotline.intake.submission import Draft
from hotline.moments import local_date
from hotline.records import Reporter, Respondent
from hotline.vocabulary import Kind, Urgency

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

FILE = Path(__file__).with_name("complaints.jsonl")
_KINDS = {kind.value: kind for kind in Kind}
_URGENCIES = {urgency.value: urgency for urgency in Urgency}


@dataclass(frozen=True, slots=True)
class Told:
    """One demonstration complaint, and what a careful operator would say it is."""

    id: str
    category: str
    setting: str
    fields: dict[str, Any]


def read_complaints() -> Iterator[Told]:
    """All complaints of the demonstration in the order of their file."""
    for line in FILE.read_text("utf-8").rstrip("\n").split("\n"):
        record = json.loads(line)
        yield Told(record["id"], record["category"], record["setting"], record)


def draft_of(told: Told, received_at: datetime) -> Draft:
    """The complaint as the form would hand it in at that moment."""
    fields = told.fields
    days_ago = fields["happened_on_days_ago"]
    return Draft(
        channel=fields["channel"],
        external_id=told.id,
        text=fields["text"],
        received_at=received_at,
        kind=_KINDS[fields["kind"]],
        urgency=_URGENCIES[fields["urgency"]],
        goods=fields["goods"],
        amount=None if fields["amount"] is None else Decimal(str(fields["amount"])),
        happened_on=None if days_ago is None else local_date(received_at) - timedelta(days=days_ago),
        happened_where=fields["happened_where"],
        demand=fields["demand"],
        evidence_note=fields["evidence_note"],
        reporter=Reporter(**fields["reporter"]),
        respondent=Respondent(**fields["respondent"]),
        raw=json.dumps(fields, ensure_ascii=False).encode(),
    )
