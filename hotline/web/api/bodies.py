"""The shapes that come into the API, as pydantic models: the OpenAPI document is made from them.

Types are strict: a number is no text. `null`, an empty text and an absent field are the same. Unknown fields are
ignored, as the import does with unknown columns, but kept with the submission, which is stored byte for byte.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from hotline.errors import InvalidInputError
from hotline.intake.cleaning import clean
from hotline.intake.jsonl import as_text
from hotline.intake.moments import parse_day, parse_moment
from hotline.moments import SHANGHAI
from hotline.store.hooks import EVENTS
from hotline.vocabulary import CaseState, Delivery, Kind, Urgency

TEXT_LIMIT = 50_000
LONG_LIMIT = 8_000
LINE_LIMIT = 300
ID_LIMIT = 200
KINDS = (*(kind.value for kind in Kind), *(kind.label for kind in Kind))
URGENCIES = tuple(urgency.value for urgency in Urgency)
_SUM = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")
_PLAIN_FLOAT = re.compile(r"([0-9]+)\.0")
_LOST_PLUS = re.compile(r"(T[0-9:.]+) ([0-9]{2}:?[0-9]{2})$")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNUSABLE_IN_ID = frozenset({"Cc", "Cs"})


def _tidy(value: object) -> object:
    """A text without NUL characters and lone surrogates, which no database takes; anything else as it is."""
    return as_text(value) if isinstance(value, str) else value


def _check_id(value: object) -> object:
    """A key is taken as it is or not at all: changed, it could meet another one.

    Raises:
        ValueError: It holds control characters or half characters.
    """
    if not isinstance(value, str):
        return value
    if any(unicodedata.category(char) in _UNUSABLE_IN_ID for char in value):
        message = "含有控制字符或不完整的字符，请去掉后重试"
        raise ValueError(message)
    return value.strip()


def _check_text(value: str) -> str:
    """A complaint says something.

    Raises:
        ValueError: Nothing is left once invisible characters and markup are gone.
    """
    if not clean(value).text:
        message = "没有可读的内容，请填写来电人反映的问题"
        raise ValueError(message)
    return value


def _check_known(*known: str) -> AfterValidator:
    def check(value: str) -> str:
        if value and value not in known:
            message = f"应为 {'、'.join(known)} 之一"
            raise ValueError(message)
        return value

    return AfterValidator(check)


def _check_moment(value: str) -> str:
    """An ISO 8601 time of the calendar.

    Raises:
        ValueError: It is none.
    """
    if not value:
        return value
    try:
        datetime.fromisoformat(value)
        parse_moment(value)
    except (ValueError, InvalidInputError):
        message = "不是日历上的时间，应为 ISO 8601，例如 2026-01-31T09:00:00+08:00；不写时区按北京时间"
        raise ValueError(message) from None
    return value


def _check_since(value: str) -> str:
    """An ISO 8601 time, of any year.

    Raises:
        ValueError: It is none, or lies beyond what can be reckoned in UTC.
    """
    try:
        since_of(value)
    except (ValueError, OverflowError):
        message = "不是日历上的时间，应为 ISO 8601，例如 2026-01-31T09:00:00+08:00；不写时区按北京时间"
        raise ValueError(message) from None
    return value


def since_of(value: str) -> datetime:
    """The moment that a time of a query means, aware and in UTC; a plus that was not encoded has become a space."""
    at = datetime.fromisoformat(_LOST_PLUS.sub(r"\1+\2", value))
    return (at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at).astimezone(UTC)


def _check_day(value: str) -> str:
    """A day of the calendar.

    Raises:
        ValueError: It is none.
    """
    if value and not (_DAY.fullmatch(value) and parse_day(value)):
        message = "不是日历上的日期，应为 2026-01-31 的形式"
        raise ValueError(message)
    return value


def _check_sum(value: object) -> object:
    """A sum in yuan as a number or as text, without exponent: 1E+999999999 is short to write and long to print.

    Raises:
        ValueError: It is no sum.
    """
    if value is None or value == "":
        return None
    known = isinstance(value, (int, float, str)) and not isinstance(value, bool)
    text = _PLAIN_FLOAT.sub(r"\1", as_text(value)) if known else ""
    if not _SUM.fullmatch(text):
        message = "应为不小于 0 的金额（元），至多 12 位整数、两位小数"
        raise ValueError(message)
    return text


_SUM_SCHEMA = {
    "anyOf": [
        {"type": "integer", "minimum": 0, "maximum": 999_999_999_999},
        {"type": "number", "minimum": 0, "maximum": 999_999_999_999, "multipleOf": 0.01},
        {"type": "string", "pattern": r"^([0-9]{1,12}(\.[0-9]{1,2})?)?$"},
        {"type": "null"},
    ]
}
_PRINTABLE = r"[^\u0000-\u001f\u007f-\u009f]"
_ID_PATTERN = rf"^{_PRINTABLE}*[^\s\u0000-\u001f\u007f-\u009f]{_PRINTABLE}*$"
"""What `_check_id` takes, as other systems' validators read it."""
Line: TypeAlias = Annotated[str, BeforeValidator(_tidy), Field(max_length=LINE_LIMIT)]
Long: TypeAlias = Annotated[str, BeforeValidator(_tidy), Field(max_length=LONG_LIMIT)]
Text: TypeAlias = Annotated[
    str, BeforeValidator(_tidy), Field(min_length=1, max_length=TEXT_LIMIT), AfterValidator(_check_text)
]
ExternalId: TypeAlias = Annotated[
    str,
    BeforeValidator(_check_id),
    Field(min_length=1, max_length=ID_LIMIT, json_schema_extra={"pattern": _ID_PATTERN}),
]
Moment: TypeAlias = Annotated[Line, Field(json_schema_extra={"format": "date-time"}), AfterValidator(_check_moment)]
Day: TypeAlias = Annotated[Line, Field(json_schema_extra={"format": "date"}), AfterValidator(_check_day)]
KindCode: TypeAlias = Annotated[Line, Field(json_schema_extra={"enum": list(KINDS)}), _check_known(*KINDS)]
UrgencyCode: TypeAlias = Annotated[Line, Field(json_schema_extra={"enum": list(URGENCIES)}), _check_known(*URGENCIES)]
Sum: TypeAlias = Annotated[str | None, BeforeValidator(_check_sum), WithJsonSchema(_SUM_SCHEMA)]

Cursor: TypeAlias = Annotated[str, Field(pattern=r"^(?:[0-9a-f]{32}|[0-9a-f]{48})$")]
Code: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-z_\-]{1,64}$")]
Name: TypeAlias = Annotated[str, Field(pattern=r"^[a-z_0-9]{1,40}$")]
Free: TypeAlias = Annotated[str, BeforeValidator(_tidy), Field(max_length=LONG_LIMIT)]
Value: TypeAlias = bool | int | Annotated[str, Field(max_length=LINE_LIMIT)] | list[Code] | None
Since: TypeAlias = Annotated[
    str,
    Field(min_length=1, max_length=LINE_LIMIT, json_schema_extra={"format": "date-time"}),
    AfterValidator(_check_since),
]
StateCode: TypeAlias = Literal[tuple(state.value for state in CaseState)]  # type: ignore[valid-type]
KindOnly: TypeAlias = Literal[tuple(kind.value for kind in Kind)]  # type: ignore[valid-type]
DeliveryState: TypeAlias = Literal[tuple(state.value for state in Delivery)]  # type: ignore[valid-type]
EventName: TypeAlias = Literal[EVENTS]  # type: ignore[valid-type]


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
