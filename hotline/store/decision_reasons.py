"""Why people decided otherwise than the model guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from hotline.intake.normalise import masked
from hotline.store.free_texts import open_text
from hotline.store.tables import DECISION, EVENT_TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlmodel import Session

    from hotline.store.crypto import Keyring

BY_PERSON = "人工选择"
"""The step of a route's trace that holds a person's reason (`casework.preparation`)."""


def reasons_of(session: Session, keyring: Keyring, rows: Sequence[Any]) -> dict[str, str]:
    """Why each decision was made: the event's own text, else the reason in the route that the decision made."""
    wanted = select(EVENT_TEXT.c.event_id, EVENT_TEXT.c.content).where(
        EVENT_TEXT.c.event_id.in_([row["event_id"] for row in rows])
    )
    own = {event_id: masked(open_text(event_id, text, keyring)) for event_id, text in session.execute(wanted)}
    routes = select(DECISION.c.case_id, DECISION.c.at, DECISION.c.body).where(
        DECISION.c.case_id.in_([row["case_id"] for row in rows]), DECISION.c.kind == "assignment"
    )
    said = {(case_id, at): _person(body) for case_id, at, body in session.execute(routes)}
    return {row["event_id"]: own.get(row["event_id"]) or said.get((row["case_id"], row["at"]), "") for row in rows}


def _person(body: Mapping[str, Any]) -> str:
    steps = cast("list[dict[str, str]]", body.get("trace", []))
    return next((step["detail"] for step in steps if step["step"] == BY_PERSON), "")
