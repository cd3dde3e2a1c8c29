"""What 121号令第10条 asks of a dispute, and which items can be completed later; codes only, for events and guards."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hotline.casework.privacy import IDENTITY_LABELS
from hotline.vocabulary import Kind

if TYPE_CHECKING:
    from hotline.records import Complaint

LACKING = {
    "name": "投诉人姓名",
    "phone": "投诉人电话",
    "address": "投诉人地址",
    "respondent_name": "被投诉人名称（姓名）",
    "respondent_address": "被投诉人地址（网店可填平台、网址）",
    "demand": "具体的投诉请求",
}
"""第10条第1款; the facts are what the complaint is registered by, so they are always there, if not always enough."""
_ASKS = re.compile("要求|请求|退款|退货|退钱|退还|返还|赔偿|赔钱|赔礼|道歉|退一赔|换货|更换|调换|维修|修好|重新做")
"""Words by which a text says what the caller wants, where the form's own field was left empty."""
RESPONDENT_LABELS = {
    "respondent_name": "被投诉人名称（姓名）",
    "respondent_address": "被投诉人地址",
    "respondent_phone": "被投诉人电话",
    "respondent_platform": "平台",
    "respondent_url": "网址",
}
SUPPLEMENTS = {
    **IDENTITY_LABELS,
    **RESPONDENT_LABELS,
    "goods": "商品或者服务",
    "demand": "投诉请求",
    "facts": "事实",
}
"""What may be completed; the keys are the fields of the form and the codes of the event."""


def lacking(complaint: Complaint) -> tuple[str, ...]:
    """What 第10条 asks and is not there, as keys of `LACKING`, whatever the kind: a report may become a dispute."""
    reporter, other = complaint.reporter, complaint.respondent
    there = {
        "name": complaint.named,
        "phone": reporter.phone.strip(),
        "address": reporter.address.strip(),
        "respondent_name": other.name.strip() or other.url.strip(),
        "respondent_address": other.address.strip() or other.url.strip() or other.platform.strip(),
        "demand": complaint.demand.strip() or _ASKS.search(complaint.text),
    }
    return tuple(name for name, value in there.items() if not value)


def missing_for(complaint: Complaint) -> tuple[str, ...]:
    """The same for a dispute; of another kind nothing is asked. While something is missing it cannot be 受理."""
    return lacking(complaint) if complaint.kind is Kind.DISPUTE else ()


def words(codes: tuple[str, ...]) -> str:
    """The items in Chinese, in the order of the article."""
    return "、".join(label for code, label in LACKING.items() if code in codes)
