"""What the operator sees while typing: category, clause, agencies, clocks, what is missing, what came before.

Nothing is saved and no lock is taken. A form without text still finds earlier complaints by phone and respondent.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hotline.casework.planned import planned_clocks
from hotline.errors import HotlineError
from hotline.intake.kinds import propose_kind
from hotline.intake.likeness import Told
from hotline.intake.normalise import normalise
from hotline.intake.submission import kind_of
from hotline.records import Candidate
from hotline.registering import prepare_draft
from hotline.store import queries
from hotline.vocabulary import Kind
from hotline.web.context import account, now, services
from hotline.web.operators.choices import own_office

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotline.casework.planned import PlannedClock
    from hotline.casework.preparation import Prepared
    from hotline.intake.kinds import KindProposal
    from hotline.intake.submission import Draft
    from hotline.records import Classification, Normalised
    from hotline.store.queries import Related
    from hotline.web.operators.forms import Entry

TOP = 3
WORDS = 6
RELATED = 6


@dataclass(frozen=True, slots=True)
class Top:
    """One of the three most likely categories, with the words that spoke for it."""

    key: int
    category: str
    confidence: float
    words: tuple[str, ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class Start:
    """A clock that will start, and all bodies on which it starts alike; None is the desk."""

    clock: PlannedClock
    bodies: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything beside the form. Without text, only what phone and respondent already tell."""

    prepared: Prepared | None
    found: Normalised | None
    repaired: bool
    proposal: KindProposal | None
    kind: Kind | None
    proposed_kind: Kind | None
    top: tuple[Top, ...]
    clocks: tuple[Start, ...]
    missing: tuple[str, ...]
    earlier: Related
    problem: str
    errors: Mapping[str, str]
    split: bool
    milliseconds: float


def make_preview(entry: Entry) -> Preview:
    """The preview of a form as it stands."""
    began = time.perf_counter()
    prepared, problem = _prepared(entry)
    draft = entry.draft
    found = _normalised(draft) if draft.text else None
    proposal = propose_kind(found.text) if found else None
    clocks: tuple[Start, ...] = ()
    if prepared:
        clocks, problem = _clocks(prepared)
    kind = prepared.complaint.kind if prepared else None
    proposed = kind_of(replace(draft, kind=None)) if draft.text else None
    preview = Preview(
        prepared=prepared,
        found=found,
        repaired=found is not None and found.repaired,
        proposal=proposal,
        kind=kind,
        proposed_kind=proposed,
        top=_top(prepared.classification, prepared.category) if prepared else (),
        clocks=clocks,
        missing=missing(draft, kind, place_known=found is not None and found.region is not None) if kind else (),
        earlier=_earlier(draft, found.masked_text if found else "", kind or proposed),
        problem=problem,
        errors={name: text for name, text in entry.errors.items() if name != "text"},
        split=entry.split,
        milliseconds=0.0,
    )
    return replace(preview, milliseconds=(time.perf_counter() - began) * 1000)


def missing(draft: Draft, kind: Kind, *, place_known: bool) -> tuple[str, ...]:
    """What the law wants for acceptance and the form does not hold yet (W3: 第10、11条; W4: 第28条)."""
    caller, other = draft.reporter, draft.respondent
    if kind is Kind.INQUIRY:
        return ()
    whom = other.name or other.platform or other.url
    if kind is Kind.REPORT:
        wanted: dict[str, object] = {
            "被举报人名称、平台或网址": whom,
            "违法行为发生的地点": other.address
            or draft.happened_where
            or draft.location_hint
            or other.url
            or place_known,
        }
    else:
        wanted = {
            "投诉人真实姓名": caller.name and not caller.anonymous,
            "投诉人电话": caller.phone,
            "投诉人地址": caller.address,
            "被投诉人名称": whom,
            "被投诉人地址": other.address or other.platform or other.url,
            "具体请求": draft.demand,
        }
    return tuple(name for name, given in wanted.items() if not given)


def _prepared(entry: Entry) -> tuple[Prepared | None, str]:
    if not entry.draft.text:
        return None, ""
    try:
        return prepare_draft(services(), entry.draft, account().office_id, entry.choice), ""
    except HotlineError as error:
        return None, error.message


def _normalised(draft: Draft) -> Normalised:
    hint = draft.location_hint or draft.happened_where or draft.respondent.address
    return normalise(
        draft.text,
        received_at=draft.received_at,
        location_hint=hint,
        home_region=own_office().region,
        reporter=draft.reporter,
    )


def _clocks(prepared: Prepared) -> tuple[tuple[Start, ...], str]:
    try:
        clocks = planned_clocks(prepared, office=own_office(), rulebook=services().rulebook, now=now())
    except HotlineError as error:
        return (), error.message
    return _together(clocks), ""


def _together(clocks: tuple[PlannedClock, ...]) -> tuple[Start, ...]:
    """The same deadline of several agencies as one line, in the order of the first."""
    alike: dict[tuple[str, tuple[str, ...]], list[PlannedClock]] = {}
    for clock in clocks:
        alike.setdefault((clock.policy, clock.why), []).append(clock)
    return tuple(Start(group[0], tuple(clock.body_id for clock in group)) for group in alike.values())


def _top(result: Classification, chosen: str) -> tuple[Top, ...]:
    """The three most likely categories; the one that serves is marked."""
    candidates = {each.category: each for each in (Candidate(result.category, result.confidence), *result.alternatives)}
    ranked = sorted(candidates.values(), key=lambda each: -each.confidence)[:TOP]
    return tuple(
        Top(key, each.category, each.confidence, _words(result, each.category), each.category == chosen)
        for key, each in enumerate(ranked, start=1)
    )


def _words(result: Classification, category: str) -> tuple[str, ...]:
    speaking = [reason for reason in result.reasons if reason.category == category and reason.weight > 0]
    speaking.sort(key=lambda reason: -reason.weight)
    return tuple(dict.fromkeys(reason.term for reason in speaking))[:WORDS]


def _earlier(draft: Draft, masked_text: str, kind: Kind | None) -> Related:
    """Earlier complaints that belong beside this one; of another office only that there are some."""
    keyring, office_id = services().keyring, account().office_id
    phone = keyring.blind_indexes("phone", draft.reporter.phone) if draft.reporter.phone else None
    identity = keyring.blind_indexes("id_number", draft.reporter.id_number) if draft.reporter.id_number else None
    told = Told(masked_text, kind, draft.respondent)
    with services().read() as store:
        return queries.related(store.session, office_id, told, phone_index=phone, id_index=identity, limit=RELATED)
