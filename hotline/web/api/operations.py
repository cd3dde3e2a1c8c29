"""One table of what can be called: a view declares itself, and address, gate and OpenAPI document follow from that."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from hotline.web.access import bearer_token, public
from hotline.web.api.room import blueprint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import BaseModel

View = TypeVar("View", bound="Callable[..., Any]")
_PLACE = re.compile(r"\{(\w+)\}")


class Door(Enum):
    """Whose token opens a view."""

    PUBLIC = "public"
    CHANNEL = "channel"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Header:
    """A header that the view reads."""

    name: str
    says: str
    required: bool = False
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the table: what is called how, by whom, and what each status means."""

    method: str
    path: str
    door: Door
    summary: str
    statuses: Mapping[int, str]
    answer: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    headers: tuple[Header, ...] = ()
    media: str = "application/json"
    takes: str = "application/json"
    """The media type of the body, where it has one."""
    places: Mapping[str, str] = field(default_factory=dict)
    """What stands in the braces of the path, by name, in words."""

    @property
    def writing(self) -> bool:
        """Whether it changes something."""
        return self.method != "get"

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return _PLACE.sub(r"<\1>", self.path)


OPERATIONS: list[Operation] = []


def operation(described: Operation) -> Callable[[View], View]:
    """Open a view at the described address, to who may come in there."""

    def register(view: View) -> View:
        marked = (public if described.door is Door.PUBLIC else bearer_token)(view)
        marked.operation = described  # type: ignore[attr-defined]  # Functions take attributes; mypy cannot know.
        OPERATIONS.append(described)
        blueprint.add_url_rule(described.rule, view_func=marked, methods=[described.method.upper()])
        return marked

    return register


def operation_of(view: object) -> Operation | None:
    """The row of a view, None where it is none of ours."""
    return getattr(view, "operation", None)
