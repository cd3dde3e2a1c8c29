"""What a careful clerk takes from a text: one function for the form, the API, imports and `hotline normalise`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hotline.intake import cleaning, masking, phones
from hotline.intake.amounts import find_amounts
from hotline.intake.dates import find_dates
from hotline.intake.places import find_place_of_matter
from hotline.intake.urls import find_urls
from hotline.records import Normalised, Respondent

if TYPE_CHECKING:
    from datetime import date, datetime

    from hotline.records import Complaint, Reporter

SHANGHAI = ZoneInfo("Asia/Shanghai")
_MANY = 500
NOBODY = Respondent()


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


def _sure(found: list[phones.Found]) -> tuple[str, ...]:
    """The digits of the numbers that surely are such, in order, each once."""
    return tuple(dict.fromkeys(item.digits for item in found if item.sure)) if found else ()


def normalise(
    text: str,
    *,
    received_at: datetime,
    location_hint: str = "",
    home_region: str | None = None,
    reporter: Reporter | None = None,
    whole: bool = False,
) -> Normalised:
    """Read a text. Never fails, whatever the text; the original is not touched and stays with the submission.

    Args:
        text: What arrived.
        received_at: Aware; relative days are reckoned from its day in Asia/Shanghai.
        location_hint: The form's place or an adcode, asked only where the text is silent.
        home_region: The deployment's adcode; it decides between namesakes and is never filled in.
        reporter: The caller as the form knows them; their name, address and numbers are masked wherever they stand.
        whole: Leave nothing of a name or a number in the masked text, as of a 举报.
    """
    clean, repaired = cleaning.clean(text)
    written, ids, numbers = _numbers(clean)
    matter = _blank(clean, numbers) if len(numbers) < _MANY else clean
    return Normalised(
        text=clean,
        phones=_sure(numbers[len(ids) :]),
        id_numbers=_sure(ids),
        amounts_yuan=find_amounts(matter),
        dates=find_dates(matter, local_day(received_at)),
        urls=find_urls(clean),
        region=find_place_of_matter(matter, location_hint, home_region),
        masked_text=masking.mask(clean, written, numbers, reporter, whole=whole),
        repaired=repaired,
    )


def masked(text: str, reporter: Reporter | None = None, *, whole: bool = False) -> str:
    """Any other free text of a form (demand, evidence note, place), cleaned and masked like the complaint itself."""
    if not text:
        return text
    return _masked_clean(cleaning.clean(text).text, reporter, whole=whole)


def _masked_clean(clean: str, reporter: Reporter | None, *, whole: bool, told: str = "") -> str:
    written, _, numbers = _numbers(clean)
    return masking.mask(clean, written, numbers, reporter, whole=whole, told=told)


def hidden(complaint: Complaint, *, whole: bool) -> Complaint:
    """The complaint with its caller hidden in everything that stands in clear: text, goods, the respondent's fields.

    It is masked on top of what is masked already: a name that was put right since stays hidden.
    """
    caller, other = complaint.reporter, complaint.respondent
    return replace(
        complaint,
        masked_text=_masked_clean(complaint.masked_text, caller, whole=whole, told=complaint.text),
        goods=_masked_clean(complaint.goods, caller, whole=whole),
        respondent=without_caller(other, caller, whole=whole),
    )


def without_caller(other: Respondent, caller: Reporter, *, whole: bool) -> Respondent:
    """The respondent without the caller's own name and numbers: these fields stand in clear, and agencies read them."""
    if not (caller.phone or caller.id_number or caller.name) or other == NOBODY:
        return other
    names = ("name", "address", "phone", "platform", "url")
    return replace(other, **{name: masking.hide_caller(getattr(other, name), caller, whole=whole) for name in names})
