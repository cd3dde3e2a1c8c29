"""Every time limit with its article, and a new version of one hotline clock for the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.casework.policy_change import read_terms, terms_document
from hotline.casework.policy_lookup import known_policy
from hotline.casework.rule_assembly import POLICY
from hotline.errors import NotFoundError, PolicyError
from hotline.store.rule_adopting import RuleProposal
from hotline.store.rule_versions import rule_lines
from hotline.store.rule_withdrawing import of_place
from hotline.taking_back import take_back_rule
from hotline.timing import adopt_rule, check_rule, waiting_cases
from hotline.trying import try_rule
from hotline.vocabulary import Role, Unit, Urgency
from hotline.web.access import roles
from hotline.web.context import account, actor, services
from hotline.web.rules.limit_form import scope_typed, terms_typed
from hotline.web.rules.limit_rows import hotline_first, limit_of, words_of
from hotline.web.rules.regional import adoptable
from hotline.web.rules.room import (
    READERS,
    REFUSALS,
    blueprint,
    first_day,
    mark_of,
    may_adopt,
    names_of,
    places,
    reason,
    status_of,
    today,
)

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.casework.policy import Policy
    from hotline.errors import HotlineError
    from hotline.trying import RuleTrial


@blueprint.get("/")
@roles(*READERS)
def limits() -> str:
    """All policies, the hotline's own first."""
    office = services().office(account().office_id)
    rules = services().rulebook.clock_rules
    here, elsewhere = adoptable()
    changed = {each.policy: each.version for each in rules.changes_for(office, today())}
    rows = [limit_of(policy, changed.get(policy.id)) for policy in rules.policies_for(office, today())]
    return render_template(
        "rules/limits.html",
        rows=sorted((row for row in rows if not row.policy.node), key=hotline_first),
        here=here,
        elsewhere=elsewhere,
        may_adopt=account().role is Role.SUPERVISOR,
        today=today(),
        waiting=waiting_cases(services(), office.id),
    )


@blueprint.get("/limits/<policy_id>")
@roles(*READERS)
def limit(policy_id: str) -> str:
    """One policy with its versions and, for a hotline clock, the form of the next one."""
    return _page(_find(policy_id))


@blueprint.post("/limits/<policy_id>")
@roles(Role.SUPERVISOR)
def change(policy_id: str) -> ResponseReturnValue:
    """Check and try; adopt only what was tried in exactly these terms."""
    policy = _find(policy_id)
    try:
        content = terms_document(terms_typed())
        read_terms(policy_id, content)
        office_id, region = scope_typed()
        proposal = RuleProposal(POLICY, policy_id, first_day(), content, reason(), office_id=office_id, region=region)
        check_rule(services(), proposal)
        trial = try_rule(services(), proposal, account().office_id)
        if may_adopt(proposal):
            version = adopt_rule(services(), proposal, trial, actor())
            flash(f"已采用第 {version} 版，用于 {proposal.effective_from.isoformat()} 起收到的诉求。{trial.words}。")
            return redirect(url_for("rules.limit", policy_id=policy_id))
    except REFUSALS as error:
        return _page(policy, problem=error), status_of(error)
    return _page(policy, trial=trial, checked=mark_of(proposal))


@blueprint.post("/limits/<policy_id>/versions/<int:version>/withdraw")
@roles(Role.SUPERVISOR)
def withdraw(policy_id: str, version: int) -> ResponseReturnValue:
    """Take back a version whose day has not come."""
    try:
        take_back_rule(services(), version, reason(), actor())
    except REFUSALS as error:
        flash(error.message, "error")
    else:
        flash(f"第 {version} 版已撤回。")
    return redirect(url_for("rules.limit", policy_id=policy_id))


def _page(
    policy: Policy, *, trial: RuleTrial | None = None, checked: str = "", problem: HotlineError | None = None
) -> str:
    office = services().office(account().office_id)
    with services().read() as store:
        lines = rule_lines(store.session, office.id, POLICY, policy.id)
    rules = services().rulebook.clock_rules
    rows = [each for each in rules.policies_for(office, today()) if each.id == policy.id]
    return render_template(
        "rules/limit.html",
        policy=policy,
        rows=[limit_of(each, None) for each in rows],
        tiers=[(level, policy.at(level)) for level in Urgency],
        lines=[(line, words_of(line), of_place(line, office.id, office.region)) for line in lines],
        places=places(office.region),
        own=[line for line in lines if line.office_id and not line.withdrawn_at],
        names=names_of(lines),
        may_change=account().role is Role.SUPERVISOR and not policy.statutory,
        units=[each for each in Unit if each is not Unit.YEAR],
        levels=list(Urgency),
        trial=trial,
        checked=checked,
        problem=problem.message if problem else "",
        errors=problem.fields if problem else {},
        typed=request.form,
        today=today(),
    )


def _find(policy_id: str) -> Policy:
    office = services().office(account().office_id)
    try:
        return known_policy(services().rulebook.clock_rules.policies_for(office, today()), policy_id)
    except PolicyError as error:
        raise NotFoundError(error.message) from None
