"""The form that completes a complaint which is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.casework.supplementing import Told
from hotline.web.operators.formreader import LONG_LIMIT, FormReader
from hotline.web.operators.people import reporter_of, respondent_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


def read_supplement(form: Mapping[str, str], now: datetime) -> tuple[Told, Mapping[str, str]]:
    """What a form completes of a complaint that is there, and what is wrong with it."""
    reader = FormReader(form, now)
    goods, demand, facts = reader.text("goods"), reader.text("demand", LONG_LIMIT), reader.text("facts", LONG_LIMIT)
    return Told(reporter_of(reader), respondent_of(reader), goods, demand, facts), reader.errors
