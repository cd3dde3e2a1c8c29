"""The linter of plans: what a plan file may not say, found before it is used."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from hotline.routing.ranking import Ranked, best, covering, leaders, rank
from hotline.routing.taxonomy import OUT_OF_SCOPE
from hotline.vocabulary import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hotline.routing.agencies import Directory
    from hotline.routing.plan_records import Duty, Plan
    from hotline.routing.taxonomy import Taxonomy

ERROR = "error"
NOTE = "note"
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `error` refuses the plan; `note` (an uncovered category) is for a person to know."""

    level: str
    rule: str
    plan: str
    file: str
    line: int
    clause: str
    message: str

    def __str__(self) -> str:
        """File, line and reason, as compilers print them."""
        return f"{self.file}:{self.line}: {self.clause} {self.message}".replace("  ", " ")


def lint(plan: Plan, taxonomy: Taxonomy, directory: Directory, source_text: str | None = None) -> list[Finding]:
    """All findings on a plan, by line; with the source document's text its quotes are proved against it."""
    found = chain(
        _agencies(plan, directory),
        _duplicates(plan),
        _leads(plan),
        _dates(plan),
        _cells(plan, taxonomy, directory),
        _quotes(plan, source_text) if source_text is not None else (),
    )
    return sorted(found, key=lambda finding: (finding.level, finding.line, finding.rule, finding.message))


def errors(findings: list[Finding]) -> list[Finding]:
    """The findings that refuse a plan."""
    return [finding for finding in findings if finding.level == ERROR]


def squash(text: str) -> str:
    """A text without blanks and line breaks, which a document's pages put anywhere."""
    return _BLANK.sub("", text)


def _finding(plan: Plan, rule: str, message: str, duty: Duty | None = None, level: str = ERROR) -> Finding:
    return Finding(level, rule, plan.id, plan.file, duty.line if duty else 1, duty.label if duty else "", message)


def _agencies(plan: Plan, directory: Directory) -> Iterator[Finding]:
    if plan.office and not directory.known(plan.office.name, plan.region):
        yield _finding(plan, "unknown_agency", f"办公室“{plan.office.name}”不在机构名录中")
    for duty in plan.duties:
        for name in duty.agencies_full:
            if not directory.known(name, duty.region):
                yield _finding(plan, "unknown_agency", f"单位“{name}”不在机构名录中", duty)
        assigns = duty.complaint_relevant and duty.mode is not Mode.NONE
        if assigns and not duty.categories and "delivery" not in duty.settings:
            yield _finding(plan, "no_category", "标为受理投诉的条目没有类别", duty)


def _duplicates(plan: Plan) -> Iterator[Finding]:
    seen: set[tuple[str, int]] = set()
    for duty in plan.duties:
        if (duty.clause, duty.seq) in seen:
            yield _finding(plan, "duplicate_clause", f"条款与序号重复：{duty.clause} 第{duty.seq}项", duty)
        seen.add((duty.clause, duty.seq))
    for clause, count in Counter(duty.clause for duty in plan.duties).items():
        numbers = sorted(duty.seq for duty in plan.duties if duty.clause == clause)
        if len(set(numbers)) == count and numbers != list(range(1, count + 1)):
            duty = next(duty for duty in plan.duties if duty.clause == clause)
            yield _finding(plan, "sequence", f"{clause}的序号不连续：{numbers}", duty)


def _leads(plan: Plan) -> Iterator[Finding]:
    for duty in plan.duties:
        if set(duty.lead) & set(duty.co) or len(set(duty.lead)) < len(duty.lead):
            yield _finding(plan, "double_lead", "同一单位既牵头又配合，或重复牵头", duty)
        if duty.mode is Mode.SOLE and len(duty.lead) != 1:
            yield _finding(plan, "double_lead", "单独负责的条目须恰有一个牵头单位", duty)
        if not (set(duty.lead) | set(duty.co)) <= set(duty.agencies):
            yield _finding(plan, "double_lead", "牵头、配合单位不在本条目单位之列", duty)


def _dates(plan: Plan) -> Iterator[Finding]:
    if plan.withdrawn_on and plan.withdrawn_on <= plan.begins:
        yield _finding(plan, "impossible_date", "停用日期不晚于印发日期")
    if plan.period_start and plan.period_end and plan.period_end < plan.period_start:
        yield _finding(plan, "impossible_date", "行动期限的结束早于开始")
    for phase in plan.phases:
        if phase.end < phase.start:
            yield _finding(plan, "impossible_date", f"{phase.name}的结束早于开始")
    for one, other in zip(plan.phases, plan.phases[1:], strict=False):
        if other.start < one.start:
            yield _finding(plan, "impossible_date", f"{other.name}早于{one.name}")


def _quotes(plan: Plan, source_text: str) -> Iterator[Finding]:
    source = squash(source_text)
    for duty in plan.duties:
        if squash(duty.quote) not in source:
            yield _finding(plan, "quote", "引文不在原文中", duty)
    quoted = [(item.clause, item.quote) for item in plan.reporting]
    quoted += [(item.clause, item.quote) for item in plan.provisions]
    quoted += [(item.clause, item.quote) for item in plan.focuses]
    if plan.office:
        quoted.append((plan.office.clause, plan.office.quote))
    for clause, quote in quoted:
        if squash(quote) not in source:
            yield _finding(plan, "quote", f"{clause}的引文不在原文中：{quote[:20]}…")


def _cells(plan: Plan, taxonomy: Taxonomy, directory: Directory) -> Iterator[Finding]:
    """Ties and unclear leads per cell (category, setting, goods word), and categories that nobody covers."""
    if not any(duty.categories for duty in plan.duties):
        return  # A focus list, or a plan that only forwards another: it assigns nobody, so that it leaves no gaps.
    seen: set[tuple[object, ...]] = set()
    for category in taxonomy.categories:
        if category == OUT_OF_SCOPE:
            continue
        if not any(category in duty.categories for duty in plan.duties if duty.complaint_relevant):
            name = taxonomy.categories[category].name
            yield _finding(plan, "uncovered", f"没有条目覆盖类别“{name}”，将转办公室人工分派", level=NOTE)
        for setting in taxonomy.settings:
            for ranked in _cases(plan, category, setting):
                for finding in _cell(plan, category, setting, ranked, directory):
                    mark = (finding.rule, finding.line, category, ranked[0].word)
                    if mark not in seen:
                        seen.add(mark)
                        yield finding


def _cases(plan: Plan, category: str, setting: str) -> Iterator[list[Ranked]]:
    """The rankings of a cell: with no goods word in the text, and with each word of the duties in turn."""
    duties = covering(plan, category, setting)
    for word in ("", *dict.fromkeys(word for duty in duties for word in duty.goods)):
        yield best(rank(plan, duty, setting, word if _holds(duty, word) else "") for duty in duties)


def _holds(duty: Duty, word: str) -> bool:
    return any(own in word for own in duty.goods)


def _cell(plan: Plan, category: str, setting: str, ranked: list[Ranked], directory: Directory) -> Iterator[Finding]:
    if not ranked:
        return
    first = ranked[0]
    if len(ranked) > 1 and ranked[1].key == first.key:
        cell = f"类别 {category}、环节 {setting}" + (f"、商品词“{first.word}”" if first.word else "")
        yield _finding(plan, "tie", f"与{ranked[1].duty.label}争同一格（{cell}），无从区分", first.duty)
    found = leaders(first, category, setting, directory)
    if len(found) != 1:
        who = "、".join(found) or "无一单位"
        yield _finding(plan, "unclear_lead", f"类别 {category} 的牵头不明：{who}的职权涵盖它", first.duty)
