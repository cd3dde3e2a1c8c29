"""What became of a case, as its caller may know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.privacy import unnamed
from hotline.vocabulary import Action, NoticeSubject

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hotline.records import CaseEvent, CaseSnapshot, Complaint

_SAID = {
    Action.REGISTER: "已登记",
    Action.DISPATCH: "已交承办单位办理",
    Action.REASSIGN: "已另行交办",
    Action.RULE: "已另行交办",
    Action.HAND_ON: "已转交其他部门",
    Action.ANSWER: "已答复",
    Action.WITHDRAW: "已撤回",
    Action.ACCEPT: "已受理",
    Action.DECLINE: "不予受理",
    Action.TERMINATE: "终止调解",
    Action.FILE: "已立案",
    Action.NOT_FILE: "不予立案",
    Action.RESOLVE: "承办单位已报告办理结果",
    Action.FOLLOW_UP: "已回访",
    Action.TELL: "答复",
    Action.ADD_FACTS: "您的补充",
}
_WITH_TEXT = frozenset({Action.TELL, Action.ADD_FACTS})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, as the caller may know it."""

    at: datetime
    what: str
    text: str = ""


def lines_for_caller(
    events: tuple[CaseEvent, ...], texts: dict[str, str], complaint: Complaint, snapshot: CaseSnapshot
) -> Iterator[Line]:
    """The newest first; a text hides names and numbers here too: somebody may look over the caller's shoulder."""
    alone = complaint.id == snapshot.complaint_id
    for event in reversed(events):
        if event.action is Action.NOTIFY:
            subject = next((each.label for each in NoticeSubject if each == event.data.get("subject")), "")
            yield Line(event.at, f"已告知：{subject}")
        elif event.action is Action.ISSUE_CODE and alone and event.data.get("again") is True:
            yield Line(event.at, "查询码已重新发放，以前的作废；不是您要求的，请致电热线")
        elif event.action in _SAID and (alone or event.action not in _WITH_TEXT):
            text = texts.get(event.id, "") if event.action in _WITH_TEXT else ""
            yield Line(event.at, _SAID[event.action], unnamed(text, complaint, snapshot))
