"""The words of the trade: every code that is stored, sent or shown, with its Chinese label.

Codes are the contract (database, API, command line); labels are what people see. Categories and settings are
data (`routing/taxonomy.toml`), channels are data (`intake/channels.toml`); everything else stands here.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A code with the Chinese label that people see."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        """Make the member equal to its code and keep the label beside it."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member


class Kind(Term):
    """性质: what the caller wants; the legal clocks differ (121号令第3条)."""

    DISPUTE = "dispute", "投诉"
    REPORT = "report", "举报"
    INQUIRY = "inquiry", "咨询"


class Urgency(Term):
    """紧急程度: chooses the hotline clocks (sla-law §2.6)."""

    CRITICAL = "特急", "特急"
    URGENT = "紧急", "紧急"
    NORMAL = "一般", "一般"


class Role(Term):
    """角色: what an account may do."""

    OPERATOR = "operator", "话务坐席"
    CLERK = "clerk", "承办人"
    RESPONSIBLE = "responsible", "单位负责人"
    SUPERVISOR = "supervisor", "督办员"
    ADMINISTRATOR = "administrator", "系统管理员"
    SYSTEM = "system", "系统"


DESK_ROLES = frozenset({Role.OPERATOR, Role.SUPERVISOR})
AGENCY_ROLES = frozenset({Role.CLERK, Role.RESPONSIBLE})


class AgencyType(Term):
    """机关类型: which statutory clocks run on a body (sla-law §2)."""

    MARKET_REGULATION = "market_regulation", "市场监管"
    AIC = "aic", "工商"
    QUALITY = "quality", "质监"
    FOOD_DRUG = "food_drug", "食药监"
    PATENT = "patent", "知识产权"
    COPYRIGHT = "copyright", "版权"
    CUSTOMS = "customs", "海关"
    POLICE = "police", "公安"
    HOTLINE = "hotline", "热线"
    ANY = "any", "其他机关"


class Mode(Term):
    """How a duty clause assigns its agencies."""

    SOLE = "sole", "单独负责"
    LEAD = "lead", "牵头负责"
    LEAD_ASSIST = "lead+assist", "牵头配合"
    BY_DUTY = "by-duty", "按职责分工"
    JOINT = "joint", "共同负责"
    NONE = "none", "未列单位"


class LegRole(Term):
    """承办段的角色."""

    LEAD = "lead", "牵头"
    CO = "co", "配合"


class CaseState(Term):
    """工单状态. Overdue, due soon and paused are derived from clocks and never stand here."""

    TRIAGE = "triage", "待分拣"
    READY = "ready", "待派单"
    DISPATCHED = "dispatched", "办理中"
    DISPUTED = "disputed", "退单待处理"
    RESOLVED = "resolved", "待审核"
    FOLLOW_UP = "follow_up", "待回访"
    ARCHIVED = "archived", "已归档"
    HANDED_ON = "handed_on", "已转交"
    WITHDRAWN = "withdrawn", "已撤回"


OPEN_CASE_STATES = frozenset(
    {
        CaseState.TRIAGE,
        CaseState.READY,
        CaseState.DISPATCHED,
        CaseState.DISPUTED,
        CaseState.RESOLVED,
        CaseState.FOLLOW_UP,
    }
)


class LegState(Term):
    """承办段状态."""

    QUEUED = "queued", "待签收"
    SIGNED = "signed", "已签收"
    ACCEPTED = "accepted", "已受理"
    DECLINED = "declined", "不予受理"
    TERMINATED = "terminated", "终止调解"
    FILED = "filed", "已立案"
    NOT_FILED = "not_filed", "不予立案"
    RESOLVED = "resolved", "已办结"
    RETURNED = "returned", "已退单"
    WAIVED = "waived", "免予协办"
    CLOSED = "closed", "已收回"


OPEN_LEG_STATES = frozenset(
    {
        LegState.QUEUED,
        LegState.SIGNED,
        LegState.ACCEPTED,
        LegState.DECLINED,
        LegState.TERMINATED,
        LegState.FILED,
        LegState.NOT_FILED,
    }
)


