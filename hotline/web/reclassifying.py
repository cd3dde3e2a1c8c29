"""Carrying out a command from the case page; 改类 goes through the desk's own use case, as it routes the case again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.desk import act, reclassify
from hotline.casework.linking import copy_act
from hotline.casework.preparation import Choice, decide
from hotline.errors import InvalidInputError
from hotline.intake.normalise import normalise
from hotline.noticing import ensure_notice, subject_told
from hotline.store.notices import add_notices
from hotline.vocabulary import Action
from hotline.web.context import actor, desk, now, services
from hotline.web.telling import notices_after

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.records import CaseSnapshot, Command

REASON_LIMIT = 200


def carry_out(
    case_id: str, snapshot: CaseSnapshot, command: Command, form: Mapping[str, str], *, also: Sequence[str] = ()
) -> None:
    """Do what the command says in one unit of work, to the linked cases in `also` as well.

    What tells the caller something has its 告知书 written with it.

    Raises:
        ForbiddenError, TransitionError, InvalidInputError, ConflictError: See `lifecycle.decide`.
    """
    where = desk(snapshot.office_id)
    if command.action is not Action.CLASSIFY:
        with services().write() as store:
            after = act(store, case_id, command, desk=where, actor=actor(), now=now())
            if after.seq == snapshot.seq:
                return  # The same form came twice.
            done = copy_act(store, after, command, also, desk=where, actor=actor(), now=now())
            subject = subject_told(command)
            if subject is not None:
                ensure_notice(store, case_id, subject, desk=where, actor=actor(), now=now(), reply=command.text)
            for each in (after, *done):
                add_notices(store.session, notices_after(snapshot, each, command), now())
        return
    chosen = _choice(snapshot, command, form)
    with services().read() as store:
        complaint = store.complaint(snapshot.complaint_id)
    decided = decide(complaint, office=where.office, rulebook=where.rulebook, chosen=chosen)
    with services().write() as store:
        reclassify(store, case_id, command, decided, desk=where, actor=actor(), now=now())


def _choice(snapshot: CaseSnapshot, command: Command, form: Mapping[str, str]) -> Choice:
    """What the person decided. The reason stands in clear beside the route, so numbers in it are masked.

    Raises:
        InvalidInputError: The plan does not exist, or another one was chosen without a reason.
    """
    rulebook = services().rulebook
    plan_id, reason = form.get("plan_id", ""), form.get("reason", "").strip()
    category, setting = str(command.data.get("category", "")), str(command.data.get("setting", ""))
    wrong = {}
    if category not in rulebook.taxonomy.categories:
        wrong["category"] = "请从列出的类别中选择"
    if setting not in rulebook.taxonomy.settings:
        wrong["setting"] = "请从列出的环节中选择"
    if plan_id and plan_id not in rulebook.plans:
        wrong["plan_id"] = "请从列出的方案中选择"
    elif plan_id and not reason:
        wrong["reason"] = "另选方案请写明理由"
    if len(reason) > REASON_LIMIT:
        wrong["reason"] = f"理由请不超过{REASON_LIMIT}字"
    if wrong:
        message = f"“{command.action.label}”填写有误：{'；'.join(wrong.values())}。"
        raise InvalidInputError(message, **wrong)
    masked = normalise(reason, received_at=snapshot.received_at).masked_text if reason else ""
    return Choice(category=category, setting=setting, plan_id=plan_id, reason=masked)
