"""Carrying out a command from the case page; 改类 goes through the desk's own use case, as it routes the case again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.desk import act, reclassify
from hotline.casework.linking import copy_act
from hotline.casework.preparation import Choice, decide
from hotline.casework.privacy import knows_caller
from hotline.errors import InvalidInputError
from hotline.intake.normalise import masked
from hotline.noticing import ensure_notice, subject_told
from hotline.store.notices import add_notices
from hotline.vocabulary import Action
from hotline.web.context import actor, desk, now, services
from hotline.web.telling import notices_after

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hotline.records import CaseSnapshot, Command, Reporter

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
            each_told = form.get("told_each") == "1"
            done = copy_act(store, after, command, also, desk=where, actor=actor(), now=now(), told_each=each_told)
            subject = subject_told(command)
            if subject is not None:
                for told in (case_id, *(also if each_told else ())):
                    ensure_notice(store, told, subject, desk=where, actor=actor(), now=now(), reply=command.text)
            for each in (after, *done):
                add_notices(store.session, notices_after(snapshot, each, command), now())
        return
    with services().read() as store:
        complaint = store.complaint(snapshot.complaint_id)
    known = complaint.reporter if knows_caller(snapshot, actor(), now()) else None
    chosen = _choice(known, command, form)
    decided = decide(complaint, office=where.office, rulebook=where.rulebook, chosen=chosen)
    with services().write() as store:
        reclassify(store, case_id, command, decided, desk=where, actor=actor(), now=now())


def _choice(reporter: Reporter | None, command: Command, form: Mapping[str, str]) -> Choice:
    """What the person decided. The reason stands in clear beside the route, so the caller is hidden in it.

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
    kept = masked(reason, reporter, whole=True)
    return Choice(category=category, setting=setting, plan_id=plan_id, reason=kept)
