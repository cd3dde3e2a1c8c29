"""The shapes that come into the API, as pydantic models: the OpenAPI document is made from them.

Types are strict: a number is no text. `null`, an empty text and an absent field are the same. Unknown fields are
ignored, as the import does with unknown columns, but kept with the submission, which is stored byte for byte.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from hotline.store.hooks import EVENTS
from hotline.web.api.fields import (
    Code,
    Day,
    EventName,
    ExternalId,
    Free,
    KindCode,
    Line,
    Long,
    Moment,
    Name,
    Sum,
    Text,
    UrgencyCode,
    Value,
)


class _Given(BaseModel):
    """Common to what comes in: strict types, unknown fields ignored, rejected values never shown."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, hide_input_in_errors=True)


class ReporterBody(_Given):
    """The caller. Encrypted at rest and never sent back."""

    name: Line | None = Field(None, description="姓名")
    phone: Line | None = Field(None, description="联系电话")
    id_number: Line | None = Field(None, description="证件号码")
    address: Line | None = Field(None, description="联系地址")
    anonymous: bool | None = Field(None, description="是否匿名")
    role: Line | None = Field(None, description="身份，例如 消费者、权利人")


class RespondentBody(_Given):
    """The one complained of."""

    name: Line | None = Field(None, description="名称")
    address: Line | None = Field(None, description="地址")
    phone: Line | None = Field(None, description="电话")
    platform: Line | None = Field(None, description="电商平台")
    url: Line | None = Field(None, description="网址")


class NewComplaint(_Given):
    """One complaint. `external_id` is the idempotency key within the channel; unknown fields are ignored."""

    external_id: ExternalId = Field(description="贵方编号；同一渠道内唯一，用于防止重复登记")
    text: Text = Field(description="来电人反映的内容")
    kind: KindCode | None = Field(None, description="性质；不填则按内容和渠道判断")
    received_at: Moment | None = Field(None, description="收到时间，ISO 8601；不写时区按北京时间，不填则为现在")
    location_hint: Line | None = Field(None, description="地点或行政区划代码；内容里没有写明地点时使用")
    urgency: UrgencyCode | None = Field(None, description="紧急程度；不填则为一般")
    goods: Line | None = Field(None, description="商品或服务")
    amount: Sum = Field(None, description="涉及金额（元）")
    happened_on: Day | None = Field(None, description="发生日期")
    happened_where: Line | None = Field(None, description="发生地点")
    demand: Long | None = Field(None, description="诉求目的")
    evidence_note: Long | None = Field(None, description="证据说明")
    reporter: ReporterBody | None = Field(None, description="来电人")
    respondent: RespondentBody | None = Field(None, description="被投诉人")


class ActBody(_Given):
    """One action on a case. What it needs stands under `actions` of the case."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    leg_id: Code | None = Field(None, description="承办段标识；针对整件工单的动作不写")
    data: dict[Name, Value] = Field(default_factory=dict, description="动作的各项，见工单的 actions")
    text: Free | None = Field(None, description="文字说明（理由、结果、答复等）")
    at: Moment | None = Field(None, description="实际发生时间，早于现在时填写；不写时区按北京时间")


class SupplementBody(_Given):
    """What a caller has told an agency since; what is left out stays as it was."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    reporter: ReporterBody | None = Field(None, description="投诉人；只补空缺的项目，已登记的由派单台更正")
    respondent: RespondentBody | None = Field(None, description="被投诉人；同上")
    goods: Line | None = Field(None, description="商品或服务")
    demand: Long | None = Field(None, description="投诉请求")
    facts: Long | None = Field(None, description="补充的事实，加密保存在事件旁")


class EvidenceForm(_Given):
    """One file, as a form (multipart/form-data) sends it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    file: Annotated[bytes, WithJsonSchema({"type": "string", "format": "binary"})] = Field(
        description="文件：PDF、图片、录音、视频、ZIP、Word、Excel、纯文本，不超过 20 MB"
    )
    leg_id: Annotated[str, Field(pattern=r"^[0-9a-z_\-]{0,64}$")] = Field(
        "", description="承办段标识；不写为本单位现在的承办段"
    )


class SubscriptionBody(_Given):
    """What to be told of."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)

    events: list[EventName] = Field(max_length=len(EVENTS), description="要订阅的事项；空列表为不订阅")
