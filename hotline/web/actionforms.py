"""Forms of the actions a case offers, rendered from what the lifecycle declares that each needs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from hotline.casework.bonds import open_demands
from hotline.casework.desk import TOKEN, proposed_legs
from hotline.casework.legs import open_legs, times_extended
from hotline.casework.lifecycle import allowed
from hotline.casework.need_forms import parse_form
from hotline.casework.needs import TEXT, Need, NeedKind
from hotline.casework.policy_lookup import extension_rule
from hotline.errors import InvalidInputError
from hotline.intake.regions import find_region
from hotline.moments import SHANGHAI, local_date
from hotline.records import Command
from hotline.store.ids import new_id
from hotline.vocabulary import Action, LegRole
from hotline.web.cases import policies_of
from hotline.web.context import account, now, services
from hotline.web.times import moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug.datastructures import MultiDict

    from hotline.casework.transitions import Offer
    from hotline.records import Actor, Assignment, CaseSnapshot, Clock, ExtensionRequest, Leg

AT = "at"
NATION = "000000"
DATED = frozenset(
    {
        Action.CONTACT,
        Action.ACCEPT,
        Action.DECLINE,
        Action.TERMINATE,
        Action.CLUE,
        Action.FILE,
        Action.NOT_FILE,
        Action.DECIDE,
        Action.NOTIFY,
        Action.SUSPEND,
        Action.RESUME,
    }
)
"""Steps that may be registered later than they happened; both times are kept."""
_WHEN = Need(AT, "实际发生时间（不填即现在）", NeedKind.DATETIME, required=False)
_REASON = Need("reason", "理由", NeedKind.TEXT, required=False)
_OF_THE_CASE = ("policy", "request_id", "demand_id")
"""Inputs chosen from what the case has: its clocks, what waits for an answer."""
_FIRST = frozenset(
    {
        Action.SIGN,
        Action.DISPATCH,
        Action.ACCEPT,
        Action.FILE,
        Action.RESOLVE,
        Action.REASSIGN,
        Action.RULE,
        Action.REVIEW,
        Action.FOLLOW_UP,
        Action.EXTEND,
    }
)
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attempt:
    """An action that somebody tried, with what they typed and, where it failed, why."""

    action: Action
    leg_id: str | None
    typed: MultiDict[str, str]
    problem: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)

    def failed(self, problem: str, errors: Mapping[str, str]) -> Attempt:
        """The same with what was wrong."""
        return replace(self, problem=problem, errors=errors)

    @property
    def text(self) -> str:
        """The free text that was typed, so that it is not lost where the action is no longer possible."""
        return self.typed.get(TEXT, "")


@dataclass(frozen=True, slots=True)
class Field:
    """One input: `values` are what stands in it; groups are (heading, ((code, label), …)); `hint` stands below it."""

    need: Need
    id: str
    values: tuple[str, ...]
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    error: str
    hint: str = ""

    @property
    def value(self) -> str:
        """The one value of an input that takes one."""
        return self.values[0] if self.values else ""


@dataclass(frozen=True, slots=True)
class Form:
    """One action as the page shows it.

    `open` where it was just tried and failed, `main` for a next step, `several` where other legs offer it too.
    """

    action: Action
    leg: Leg | None
    id: str
    says: str
    clock: str
    fields: tuple[Field, ...]
    open: bool
    main: bool
    several: bool
    token: str


@dataclass(frozen=True, slots=True)
class Background:
    """What forms are filled from."""

    snapshot: CaseSnapshot
    assignment: Assignment | None
    clocks: Sequence[Clock]
    attempt: Attempt | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an input stands: the action, its leg, and the attempt at it that failed."""

    action: Action
    leg: Leg | None
    tried: Attempt | None
    background: Background


def needs_of(snapshot: CaseSnapshot, who: Actor, attempt: Attempt) -> tuple[Need, ...]:
    """What the tried action needs; nothing where it is not offered: the decision then says why not."""
    for offer in allowed(snapshot, who):
        if (offer.transition.action, offer.leg_id) == (attempt.action, attempt.leg_id):
            return offer.needs
    return ()


def command_of(attempt: Attempt, needs: Sequence[Need], *, expected_seq: int | None) -> Command:
    """The command that a form means.

    Raises:
        InvalidInputError: The time it happened cannot be read.
    """
    data, text = parse_form(needs, {name: attempt.typed.getlist(name) for name in attempt.typed})
    at = _at(attempt.typed.get(AT, "").strip()) if attempt.action in DATED else None
    return Command(attempt.action, attempt.leg_id, data, text, at, expected_seq, attempt.typed.get(TOKEN, "")[:64])


