"""A form of the case page in the course of things: what happened since it was opened, and where it leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for

from hotline.errors import InvalidInputError
from hotline.vocabulary import Action
from hotline.web.addresses import own_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.records import CaseEvent

QUIET = frozenset(
    {
        Action.LOOK,
        Action.ADD_FACTS,
        Action.TELL,
        Action.ISSUE_CODE,
        Action.NOTE,
        Action.REMIND,
        Action.EVIDENCE,
        Action.SUPERVISE,
        Action.REPLY,
        Action.LINK,
        Action.UNLINK,
        Action.RELEASE,
        Action.WITHHOLD,
    }
)
"""Events that take nothing away from somebody who is just filling in a form: they make no conflict."""
ON_THE_WAY = frozenset(
    {
        Action.SIGN,
        Action.CONTACT,
        Action.ACCEPT,
        Action.DECLINE,
        Action.TERMINATE,
        Action.CLUE,
        Action.FILE,
        Action.NOT_FILE,
        Action.DECIDE,
        Action.NOTIFY,
        Action.SUSPEND,
        Action.RESUME,
        Action.REQUEST_EXTEND,
        Action.CLASSIFY,
        Action.REPLY,
        Action.TELL,
        Action.NOTE,
    }
)
"""Steps after which the same person mostly goes on with the same case: its page stays; others lead back to the list."""


def expected_seq(events: Sequence[CaseEvent], seen: Sequence[CaseEvent]) -> int | None:
    """The number of the last event the person saw, moved on over events that change nothing for them.

    The form says how many of the events that they may see there were.

    Raises:
        InvalidInputError: The form was tampered with.
    """
    typed = request.form.get("expected_seq", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):  # noqa: PLR2004 - no case has a billion events.
        message = "表单不完整，请刷新页面后重试。"
        raise InvalidInputError(message)
    later = seen[int(typed) :]
    return events[-1].seq if all(event.action in QUIET for event in later) else later[0].seq - 1


def way_on(case_id: str, done: Action) -> str:
    """Where to go: the list that the form named, where the work on the case is done for now, else the case."""
    back = own_path(request.form.get("back", ""))
    return back if back and done not in ON_THE_WAY else url_for("cases.show", case_id=case_id, back=back or None)
