"""The navigation of each role: one table, with access keys and the counts that call for work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app, g, request

from hotline.casework.calendar_notice import missing_notice
from hotline.moments import local_date
from hotline.vocabulary import Role
from hotline.web.access import rule_of
from hotline.web.addresses import fixed_url
from hotline.web.context import account, now, services, signed_in
from hotline.web.counts import counts_for

if TYPE_CHECKING:
    from sqlmodel import Session

    from hotline.store.accounts import Account


@dataclass(frozen=True, slots=True)
class Item:
    """One entry as the page shows it."""

    label: str
    url: str
    key: str
    count: int
    current: bool


ENTRIES: tuple[tuple[str, str, str], ...] = (
    ("operators.new", "登记", "n"),
    ("operators.triage", "分拣", "t"),
    ("operators.desk", "派单台", "d"),
    ("operators.search", "查询", "f"),
    ("operators.import_page", "导入", "i"),
    ("agencies.queue", "待办", "q"),
    ("supervisors.overview", "总览", "o"),
    ("supervisors.cases", "工单", "c"),
    ("supervisors.requests", "裁定与延期", "r"),
    ("supervisors.unsealings", "启封与解除", ""),
    ("matters.index", "移送协查", ""),
    ("plans.index", "方案", "p"),
    ("models.overview", "模型", ""),
    ("rules.limits", "时限", ""),
    ("admin.accounts", "账号", "u"),
    ("admin.sessions", "会话", ""),
    ("admin.channels", "接口令牌", ""),
    ("admin.fetched", "渠道与取件", ""),
    ("admin.outbox", "发件箱", ""),
    ("admin.contacts", "收件地址", ""),
    ("admin.audit", "审计", ""),
    ("notices.index", "通知", "m"),
)
HOMES: dict[Role, tuple[str, ...]] = {
    Role.OPERATOR: ("operators.new", "operators.desk", "notices.index"),
    Role.SUPERVISOR: ("supervisors.overview", "operators.desk", "notices.index"),
    Role.CLERK: ("agencies.queue", "notices.index"),
    Role.RESPONSIBLE: ("agencies.queue", "notices.index"),
    Role.ADMINISTRATOR: ("admin.accounts", "notices.index"),
}


def may_open(endpoint: str, role: Role) -> bool:
    """Whether this endpoint exists and is open to the role."""
    rule = rule_of(current_app.view_functions.get(endpoint))
    return rule is not None and role in rule.roles


def home_of(role: Role) -> str:
    """The endpoint a role starts at."""
    return next(endpoint for endpoint in HOMES[role] if may_open(endpoint, role))


def page_context() -> dict[str, object]:
    """What every page knows: who is signed in, where they can go, how many notices are unread."""
    who = signed_in()
    if who is None:
        return {"account": None, "navigation": (), "unread": 0, "calendar_warning": ""}
    counts = _counts(who)
    items = tuple(
        Item(label, fixed_url(endpoint), key, counts.get(endpoint, 0), _is_current(endpoint))
        for endpoint, label, key in ENTRIES
        if may_open(endpoint, who.role)
    )
    unread = counts.get("notices.index", 0)
    return {"account": who, "navigation": items, "unread": unread, "calendar_warning": _calendar_warning(who)}


def _calendar_warning(who: Account) -> str:
    """That the yearly notice is missing, for those who can import it."""
    if not may_open("rules.calendar", who.role):
        return ""
    return missing_notice(services().rulebook.calendar, local_date(now()))


def _is_current(endpoint: str) -> bool:
    return request.endpoint == endpoint


def read_counts(session: Session, *, queued: int | None = None) -> dict[str, int]:
    """Read the counts with what a view reads anyway, so that the page needs no transaction more."""
    g.counts = counts_for(session, account(), queued=queued)
    return cast("dict[str, int]", g.counts)


def _counts(who: Account) -> dict[str, int]:
    """The counts, read once a request; a page that reports a broken database must still come up without them."""
    if "counts" not in g:
        g.counts = {}
        with services().read() as store:
            g.counts = counts_for(store.session, who)
    counts: dict[str, int] = g.counts
    return counts