def forms_of(offers: Sequence[Offer], background: Background) -> tuple[Form, ...]:
    """The forms of everything offered that a generic form makes sense for; the next steps first."""
    shown = [offer for offer in offers if offer.transition.form and _in_use(offer.transition.action)]
    times = Counter(offer.transition.action for offer in shown)
    forms = [_form(offer, background, several=times[offer.transition.action] > 1) for offer in shown]
    return tuple(sorted((form for form in forms if _usable(form)), key=lambda form: not form.main))


def asked_clock(clocks: Sequence[Clock], request: ExtensionRequest) -> Clock | None:
    """The clock that a request for more time is about, while it has not ended; the leg's own or the whole case's."""
    mine = [each for each in clocks if each.policy == request.policy and each.leg_id in (request.leg_id, None)]
    return next((each for each in mine if each.stopped_at is None), None)


def _in_use(action: Action) -> bool:
    """Whether this deployment does such a thing at all: where nothing is open to the public, nothing is released."""
    return action is not Action.RELEASE or services().settings.open311


def _usable(form: Form) -> bool:
    """Whether it can be filled in: there is a clock to extend, or a request to answer."""
    return all(any(items for _, items in field.groups) for field in form.fields if field.need.name in _OF_THE_CASE)


def _at(typed: str) -> datetime | None:
    if not typed:
        return None
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        message = "请填写日期和时间，如 2026-11-20T09:30。"
        raise InvalidInputError(message, at=message) from None
    return at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at


def _form(offer: Offer, background: Background, *, several: bool) -> Form:
    row = offer.transition
    attempt = background.attempt
    tried = attempt if attempt and (attempt.action, attempt.leg_id) == (row.action, offer.leg_id) else None
    form_id = f"{row.action.value}-{offer.leg_id or 'case'}"
    leg = background.snapshot.leg(offer.leg_id) if offer.leg_id else None
    place = Place(row.action, leg, tried, background)
    needs = [*(_chosen_plan(need) for need in offer.needs), *_extra(row.action)]
    return Form(
        action=row.action,
        leg=leg,
        id=form_id,
        says=row.says,
        clock=row.clock,
        fields=tuple(_field(need, form_id, place) for need in needs),
        open=tried is not None and bool(tried.problem),
        main=row.action in _FIRST,
        several=several,
        token=tried.typed.get(TOKEN, "") if tried and not tried.problem else new_id(),
    )


def _chosen_plan(need: Need) -> Need:
    """A plan is chosen from those there are, not typed."""
    if need.name != "plan":
        return need
    return replace(need, kind=NeedKind.CHOICE, choices=_plans())


def _plans() -> tuple[tuple[str, str], ...]:
    plans = services().rulebook.plans_on(local_date(now()), account().office_id)
    return tuple((plan.id, plan.title) for plan in plans.values())


def _extra(action: Action) -> tuple[Need, ...]:
    """Inputs of the page that are no needs of the event."""
    if action is Action.CLASSIFY:
        plan = Need("plan_id", "另选方案（不选则按地区）", NeedKind.CHOICE, required=False, choices=_plans())
        return (plan, _REASON)
    return (_WHEN,) if action in DATED else ()


def _field(need: Need, form_id: str, place: Place) -> Field:
    tried = place.tried
    groups = _groups(need, place.leg, place.background)
    at_first = _prefilled(need, place.action, place.background) or _only_choice(need, groups)
    typed = tuple(tried.typed.getlist(need.name)) if tried else at_first
    error = tried.errors.get(need.name, "") if tried else ""
    return Field(need, f"{form_id}-{need.name}", typed, groups, error)


