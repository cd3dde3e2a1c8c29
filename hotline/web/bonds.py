"""Forms of the case page that speak of more than this case: linking, splitting, who complains, and 告知书."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request, url_for

from hotline.casework import linking, supplementing
from hotline.casework.completeness import SUPPLEMENTS
from hotline.casework.desk import was_done
from hotline.casework.ties import shown_ties
from hotline.errors import ConflictError, HotlineError, InvalidInputError, NotFoundError, TransitionError
from hotline.noticing import ensure_notice
from hotline.splitting import split_off
from hotline.store import queries
from hotline.store.numbers import parse_number
from hotline.store.respondent_members import number_of
from hotline.vocabulary import OPEN_LEG_STATES, LegRole, NoticeSubject, Relation
from hotline.web.access import DESK, STAFF, roles
from hotline.web.bondview import CODES, Tried, asked_label, told_so_far
from hotline.web.casepage import case_page
from hotline.web.cases import load_case, load_events
from hotline.web.context import account, actor, desk, now, services
from hotline.web.errors import STATUS
from hotline.web.operators.completing import read_supplement

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from hotline.records import CaseSnapshot
    from hotline.store.casestore import CaseStore

MOST_TEXT, MOST_TOLD = 2000, 50_000
TOLD_SINCE = "别人刚刚补充过本件的材料，您的补充没有登记。请看现在的内容，还缺的再补。"
NOT_TIED = "这两件工单没有关联，不需要解除。"
blueprint = Blueprint("bonds", __name__, url_prefix="/cases")


@blueprint.post("/<case_id>/links")
@roles(*DESK)
def link(case_id: str) -> ResponseReturnValue:
    """Link this case to the one with the number typed."""
    return _done(case_id, "link", "已关联。", lambda: _link(case_id))


@blueprint.post("/<case_id>/unlink")
@roles(*DESK)
def unlink(case_id: str) -> ResponseReturnValue:
    """Undo a link, with the reason."""
    return _done(case_id, "unlink", "关联已解除。", lambda: _unlink(case_id))


@blueprint.post("/<case_id>/split")
@roles(*DESK)
def split(case_id: str) -> ResponseReturnValue:
    """Make the other matter of this case a case of its own."""
    with services().read() as store:
        load_case(store, case_id)
    try:
        made = split_off(services(), case_id, actor(), text=_text(), told=_told())
    except HotlineError as error:
        return _refused(case_id, "split", error)
    flash("已拆成两件，互相关联；这是新立的一件，请确认后派单。")
    return redirect(url_for("cases.show", case_id=made.case_id))


@blueprint.post("/<case_id>/caller")
@roles(*STAFF)
def supplement(case_id: str) -> ResponseReturnValue:
    """Complete what is missing: the caller, the respondent, the goods, what is asked, the facts."""
    return _done(case_id, "supplement", "材料已补充。", lambda: _supplement(case_id))


@blueprint.post("/<case_id>/notices")
@roles(*STAFF)
def notice(case_id: str) -> ResponseReturnValue:
    """Write the notice of one subject as a Word document among the evidence."""
    told = "告知书已生成，见“证据”。告知来电人后请登记“告知”。"
    return _done(case_id, "notice", told, lambda: _notice(case_id))


def _link(case_id: str) -> None:
    typed = parse_number(request.form.get("number", ""))
    relation = next((each for each in Relation if each == request.form.get("relation")), None)
    with services().write() as store:
        snapshot = load_case(store, case_id)
        other = queries.case_id_of(store.session, typed, actor()) if typed else None
        if other is None or relation is None:
            message = "没有这个编号的工单，请核对编号和关系。"
            raise InvalidInputError(message, number=message)
        ends = (_end(store, case_id), _end(store, other))
        linking.link(
            store,
            *ends,
            relation,
            desk=desk(snapshot.office_id),
            actor=actor(),
            now=now(),
            text=_text(),
            token=_token(),
        )


def _unlink(case_id: str) -> None:
    with services().write() as store:
        snapshot = load_case(store, case_id)
        other = request.form.get("case", "")
        load_case(store, other)
        if other not in shown_ties(store, snapshot, store.events(case_id), actor(), now()):
            raise TransitionError(NOT_TIED)  # Also where there is a link that this person may not know of.
        ends = (_end(store, case_id), _end(store, other))
        linking.unlink(
            store, *ends, desk=desk(snapshot.office_id), actor=actor(), now=now(), text=_text(), token=_token()
        )


def _supplement(case_id: str) -> None:
    told, wrong = read_supplement(request.form, now())
    if wrong:
        what = "；".join(f"{_label(name)}：{why.removesuffix('。')}" for name, why in wrong.items())
        message = f"补充的内容填写有误。{what}。"
        raise InvalidInputError(message, **wrong)
    with services().write() as store:
        snapshot, events = load_events(store, case_id)
        if not was_done(events, _token()) and request.form.get("told_before", "") not in {"", str(told_so_far(events))}:
            raise ConflictError(TOLD_SINCE)
        supplementing.supplement(
            store,
            case_id,
            told,
            desk=desk(snapshot.office_id),
            actor=actor(),
            now=now(),
            leg_id=own_leg(snapshot),
            token=_token(),
        )


def own_leg(snapshot: CaseSnapshot) -> str | None:
    """The running lead leg of the reader's body; None for the desk, which speaks of the whole case."""
    body = account().body_id
    mine = (leg for leg in snapshot.legs if leg.body_id == body and leg.role is LegRole.LEAD)
    return next((leg.id for leg in mine if leg.state in OPEN_LEG_STATES), None) if body else None


def _notice(case_id: str) -> None:
    subject = next((each for each in NoticeSubject if each == request.form.get("subject")), None)
    with services().write() as store:
        snapshot = load_case(store, case_id)
        if subject is None:
            message = "请选择告知事项。"
            raise InvalidInputError(message, subject=message)
        made = ensure_notice(
            store, case_id, subject, desk=desk(snapshot.office_id), actor=actor(), now=now(), reply=_text()
        )
    if made is None:
        message = "没有要写的告知书：来电人匿名、本件是咨询，或者这一份已经生成。"
        raise InvalidInputError(message, subject=message)


def _end(store: CaseStore, case_id: str) -> tuple[str, str]:
    number = number_of(store.session, case_id)
    if number is None:
        message = "没有这件工单，或者您无权查看。请核对编号。"
        raise NotFoundError(message)
    return case_id, number


def _done(case_id: str, form: str, told: str, what: Callable[[], None]) -> ResponseReturnValue:
    """Do it and go back to the case; what stands against it is said there, with what was typed into the form."""
    with services().read() as store:
        load_case(store, case_id)
    try:
        what()
    except HotlineError as error:
        return _refused(case_id, form, error)
    flash(told)
    return redirect(url_for("cases.show", case_id=case_id))


def _refused(case_id: str, form: str, error: HotlineError) -> ResponseReturnValue:
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 422)
    return case_page(case_id, tried=Tried(form, error.message, request.form)), status


def _label(name: str) -> str:
    """What the form calls a field of the supplement."""
    code = CODES.get(name, name)
    return asked_label(code) if code in SUPPLEMENTS else name


def _text() -> str:
    return request.form.get("text", "").strip()[:MOST_TEXT]


def _told() -> str:
    return request.form.get("told", "").replace("\x00", "").strip()[:MOST_TOLD]


def _token() -> str:
    return request.form.get("token", "")[:64]
