"""Records as JSON and back, by their own type hints (msgspec): how explanations and clocks are kept whole.

The modules of such records import what their hints name when they run, as msgspec reads the hints.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import Enum

T = TypeVar("T")
E = TypeVar("E", bound="Enum")


class Written(str):
    """JSON as text already, which goes into a column of JSON as it is."""

    __slots__ = ()


def plain(value: object) -> Any:  # noqa: ANN401 - JSON of any shape.
    """Turn a record, or whatever stands in one, into JSON values; times in UTC end with Z.

    Raises:
        TypeError: It holds what JSON does not know.
    """
    return msgspec.to_builtins(value, enc_hook=_as_dict)


def written(value: object) -> Written:
    """The JSON text of what `plain` makes of a record, in one step: an import writes several a complaint."""
    return Written(_write(value).decode())


def json_text(value: object) -> str:
    """What stands in a column of JSON: characters as they are, since escapes would take twice the room."""
    return value if isinstance(value, Written) else written(value)


def restore(record: type[T], data: Mapping[str, Any]) -> T:
    """Build the record again from what `plain` made; fields it has got since then take their defaults.

    Raises:
        ValueError: It is not what `plain` made of such a record.
    """
    return msgspec.convert(data, record)


def term(kind: type[E], code: str) -> E:
    """The member of a vocabulary with this code."""
    # The members' constructor also takes a label, which type checkers take for the lookup's.
    return cast("Callable[[str], E]", kind)(code)


def _as_dict(value: object) -> dict[Any, Any]:
    """A frozen mapping as JSON takes it."""
    if isinstance(value, Mapping):
        return dict(value)
    message = f"not JSON: {type(value).__name__}"
    raise TypeError(message)


_write = msgspec.json.Encoder(enc_hook=_as_dict).encode
read_json = msgspec.json.decode
"""What stood in a column of JSON."""
