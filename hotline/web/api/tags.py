"""ETags: what was read is named by its bytes, so that nothing is sent twice and nothing seen is overwritten unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from hotline.web.api.room import blueprint

if TYPE_CHECKING:
    from flask import Response

UNMODIFIED = "与 If-None-Match 所列的相同，没有变动"
_READ = 200


@blueprint.after_request
def tag(response: Response) -> Response:
    """Name every answer that was read, and leave its bytes out where the caller has them."""
    if response.status_code != _READ or response.is_streamed:
        return response
    response.add_etag()
    if request.method in {"GET", "HEAD"}:
        response.make_conditional(request)  # It changes the answer itself.
    return response


def tag_of(response: Response) -> str:
    """The ETag that an answer gets."""
    response.add_etag()
    value, _ = response.get_etag()
    return value or ""
