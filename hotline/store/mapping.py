"""Rows from records and records from rows, in one place; sealing happens here."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from hotline.casework.unsealing import guarded, openers
from hotline.intake.rarity import posting_grams
from hotline.intake.respondents import respondent_keys
from hotline.records import Complaint, Region, Reporter, Respondent
from hotline.store.codec import term
from hotline.store.crypto import binding
from hotline.store.types import FAR, canonical_text
from hotline.store.words import fold_name, index_words
from hotline.vocabulary import CaseState, Kind, LegRole, Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotline.records import Assignment, CaseSnapshot, Classification, Leg
    from hotline.store.crypto import Keyring

DETAILS = ("location_hint", "happened_where", "demand", "evidence_note")
"""Free texts of a complaint that are kept sealed together."""

_HALF_HIDDEN = re.compile(r"[0-9A-Za-z]*\*+[0-9A-Za-z]*")
SEALED_REPORTER = ("name", "phone", "id_number", "address")

NEW_CASE: dict[str, Any] = {
    "needs_review": False,
    "doubt": "",
    "plan": None,
    "clause": None,
    "lead_body_id": None,
    "silent": False,
}


def complaint_row(complaint: Complaint, case_id: str, keyring: Keyring) -> dict[str, Any]:
    """The complaint's row: full text and details sealed."""
    respondent, region = complaint.respondent, complaint.region
    details = canonical_text({name: getattr(complaint, name) for name in DETAILS})
    return {
        "id": complaint.id,
        "submission_id": complaint.submission_id,
        "case_id": case_id,
        "office_id": complaint.office_id,
        "channel": complaint.channel,
        "external_id": complaint.external_id,
        "received_at": complaint.received_at,
        "kind": str(complaint.kind),
        "urgency": str(complaint.urgency),
        "text": keyring.seal(complaint.text, binding("complaint", "text", complaint.id)),
        "masked_text": complaint.masked_text,
        "region": region.adcode if region else None,
        "region_name": region.name if region else None,
        "region_level": region.level if region else None,
        "details": keyring.seal(details, binding("complaint", "details", complaint.id)),
        "respondent_name": respondent.name,
        "respondent_address": respondent.address,
        "respondent_phone": respondent.phone,
        "respondent_platform": respondent.platform,
        "respondent_url": respondent.url,
        "respondent_key": fold_name(respondent.name),
        "goods": complaint.goods,
        "amount": complaint.amount,
        "happened_on": complaint.happened_on,
        "named": complaint.named,
        "anonymous": complaint.reporter.anonymous,
        "linked_to": complaint.linked_to,
    }


def respondent_rows(complaint: Complaint) -> list[dict[str, Any]]:
    """The keys that its respondent is found again by."""
    common = {"office_id": complaint.office_id, "complaint_id": complaint.id, "received_at": complaint.received_at}
    return [common | {"key": key} for key in respondent_keys(complaint.respondent)]


def text_gram_rows(complaint: Complaint) -> list[dict[str, Any]]:
    """The rarest pairs of characters of its masked text, which a text much like it is found by."""
    return [{"gram": gram, "complaint_id": complaint.id} for gram in posting_grams(complaint.masked_text)]


def search_row(complaint: Complaint) -> dict[str, Any]:
    """What a complaint is found by: the words of its masked text, its respondent and its goods.

    What a masked number still shows is no word: nobody may find an informer by the last four digits of a phone.
    """
    searched = f"{complaint.masked_text} {complaint.respondent.name} {complaint.goods}"
    words = index_words(_HALF_HIDDEN.sub(" ", searched))
    return {"complaint_id": complaint.id, "office_id": complaint.office_id, "words": words}


def reporter_row(complaint: Complaint, keyring: Keyring) -> dict[str, Any]:
    """The caller's row: every value sealed, phone and ID number with a blind index."""
    reporter = complaint.reporter
    sealed = {
        name: keyring.seal(getattr(reporter, name), binding("reporter", name, complaint.id)) for name in SEALED_REPORTER
    }
    return sealed | {
        "complaint_id": complaint.id,
        "phone_index": keyring.blind_index("phone", reporter.phone) or None,
        "id_index": keyring.blind_index("id_number", reporter.id_number) or None,
        "role": reporter.role,
    }


