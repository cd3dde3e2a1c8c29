"""Giving the caller a new code to follow the case by: only to who shows that they are the caller.

Of a dispute the caller names the phone on record. Of a 举报, and where no phone is on record, who registered the case
or a supervisor says why: asked there, the phone would tell whose report it is. The code of before ends, and both the
case's record and the caller's own page say that there was a new one.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

from hotline.casework.desk import act
from hotline.casework.privacy import at_desk
from hotline.casework.unsealing import guarded, may_reissue, registered_by
from hotline.errors import ForbiddenError, InvalidInputError
from hotline.records import Command
from hotline.store import attempts
from hotline.store.blind_indexes import number_in
from hotline.store.following import issue_code
from hotline.vocabulary import Action, Role
from hotline.web.context import actor, desk, now, services

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hotline.records import Actor, CaseSnapshot, Complaint

PHONE, REASON = "phone", "reason"
WINDOW, MOST = timedelta(minutes=15), 5
MOST_TEXT = 500
WRONG_PHONE = "与登记的电话不符，没有重发。请来电人再报一次；仍不符的，由登记人或督办员核实后写明理由重发。"
TOO_MANY = "核对电话的次数过多，请 15 分钟后再试。"
NO_REASON = "请写明重发的理由：怎样核实来电的就是原来的来电人。"
NOT_YOU = "本件的查询码只能由原登记人或督办员写明理由重发，请转请办理。"


def proof_asked(snapshot: CaseSnapshot, complaint: Complaint, who: Actor) -> str:
    """What a new code is given on: `PHONE`, `REASON`, or nothing where this person gives none."""
    if not at_desk(snapshot, who) or not may_reissue(snapshot, who):
        return ""
    if number_in("phone", complaint.reporter.phone) and not guarded(snapshot):
        return PHONE
    return REASON if who.role is Role.SUPERVISOR or registered_by(snapshot, who) else ""


def new_code(snapshot: CaseSnapshot, complaint: Complaint, form: Mapping[str, str]) -> str:
    """Issue it, with an event that says on what.

    Raises:
        ForbiddenError: Somebody else has to do it.
        InvalidInputError: The phone is not the one on record, or no reason is given.
    """
    who, proof = actor(), proof_asked(snapshot, complaint, actor())
    reason = form.get("text", "").strip()[:MOST_TEXT]
    if not proof:
        raise ForbiddenError(NOT_YOU)
    if proof == PHONE:
        _check_phone(snapshot, complaint.reporter.phone, form.get("phone", ""))
    elif not reason:
        raise InvalidInputError(NO_REASON, text=NO_REASON)
    command = Command(Action.ISSUE_CODE, data={"again": True, "proof": proof}, text=reason)
    with services().write() as store:
        act(store, snapshot.case_id, command, desk=desk(snapshot.office_id), actor=who, now=now())
        return issue_code(store.session, store.keyring, snapshot.case_id, complaint.id, by=who.account_id, at=now())


def _check_phone(snapshot: CaseSnapshot, kept: str, typed: str) -> None:
    keyring = services().keyring
    key = keyring.sign(f"code|{snapshot.case_id}".encode())
    if attempts.count_attempt(services().engine, key, now(), WINDOW) > MOST:
        raise InvalidInputError(TOO_MANY, phone=TOO_MANY)
    known, told = keyring.blind_index("phone", kept), keyring.blind_index("phone", typed)
    if not (known and hmac.compare_digest(known, told)):
        raise InvalidInputError(WRONG_PHONE, phone=WRONG_PHONE)
