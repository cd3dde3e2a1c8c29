"""The blueprint of the room, and what its forms share: a first day, a reason, and what was checked before adopting."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import Blueprint, request

from hotline.casework.regional import wider_regions
from hotline.errors import CalendarError, ConflictError, InvalidInputError, PolicyError
from hotline.intake.normalise import masked
from hotline.moments import local_date
from hotline.store.accounts import display_names
from hotline.vocabulary import Role
from hotline.web.context import now, services

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hotline.errors import HotlineError
    from hotline.store.rule_adopting import RuleProposal
    from hotline.store.rule_versions import RuleLine

blueprint = Blueprint("rules", __name__, url_prefix="/rules")
READERS = (Role.SUPERVISOR, Role.ADMINISTRATOR)
REFUSALS = (InvalidInputError, ConflictError, PolicyError, CalendarError)


def today() -> date:
    """The day of this request in Asia/Shanghai."""
    return local_date(now())


def first_day() -> date:
    """The first day that was typed.

    Raises:
        InvalidInputError: It is no date.
    """
    try:
        return date.fromisoformat(request.form.get("effective", ""))
    except ValueError:
        message = "请写明生效日期，例如 2026-12-01。"
        raise InvalidInputError(message, effective=message) from None


def reason() -> str:
    """The reason that was typed, masked."""
    return masked(request.form.get("note", "").strip())


def whole_number(name: str, label: str) -> int | None:
    """A number that was typed, None where the field is empty; a minus sign is read, so that it is refused by name.

    Raises:
        InvalidInputError: It is no whole number.
    """
    typed = request.form.get(name, "").strip()
    if not typed:
        return None
    if not (typed.removeprefix("-").isascii() and typed.removeprefix("-").isdigit() and len(typed) < 7):  # noqa: PLR2004 - far beyond any limit.
        message = f"{label}应是整数，现在是“{typed[:20]}”。"
        raise InvalidInputError(message, **{name: message})
    return int(typed)


def places(region: str) -> list[tuple[str, str]]:
    """The office's own district, city and province, as (code, words with the offices there)."""
    offices = services().offices.values()
    found = []
    for code in wider_regions(region):
        names = "、".join(each.name for each in offices if each.region.startswith(code.rstrip("0")))
        level = "全省（市）" if code.endswith("0000") else "全市" if code.endswith("00") else "本区县"
        found.append((code, f"{level} {code} 的全部办公室（{names}）"))
    return found


def mark_of(proposal: RuleProposal) -> str:
    """What says that exactly this was checked: content, place and first day."""
    return f"{proposal.digest}:{proposal.region}:{proposal.office_id or ''}:{proposal.effective_from.isoformat()}"


def may_adopt(proposal: RuleProposal) -> bool:
    """Whether adopting was asked for, of exactly what was checked."""
    return request.form.get("step") == "adopt" and request.form.get("checked") == mark_of(proposal)


def status_of(error: HotlineError) -> int:
    """The status of a page that shows a refusal."""
    return 409 if isinstance(error, ConflictError) else 422


def names_of(lines: Iterable[RuleLine]) -> dict[str, str]:
    """Who adopted and took back, by account."""
    people = {who for line in lines for who in (line.adopted_by, line.withdrawn_by) if who}
    with services().read() as store:
        return display_names(store.session, sorted(people))
