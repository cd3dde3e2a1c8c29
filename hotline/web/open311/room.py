"""The blueprint, and answers as the standard has them: JSON or XML by the ending of the path, errors as lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET  # Only made here, never read: no hostile XML comes in.

from flask import Blueprint, Response, jsonify, request

from hotline.errors import HotlineError, InvalidInputError
from hotline.web.api.reading import reason_of
from hotline.web.errors import STATUS
from hotline.web.security import csrf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

blueprint = Blueprint("open311", __name__, url_prefix="/open311/v2")
csrf.exempt(blueprint)
XML = "xml"
_CONTROL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


class GeoReportError(HotlineError):
    """What the standard answers with a status of its own, e.g. 403 where the key is missing or wrong."""

    def __init__(self, status: int, message: str) -> None:
        """Keep the status beside the message."""
        super().__init__(message)
        self.status = status


def answered(items: Sequence[Mapping[str, Any]], *, root: str, item: str, status: int = 200) -> Response:
    """A list of things: in JSON a list, in XML `root` with one `item` each."""
    if not _wants_xml():
        response = jsonify(list(items))
    else:
        top = ET.Element(root)
        for each in items:
            _grow(ET.SubElement(top, item), each)
        response = _xml(top)
    response.status_code = status
    return response


def answered_one(thing: Mapping[str, Any], *, root: str) -> Response:
    """One thing, by itself."""
    if not _wants_xml():
        return jsonify(dict(thing))
    top = ET.Element(root)
    _grow(top, thing)
    return _xml(top)


@blueprint.errorhandler(HotlineError)
def failed(error: HotlineError) -> Response:
    """An error as the standard has it: a list of codes with descriptions."""
    known = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    status = error.status if isinstance(error, GeoReportError) else known
    if isinstance(error, InvalidInputError):
        status = 400  # The standard's word for a parameter that is missing or wrong.
    return answered([{"code": status, "description": reason_of(error)}], root="errors", item="error", status=status)


def _wants_xml() -> bool:
    return (request.view_args or {}).get("ending") == XML


def _grow(parent: ET.Element, thing: Mapping[str, Any]) -> None:
    for name, value in thing.items():
        child = ET.SubElement(parent, name)
        if isinstance(value, list):
            for each in value:
                _grow(ET.SubElement(child, name.removesuffix("s")), each)
        elif value is not None:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            child.text = text.translate(_CONTROL)


def _xml(top: ET.Element) -> Response:
    content = ET.tostring(top, encoding="utf-8", xml_declaration=True)
    return Response(content, mimetype="text/xml")
