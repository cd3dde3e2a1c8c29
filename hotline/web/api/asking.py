"""What stands behind the question mark, checked; and how answers say times."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from hotline.errors import InvalidInputError
from hotline.moments import SHANGHAI
from hotline.store.api_lists import Wanted
from hotline.web.api.reading import fields_of
from hotline.web.api.time_checks import since_of

if TYPE_CHECKING:
    from datetime import datetime

    from hotline.web.api.questions import ListQuery

Q = TypeVar("Q", bound=BaseModel)
UNUSABLE = "查询条件不能使用。请按 fields 改正后重试。"
TWICE = "只能写一次"


def asked(model: type[Q]) -> Q:
    """The query of this request.

    Raises:
        InvalidInputError: A condition is unknown, given twice or cannot be used; each is named, never its value.
    """
    twice = {name: TWICE for name, values in request.args.lists() if len(values) > 1 and name in model.model_fields}
    if twice:
        raise InvalidInputError(UNUSABLE, **twice)
    try:
        return model.model_validate(request.args.to_dict())
    except ValidationError as error:
        found = fields_of(error.errors(include_url=False, include_input=False), frozenset(model.model_fields))
        raise InvalidInputError(UNUSABLE, **found) from None


def wanted_of(query: ListQuery) -> Wanted:
    """The query as the store reads it."""
    since = since_of(query.updated_since) if query.updated_since else None
    return Wanted(query.state, query.category, query.kind, since, query.after, query.limit)


def local(moment: datetime) -> str:
    """A time as ISO 8601 in Asia/Shanghai."""
    return moment.astimezone(SHANGHAI).isoformat()


def local_or_none(moment: datetime | None) -> str | None:
    """The same, or nothing."""
    return None if moment is None else local(moment)
