"""Records as JSON and back: how explanations and clocks are kept whole. Written from the records' own type hints."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from hotline import records, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

# The records import these for type checkers only; here they are needed to read the hints.
_NAMES: dict[str, Any] = {
    **vars(vocabulary),
    "Mapping": Mapping,
    "date": date,
    "datetime": datetime,
    "Decimal": Decimal,
}


def plain(value: object) -> Any:  # noqa: ANN401 - JSON of any shape.
    """Turn a record, or whatever stands in one, into JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date, Decimal)):
        return str(value) if isinstance(value, Decimal) else value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, (tuple, list, frozenset)):
        return [plain(inner) for inner in value]
    return value


def restore(record: type[T], data: Mapping[str, Any]) -> T:
    """Build the record again from what `plain` made; fields it has got since then take their defaults."""
    hints = _hints(cast("Any", record))
    return record(**{name: _value(hints[name], data[name]) for name in hints if name in data})


def term(kind: type[E], code: str) -> E:
    """The member of a vocabulary with this code."""
    # The members' constructor also takes a label, which type checkers take for the lookup's.
    return cast("Callable[[str], E]", kind)(code)


@lru_cache(maxsize=64)
def _hints(record: Any) -> dict[str, Any]:  # noqa: ANN401 - any record class.
    return typing.get_type_hints(record, globalns=vars(records), localns=_NAMES)


def _value(hint: Any, data: Any) -> Any:  # noqa: ANN401 - hints and JSON of any shape.
    if data is None:
        return None
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return _value(next(inner for inner in typing.get_args(hint) if inner is not type(None)), data)
    if origin is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(_value(inner, item) for item in data)
    if dataclasses.is_dataclass(hint):
        return restore(cast("type[Any]", hint), data)
    reader: Callable[[Any], Any] | None = _READERS.get(hint)
    if reader is not None:
        return reader(data)
    return hint(data) if isinstance(hint, type) and issubclass(hint, Enum) else data


_READERS: dict[Any, Any] = {datetime: datetime.fromisoformat, date: date.fromisoformat, Decimal: Decimal}
