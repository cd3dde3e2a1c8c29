"""查进度: whoever called follows the case by its number and a code, without an account; off unless a setting opens it.

Shown are states, days, and what was said to the caller. Never shown: who called, who works on it, agencies' papers.
Attempts are counted for all workers together, per address and per number.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from hotline.casework.desk import record
from hotline.casework.state import replay
from hotline.records import Actor, NewEvent
from hotline.store import attempts
from hotline.store.following import case_of_code
from hotline.store.numbers import parse_number
from hotline.vocabulary import Action, Role
from hotline.web.access import public
from hotline.web.context import now, services
from hotline.web.followed import lines_for_caller

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from hotline.store.casestore import CaseStore

blueprint = Blueprint("following", __name__, url_prefix="/follow")
INFORMER = Actor("informer", Role.SYSTEM, "")
WINDOW, PER_ADDRESS, PER_NUMBER = timedelta(minutes=15), 20, 8
DAY, PER_DAY = timedelta(days=1), 10
LONGEST = 2000
WRONG = "编号或查询码不对，请核对后重新输入。查询码遗失的，请致电热线重新办理。"
TOO_MANY = "尝试次数过多，请 15 分钟后再试。"
FULL = "今天补充的次数已满，请明天再补充，或致电热线。"


@blueprint.get("")
@public
def form() -> str:
    """The form."""
    return _form()


@blueprint.post("")
@public
def show() -> ResponseReturnValue:
    """How the case stands, for who knows number and code."""
    return _opened("")


@blueprint.post("/facts")
@public
def add() -> ResponseReturnValue:
    """Take what the caller adds: an event of the case, its text sealed."""
    text = request.form.get("text", "").replace("\r\n", "\n").replace("\x00", "").strip()
    return _opened(text, adding=True)


def _opened(text: str, *, adding: bool = False) -> ResponseReturnValue:
    number, code = request.form.get("number", "")[:40], request.form.get("code", "")[:40]
    if not _admitted(number):
        return _form(number, TOO_MANY), 429
    with services().read() as store:
        found = case_of_code(store.session, services().keyring, number, code)
    if found is None:
        return _form(number, WRONG), 403
    attempts.forget_attempts(services().engine, _key("number", _plain(number)))
    problem, status = _add(found[0], text) if adding else ("", 200)
    with services().read() as store:
        page = _page(store, *found, problem=problem, text=text if problem else "", kept=adding and not problem)
    return page, status


def _add(case_id: str, text: str) -> tuple[str, int]:
    if not text:
        return "请填写要补充的情况。", 422
    if _was_last(case_id, text):
        return "", 200
    if len(text) > LONGEST:
        return f"最多 {LONGEST} 字，现有 {len(text)} 字，请精简后再提交。", 422
    if attempts.count_attempt(services().engine, _key("facts", case_id), now(), DAY) > PER_DAY:
        return FULL, 429
    with services().write() as store:
        office_id = replay(store.events(case_id)).office_id
        desk = services().desk(office_id)
        record(store, case_id, NewEvent(Action.ADD_FACTS, {}, text), desk=desk, actor=INFORMER, now=now())
    return "", 200


def _was_last(case_id: str, text: str) -> bool:
    """Whether just this was added last: the page was loaded again, or the button pressed twice."""
    with services().read() as store:
        added = [event.id for event in store.events(case_id) if event.action is Action.ADD_FACTS]
        return bool(added) and store.event_texts(case_id).get(added[-1]) == text


def _page(store: CaseStore, case_id: str, complaint_id: str, *, problem: str, text: str, kept: bool) -> str:
    events = store.events(case_id)
    snapshot, complaint = replay(events), store.complaint(complaint_id)
    return render_template(
        "following/case.html",
        number=_plain(request.form.get("number", "")),
        code=request.form.get("code", ""),
        snapshot=snapshot,
        lines=tuple(lines_for_caller(events, store.event_texts(case_id), complaint, snapshot)),
        problem=problem,
        text=text,
        kept=kept,
        longest=LONGEST,
    )


def _form(number: str = "", problem: str = "") -> str:
    return render_template("following/form.html", number=number, problem=problem)


def _admitted(number: str) -> bool:
    """Count the attempt, before the code is looked at, so that of many at once none slips through."""
    limits = ((_key("address", str(request.remote_addr)), PER_ADDRESS), (_key("number", _plain(number)), PER_NUMBER))
    engine = services().engine
    counts = [attempts.count_attempt(engine, key, now(), WINDOW) <= most for key, most in limits]
    return all(counts)  # Each is counted, also where the first is full already.


def _plain(number: str) -> str:
    """The number however it was written, so that other ways to write it are no further attempts."""
    return parse_number(number.strip()) or number.strip()


def _key(kind: str, value: str) -> str:
    """A keyed digest, so that the table of attempts names neither an address nor a case."""
    return services().keyring.sign(f"follow|{kind}|{value}".encode())
