"""What a text is found again by: its rarest pairs of characters, so that near-duplicates come from an index."""

from __future__ import annotations

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class TextGramRow(SQLModel, table=True):
    """One of the rarest bigrams (`intake.rarity`) of one complaint's masked text, as a number.

    There is no foreign key: ten look-ups for each complaint of an import would prove what its own transaction does.
    SQLite keeps the rows in the key itself.
    """

    __tablename__ = "text_gram"
    __table_args__ = ({"sqlite_with_rowid": False},)

    gram: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    complaint_id: str = Field(primary_key=True)
