"""Time limits that regions have written down (sla-law §2.4): which of them an office can adopt, and why not the others.

They are shipped disabled, as rows of their own, and never run themselves: adopted, their terms take the place of the
hotline clock of the same node (派单, 办结) for the region. Statutory clocks are not touched. A row can be adopted where
the research read its number in the text or in official reports (confidence A or B) and its first day is known. A row
that names no urgency speaks of 一般 alone: the hotline's own limits for urgent matters are stricter and stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.policy_change import NewTerms
from hotline.casework.policy_lookup import known_policy
from hotline.vocabulary import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hotline.casework.policy import Policy
    from hotline.casework.policy_change import PolicyChange

TRUSTED = frozenset({"A", "B"})
SOURCES = {
    "BJ": "北京市地方标准 DB11/T 2021—2022",
    "JN": "济南市12345市民服务热线条例（济南条例）第24条",
    "WF": "潍坊条例第20条",
    "SD": "山东省办法（2020）",
    "SDZW": "山东省级政务服务投诉热线（2017）",
    "GB33358": "GB/T 33358-2016（推荐性国家标准）",
    "CITYA": "某市局12345办法（地名未识别）",
    "CITYB": "某市转述（地名未识别）",
}
"""The document of a row, by the first part of its id."""
_DRAFT = "数字来自2021年12月的征求意见稿，正式稿待核对"
_NO_DAY = "只查到2020年，没有月日，生效日期无法确认；核对文件后，可在该时限的页面上为本地区采用"
_PROVINCE_ONLY = "只用于省级单位；2017年的月日没有查到，2020年以后是否仍用没有核实"
_NO_PLACE = "地名和起止日期没有识别出来，无法确认对哪里有效"
_NOT_DISPATCH = "推荐性标准，说的是短信、信箱来件的答复快慢，不是派单，本系统没有这样的时限"
WHY_NOT = {
    "GB33358": _NOT_DISPATCH,
    "BJ-REPLY": _DRAFT,
    "BJ-REPLY-COMPLEX": "正式稿的报道只确认“15日”，用于“复杂疑难”件，没有写明怎样认定；本系统的紧急程度没有这一档",
    "SD": _NO_DAY,
    "SDZW": _PROVINCE_ONLY,
    "CITYA": _NO_PLACE,
    "CITYB": _NO_PLACE,
}
"""Why a row cannot be adopted, by its id or the beginning of it; the longest that fits speaks."""


@dataclass(frozen=True, slots=True)
class RegionalLimit:
    """One row: the hotline clock it would change (`node`), its terms, or why it cannot be adopted."""

    policy: Policy
    source: str
    since: date | None
    terms: NewTerms | None
    why_not: str

    @property
    def node(self) -> str:
        """The hotline clock whose terms it would take."""
        return self.policy.node


def regional_limits(shipped: Sequence[Policy], in_force: Sequence[Policy]) -> tuple[RegionalLimit, ...]:
    """All rows of §2.4 in the order of the file; `in_force` are the office's policies of this day."""
    return tuple(_limit(row, in_force) for row in shipped if row.node)


def of_place(limits: Iterable[RegionalLimit], office_region: str) -> tuple[RegionalLimit, ...]:
    """The rows that are written for this office's district, city or province."""
    return tuple(each for each in limits if serves(each.policy.region, office_region))


def serves(region: str, office_region: str) -> bool:
    """Whether a region's rows speak of an office's place; the whole country (100000) of every place."""
    return bool(region) and (region == "100000" or office_region.startswith(region.rstrip("0")))


def wider_regions(region: str) -> tuple[str, ...]:
    """An office's own district, its city and its province, the nearest first; each once."""
    return tuple(dict.fromkeys((region, f"{region[:4]}00", f"{region[:2]}0000")))


def adopted_as(limit: RegionalLimit, changes: Iterable[PolicyChange]) -> PolicyChange | None:
    """The newest adopted version that says for the row's region what the row says; None where none does."""
    mine = [
        each
        for each in changes
        if (each.policy, each.region, each.office_id) == (limit.node, limit.policy.region, None)
        and limit.terms is not None
        and each.terms.urgency in {None, limit.terms.urgency}
    ]
    newest = max(mine, key=lambda each: (each.effective_from, each.version), default=None)
    if newest is None or limit.terms is None:
        return None
    same = (newest.terms.duration, newest.terms.unit) == (limit.terms.duration, limit.terms.unit)
    return newest if same else None


def _limit(row: Policy, in_force: Sequence[Policy]) -> RegionalLimit:
    since = next((scope.since for scope in row.scopes if scope.since), None)
    why_not = _why_not(row, since)
    terms = None if why_not else _terms(row, in_force)
    return RegionalLimit(row, SOURCES.get(row.id.split("-", 1)[0], row.id), since, terms, why_not)


def _why_not(row: Policy, since: date | None) -> str:
    fitting = [key for key in WHY_NOT if row.id == key or row.id.startswith(f"{key}-")]
    if fitting:
        return WHY_NOT[max(fitting, key=len)]
    if row.confidence not in TRUSTED:
        return f"可信度为 {row.confidence}，数字待核对"
    return "" if since and row.region else "生效日期或地区没有查到"


def _terms(row: Policy, in_force: Sequence[Policy]) -> NewTerms:
    """The row's duration; what may be added and when it warns stay as they are, for the document says nothing of it."""
    urgency = row.urgency or Urgency.NORMAL
    now = known_policy(in_force, row.node).at(urgency)
    return NewTerms(row.duration, row.unit, urgency, now.extension, now.warn)
