"""A plan file that somebody wants to adopt: read and checked, with every reason that stands against it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.errors import PlanError
from hotline.routing.plan_format import parse_plan
from hotline.routing.plan_lint import ERROR, Finding, lint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hotline.routing.agencies import Directory
    from hotline.routing.plan_records import Plan
    from hotline.routing.taxonomy import Taxonomy

MOST_CHARACTERS = 500_000
_PLACE = re.compile(r"^[^:\n]*:(\d+): *(.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Candidate:
    """The text, the plan it makes (None where it cannot be read) and what was found; `usable` without errors."""

    content: str
    plan: Plan | None
    findings: tuple[Finding, ...]

    @property
    def usable(self) -> bool:
        """Whether nothing refuses it."""
        return self.plan is not None and not any(each.level == ERROR for each in self.findings)

    def line(self, number: int) -> str:
        """One line of the text, for showing beside a finding."""
        lines = self.content.split("\n")
        return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def examine(
    content: str,
    *,
    plan_id: str,
    file: str,
    plans: Mapping[str, Plan],
    directory: Directory,
    taxonomy: Taxonomy,
    source_text: str | None = None,
) -> Candidate:
    """Read and check a file as the new version of `plan_id`; `source_text` proves its quotes where it is given."""
    text = content.replace("\r\n", "\n").removeprefix("\ufeff")
    if len(text) > MOST_CHARACTERS:
        return Candidate("", None, (_finding(file, plan_id, 1, "文件过大，方案文件不超过 50 万字"),))
    try:
        plan = parse_plan(text, file)
    except PlanError as error:
        found = _PLACE.match(error.message)
        line, reason = (int(found[1]), found[2]) if found else (1, error.message)
        return Candidate(text, None, (_finding(file, plan_id, line, reason),))
    findings = (*_belongs(plan, plan_id, plans), *lint(plan, taxonomy, directory, source_text))
    return Candidate(text, plan, findings)


def _belongs(plan: Plan, plan_id: str, plans: Mapping[str, Plan]) -> Iterator[Finding]:
    """The file is of this plan, and the plan it forwards is there and does not lead back to it."""
    if plan.id != plan_id:
        yield _finding(plan.file, plan_id, 1, f"文件中的方案代码是“{plan.id}”，这里要的是“{plan_id}”")
    seen, following = {plan.id}, plan.extends
    while following:
        if following not in plans:
            yield _finding(plan.file, plan_id, 1, f"所转发的方案“{following}”不存在或已停用")
            return
        if following in seen:
            yield _finding(plan.file, plan_id, 1, f"转发关系成环：“{following}”")
            return
        seen.add(following)
        following = plans[following].extends


def _finding(file: str, plan_id: str, line: int, message: str) -> Finding:
    return Finding(ERROR, "format", plan_id, file, line, "", message)
