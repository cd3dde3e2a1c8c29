"""Records as JSON and back: how explanations and clocks are kept whole. Written from the records' own type hints."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import lru_cache, partial
from json.encoder import encode_basestring as _quoted
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, cast

from hotline import clock_parts, records, vocabulary
from hotline.records import Clock, Due

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
_class_of: Any = type  # A class as the key of a cache: type checkers do not take it for hashable.

# The records import these for type checkers only; here they are needed to read the hints.
_NAMES: dict[str, Any] = {
    **vars(vocabulary),
    **vars(clock_parts),
    "Mapping": Mapping,
    "date": date,
    "datetime": datetime,
    "Decimal": Decimal,
}


def plain(value: object) -> Any:  # noqa: ANN401 - JSON of any shape.
    """Turn a record, or whatever stands in one, into JSON values."""
    return _writer_of(_class_of(value))(value)


class Written(str):
    """JSON as text already, which goes into a column of JSON as it is."""

    __slots__ = ()


def written(value: object) -> Written:
    """The JSON text of what `plain` makes of a record, in one step: an import writes several a complaint."""
    return Written(_clock_text(value) if isinstance(value, Clock) else _write(value))


def json_text(value: object) -> str:
    """What stands in a column of JSON: characters as they are, since escapes would take twice the room."""
    return value if isinstance(value, Written) else _write(value)


def restore(record: type[T], data: Mapping[str, Any]) -> T:
    """Build the record again from what `plain` made; fields it has got since then take their defaults."""
    readers = _readers_of(cast("Any", record))
    return record(**{name: read(data[name]) for name, read in readers.items() if name in data})


def term(kind: type[E], code: str) -> E:
    """The member of a vocabulary with this code."""
    # The members' constructor also takes a label, which type checkers take for the lookup's.
    return cast("Callable[[str], E]", kind)(code)


_AS_THEY_ARE = frozenset({str, int, bool, float, type(None)})
"""Classes whose values are JSON already; most fields hold one of them. Their subclasses may be words with a code."""


@lru_cache(maxsize=256)
def _writer_of(kind: type) -> Callable[[Any], Any]:
    """What writes a value of this class; worked out once a class, as a case's clocks hold hundreds of values."""
    if dataclasses.is_dataclass(kind):
        names = tuple(field.name for field in dataclasses.fields(kind))
        return lambda value: {
            name: inner if (of := _class_of(inner := getattr(value, name))) in _AS_THEY_ARE else _writer_of(of)(inner)
            for name in names
        }
    writers: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
        (Enum, lambda value: value.value),
        (Decimal, str),
        ((datetime, date), lambda value: value.isoformat()),
        (Mapping, lambda value: {str(name): plain(inner) for name, inner in value.items()}),
        ((tuple, list, frozenset), lambda value: [_writer_of(_class_of(inner))(inner) for inner in value]),
    )
    return next((write for kinds, write in writers if issubclass(kind, kinds)), _as_it_is)


def _members(value: Any) -> Any:  # noqa: ANN401 - whatever the encoder does not know.
    """A record as the encoder takes it, which asks again for what stands in it."""
    names = _names_of(_class_of(value))
    if names is None:
        return plain(value)
    return {
        name: inner.isoformat() if _class_of(inner := getattr(value, name)) is datetime else inner for name in names
    }


@lru_cache(maxsize=256)
def _names_of(kind: type) -> tuple[str, ...] | None:
    """The fields of a record that is made of its fields anew each time; None for anything else."""
    if not dataclasses.is_dataclass(kind):
        return None
    return tuple(field.name for field in dataclasses.fields(kind))


_OF_POLICY = ("policy", "holder", "title", "statutory", "article", "trigger", "stop", "duration", "unit")
_of_policy = attrgetter(*_OF_POLICY)


def _clock_text(clock: Clock) -> str:
    """The same as `_write` but for the order: an import writes four clocks a complaint, and few policies make them."""
    return (
        f'{{"id":{_quoted(clock.id)},{_policy_text(*_of_policy(clock))},"holder_id":{_quoted(clock.holder_id)},'
        f'"leg_id":{_text(clock.leg_id)},"body_id":{_text(clock.body_id)},"started_at":{_moment(clock.started_at)},'
        f'"extended":{clock.extended},"due":{_due_text(clock.due)},"warn_at":{_moment(clock.warn_at)},'
        f'"stopped_at":{_moment(clock.stopped_at)},"paused_since":{_moment(clock.paused_since)},'
        f'"cause":{_quoted(clock.cause)},"worked":{clock.worked},"pauses":{_list(clock.pauses)},'
        f'"extensions":{_list(clock.extensions)}}}'
    )


@lru_cache(maxsize=4096)
def _policy_text(*values: object) -> str:
    """What a clock has of its policy."""
    return _write(dict(zip(_OF_POLICY, values, strict=True)))[1:-1]


def _text(value: str | None) -> str:
    return "null" if value is None else _quoted(value)


def _moment(value: datetime | None) -> str:
    return "null" if value is None else f'"{value.isoformat()}"'


def _list(values: tuple[object, ...]) -> str:
    return _write(values) if values else "[]"


_DUES: dict[int, tuple[Due, str]] = {}
_MOST_DUES = 4096


def _due_text(due: Due) -> str:
    """`periods.due` gives all clocks that start on a day and last as long one record, with its dozens of days."""
    if len(due.trace) == 1:
        return _write(plain(due))  # Of hours or minutes from a moment: no other clock has it.
    known = _DUES.get(id(due))
    if known is None:
        if len(_DUES) >= _MOST_DUES:
            _DUES.clear()
        # The record is held on to, so that no other can take its identity.
        known = _DUES[id(due)] = (due, _write(plain(due)))
    return known[1]


_write = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"), default=_members
).encode


@lru_cache(maxsize=64)
def _readers_of(record: Any) -> dict[str, Callable[[Any], Any]]:  # noqa: ANN401 - any record class.
    hints = typing.get_type_hints(record, globalns=vars(records), localns=_NAMES)
    return {name: _reader(hint) for name, hint in hints.items()}


def _reader(hint: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - any hint.
    """What reads a value with this hint; worked out once a record class, as lists read thousands of values."""
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return _reader(next(inner for inner in typing.get_args(hint) if inner is not type(None)))
    if origin is tuple:
        read_item = _reader(typing.get_args(hint)[0])
        return _unless_none(lambda data: tuple(read_item(item) for item in data))
    if dataclasses.is_dataclass(hint):
        return _unless_none(partial(restore, cast("type[Any]", hint)))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _unless_none(hint)
    return _unless_none(_READERS[hint]) if hint in _READERS else _as_it_is


def _unless_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda data: None if data is None else read(data)


def _as_it_is(data: Any) -> Any:  # noqa: ANN401 - JSON of any shape.
    return data


_READERS: dict[Any, Any] = {datetime: datetime.fromisoformat, date: date.fromisoformat, Decimal: Decimal}
