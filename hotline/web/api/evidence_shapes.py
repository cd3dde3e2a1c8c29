"""What the API says of evidence, as pydantic models: the OpenAPI document is made from them."""

from __future__ import annotations

from pydantic import BaseModel, Field


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
