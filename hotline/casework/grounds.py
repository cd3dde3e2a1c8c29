"""The legal grounds an agency may name: 不予受理, 终止调解, 不予立案, in the regulation of the day of receipt.

A ground's code is the number of its item (款项) in the article, so that the notice can cite it; texts are the items
without the closing 的. Sources: 市场监督管理投诉举报处理办法 (总局令第121号, in force from 2026-04-15), articles 16
and 23, read in the text and in the official forms 六 and 八; 暂行办法 (总局令第20号, received up to 2026-04-14),
articles 15 and 21 (from memory, high; to be checked by the deployment); 市场监督管理行政处罚程序规定, articles 19 and
20. A complaint of before 2020 takes the 20号令 items, the oldest kept here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError
from hotline.moments import local_date
from hotline.vocabulary import Action

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

ORDER_121_FROM = date(2026, 4, 15)


@dataclass(frozen=True, slots=True)
class Ground:
    """One item of an article; `other` marks the catch-all item, which has to be explained in words."""

    code: str
    text: str
    article: str
    other: bool = False


def _items(article: str, *texts: str, prefix: str = "") -> tuple[Ground, ...]:
    """Number the items of one article; the one that names 其他情形 is its catch-all."""
    return tuple(Ground(f"{prefix}{n}", text, article, "其他情形" in text) for n, text in enumerate(texts, 1))


_NOT_OURS = "投诉事项不属于市场监督管理部门职责，或者本行政机关不具有处理权限"
_NO_DISPUTE = "不是为生活消费需要购买、使用商品或者接受服务，或者不能证明与被投诉人之间存在消费者权益争议"
_THREE_YEARS = "除法律另有规定外，投诉人知道或者应当知道自己的权益受到被投诉人侵害之日起超过三年"
_WITHDRAWN = "投诉人撤回投诉或者双方自行和解"
_NO_AGREEMENT = "经组织调解，投诉人或者被投诉人明确表示无法达成调解协议"

_DECLINE_121 = _items(
    "市场监督管理投诉举报处理办法（总局令第121号）第16条",
    _NOT_OURS,
    "法院、仲裁机构、市场监督管理部门或者其他行政机关、消费者协会已经受理或者处理过同一消费者权益争议",
    _NO_DISPUTE,
    _THREE_YEARS,
    "未提供第十条第一款、第十一条规定的材料，或者提供虚假材料",
    "冒用他人名义或者拒不配合市场监督管理部门核验真实身份信息",
    "法律、法规、规章规定不予受理的其他情形",
)
_DECLINE_20 = _items(
    "市场监督管理投诉举报处理暂行办法（总局令第20号）第15条",
    _NOT_OURS,
    "法院、仲裁机构、市场监督管理部门或者其他行政机关、消费者协会或者依法成立的其他调解组织"
    "已经受理或者处理过同一消费者权益争议",
    _NO_DISPUTE,
    _THREE_YEARS,
    "未提供第九条第一款和第十条规定的材料",
    "法律、法规、规章规定不予受理的其他情形",
)
_TERMINATE_121 = _items(
    "市场监督管理投诉举报处理办法（总局令第121号）第23条",
    _WITHDRAWN,
    "投诉人、被投诉人无正当理由不参加调解，或者明确拒绝调解",
    _NO_AGREEMENT,
    "投诉人与被投诉人对鉴定、检测费用承担无法协商一致",
    "自投诉受理之日起六十日内未能达成调解协议",
    "受理投诉后，发现存在第十六条、第四十二条规定情形",
    "投诉人、被投诉人死亡或者主体资格灭失",
    "法律、法规、规章规定的应当终止调解的其他情形",
)
_TERMINATE_20 = _items(
    "市场监督管理投诉举报处理暂行办法（总局令第20号）第21条",
    _WITHDRAWN,
    "投诉人与被投诉人对委托承担检定、检验、检测、鉴定工作的技术机构或者费用承担无法协商一致",
    "投诉人或者被投诉人无正当理由不参加调解，或者被投诉人明确拒绝调解",
    _NO_AGREEMENT,
    "自投诉受理之日起四十五个工作日内未能达成调解协议",
    "受理投诉后，发现存在第十五条规定情形",
    "法律、法规、规章规定的应当终止调解的其他情形",
)
_NOT_FILE = (
    *_items(
        "市场监督管理行政处罚程序规定第20条",
        "违法行为轻微并及时改正，没有造成危害后果",
        "初次违法且危害后果轻微并及时改正",
        "当事人有证据足以证明没有主观过错（法律、行政法规另有规定的除外）",
        "依法可以不予立案的其他情形",
        prefix="20-",
    ),
    *_items(
        "市场监督管理行政处罚程序规定第19条（不具备立案条件）",
        "没有证据初步证明存在违法行为",
        "依法不应当给予行政处罚",
        "不属于本部门管辖",
        "超过给予行政处罚的法定期限",
        prefix="19-",
    ),
)
_SINCE_121: Mapping[Action, tuple[Ground, ...]] = {
    Action.DECLINE: _DECLINE_121,
    Action.TERMINATE: _TERMINATE_121,
    Action.NOT_FILE: _NOT_FILE,
}
_BEFORE_121: Mapping[Action, tuple[Ground, ...]] = {
    Action.DECLINE: _DECLINE_20,
    Action.TERMINATE: _TERMINATE_20,
    Action.NOT_FILE: _NOT_FILE,
}


def grounds_for(action: Action, received_at: datetime) -> tuple[Ground, ...]:
    """The grounds `action` may name for a complaint received then (aware time); empty where it needs none.

    The day of receipt in Asia/Shanghai chooses the regulation (sla-law §1.1: 121号令 has no transition clause).
    """
    since = local_date(received_at) >= ORDER_121_FROM
    return (_SINCE_121 if since else _BEFORE_121).get(action, ())


def find_ground(action: Action, code: str, received_at: datetime) -> Ground:
    """The ground with this code.

    Raises:
        InvalidInputError: The regulation of that day has no such item.
    """
    for ground in grounds_for(action, received_at):
        if ground.code == code:
            return ground
    message = f"“{action.label}”没有这一项法定情形，请从收件日有效的条文中选择。"
    raise InvalidInputError(message, ground="不是收件日有效条文中的一项")
