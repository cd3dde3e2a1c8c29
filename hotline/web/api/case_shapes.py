"""What the API says of cases, as pydantic models: the OpenAPI document is made from them."""

from __future__ import annotations

from pydantic import BaseModel, Field

from hotline.web.api.action_shapes import Possible


class LegStatus(BaseModel):
    """One agency's stretch of the case."""

    leg_id: str
    body_id: str
    body: str
    role: str = Field(description="lead 牵头、co 配合")
    state: str
    own: bool = Field(description="是否本单位的承办段")
    opened_at: str
    signed_at: str | None
    closed_at: str | None


class ClockStatus(BaseModel):
    """One time limit."""

    policy: str
    title: str
    statutory: bool
    article: str = Field(description="依据；热线时限为空")
    leg_id: str | None
    body_id: str | None
    started_at: str
    due_at: str
    breach_at: str = Field(description="过了这个时刻即为逾期")
    paused_since: str | None
    stopped_at: str | None


class RespondentStatus(BaseModel):
    """The one complained of."""

    name: str
    address: str
    phone: str
    platform: str
    url: str


class ListedCase(BaseModel):
    """A case in an agency's list."""

    case_id: str
    case_number: str
    state: str
    kind: str
    urgency: str
    category: str
    lead_body_id: str | None
    received_at: str
    updated_at: str
    closed_at: str | None
    due_at: str | None = Field(description="最近的到期时刻；没有时限在走时为 null")


class CasePage(BaseModel):
    """One page of the agency's cases, the newest registered first."""

    items: list[ListedCase]
    next: str | None = Field(description="下一页的 after；没有下一页时为 null")


class CaseStatus(ListedCase):
    """A case as an agency may read it: the text masked, nothing of the caller."""

    setting: str
    channel: str
    text: str = Field(description="诉求内容，来电人信息已隐去")
    region: str | None = Field(description="事发地行政区划代码")
    region_name: str | None
    goods: str
    amount: str | None = Field(description="涉及金额（元）")
    happened_on: str | None
    happened_where: str
    demand: str
    evidence_note: str
    respondent: RespondentStatus
    legs: list[LegStatus]
    clocks: list[ClockStatus]
    lacking: list[str] = Field(description="投诉还缺的项目（121号令第10条），补齐前不能受理；见 supplement")
    actions: list[Possible] = Field(description="现在可以做的动作")
