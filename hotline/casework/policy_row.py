"""Makes a policy of a row of `policies.toml`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from hotline.casework.policy import LEAD, LEG, Policy, check_duration
from hotline.casework.policy_terms import extension_of, scopes_of, tiers_of
from hotline.casework.row_values import flag_of, terms_of, word_of, words_of
from hotline.errors import PolicyError
from hotline.vocabulary import Action, CaseState, Holder, Kind, NoticeSubject, Unit, Urgency

if TYPE_CHECKING:
    from hotline.casework.row_values import Row

ID = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)+")
FIELDS = frozenset(
    {
        *("id", "title", "kinds", "agency_types", "except_types", "since", "until", "basis", "also", "region"),
        *(
            "trigger",
            "starts",
            "states",
            "stop",
            "stop_actions",
            "stop_notices",
            "holder",
            "named_only",
            "reachable_only",
            "window",
        ),
        *("duration", "unit", "tiers", "urgency", "pauses", "extension", "article", "confidence", "statutory"),
        *("enabled", "fallback", "answers", "condition", "replaces", "node"),
    }
)


def check_row(name: str, row: Row) -> None:
    """Refuse an id that is none and fields that are unknown."""
    unknown = row.keys() - FIELDS
    if unknown or not ID.fullmatch(name):
        message = f"时限策略 {name} 的编号或字段不对：{'、'.join(sorted(unknown)) or name}。"
        raise PolicyError(message)


def built(row: Row) -> Policy:
    """The policy of a row whose id and fields are known."""
    name, unit = str(row["id"]), word_of(Unit, row["unit"])
    duration = cast("int", row["duration"])
    check_duration(name, duration, unit)
    return Policy(
        id=name,
        title=str(row["title"]),
        kinds=terms_of(Kind, row, "kinds"),
        scopes=scopes_of(name, row),
        by_event=row.get("basis") == "event",
        trigger=str(row["trigger"]),
        starts=_starts(row),
        states=terms_of(CaseState, row, "states"),
        stop=str(row["stop"]),
        stop_actions=terms_of(Action, row, "stop_actions"),
        stop_notices=terms_of(NoticeSubject, row, "stop_notices"),
        holder=word_of(Holder, row["holder"]),
        duration=duration,
        unit=unit,
        pauses=frozenset(words_of(row, "pauses")),
        extension=extension_of(name, row.get("extension")),
        article=str(row["article"]),
        confidence=str(row["confidence"]),
        statutory=flag_of(row, "statutory", default=True),
        enabled=flag_of(row, "enabled", default=True),
        named_only=flag_of(row, "named_only"),
        reachable_only=flag_of(row, "reachable_only"),
        window=flag_of(row, "window"),
        fallback=flag_of(row, "fallback"),
        answers=flag_of(row, "answers"),
        condition=str(row.get("condition", "")),
        replaces=frozenset(words_of(row, "replaces")),
        tiers=tiers_of(name, row),
        node=str(row.get("node", "")),
        region=str(row.get("region", "")),
        urgency=word_of(Urgency, row["urgency"]) if "urgency" in row else None,
    )


def _starts(row: Row) -> frozenset[str]:
    return frozenset(word if word in {LEG, LEAD} else word_of(Action, word) for word in words_of(row, "starts"))
