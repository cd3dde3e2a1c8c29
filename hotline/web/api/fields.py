"""The types of the fields that come into the API, with what the OpenAPI document says of them."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from hotline.store.hooks import EVENTS
from hotline.vocabulary import CaseState, Delivery, Kind, Urgency
from hotline.web.api.checks import check_id, check_known, check_sum, check_text, tidy
from hotline.web.api.time_checks import check_day, check_moment, check_since

TEXT_LIMIT = 50_000
LONG_LIMIT = 8_000
LINE_LIMIT = 300
ID_LIMIT = 200
KINDS = (*(kind.value for kind in Kind), *(kind.label for kind in Kind))
URGENCIES = tuple(urgency.value for urgency in Urgency)
_SUM_SCHEMA = {
    "anyOf": [
        {"type": "integer", "minimum": 0, "maximum": 999_999_999_999},
        {"type": "number", "minimum": 0, "maximum": 999_999_999_999, "multipleOf": 0.01},
        {"type": "string", "pattern": r"^([0-9]{1,12}(\.[0-9]{1,2})?)?$"},
        {"type": "null"},
    ]
}
_PRINTABLE = r"[^\u0000-\u001f\u007f-\u009f]"
_ID_PATTERN = rf"^{_PRINTABLE}*[^\s\u0000-\u001f\u007f-\u009f]{_PRINTABLE}*$"
"""What `check_id` takes, as other systems' validators read it."""
Line: TypeAlias = Annotated[str, BeforeValidator(tidy), Field(max_length=LINE_LIMIT)]
Long: TypeAlias = Annotated[str, BeforeValidator(tidy), Field(max_length=LONG_LIMIT)]
Text: TypeAlias = Annotated[
    str, BeforeValidator(tidy), Field(min_length=1, max_length=TEXT_LIMIT), AfterValidator(check_text)
]
ExternalId: TypeAlias = Annotated[
    str,
    BeforeValidator(check_id),
    Field(min_length=1, max_length=ID_LIMIT, json_schema_extra={"pattern": _ID_PATTERN}),
]
Moment: TypeAlias = Annotated[Line, Field(json_schema_extra={"format": "date-time"}), AfterValidator(check_moment)]
Day: TypeAlias = Annotated[Line, Field(json_schema_extra={"format": "date"}), AfterValidator(check_day)]
KindCode: TypeAlias = Annotated[Line, Field(json_schema_extra={"enum": list(KINDS)}), check_known(*KINDS)]
UrgencyCode: TypeAlias = Annotated[Line, Field(json_schema_extra={"enum": list(URGENCIES)}), check_known(*URGENCIES)]
Sum: TypeAlias = Annotated[str | None, BeforeValidator(check_sum), WithJsonSchema(_SUM_SCHEMA)]

Cursor: TypeAlias = Annotated[str, Field(pattern=r"^(?:[0-9a-f]{32}|[0-9a-f]{48})$")]
Code: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-z_\-]{1,64}$")]
Name: TypeAlias = Annotated[str, Field(pattern=r"^[a-z_0-9]{1,40}$")]
Free: TypeAlias = Annotated[str, BeforeValidator(tidy), Field(max_length=LONG_LIMIT)]
Value: TypeAlias = bool | int | Annotated[str, Field(max_length=LINE_LIMIT)] | list[Code] | None
Since: TypeAlias = Annotated[
    str,
    Field(min_length=1, max_length=LINE_LIMIT, json_schema_extra={"format": "date-time"}),
    AfterValidator(check_since),
]
StateCode: TypeAlias = Literal[tuple(state.value for state in CaseState)]  # type: ignore[valid-type]
KindOnly: TypeAlias = Literal[tuple(kind.value for kind in Kind)]  # type: ignore[valid-type]
DeliveryState: TypeAlias = Literal[tuple(state.value for state in Delivery)]  # type: ignore[valid-type]
EventName: TypeAlias = Literal[EVENTS]  # type: ignore[valid-type]
