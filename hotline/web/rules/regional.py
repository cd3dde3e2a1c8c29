"""Time limits that the office's region has written down: seen with their source, tried, adopted with one click."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.casework.policy_change import terms_document, terms_words
from hotline.casework.regional import adopted_as, of_place, regional_limits
from hotline.casework.rule_assembly import POLICY
from hotline.errors import InvalidInputError
from hotline.store.rule_adopting import RuleProposal
from hotline.timing import adopt_rules, check_rule
from hotline.trying import try_rules
from hotline.vocabulary import Role
from hotline.web.access import roles
from hotline.web.context import account, actor, services
from hotline.web.rules.room import REFUSALS, blueprint, first_day, mark_of, reason, status_of, today

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.casework.policy_change import PolicyChange
    from hotline.casework.regional import RegionalLimit
    from hotline.errors import HotlineError
    from hotline.trying import RuleTrial


@dataclass(frozen=True, slots=True)
class Adoptable:
    """One row of the page: the limit, its terms in words, and the version by which it was adopted."""

    limit: RegionalLimit
    words: str
    adopted: PolicyChange | None

    @property
    def open(self) -> bool:
        """Whether it can be adopted now."""
        return self.limit.terms is not None and self.adopted is None


def adoptable() -> tuple[tuple[Adoptable, ...], tuple[Adoptable, ...]]:
    """The rows written for the office's place, and those of other places or of none that is known."""
    office = services().office(account().office_id)
    rules = services().rulebook.clock_rules
    every = regional_limits(services().rulebook.policies, rules.policies_for(office, today()))
    here = of_place(every, office.region)
    return (
        tuple(_shown(each, rules.changes) for each in here),
        tuple(_shown(each, rules.changes) for each in every if each not in here),
    )


@blueprint.get("/regional")
@roles(Role.SUPERVISOR)
def regional() -> str:
    """What adopting the region's limits would do is shown before it is done."""
    return _page()


@blueprint.post("/regional")
@roles(Role.SUPERVISOR)
def adopt_regional() -> ResponseReturnValue:
    """Try all that can be adopted for this place together; adopt exactly what was tried."""
    try:
        proposals = _proposals()
        for each in proposals:
            check_rule(services(), each)
        trial = try_rules(services(), proposals, account().office_id)
        checked = hashlib.sha256("|".join(mark_of(each) for each in proposals).encode()).hexdigest()
        if request.form.get("step") == "adopt" and request.form.get("checked") == checked:
            versions = adopt_rules(services(), proposals, trial, actor())
            numbers = "、".join(f"第 {version} 版" for version in versions)
            flash(f"已采用本地区的时限（{numbers}），用于 {first_day().isoformat()} 起收到的诉求。{trial.words}。")
            return redirect(url_for("rules.limits"))
    except REFUSALS as error:
        return _page(problem=error), status_of(error)
    return _page(trial=trial, checked=checked)


def _proposals() -> list[RuleProposal]:
    """A version for each limit that can be adopted, for its own region.

    Raises:
        InvalidInputError: There is none, the reason is missing, or the day lies before the region's own first day.
    """
    chosen = [each.limit for each in adoptable()[0] if each.open]
    if not chosen:
        message = "本地区没有可以采用的时限，或者都已经采用。"
        raise InvalidInputError(message)
    day, note = first_day(), reason()
    if not note:
        message = "没有采用。请写明理由。"
        raise InvalidInputError(message, note="请写明理由")
    early = [each for each in chosen if each.since and day < each.since]
    if early:
        message = f"{early[0].source}自 {early[0].since} 起施行，生效日期不能更早。"
        raise InvalidInputError(message, effective=message)
    return [
        RuleProposal(
            POLICY, each.node, day, terms_document(each.terms), f"{note}（{each.policy.id}）", region=each.policy.region
        )
        for each in chosen
        if each.terms is not None
    ]


def _shown(limit: RegionalLimit, changes: tuple[PolicyChange, ...]) -> Adoptable:
    row = limit.policy
    words = terms_words(limit.terms) if limit.terms else f"{row.duration} {row.unit.label}"
    return Adoptable(limit, words, adopted_as(limit, changes))


def _page(*, trial: RuleTrial | None = None, checked: str = "", problem: HotlineError | None = None) -> str:
    here, _ = adoptable()
    return render_template(
        "rules/regional.html",
        here=here,
        office=services().office(account().office_id),
        trial=trial,
        checked=checked,
        problem=problem.message if problem else "",
        errors=problem.fields if problem else {},
        typed=request.form,
        today=today(),
    )
