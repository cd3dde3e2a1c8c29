"""From a draft to a prepared complaint: normalised, classified, routed. Pure, and done before any transaction opens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hotline.errors import HotlineError
from hotline.intake.regions import parents
from hotline.intake.submission import check_received, complaint_from_draft, content_digest
from hotline.moments import local_date
from hotline.records import Assignment, Classification, Complaint, RawSubmission, TraceStep
from hotline.routing.focus import focuses
from hotline.routing.matrix import route, without_plan
from hotline.routing.places import PlanChoice, place_for_office, plan_for_office
from hotline.routing.plans import find_plan, with_annex
from hotline.routing.triage import setting_question
from hotline.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from hotline.casework.rulebook import Rulebook
    from hotline.intake.judge import Accepted
    from hotline.intake.submission import Draft
    from hotline.records import Office
    from hotline.routing.classifier import Classifier
    from hotline.routing.focus import FocusMark

OTHER = "other"
_ROUNDING = 0.001
"""A classification shows its confidence rounded; the model decides by what it was before."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decided instead of the model or the map; empty fields leave the proposal."""

    category: str = ""
    setting: str = ""
    plan_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A complaint with everything the machine has to say about it, ready to be registered."""

    raw: RawSubmission
    complaint: Complaint
    classification: Classification
    assignment: Assignment
    category: str
    setting: str
    chosen: Choice
    outside: str = ""
    focuses: tuple[FocusMark, ...] = ()

    @property
    def doubt(self) -> str:
        """Why a person must look before dispatch, in Chinese; empty where nothing stands against it."""
        return self._stuck() or ("" if self.chosen.category else self._unsure())

    def _stuck(self) -> str:
        """What stands against dispatch whatever the model thinks: the first of these that is true."""
        lead = self.assignment.lead
        found = (
            (self.complaint.kind is Kind.INQUIRY, "来电为咨询，请由坐席直接答复；涉及违法线索的请改为举报。"),
            (self.category == OTHER, "不属于本系统受理范围，请确认去向后转交或答复。"),
            (
                bool(self.outside) and not self.chosen.plan_id,
                f"事情发生在{self.outside}，不在本办公室辖区，请核实地点后转交当地或改派。",
            ),
            (self.assignment.plan is None, "该地区没有现行方案，请指定承办单位。"),
            (self.assignment.silent, "方案未列明承办单位，请由领导小组办公室指定。"),
            (lead is None or lead.today_body_id is None, "方案所列单位今天的承继单位不明，请指定承办单位。"),
        )
        return next((reason for holds, reason in found if holds), "")

    def _unsure(self) -> str:
        return self.classification.doubt if self.classification.needs_review else ""


def prepare(
    draft: Draft,
    *,
    office: Office,
    rulebook: Rulebook,
    now: datetime,
    new_id: Callable[[], str],
    chosen: Choice | None = None,
) -> Prepared:
    """Normalise, classify and route one draft.

    Raises:
        InvalidInputError: The draft holds no text, or was received in the future.
        UnknownPlanError: The plan that a person chose does not exist.
    """
    complaint = _complaint(draft, office=office, now=now, new_id=new_id)
    choice = chosen or Choice()
    decided = decide(complaint, office=office, rulebook=rulebook, chosen=choice)
    return _prepared(draft, complaint, decided, content_digest(draft), office=office, rulebook=rulebook, chosen=choice)


def prepare_many(
    records: Sequence[Accepted], *, office: Office, rulebook: Rulebook, now: datetime, new_id: Callable[[], str]
) -> list[Prepared | HotlineError]:
    """Each record of a file as `prepare` has it, or why it cannot be used; the model is asked for all at once."""
    complaints: list[Complaint | HotlineError] = []
    for record in records:
        try:
            complaints.append(_complaint(record.draft, office=office, now=now, new_id=new_id))
        except HotlineError as error:
            complaints.append(error)
    said = iter(rulebook.classifier.classify_many([each.text for each in complaints if isinstance(each, Complaint)]))
    found: list[Prepared | HotlineError] = []
    for record, complaint in zip(records, complaints, strict=True):
        if isinstance(complaint, HotlineError):
            found.append(complaint)
            continue
        decided = decide(complaint, office=office, rulebook=rulebook, chosen=Choice(), said=next(said))
        found.append(
            _prepared(
                record.draft, complaint, decided, record.digest, office=office, rulebook=rulebook, chosen=Choice()
            )
        )
    return found


def _complaint(draft: Draft, *, office: Office, now: datetime, new_id: Callable[[], str]) -> Complaint:
    """The normalised complaint.

    Raises:
        InvalidInputError: The draft holds no text, or was received in the future.
    """
    check_received(draft.received_at, now)
    submission_id, complaint_id = new_id(), new_id()
    return complaint_from_draft(
        draft,
        complaint_id=complaint_id,
        submission_id=submission_id,
        office_id=office.id,
        home_region=office.region,
    )


def _prepared(
    draft: Draft,
    complaint: Complaint,
    decided: tuple[Classification, Assignment],
    digest: str,
    *,
    office: Office,
    rulebook: Rulebook,
    chosen: Choice,
) -> Prepared:
    """Everything that was found out about one draft."""
    classification, assignment = decided
    category, setting = chosen.category or classification.category, chosen.setting or classification.setting
    raw = RawSubmission(
        id=complaint.submission_id,
        office_id=office.id,
        channel=draft.channel,
        external_id=draft.external_id or f"desk-{complaint.id}",
        received_at=complaint.received_at,
        content=draft.raw,
        digest=digest,
    )
    if complaint.external_id != raw.external_id:
        complaint = replace(complaint, external_id=raw.external_id)
    return Prepared(
        raw=raw,
        complaint=complaint,
        classification=classification,
        assignment=assignment,
        category=category,
        setting=setting,
        chosen=chosen,
        outside=_outside(complaint, office),
        focuses=focus_marks(complaint, category, setting, office=office, rulebook=rulebook),
    )


def decide(
    complaint: Complaint, *, office: Office, rulebook: Rulebook, chosen: Choice, said: Classification | None = None
) -> tuple[Classification, Assignment]:
    """What the model says of a complaint and where the plan in force sends it.

    `said` is what the model said when it was asked for many at once; it is asked again where the plan may make it
    doubt.

    Raises:
        UnknownPlanError: The plan that a person chose does not exist.
    """
    on = local_date(complaint.received_at)
    region = place_for_office(complaint.region.adcode if complaint.region else None, office)
    where = _choose_plan(region, on, office=office, rulebook=rulebook, plan_id=chosen.plan_id)
    plan = where.plan
    question = setting_question(plan, rulebook.directory, rulebook.taxonomy) if plan else None
    classification = said
    if classification is None or _may_doubt(rulebook.classifier, classification, question):
        classification = rulebook.classifier.classify(complaint.text, lead_depends_on_setting=question)
    category = chosen.category or classification.category
    setting = chosen.setting or classification.setting
    if plan is None:
        return classification, without_plan(category, setting, where.reason)
    assignment = route(
        plan=plan,
        directory=rulebook.directory,
        category=category,
        setting=setting,
        text=complaint.text,
        received_on=on,
        region=region,
    )
    first = TraceStep("地区与方案", where.reason)
    return classification, replace(assignment, trace=(first, *_person(chosen), *assignment.trace))


def _may_doubt(classifier: Classifier, said: Classification, question: Callable[[str], bool] | None) -> bool:
    """Whether the model would doubt the setting if it knew that the lead depends on it."""
    if question is None or said.needs_review:
        return False
    lower = replace(said, setting_confidence=said.setting_confidence - _ROUNDING)
    return classifier.unsure_setting(lower) and question(said.category)


def focus_marks(
    complaint: Complaint, category: str, setting: str, *, office: Office, rulebook: Rulebook
) -> tuple[FocusMark, ...]:
    """The focuses (专项整治) of the plans in force that a complaint falls under, in this category and setting."""
    on = local_date(complaint.received_at)
    region = complaint.region.adcode if complaint.region else office.region
    return focuses(rulebook.plans_on(on, office.id), category, complaint.text, region, on, setting=setting)


def _outside(complaint: Complaint, office: Office) -> str:
    """The place of the matter where it is known and lies outside the office's territory, else empty."""
    place = complaint.region
    if place is None or office.region in {place.adcode, *parents(place.adcode)}:
        return ""
    # A text that names only the province or city around the office leaves the district open.
    return "" if place.adcode in parents(office.region) else place.name


def _choose_plan(region: str | None, on: date, *, office: Office, rulebook: Rulebook, plan_id: str) -> PlanChoice:
    plans = rulebook.plans_on(on, office.id)
    if not plan_id:
        return plan_for_office(region, on, plans, office)
    plan = with_annex(find_plan(plans, plan_id), plans)
    return PlanChoice(plan, (plan.id,), "由坐席指定的方案", place_known=region is not None)


def _person(chosen: Choice) -> tuple[TraceStep, ...]:
    return (TraceStep("人工选择", chosen.reason or "坐席录入时选定"),) if chosen != Choice() else ()
