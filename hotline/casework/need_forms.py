"""A command's data from the strings of a web form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.needs import TEXT, NeedKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.casework.needs import Need
    from hotline.records import Json


def parse_form(needs: Sequence[Need], form: Mapping[str, Sequence[str]]) -> tuple[dict[str, Json], str]:
    """A command's (data, text) from the strings of a web form; wrong values are left for `read_needs` to name.

    A bool is true where its box was ticked: any value but `false`, `0` and the empty one.
    """
    data: dict[str, Json] = {}
    for need in needs:
        values = [value.strip() for value in form.get(need.name, ())]
        first = values[0] if values else ""
        if need.name == TEXT:
            continue
        if need.kind is NeedKind.BOOL:
            data[need.name] = first not in ("", "0", "false")
        elif need.kind in (NeedKind.BODIES, NeedKind.CHOICES):
            data[need.name] = tuple(value for value in values if value)
        elif (
            need.kind is NeedKind.NUMBER and first.isascii() and first.isdigit() and len(first) <= len(str(need.limit))
        ):
            data[need.name] = int(first)
        elif first:
            data[need.name] = first
    return data, "\n".join(form.get(TEXT, ())).strip()
