"""The one shape of errors of the API, as pydantic models: the OpenAPI document is made from them."""

from __future__ import annotations

from pydantic import BaseModel, Field


class ErrorDetail(BaseModel):
    """What went wrong: a code for programs, a sentence for people, and what is wrong with which field."""

    code: str = Field(description="错误代码")
    message: str = Field(description="说明和下一步")
    fields: dict[str, str] = Field(description="有问题的字段和原因；嵌套字段写成 reporter.phone")


class ErrorAnswer(BaseModel):
    """The one error shape."""

    error: ErrorDetail
