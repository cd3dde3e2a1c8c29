"""Completing a complaint: who complains, of whom, of what, what is asked, and facts told later.

What is told stands in the complaint's rows, sealed where it is about the caller. The event says which items were
completed and what still is missing, never the words; facts told later are the event's own text, beside the chain.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hotline.casework.completeness import RESPONDENT_LABELS, SUPPLEMENTS, lacking
from hotline.casework.crime import flags_of_complaint
from hotline.casework.desk import act, was_done
from hotline.casework.privacy import IDENTITY_LABELS, at_desk, knows_caller, look_fields
from hotline.casework.state import replay
from hotline.casework.unsealing import guarded
from hotline.errors import InvalidInputError
from hotline.intake.normalise import hidden, masked
from hotline.records import Command, Reporter, Respondent
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hotline.casework.desk import Desk
    from hotline.casework.ports import Store
    from hotline.records import Actor, CaseSnapshot, Complaint, Json

_PREFIX = "respondent_"


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody has told since; what is left empty stays as it was."""

    reporter: Reporter = field(default_factory=Reporter)
    respondent: Respondent = field(default_factory=Respondent)
    goods: str = ""
    demand: str = ""
    facts: str = ""


def supplement(
    store: Store,
    case_id: str,
    told: Told,
    *,
    desk: Desk,
    actor: Actor,
    now: datetime,
    leg_id: str | None = None,
    expected_seq: int | None = None,
    token: str = "",
) -> CaseSnapshot:
    """Complete a complaint with what was told; an agency does so on its own leg (`leg_id`), the desk on the case.

    Nobody can write over what is closed to them: a new name in the place of the old one would unmask the old one in
    every text. An agency completes what is empty; only the desk puts right what stands there. What was masked stays
    masked. The same form sent twice is kept once: what was put right in between stays.

    Raises:
        InvalidInputError: Nothing was told, or it would take the place of what the actor may not change.
    """
    events = store.events(case_id)
    snapshot = replay(events)
    if was_done(events, token):
        return snapshot
    complaint = store.complaint(snapshot.complaint_id)
    given = _given(told)
    if not given:
        message = "没有填写要补充的内容，请至少填写一项。"
        raise InvalidInputError(message, name="请填写")
    leg = snapshot.leg(leg_id) if leg_id else None
    free = look_fields(snapshot, leg, actor, now)
    may_correct = at_desk(snapshot, actor)
    _check_free(
        {name for name in given if stands(complaint, name) and name not in free and (name in IDENTITY_LABELS)},
        "来电人身份对您密封，已经登记的{labels}不能改写；确需更正，请先申请启封，或者请派单台办理。",
    )
    _check_free(
        {name for name in given if stands(complaint, name) and name not in IDENTITY_LABELS and not may_correct},
        "已经登记的{labels}不能改写；确需更正，请派单台办理。",
    )
    knows = bool(free) or knows_caller(snapshot, actor, now)
    if guarded(snapshot) and not knows and "demand" in given:
        message = "来电人身份对您密封，诉求不能由您补填；请写在“补充情况”里。"
        raise InvalidInputError(message, demand="请写在补充情况里")
    after = _hidden(complaint, given, whole=guarded(snapshot), knows=knows)
    data: dict[str, Json] = {"fields": tuple(given), "named": after.named, "lacking": lacking(after)}
    command = Command(Action.SUPPLEMENT, leg_id, data, given.get("facts", ""), expected_seq=expected_seq, token=token)
    done = act(store, case_id, command, desk=desk, actor=actor, now=now)
    store.save_supplement(after)
    store.save_flags(case_id, flags_of_complaint(store, after, done.category))
    return done


def _given(told: Told) -> dict[str, str]:
    """What was told, by the codes of `SUPPLEMENTS`, in their order."""
    found = {name: getattr(told.reporter, name) for name in IDENTITY_LABELS}
    found |= {name: getattr(told.respondent, name.removeprefix(_PREFIX)) for name in RESPONDENT_LABELS}
    found |= {"goods": told.goods, "demand": told.demand, "facts": told.facts}
    return {name: text.strip() for name, text in found.items() if text.strip()}


def stands(complaint: Complaint, name: str) -> bool:
    """Whether something stands in a field already; facts are added, they take the place of nothing."""
    if name == "facts":
        return False
    if name in IDENTITY_LABELS:
        return bool(getattr(complaint.reporter, name).strip())
    if name in RESPONDENT_LABELS:
        return bool(getattr(complaint.respondent, name.removeprefix(_PREFIX)).strip())
    return bool(getattr(complaint, name).strip())


def _check_free(wrong: set[str], message: str) -> None:
    if wrong:
        labels = "、".join(label for name, label in SUPPLEMENTS.items() if name in wrong)
        raise InvalidInputError(message.format(labels=labels), **dict.fromkeys(wrong, "已经登记，不能改写"))


def _hidden(complaint: Complaint, given: Mapping[str, str], *, whole: bool, knows: bool) -> Complaint:
    """The completed complaint with its caller hidden.

    What somebody typed who does not know the caller is not compared with the caller's name: whoever could see a name
    disappear would know whose it is.
    """
    after = _completed(complaint, given)
    if knows:
        return hidden(after, whole=whole)
    typed = {name.removeprefix(_PREFIX): given[name] for name in RESPONDENT_LABELS if name in given}
    known = hidden(replace(after, goods=complaint.goods, respondent=complaint.respondent), whole=whole)
    goods = masked(given["goods"], whole=whole) if "goods" in given else known.goods
    return replace(known, goods=goods, respondent=replace(known.respondent, **typed))


def _completed(complaint: Complaint, given: Mapping[str, str]) -> Complaint:
    caller = complaint.reporter
    reporter = replace(
        caller,
        name=given.get("name", caller.name),
        phone=given.get("phone", caller.phone),
        id_number=given.get("id_number", caller.id_number),
        address=given.get("address", caller.address),
        anonymous=caller.anonymous and "name" not in given,
    )
    other = {name.removeprefix(_PREFIX): given[name] for name in RESPONDENT_LABELS if name in given}
    return replace(
        complaint,
        reporter=reporter,
        respondent=replace(complaint.respondent, **other),
        goods=given.get("goods", complaint.goods),
        demand=given.get("demand", complaint.demand),
    )
