"""What the API says of complaints, as pydantic models: the OpenAPI document is made from them."""

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
