"""The shapes that go out of the API, as pydantic models: the OpenAPI document is made from them."""

from __future__ import annotations

from pydantic import BaseModel, Field


class ComplaintStatus(BaseModel):
    """How a complaint stands."""

    complaint_id: str = Field(description="诉求标识")
    case_id: str = Field(description="工单标识")
    case_number: str = Field(description="工单编号，可读给来电人")
    state: str = Field(description="工单状态代码，例如 triage（待分拣）、dispatched（办理中）")
    category: str = Field(description="类别代码")
    lead: str | None = Field(description="牵头单位（方案所列名称）；派单前为建议，不属于受理范围时为 null")
    lead_today: str | None = Field(description="收到之日承接其职责的单位；不明时为 null")
    received_at: str = Field(description="收到时间，ISO 8601，北京时间")
    follow_code: str | None = Field(None, description="查询码，只在首次登记的应答里给出一次；未开放查进度时为 null")


class ListedComplaint(ComplaintStatus):
    """A complaint in a list."""

    external_id: str = Field(description="贵方编号")
    updated_at: str = Field(description="最近一次变动的时间，ISO 8601，北京时间")


class ComplaintPage(BaseModel):
    """One page of complaints, the newest registered first."""

    items: list[ListedComplaint]
    next: str | None = Field(description="下一页的 after；没有下一页时为 null")


class RelatedComplaint(BaseModel):
    """Another complaint of the same channel that may be the same matter, caller or respondent."""

    complaint_id: str
    case_number: str
    state: str
    received_at: str
    sameness: str | None = Field(
        description="same 可能重复、group 群体诉求、copy 文字雷同；只是同一来电人或被投诉人的为 null"
    )
    likeness: float = Field(description="文字相近的程度，0 到 1")
    reasons: list[str] = Field(
        description="phone 同一电话、id_number 同一证件号、respondent 同一被投诉人、words 内容相近"
    )


class RelatedList(BaseModel):
    """What a complaint likely repeats, the likeliest first."""

    items: list[RelatedComplaint]


class Choice(BaseModel):
    """One choice of a field."""

    code: str
    label: str


class Needed(BaseModel):
    """One field that an action takes: in `data`, or `text` where it bears that name."""

    name: str = Field(description="字段名；text 写在请求的 text 里，其余写在 data 里")
    label: str
    kind: str = Field(description="text、choice、choices、body、bodies、bool、datetime、number、policy")
    required: bool
    choices: list[Choice]


class Possible(BaseModel):
    """An action that the agency can take now."""

    action: str = Field(description="动作代码，写在地址里")
    label: str
    leg_id: str | None = Field(description="承办段标识；针对整件工单的动作为 null")
    says: str = Field(description="这个动作是什么")
    needs: list[Needed]


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


class EvidenceStatus(BaseModel):
    """One file of a case."""

    evidence_id: str
    leg_id: str | None = Field(description="所属的承办段；派单台收到的为 null")
    own: bool = Field(description="是否本单位上传")
    filename: str
    media_type: str = Field(description="按内容判断的类型")
    size: int = Field(description="字节数")
    sha256: str = Field(description="内容的 SHA-256，十六进制")
    uploaded_at: str


class EvidenceList(BaseModel):
    """The files of a case that the agency's system may have, the earliest first."""

    items: list[EvidenceStatus]


class SubscriptionStatus(BaseModel):
    """What the agency's receiving address is told of beside deadlines."""

    events: list[str] = Field(description="订阅的事项；时限提醒总会推送，不必订阅")
    address_set: bool = Field(description="系统管理员是否登记了接收地址")
    sending: bool = Field(description="本部署是否启用推送")


class Delivered(BaseModel):
    """One message to the agency's receiving address."""

    event_id: str
    type: str
    case_number: str | None
    state: str = Field(description="waiting 等待、sent 已送达、failed 失败待重试、given_up 已放弃")
    attempts: int
    created_at: str
    sent_at: str | None
    next_try_at: str | None
    problem: str


class DeliveryPage(BaseModel):
    """One page of messages, the newest first."""

    items: list[Delivered]
    next: str | None


class ErrorDetail(BaseModel):
    """What went wrong: a code for programs, a sentence for people, and what is wrong with which field."""

    code: str = Field(description="错误代码")
    message: str = Field(description="说明和下一步")
    fields: dict[str, str] = Field(description="有问题的字段和原因；嵌套字段写成 reporter.phone")


class ErrorAnswer(BaseModel):
    """The one error shape."""

    error: ErrorDetail
