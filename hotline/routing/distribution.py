"""How the texts of a corpus are spread over categories, settings, kinds and channels."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hotline.routing.cards import table
from hotline.routing.taxonomy import OUT_OF_SCOPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hotline.routing.corpus import Example
    from hotline.routing.hands import Hands
    from hotline.routing.taxonomy import Taxonomy


def _count_rows(groups: Mapping[str, Sequence[Example]], field: str, codes: Iterable[str]) -> list[Sequence[object]]:
    """Per code of a facet: how many texts each hand wrote."""
    counts = {hand: Counter(getattr(row, field) for row in examples) for hand, examples in groups.items()}
    return [
        (code, *(counts[hand][code] for hand in groups), sum(counts[hand][code] for hand in groups)) for code in codes
    ]


def facets_by_hand(groups: Hands, examples: Sequence[Example], taxonomy: Taxonomy) -> str:
    """Counts by category, setting, kind and channel."""
    header = ("代码", *groups, "合计")
    inside = {hand: [row for row in rows if row.category != OUT_OF_SCOPE] for hand, rows in groups.items()}
    return f"""### 类别

{table(header, _count_rows(groups, "category", taxonomy.categories))}

### 环节（范围内）

{table(header, _count_rows(inside, "setting", taxonomy.settings))}

### 性质与渠道

{table(header, _count_rows(groups, "kind", ("dispute", "report", "inquiry")))}

{table(header, _count_rows(groups, "channel", sorted({row.channel for row in examples})))}
"""
