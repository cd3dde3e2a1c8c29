"""The terms of a model and their counts as JSON and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def vocabulary_json(counts: Mapping[str, Mapping[str, int]]) -> bytes:
    """The terms in the order of their columns, and in how many documents each stands: lists, read fast."""
    terms: dict[str, object] = {block: list(own) for block, own in counts.items()}
    terms["counts"] = {block: list(own.values()) for block, own in counts.items()}
    return (json.dumps(terms, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode()


def counts_of(content: bytes) -> dict[str, dict[str, int]]:
    """The terms with their counts, as `features.build` takes them."""
    terms = json.loads(content)
    return {block: dict(zip(terms[block], own, strict=True)) for block, own in terms["counts"].items()}
