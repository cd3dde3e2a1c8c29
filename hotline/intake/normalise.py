"""What a careful clerk takes from a text: one function for the form, the API, imports and `hotline normalise`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hotline.intake import cleaning, masking, phones
from hotline.intake.amounts import find_amounts
from hotline.intake.dates import find_dates
from hotline.intake.places import find_place_of_matter
from hotline.intake.urls import find_urls
from hotline.records import Normalised

if TYPE_CHECKING:
    from datetime import date, datetime

    from hotline.records import Reporter

SHANGHAI = ZoneInfo("Asia/Shanghai")
_MANY = 500


def local_day(moment: datetime) -> date:
    """The calendar day in Asia/Shanghai; at the edges of the calendar the day as written."""
    try:
        return moment.astimezone(SHANGHAI).date()
    except (OverflowError, ValueError):
        return moment.date()


def _blank(text: str, found: list[phones.Found]) -> str:
    """The text with numbers taken out, character by character, so that they are read as nothing else."""
    for item in found:
        text = f"{text[: item.start]}{'·' * (item.end - item.start)}{text[item.end :]}"
    return text


def _numbers(clean: str) -> tuple[str, list[phones.Found], list[phones.Found]]:
    """The text with spoken digits as digits, its identity numbers, and these with its telephone numbers behind."""
    if not phones.holds_numbers(clean):
        return clean, [], []
    written = phones.spoken_digits(clean)
    ids = phones.find_ids(written)
    return written, ids, [*ids, *phones.find_phones(clean, _blank(written, ids))]


def normalise(
    text: str,
    *,
    received_at: datetime,
    location_hint: str = "",
    home_region: str | None = None,
    reporter: Reporter | None = None,
) -> Normalised:
    """Read a text. Never fails, whatever the text; the original is not touched and stays with the submission.

    Args:
        text: What arrived.
        received_at: Aware; relative days are reckoned from its day in Asia/Shanghai.
        location_hint: The form's place or an adcode, asked only where the text is silent.
        home_region: The deployment's adcode; it decides between namesakes and is never filled in.
        reporter: The caller as the form knows them; their name, address and numbers are masked wherever they stand.
    """
    clean = cleaning.clean(text).text
    written, ids, numbers = _numbers(clean)
    matter = _blank(clean, numbers) if len(numbers) < _MANY else clean
    return Normalised(
        text=clean,
        phones=tuple(dict.fromkeys(found.digits for found in numbers[len(ids) :] if found.sure)),
        id_numbers=tuple(dict.fromkeys(found.digits for found in ids if found.sure)),
        amounts_yuan=find_amounts(matter),
        dates=find_dates(matter, local_day(received_at)),
        urls=find_urls(clean),
        region=find_place_of_matter(matter, location_hint, home_region),
        masked_text=masking.mask(clean, written, numbers, reporter),
    )


def masked(text: str, reporter: Reporter | None = None) -> str:
    """Any other free text of a form (demand, evidence note, place), cleaned and masked like the complaint itself."""
    clean = cleaning.clean(text).text
    written, _, numbers = _numbers(clean)
    return masking.mask(clean, written, numbers, reporter)