def complaint_of(row: Mapping[Any, Any], keyring: Keyring) -> Complaint:
    """The complaint from its row joined with its reporter's (columns `reporter_…`)."""
    complaint_id = row["id"]
    details = json.loads(keyring.open_text(row["details"], binding("complaint", "details", complaint_id)))
    caller = {
        name: keyring.open_text(row[f"reporter_{name}"], binding("reporter", name, complaint_id))
        for name in SEALED_REPORTER
    }
    region = Region(row["region"], row["region_name"] or "", row["region_level"] or "") if row["region"] else None
    return Complaint(
        id=complaint_id,
        submission_id=row["submission_id"],
        office_id=row["office_id"],
        channel=row["channel"],
        external_id=row["external_id"],
        received_at=row["received_at"],
        kind=term(Kind, row["kind"]),
        text=keyring.open_text(row["text"], binding("complaint", "text", complaint_id)),
        masked_text=row["masked_text"],
        urgency=term(Urgency, row["urgency"]),
        region=region,
        reporter=Reporter(**caller, anonymous=row["anonymous"], role=row["reporter_role"]),
        respondent=Respondent(
            name=row["respondent_name"],
            address=row["respondent_address"],
            phone=row["respondent_phone"],
            platform=row["respondent_platform"],
            url=row["respondent_url"],
        ),
        goods=row["goods"],
        amount=row["amount"],
        happened_on=row["happened_on"],
        linked_to=row["linked_to"],
        **{name: details.get(name, "") for name in DETAILS},
    )


def case_row(
    snapshot: CaseSnapshot, assignment: Assignment | None, classification: Classification | None
) -> dict[str, Any]:
    """The columns of a case that its snapshot, and what was newly decided, give."""
    row: dict[str, Any] = {
        "id": snapshot.case_id,
        "office_id": snapshot.office_id,
        "complaint_id": snapshot.complaint_id,
        "state": str(snapshot.state),
        "seq": snapshot.seq,
        "kind": str(snapshot.kind),
        "urgency": str(snapshot.urgency),
        "channel": snapshot.channel,
        "category": snapshot.category,
        "setting": snapshot.setting,
        "supervised": snapshot.supervised,
        "returns": snapshot.returns,
        "ruled": snapshot.ruled,
        "protected": guarded(snapshot),
        "opened_by": " ".join(sorted(openers(snapshot))),
        "received_at": snapshot.received_at,
        "closed_at": snapshot.closed_at,
    }
    if assignment is not None:
        row |= {
            "plan": assignment.plan,
            "clause": assignment.duty.clause if assignment.duty else None,
            "silent": assignment.silent,
        }
    if classification is not None:
        row |= {"needs_review": classification.needs_review, "doubt": classification.doubt}
    if snapshot.state is not CaseState.TRIAGE:
        row |= {"needs_review": False}
    lead = _lead_of(snapshot)
    if lead is not None:
        row["lead_body_id"] = lead
    return row


def leg_row(leg: Leg, case_id: str) -> dict[str, Any]:
    """A leg's row; a new one has no deadline until the clocks are saved."""
    return {
        "id": leg.id,
        "case_id": case_id,
        "body_id": leg.body_id,
        "role": str(leg.role),
        "state": str(leg.state),
        "opened_at": leg.opened_at,
        "signed_at": leg.signed_at,
        "closed_at": leg.closed_at,
        "suspended": leg.suspended,
        "due_at": FAR,
    }


def _lead_of(snapshot: CaseSnapshot) -> str | None:
    """The body of the newest lead leg, open or not."""
    leads = [leg for leg in snapshot.legs if leg.role is LegRole.LEAD]
    return leads[-1].body_id if leads else None
