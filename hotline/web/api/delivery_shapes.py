"""What the API says of messages to an agency's system, as pydantic models: the OpenAPI document is made from them."""

from __future__ import annotations

from pydantic import BaseModel, Field


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
