"""Every time limit with its article, and a new version of one hotline clock for the office."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from hotline.casework.policies import known_policy
from hotline.casework.policy_change import NewTerms, read_terms, terms_document, terms_words
from hotline.casework.regional import wider_regions
from hotline.casework.rule_assembly import POLICY
from hotline.casework.transitions import ExtensionRule
from hotline.errors import InvalidInputError, NotFoundError, PolicyError
from hotline.store.rule_versions import RuleProposal, of_place, rule_lines
from hotline.timing import adopt_rule, check_rule, take_back_rule, try_rule, waiting_cases
from hotline.vocabulary import Role, Unit, Urgency
from hotline.web.access import roles
from hotline.web.context import account, actor, services
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
    whole_number,
)

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.casework.policies import Policy
    from hotline.errors import HotlineError
    from hotline.store.rule_versions import RuleLine
    from hotline.timing import RuleTrial


@dataclass(frozen=True, slots=True)
class Limit:
    """One row of the list: a policy as it is for what the office receives today, and its version."""

    policy: Policy
    terms: str
    since: str
    until: str
    version: str


@blueprint.get("/")
@roles(*READERS)
def limits() -> str:
    """All policies, the hotline's own first."""
    office = services().office(account().office_id)
    rules = services().rulebook.clock_rules
    here, elsewhere = adoptable()
    changed = {each.policy: each.version for each in rules.changes_for(office, today())}
    rows = [_limit(policy, changed.get(policy.id)) for policy in rules.policies_for(office, today())]
    return render_template(
        "rules/limits.html",
        rows=sorted((row for row in rows if not row.policy.node), key=_order),
        here=here,
        elsewhere=elsewhere,
        may_adopt=account().role is Role.SUPERVISOR,
        today=today(),
        waiting=waiting_cases(services(), office.id),
    )


def _order(row: Limit) -> tuple[bool, bool]:
    return row.policy.statutory, not row.policy.enabled


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
        content = terms_document(_terms())
        read_terms(policy_id, content)
        office_id, region = _scope()
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
        rows=[_limit(each, None) for each in rows],
        tiers=[(level, policy.at(level)) for level in Urgency],
        lines=[(line, _words(line), of_place(line, office.id, office.region)) for line in lines],
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


def _scope() -> tuple[str | None, str]:
    """Whom the version is to serve, as (office, region): this office, or all offices of its region.

    Raises:
        InvalidInputError: The region is none that this office lies in.
    """
    typed = request.form.get("scope", "")
    if not typed:
        return account().office_id, ""
    if typed not in wider_regions(services().office(account().office_id).region):
        message = "请从列出的范围中选择：本办公室，或者本办公室所在的区县、市、省。"
        raise InvalidInputError(message, scope=message)
    return None, typed


def _terms() -> NewTerms:
    """The terms that were typed.

    Raises:
        InvalidInputError: A field is no number, or a choice is none.
        PolicyError: No clock could follow them.
    """
    duration = whole_number("duration", "时长")
    if duration is None:
        message = "请写明时长。"
        raise InvalidInputError(message, duration=message)
    unit, extension_unit = _unit("unit"), _unit("extension_unit")
    most, times = whole_number("extension", "延期"), whole_number("times", "延期次数")
    extension = ExtensionRule(most, extension_unit, 1 if times is None else times) if most is not None else None
    level = next((each for each in Urgency if each == request.form.get("urgency")), None)
    return NewTerms(duration, unit, level, extension, whole_number("warn", "预警比例"))


def _unit(name: str) -> Unit:
    found = next((each for each in Unit if each == request.form.get(name, Unit.WORKDAY)), None)
    if found is None:
        message = "请从列出的单位中选择。"
        raise InvalidInputError(message, **{name: message})
    return found


def _find(policy_id: str) -> Policy:
    office = services().office(account().office_id)
    try:
        return known_policy(services().rulebook.clock_rules.policies_for(office, today()), policy_id)
    except PolicyError as error:
        raise NotFoundError(error.message) from None


def _limit(policy: Policy, version: int | None) -> Limit:
    levels = [policy.at(level) for level in Urgency]
    spans = list(dict.fromkeys(f"{each.duration} {each.unit.label}" for each in levels))
    terms = spans[0] if len(spans) == 1 else " / ".join(f"{each.duration} {each.unit.label}" for each in levels)
    since = min((scope.since for scope in policy.scopes if scope.since), default=None)
    until = max((scope.until for scope in policy.scopes if scope.until), default=None)
    return Limit(
        policy,
        terms,
        since.isoformat() if since else "",
        until.isoformat() if until else "",
        f"第 {version} 版" if version else "随程序" if not services().rulebook.books else "采用的文件",
    )


def _words(line: RuleLine) -> str:
    try:
        return terms_words(read_terms(line.subject, line.content))
    except PolicyError as error:
        return error.message
