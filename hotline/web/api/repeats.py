"""疑似重复 for a channel's system: which of its own complaints one of them likely repeats.

Asked for by itself, after the answer to the registration: looking it up takes as long as registering several. Of other
channels nothing is told, not even that there is something: a channel that types a number would learn who else it
belongs to. Nobody who informed on somebody is found by phone or ID number (`casework.unsealing.guarded`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import jsonify

from hotline.casework.state import replay
from hotline.casework.unsealing import guarded
from hotline.store.related import related_to
from hotline.web.api.admission import token
from hotline.web.api.asking import local
from hotline.web.api.complaint_shapes import RelatedComplaint, RelatedList
from hotline.web.api.complaints import own_case
from hotline.web.api.operations import Door, Operation, operation
from hotline.web.api.tags import UNMODIFIED
from hotline.web.context import services

if TYPE_CHECKING:
    from flask import Response

    from hotline.store.related_lines import RelatedLine

MOST, LOOKED_AT = 10, 60
"""How many are told, and among how many of all channels they are sought."""


@operation(
    Operation(
        "get",
        "/complaints/{complaint_id}/related",
        Door.CHANNEL,
        "查询一件诉求疑似重复本渠道的哪些诉求；举报不按来电人查找",
        {200: "疑似重复的诉求，最像的在前", 304: UNMODIFIED, 404: "本渠道没有这条诉求"},
        answer=RelatedList,
        places={"complaint_id": "诉求标识"},
    )
)
def list_related(complaint_id: str) -> Response:
    """What a complaint of the token's own channel and office likely repeats."""
    with services().read() as store:
        case_id = own_case(store, complaint_id)
        sealed = guarded(replay(store.events(case_id)))
        complaint = store.complaint(complaint_id)
        found = related_to(store, complaint, of_caller=not sealed, limit=LOOKED_AT).lines
    own = [each for each in found if each.line.channel == token().channel]
    return jsonify(RelatedList(items=[_told(each) for each in own[:MOST]]).model_dump())


def _told(each: RelatedLine) -> RelatedComplaint:
    return RelatedComplaint(
        complaint_id=each.complaint_id,
        case_number=each.line.number,
        state=each.line.state,
        received_at=local(each.line.received_at),
        sameness=each.sameness.value if each.sameness else None,
        likeness=round(each.likeness, 2),
        reasons=list(each.reasons),
    )
