"""What a 告知书 says: title, number, decision, ground, article and the caller's remedies. Pure; `reports` prints it.

Remedies: 消费者权益保护法第39条 (the ways of settling a consumer dispute); 行政复议法第20条 (60 days) and
行政诉讼法第46条 (six months) for decisions that a caller may take to be against its rights. Whether one is open in a
given matter the law decides, so the sentence says 认为 and 依法. The deployment's legal office reads them before use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline.casework.answering_moves import OUTCOMES
from hotline.casework.grounds import find_ground
from hotline.moments import SHANGHAI, local_date
from hotline.vocabulary import Action, Kind, NoticeSubject

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime

    from hotline.casework.policy import Policy
    from hotline.records import CaseEvent, CaseSnapshot, Clock, Leg

WAYS_39 = (
    "您可以依照《中华人民共和国消费者权益保护法》第三十九条，通过下列途径解决争议：与经营者协商和解；请求消费者协会或者依法成立的"
    "其他调解组织调解；根据与经营者达成的仲裁协议提请仲裁机构仲裁；向人民法院提起诉讼。"
)
APPEAL = (
    "认为本决定侵犯您合法权益的，可以自知道之日起六十日内依法申请行政复议，"
    "或者自知道之日起六个月内依法向人民法院提起行政诉讼。"
)
ASK = "对本告知有疑问的，可以拨打本热线，说明上述编号查询。"
_DECISIONS = {
    NoticeSubject.ACCEPTANCE: (Action.ACCEPT, Action.DECLINE),
    NoticeSubject.TERMINATION: (Action.TERMINATE,),
    NoticeSubject.FILING: (Action.FILE, Action.NOT_FILE),
    NoticeSubject.RESULT: (Action.RESOLVE,),
}
_TITLES = {
    Action.ACCEPT: "投诉受理告知书",
    Action.DECLINE: "投诉不予受理告知书",
    Action.TERMINATE: "终止调解告知书",
    Action.FILE: "立案告知书",
    Action.NOT_FILE: "不予立案告知书",
    Action.RESOLVE: "处理结果告知书",
}
INTERIM_TITLE = "阶段性办理情况告知书"
_SAYS = {
    Action.ACCEPT: "经审查，符合受理条件，本机关决定予以受理，并将依法组织调解。",
    Action.DECLINE: "经审查，本机关决定不予受理。",
    Action.TERMINATE: "本机关依法组织调解，现决定终止调解。",
    Action.FILE: "经核查，本机关决定立案。",
    Action.NOT_FILE: "经核查，本机关决定不予立案。",
    Action.RESOLVE: "现将处理结果告知如下。",
}
_REMEDIES = {
    Action.ACCEPT: (ASK,),
    Action.DECLINE: (WAYS_39, APPEAL),
    Action.TERMINATE: (WAYS_39,),
    Action.FILE: (ASK,),
    Action.NOT_FILE: (APPEAL,),
    Action.RESOLVE: (ASK,),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A notice as it will be printed."""

    title: str
    number: str
    addressed: str
    paragraphs: tuple[str, ...]
    articles: tuple[str, ...]
    remedies: tuple[str, ...]
    body: str
    on: date


@dataclass(frozen=True, slots=True)
class Matter:
    """What a notice is written from: the case with its events and clocks, the leg that tells, the words of the events.

    `caller` is empty where the notice may not name its caller.
    """

    snapshot: CaseSnapshot
    number: str
    events: Sequence[CaseEvent]
    texts: Mapping[str, str]
    clocks: Sequence[Clock]
    policies: Sequence[Policy]
    leg: Leg
    body: str
    caller: str
    respondent: str
    channel: str


def decision_on(events: Iterable[CaseEvent], leg_id: str, subject: NoticeSubject) -> CaseEvent | None:
    """The newest decision of a leg that a notice of this subject speaks of; None for an interim reply."""
    actions = _DECISIONS[subject]
    mine = [event for event in events if event.data.get("leg_id") == leg_id and event.action in actions]
    return mine[-1] if mine else None


def notice_of(events: Iterable[CaseEvent], leg_id: str, subject: NoticeSubject) -> CaseEvent | None:
    """The upload of the notice that was written of the newest decision, if it was."""
    listed = tuple(events)
    decision = decision_on(listed, leg_id, subject)
    if decision is None:
        return None
    written = [event for event in listed if event.action is Action.EVIDENCE and event.data.get("notice") == subject]
    return next((event for event in reversed(written) if event.seq > decision.seq), None)


def next_number(snapshot_number: str, events: Iterable[CaseEvent], now: datetime) -> str:
    """The number of the next notice of a case: year, case number, running number within the case."""
    count = sum(event.action is Action.EVIDENCE and bool(event.data.get("notice")) for event in events)
    return f"告〔{now.astimezone(SHANGHAI).year}〕{snapshot_number}-{count + 1}"


def paper_for(matter: Matter, subject: NoticeSubject, number: str, now: datetime, *, reply: str = "") -> Paper:
    """The notice; `reply` is what an interim reply says where nothing is decided yet."""
    decision = decision_on(matter.events, matter.leg.id, subject)
    action = decision.action if decision else None
    return Paper(
        title=_TITLES[action] if action else INTERIM_TITLE,
        number=number,
        addressed=matter.caller or ("投诉人" if matter.snapshot.kind is Kind.DISPUTE else "举报人"),
        paragraphs=(*_opening(matter, action), *_content(matter, decision, reply)),
        articles=_articles(matter, subject, decision),
        remedies=_REMEDIES[action] if action else (ASK,),
        body=matter.body,
        on=local_date(now),
    )


def written_day(day: date) -> str:
    """A day as official papers write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def _opening(matter: Matter, action: Action | None) -> tuple[str, ...]:
    snapshot = matter.snapshot
    what = f"反映{matter.respondent}的{snapshot.kind.label}" if matter.respondent else f"提出的{snapshot.kind.label}"
    first = (
        f"您于{written_day(local_date(snapshot.received_at))}通过{matter.channel}{what}（编号{matter.number}）收悉。"
        f"{_SAYS[action] if action else '现将办理进展告知如下，办理仍在继续。'}"
    )
    return (first,)


def _content(matter: Matter, decision: CaseEvent | None, reply: str) -> tuple[str, ...]:
    """The ground in the words of the regulation of that day, or the result, and what the agency adds to it."""
    if decision is None:
        return (reply,) if reply else ()
    lines = []
    code = decision.data.get("ground")
    if isinstance(code, str):
        ground = find_ground(decision.action, code, matter.snapshot.received_at)
        lines.append(f"理由：{ground.text}（{ground.article}第（{ground.code.rpartition('-')[2]}）项）。")
    outcome = dict(OUTCOMES).get(str(decision.data.get("outcome", "")))
    if outcome:
        lines.append(f"处理结果：{outcome}。")
    text = matter.texts.get(decision.id, "").strip()
    if text and (code is not None or outcome):
        lines.append(text)
    return tuple(lines)


def _articles(matter: Matter, subject: NoticeSubject, decision: CaseEvent | None) -> tuple[str, ...]:
    """The articles of the clocks that this notice stops, and of the ground; each once."""
    stopped_by = {policy.id for policy in matter.policies if subject in policy.stop_notices}
    own = [
        clock.article
        for clock in matter.clocks
        if clock.policy in stopped_by and clock.leg_id == matter.leg.id and clock.article
    ]
    code = decision.data.get("ground") if decision else None
    if decision is not None and isinstance(code, str):
        own.append(find_ground(decision.action, code, matter.snapshot.received_at).article)
    return tuple(dict.fromkeys(own))
