"""Fields that several sections of a plan file share: facets, quotes, codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hotline.routing.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from hotline.routing.plan_table import Table

T = TypeVar("T")
QUOTE_LIMIT = 200


def facets_of(table: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The categories and settings of a section, known ones only."""
    taxonomy = load_taxonomy()
    categories, settings = table.words("categories"), table.words("settings")
    for code in categories:
        if code not in taxonomy.categories:
            table.refuse(f"没有类别“{code}”", "categories")
    for code in settings:
        if code not in taxonomy.settings:
            table.refuse(f"没有环节“{code}”", "settings")
    return categories, settings


def quote_of(table: Table, *, required: bool = True) -> str:
    """The words of the document, in one line."""
    quote = table.text("quote", None if required else "")
    if len(quote) > QUOTE_LIMIT or "\n" in quote:
        table.refuse(f"引文应连成一行，不超过 {QUOTE_LIMIT} 字", "quote")
    return quote


def coded(table: Table, key: str, codes: dict[str, T], default: str | None = None) -> T:
    """What a code stands for; refused where it is none."""
    code = table.text(key, default)
    if code not in codes:
        table.refuse(f"“{key}”应为{'、'.join(codes)}之一", key)
    return codes[code]
