"""Errors that only the API knows, as statuses; everything else is answered as pages answer it, in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.errors import HotlineError
from hotline.web.api.acting import NoTagError, StaleTagError
from hotline.web.api.admission import TooLargeError
from hotline.web.api.reading import NotJsonError, WrongTypeError
from hotline.web.api.room import blueprint
from hotline.web.errors import STATUS, answer

if TYPE_CHECKING:
    from flask import Response

OWN: dict[type[HotlineError], int] = {
    NotJsonError: 400,
    StaleTagError: 412,
    TooLargeError: 413,
    WrongTypeError: 415,
    NoTagError: 428,
}


@blueprint.errorhandler(HotlineError)
def failed(error: HotlineError) -> Response:
    """The one error shape, with the status of the error's kind."""
    known = {**STATUS, **OWN}
    status = next((known[kind] for kind in type(error).__mro__ if kind in known), 500)
    return answer(status, error.code, error.message, error.fields)
