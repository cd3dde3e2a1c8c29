"""Notices: what the scheduler and others have to tell this account, its body or its desk.

Time limits come as one digest a day, an entry with its list; what people ask of one another comes one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for

from hotline.casework import stages
from hotline.errors import NotFoundError
from hotline.store import digest_lines, digests
from hotline.store import notices as board
from hotline.vocabulary import Action, Stage
from hotline.web.access import ANYBODY, roles
from hotline.web.context import account, actor, now, services
from hotline.web.labels import agency, policy_title
from hotline.web.navigation import may_open

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from hotline.store.digest_lines import DigestLine
    from hotline.store.notices import NoticeLine

LIMIT = 200
SHOWN = 20
PAGE = 200
_ASKS = {
    Action.REMIND: "派单台催办，请尽快办理，内容见工单“经过”",
    Action.SUPERVISE: "已列为督办件，要求见工单“经过”",
    Action.REPLY: "督办或催办已有回复，见工单“经过”",
    Action.SEND_BACK: "审核退回重办，理由见工单“经过”",
    Action.RETURN: "配合单位退单，理由见工单“经过”；需要另请单位协办的，请改派调整",
}
_STAGES = {str(term): term.label for terms in (Stage, Action) for term in terms} | {"submission": "报送"}
blueprint = Blueprint("notices", __name__, url_prefix="/notices")


@dataclass(frozen=True, slots=True)
class Item:
    """A stage of a clock in words; `missed` are stages that passed before anybody was told."""

    case_id: str
    number: str
    stage: str
    text: str
    missed: str
    due_at: datetime
    at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A notice in words; a digest has items, `total` of them."""

    notice: NoticeLine
    stage: str
    text: str
    late: bool
    items: tuple[Item, ...] = ()
    total: int = 0
    url: str = ""


@blueprint.get("/")
@roles(*ANYBODY)
def index() -> str:
    """The newest notices; `unread=1` leaves out what was read."""
    unread_only = request.args.get("unread") == "1"
    with services().read() as store:
        found = board.notices(store.session, actor(), limit=LIMIT, unread_only=unread_only)
        heads = [notice.id for notice in found if notice.stage == digests.STAGE]
        lists = digest_lines.newest_lines(store.session, heads, SHOWN)
    lines = [
        _digest(notice, *lists.get(notice.id, (0, []))) if notice.id in heads else _line(notice) for notice in found
    ]
    # A digest stands where its newest line belongs, not where its day began.
    lines.sort(key=lambda line: line.items[0].at if line.items else line.notice.created_at, reverse=True)
    return render_template("notices/index.html", lines=lines, unread_only=unread_only)


@blueprint.get("/<notice_id>")
@roles(*ANYBODY)
def digest(notice_id: str) -> str:
    """All lines of one digest, page by page."""
    with services().read() as store:
        head = board.notice(store.session, actor(), notice_id)
        if head is None or head.stage != digests.STAGE:
            message = "没有这条通知，请从通知列表重新打开。"
            raise NotFoundError(message)
        found, after = digest_lines.page_of(store.session, head.id, limit=PAGE, before=request.args.get("before", ""))
    more = url_for("notices.digest", notice_id=head.id, before=after) if after else ""
    return render_template("notices/digest.html", head=_line(head), items=[_item(line) for line in found], more=more)


@blueprint.post("/read")
@roles(*ANYBODY)
def mark_read() -> ResponseReturnValue:
    """Mark one notice, or all of them, as read."""
    notice_id = request.form.get("notice_id") or None
    with services().write() as store:
        board.mark_read(store.session, actor(), now(), notice_id)
    flash("已标为已读。")
    return redirect(url_for("notices.index"))


def _line(notice: NoticeLine) -> Line:
    if notice.stage == digests.STAGE:
        return Line(notice, "时限提醒", notice.code.partition(":")[2], late=False)
    late, url = notice.stage == Stage.OVERDUE, _weekly() if notice.code.startswith("submission:") else ""
    return Line(notice, _STAGES.get(notice.stage, notice.stage), _text(notice.code), late=late, url=url)


def _weekly() -> str:
    """The page of weekly reports that this person has, if any."""
    endpoints = (each for each in ("supervisors.weekly", "agencies.weekly") if may_open(each, account().role))
    return next((url_for(endpoint) for endpoint in endpoints), "")


def _digest(notice: NoticeLine, total: int, found: list[DigestLine]) -> Line:
    items = tuple(_item(line) for line in found)
    late = any(item.late for item in items)
    return replace(_line(notice), items=items, total=total, late=late)


def _item(line: DigestLine) -> Item:
    return Item(
        case_id=line.case_id,
        number=line.number,
        stage=stages.label(line.stage),
        text=_text(line.code),
        missed=stages.missed_label(line.missed),
        due_at=line.due_at,
        at=line.at,
        late=stages.is_late(line.stage),
    )


def _text(code: str) -> str:
    """What it is about: `clock:<policy>`, `escalation:<body>:<policy>`, or `action:<policy or nothing>`."""
    about, _, rest = code.partition(":")
    body, _, policy = rest.rpartition(":")
    if about == "submission":
        return _submission(*rest.split(":", 1))
    title = policy_title(policy)
    if about == "escalation":
        return f"上报：{title}，责任在{agency(body) if body else '派单台'}，请督促"
    return title or next((text for action, text in _ASKS.items() if action == about), "")


def _submission(what: str, body: str) -> str:
    """`submission:<due, late or urgent>:<bodies with commas between, an empty one is the office>`."""
    whose = "、".join(agency(each) if each else "本办公室" for each in body.split(","))
    words = {
        "due": "本周工作情况今天应当报送，尚未收到，请在“周报”页面报送",
        "late": f"{whose}本周工作情况逾期未报，请督促",
        "urgent": f"{whose}报来重要情况，请在“周报”页面查看",
    }
    return words.get(what, "")
