"""Use cases over two cases at once: linking them and undoing it, one act for several, completing who complains.

All of it happens in the caller's unit of work: both cases change or neither.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.casework.bonds import links_of
from hotline.casework.desk import act
from hotline.casework.privacy import IDENTITY_LABELS, look_fields
from hotline.casework.state import replay
from hotline.errors import ConflictError, HotlineError, InvalidInputError, TransitionError
from hotline.intake.normalise import masked
from hotline.records import Command
from hotline.vocabulary import Action, Kind, Relation

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from hotline.casework.desk import Desk
    from hotline.casework.ports import Store
    from hotline.records import Actor, CaseSnapshot, Complaint, Json, Leg, Reporter

COPIED = frozenset(
    {
        Action.SIGN,
        Action.ACCEPT,
        Action.DECLINE,
        Action.TERMINATE,
        Action.CLUE,
        Action.FILE,
        Action.NOT_FILE,
        Action.DECIDE,
        Action.RESOLVE,
        Action.NOTE,
        Action.REMIND,
        Action.SUPERVISE,
        Action.REVIEW,
    }
)
"""What may be done to linked cases at once. Telling, contacting and calling back are owed to each caller by itself."""
MISSING_LABELS = {
    "name": "投诉人姓名",
    "phone": "投诉人电话",
    "address": "投诉人地址",
    "respondent": "被投诉人名称（姓名）、地址",
    "demand": "具体的投诉请求",
}


def link(
    store: Store,
    one: tuple[str, str],
    other: tuple[str, str],
    relation: Relation,
    *,
    desk: Desk,
    actor: Actor,
    now: datetime,
    text: str = "",
    token: str = "",
    out_of_report: bool = False,
) -> None:
    """Link two cases of one office, each given as (case id, number): an event on both.

    With `out_of_report` the other one was split out of a 举报, and says so: see `unsealing.closed_to`.

    Raises:
        InvalidInputError: They are the same case.
        TransitionError: They are linked already.
        ConflictError: One of them belongs to another office.
    """
    for mine, theirs in ((one, other), (other, one)):
        data: dict[str, Json] = {"case": theirs[0], "number": theirs[1], "relation": relation.value}
        if out_of_report and mine is other:
            data["out_of_report"] = True
        command = Command(Action.LINK, None, data, text, token=token)
        act(store, mine[0], command, desk=desk, actor=actor, now=now)


def unlink(
    store: Store,
    one: tuple[str, str],
    other: tuple[str, str],
    *,
    desk: Desk,
    actor: Actor,
    now: datetime,
    text: str,
    token: str = "",
) -> None:
    """Undo a link; what was done to both stays done.

    Raises:
        TransitionError: They are not linked.
        InvalidInputError: No reason is given.
    """
    for mine, theirs in ((one, other), (other, one)):
        command = Command(Action.UNLINK, None, {"case": theirs[0], "number": theirs[1]}, text, token=token)
        act(store, mine[0], command, desk=desk, actor=actor, now=now)


def copy_act(
    store: Store,
    snapshot: CaseSnapshot,
    command: Command,
    others: Collection[str],
    *,
    desk: Desk,
    actor: Actor,
    now: datetime,
) -> tuple[CaseSnapshot, ...]:
    """Do to linked cases what was done to `snapshot`, each on the leg of the same body and role.

    A notice is owed to each caller by itself, so `told` is left out.

    Raises:
        InvalidInputError: A case is not linked, or the action is none that may be copied.
        HotlineError: One of the cases refuses; the message names it, and the caller's unit of work is to be undone.
    """
    if others and command.action not in COPIED:
        message = f"“{command.action.label}”要对每位来电人分别办理，不能一并登记。"
        raise InvalidInputError(message, also="请逐件办理")
    linked = {each.case_id: each.number for each in links_of(snapshot)}
    if any(other not in linked for other in others):
        message = "所选工单没有与本件关联，请刷新页面后再操作。"
        raise InvalidInputError(message, also="没有关联")
    done = []
    for other in others:
        target = replay(store.events(other))
        leg_id = _same_leg(snapshot, target, command, linked[other])
        data = {name: value for name, value in command.data.items() if name != "told"}
        copied = replace(command, leg_id=leg_id, data=data, expected_seq=None)
        try:
            done.append(act(store, other, copied, desk=desk, actor=actor, now=now))
        except HotlineError as error:
            message = f"关联的 {linked[other]} 不能一并办理：{error.message}全部没有登记。"
            raise type(error)(message, **error.fields) from error
    return tuple(done)


def _same_leg(mine: CaseSnapshot, target: CaseSnapshot, command: Command, number: str) -> str | None:
    leg = mine.leg(command.leg_id) if command.leg_id else None
    if leg is None:
        return None
    found: Leg | None = next(
        (each for each in reversed(target.legs) if (each.body_id, each.role) == (leg.body_id, leg.role)), None
    )
    if found is None:
        message = f"关联的 {number} 没有由同一单位承办，不能一并办理。全部没有登记。"
        raise TransitionError(message)
    return found.id


def missing_for(complaint: Complaint) -> tuple[str, ...]:
    """What 121号令第10条 asks of a dispute and is not there, as keys of `MISSING_LABELS`; nothing for other kinds.

    Only the name bars 受理; the rest is for the agency to ask for.
    """
    if complaint.kind is not Kind.DISPUTE:
        return ()
    reporter, respondent = complaint.reporter, complaint.respondent
    there = {
        "name": complaint.named,
        "phone": reporter.phone.strip(),
        "address": reporter.address.strip(),
        "respondent": respondent.name.strip() and (respondent.address.strip() or respondent.url.strip()),
        "demand": complaint.demand.strip(),
    }
    return tuple(name for name, value in there.items() if not value)


def supplement(
    store: Store,
    case_id: str,
    told: Reporter,
    *,
    desk: Desk,
    actor: Actor,
    now: datetime,
    expected_seq: int | None = None,
    token: str = "",
) -> CaseSnapshot:
    """Complete who complains: what is told takes the place of what stood there, what is not told stays.

    Where who called is closed to the actor, only what is not there yet can be told: a new name in the place of the old
    one would unmask the old one in every text. What was masked stays masked.

    Raises:
        InvalidInputError: Nothing was told, or it would take the place of what the actor may not see.
    """
    snapshot = replay(store.events(case_id))
    complaint = store.complaint(snapshot.complaint_id)
    fields = {name: getattr(told, name).strip() for name in ("name", "phone", "id_number", "address")}
    given = {name: value for name, value in fields.items() if value}
    if not given:
        message = "没有填写要补充的内容，请至少填写一项。"
        raise InvalidInputError(message, name="请填写")
    if not look_fields(snapshot, None, actor, now):
        _only_new(complaint.reporter, given)
    reporter = replace(complaint.reporter, **given)
    reporter = replace(reporter, anonymous=reporter.anonymous and not given.get("name"))
    after = replace(complaint, reporter=reporter, masked_text=masked(complaint.masked_text, reporter))
    data: dict[str, Json] = {"fields": tuple(given), "named": after.named}
    command = Command(Action.SUPPLEMENT, None, data, expected_seq=expected_seq, token=token)
    done = act(store, case_id, command, desk=desk, actor=actor, now=now)
    store.save_reporter(after)
    return done


def _only_new(there: Reporter, given: Collection[str]) -> None:
    wrong = {name: "已经登记，不能改写" for name in given if getattr(there, name).strip()}
    if wrong:
        labels = "、".join(IDENTITY_LABELS[name] for name in wrong)
        message = f"来电人身份对您密封，已经登记的{labels}不能改写；确需更正，请先申请启封。"
        raise InvalidInputError(message, **wrong)


def related_kind(kind: Kind) -> Kind:
    """The kind that is split off: the report out of a dispute, the dispute out of a report.

    Raises:
        ConflictError: A question holds neither.
    """
    if kind is Kind.INQUIRY:
        message = "咨询没有可以拆分的内容；请先改类。"
        raise ConflictError(message)
    return Kind.REPORT if kind is Kind.DISPUTE else Kind.DISPUTE
