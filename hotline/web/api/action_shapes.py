"""What the API says of the actions that are possible, as pydantic models."""

from __future__ import annotations

from pydantic import BaseModel, Field


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
