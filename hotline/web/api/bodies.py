"""The shapes that go in and out of the API, as pydantic models: the OpenAPI document is made from them.

Types are strict: a number is no text. `null`, an empty text and an absent field are the same. Unknown fields are
ignored, as the import does with unknown columns, but kept with the submission, which is stored byte for byte.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from hotline.errors import InvalidInputError
from hotline.intake.cleaning import clean
from hotline.intake.jsonl import as_text
from hotline.intake.moments import parse_day, parse_moment
from hotline.vocabulary import Kind, Urgency

TEXT_LIMIT = 50_000
LONG_LIMIT = 8_000
LINE_LIMIT = 300
ID_LIMIT = 200
KINDS = (*(kind.value for kind in Kind), *(kind.label for kind in Kind))
URGENCIES = tuple(urgency.value for urgency in Urgency)
_SUM = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")
_PLAIN_FLOAT = re.compile(r"([0-9]+)\.0")
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


_SUM_SCHEMA = {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}, {"type": "null"}]}
Line: TypeAlias = Annotated[str, BeforeValidator(_tidy), Field(max_length=LINE_LIMIT)]
Long: TypeAlias = Annotated[str, BeforeValidator(_tidy), Field(max_length=LONG_LIMIT)]
Text: TypeAlias = Annotated[
    str, BeforeValidator(_tidy), Field(min_length=1, max_length=TEXT_LIMIT), AfterValidator(_check_text)
]
ExternalId: TypeAlias = Annotated[str, BeforeValidator(_check_id), Field(min_length=1, max_length=ID_LIMIT)]
Moment: TypeAlias = Annotated[Line, Field(json_schema_extra={"format": "date-time"}), AfterValidator(_check_moment)]
Day: TypeAlias = Annotated[Line, Field(json_schema_extra={"format": "date"}), AfterValidator(_check_day)]
KindCode: TypeAlias = Annotated[Line, Field(json_schema_extra={"enum": list(KINDS)}), _check_known(*KINDS)]
UrgencyCode: TypeAlias = Annotated[Line, Field(json_schema_extra={"enum": list(URGENCIES)}), _check_known(*URGENCIES)]
Sum: TypeAlias = Annotated[str | None, BeforeValidator(_check_sum), WithJsonSchema(_SUM_SCHEMA)]


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


class ErrorDetail(BaseModel):
    """What went wrong: a code for programs, a sentence for people, and what is wrong with which field."""

    code: str = Field(description="错误代码")
    message: str = Field(description="说明和下一步")
    fields: dict[str, str] = Field(description="有问题的字段和原因；嵌套字段写成 reporter.phone")


class ErrorAnswer(BaseModel):
    """The one error shape."""

    error: ErrorDetail
