"""What may stand behind the question mark of the API's addresses, as pydantic models."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from hotline.web.api.fields import Code, Cursor, DeliveryState, KindOnly, Since, StateCode


class _Asked(BaseModel):
    """Common to what stands behind the question mark: texts; what is not asked for by name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Paged(_Asked):
    after: Cursor | None = Field(None, description="上一页回答里的 next")
    limit: int = Field(50, ge=1, le=100, description="每页件数")


class ListQuery(_Paged):
    """What a list is narrowed by."""

    state: StateCode | None = Field(None, description="工单状态")
    category: Code | None = Field(None, description="类别代码")
    kind: KindOnly | None = Field(None, description="性质")
    updated_since: Since | None = Field(
        None, description="只要这个时刻及以后有变动的，按变动先后排列；ISO 8601，不写时区按北京时间"
    )


class DeliveryQuery(_Paged):
    """Which page of messages."""

    state: DeliveryState | None = Field(None, description="发送状态")