class Action(Term):
    """动作: what can happen in a case's life; each is one event."""

    REGISTER = "register", "登记"
    CLASSIFY = "classify", "改类"
    DISPATCH = "dispatch", "派单"
    REASSIGN = "reassign", "改派"
    RULE = "rule", "裁定"
    HAND_ON = "hand_on", "转交"
    ANSWER = "answer", "直接答复"
    WITHDRAW = "withdraw", "撤回"
    SIGN = "sign", "签收"
    RETURN = "return", "退单"
    CONTACT = "contact", "首次联系"
    ACCEPT = "accept", "受理"
    DECLINE = "decline", "不予受理"
    SUSPEND = "suspend", "中止计时"
    RESUME = "resume", "恢复计时"
    TERMINATE = "terminate", "终止调解"
    CLUE = "clue", "发现线索"
    FILE = "file", "立案"
    NOT_FILE = "not_file", "不予立案"
    DECIDE = "decide", "作出处理决定"
    NOTIFY = "notify", "告知"
    REQUEST_EXTEND = "request_extend", "申请延期"
    EXTEND = "extend", "批准延期"
    REFUSE_EXTEND = "refuse_extend", "不准延期"
    RESOLVE = "resolve", "办结"
    WAIVE = "waive", "免予协办"
    REVIEW = "review", "审核通过"
    SEND_BACK = "send_back", "退回重办"
    FOLLOW_UP = "follow_up", "回访"
    ARCHIVE = "archive", "归档"
    SUPERVISE = "supervise", "督办"
    REMIND = "remind", "催办"
    REPLY = "reply", "回复督办催办"
    LINK = "link", "关联"
    UNLINK = "unlink", "解除关联"
    SUPPLEMENT = "supplement", "补充材料"
    TRANSFER = "transfer", "移送公安"
    JOINT = "joint", "联合执法"
    COOPERATE = "cooperate", "协查"
    NOTE = "note", "备注"
    EVIDENCE = "evidence", "上传证据"
    LOOK = "look", "查看身份"
    ASK_UNSEAL = "ask_unseal", "申请启封"
    UNSEAL = "unseal", "同意启封"
    REFUSE_UNSEAL = "refuse_unseal", "不同意启封"
    LIFT = "lift", "解除举报保护"
    ADD_FACTS = "add_facts", "来电人补充"
    TELL = "tell", "答复来电人"
    ISSUE_CODE = "issue_code", "发查询码"
    ERASE = "erase", "到期删除"
    RELEASE = "release", "公开进展"
    WITHHOLD = "withhold", "停止公开"


class Relation(Term):
    """工单之间的关联: each case keeps its own clocks, notices and follow-up."""

    SPLIT = "split", "投诉、举报拆分"
    DUPLICATE = "duplicate", "重复诉求"
    RELATED = "related", "相关"


class NoticeSubject(Term):
    """告知的事项: what the caller was told, which decides the clock that stops."""

    ACCEPTANCE = "acceptance", "是否受理"
    TERMINATION = "termination", "终止调解"
    FILING = "filing", "是否立案"
    RESULT = "result", "处理结果"


class Unit(Term):
    """时限单位: 工作日 only where the article says so (sla-law)."""

    WORKDAY = "工作日", "工作日"
    DAY = "日", "日"
    HOUR = "小时", "小时"
    MINUTE = "分钟", "分钟"
    MONTH = "月", "月"
    YEAR = "年", "年"


class Holder(Term):
    """时限钟的归属."""

    COMPLAINT = "complaint", "诉求"
    CASE = "case", "工单"
    LEG = "leg", "承办段"
    MATTER = "matter", "移送协查事项"


class Stage(Term):
    """预警阶段: announced once per clock, due date and stage; each further day has a key (`casework.stages`)."""

    WARN = "warn", "即将到期"
    DUE = "due", "今日到期"
    OVERDUE = "overdue", "已逾期"


class Outlet(Term):
    """How a message leaves the house; in the app it always stands."""

    MAIL = "mail", "邮件"
    WEBHOOK = "webhook", "接口推送"


class Delivery(Term):
    """发件状态."""

    WAITING = "waiting", "等待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "失败待重试"
    GIVEN_UP = "given_up", "已放弃"