def _only_choice(need: Need, groups: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> tuple[str, ...]:
    """The one clock or request there is, so that nobody has to choose it."""
    codes = tuple(code for _, items in groups for code, _ in items)
    return codes if need.required and need.name in _OF_THE_CASE and len(codes) == 1 else ()


def _prefilled(need: Need, action: Action, background: Background) -> tuple[str, ...]:
    """What stands in an input at first: the route's proposal, or the case as it is."""
    snapshot = background.snapshot
    if action is Action.DISPATCH and background.assignment is not None:
        return _proposed(need.name, background.assignment, snapshot)
    if action is Action.REASSIGN and need.name in ("lead", "co"):
        role = LegRole.LEAD if need.name == "lead" else LegRole.CO
        return tuple(leg.body_id for leg in open_legs(snapshot) if leg.role is role)
    if action is Action.RETURN and need.name == "clause":
        duty = background.assignment.duty if background.assignment else None
        return (duty.clause,) if duty else ()
    if action is Action.CLASSIFY and need.name in ("category", "setting", "kind", "urgency"):
        return (str(getattr(snapshot, need.name)),)
    if need.kind is NeedKind.DATETIME and need.required:
        return (f"{now().astimezone(SHANGHAI):%Y-%m-%dT%H:%M:%S}",)
    return (need.choices[0][0],) if need.required and len(need.choices) == 1 else ()


def _proposed(name: str, assignment: Assignment, snapshot: CaseSnapshot) -> tuple[str, ...]:
    proposal = proposed_legs(assignment)
    outside = snapshot.category == OTHER
    value = "" if outside and name in ("plan", "clause") else proposal.get(name, "")
    if isinstance(value, tuple):
        return tuple(str(each) for each in value)
    return (str(value),) if value else ()


def _groups(need: Need, leg: Leg | None, background: Background) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The choices of an input, grouped for looking up."""
    taxonomy = services().rulebook.taxonomy
    if need.kind in (NeedKind.BODY, NeedKind.BODIES):
        return _bodies(background.snapshot)
    if need.kind is NeedKind.POLICY:
        return (("", _extendable(leg, background)),)
    if need.name == "category" and not need.choices:
        groups: dict[str, list[tuple[str, str]]] = {}
        for each in taxonomy.categories.values():
            groups.setdefault(each.group, []).append((each.code, each.name))
        return tuple((heading, tuple(items)) for heading, items in groups.items())
    if need.name == "setting" and not need.choices:
        return (("", tuple((each.code, each.name) for each in taxonomy.settings.values())),)
    of_the_case = {"request_id": _requests, "demand_id": _demands}.get(need.name)
    if of_the_case is not None:
        return (("", of_the_case(need, background.snapshot)),)
    return (("", need.choices),)


def _bodies(snapshot: CaseSnapshot) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Every body that exists today, those of the office's own place first."""
    home, today = services().office(snapshot.office_id).region, local_date(now())
    groups: dict[str, list[tuple[str, str]]] = {home: []}
    for body in services().rulebook.directory.bodies.values():
        if body.exists(today):
            groups.setdefault(body.region, []).append((body.id, body.name))
    headings = {home: "本地单位"}
    return tuple((headings.get(region) or _place(region), tuple(items)) for region, items in groups.items() if items)


def _place(region: str) -> str:
    found = find_region(region)
    return found.name if found else "国家机关" if region == NATION else f"其他地区 {region}"


def _extendable(leg: Leg | None, background: Background) -> tuple[tuple[str, str], ...]:
    """The running clocks of the leg (for the lead also those of the case) whose rule allows an extension.

    What has been asked for already waits for its answer, and what has been used up is not offered again.
    """
    policies = policies_of(background.snapshot)
    mine = {leg.id, None} if leg and leg.role is LegRole.LEAD else {leg.id if leg else None}
    snapshot, found = background.snapshot, {}
    asked = {request.policy for request in snapshot.extensions if leg and request.leg_id == leg.id}
    for clock in background.clocks:
        usable = clock.running() and clock.leg_id in mine and clock.policy not in asked
        rule = extension_rule(policies, clock.policy, snapshot.urgency) if usable else None
        if rule is not None and leg and times_extended(leg, clock.policy) < rule.times:
            found[clock.policy] = f"{clock.title}（每次最多 {rule.maximum} {rule.unit.label}）"
    return tuple(found.items())


def _demands(_need: Need, snapshot: CaseSnapshot) -> tuple[tuple[str, str], ...]:
    """What waits for a reply, with the moment it was asked."""
    return tuple((each.id, f"{each.kind.label} {moment(each.at)}") for each in open_demands(snapshot))


def _requests(need: Need, snapshot: CaseSnapshot) -> tuple[tuple[str, str], ...]:
    """Open requests in words: the clock's title and how much more."""
    policies = policies_of(snapshot)
    titles = {policy.id: policy.title for policy in policies}
    by_id = {request.id: request for request in snapshot.extensions}
    shown = []
    for code, label in need.choices:
        request = by_id.get(code)
        rule = extension_rule(policies, request.policy, snapshot.urgency) if request else None
        words = f"{titles[request.policy]} 延长 {request.amount} {rule.unit.label}" if request and rule else label
        shown.append((code, words))
    return tuple(shown)
