"""ETags: what was read is named by its bytes, so that nothing is sent twice and nothing seen is overwritten unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from hotline.web.api.room import blueprint
from hotline.web.errors import answer

if TYPE_CHECKING:
    from flask import Response

UNMODIFIED = "与 If-None-Match 所列的相同，没有变动"
CHANGED = "If-Match 所列的与现在的不符：查询之后有了变动，或写的不是回答里的 ETag。请不带 If-Match 重新查询。"
_READ, _FAILED = 200, 412


@blueprint.after_request
def tag(response: Response) -> Response:
    """Name every answer that was read, and leave its bytes out where the caller has them."""
    if response.status_code != _READ or response.is_streamed:
        return response
    response.add_etag()
    if request.method not in {"GET", "HEAD"}:
        return response
    tagged = response.make_conditional(request)  # It changes the answer itself.
    if tagged.status_code == _FAILED:  # If-Match on a question: an error like every other one, not half an answer.
        return answer(_FAILED, "precondition_failed", CHANGED)
    return response


def tag_of(response: Response) -> str:
    """The ETag that an answer gets."""
    response.add_etag()
    value, _ = response.get_etag()
    return value or ""
