"""A duty of a plan file: who acts, who leads, on what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.routing.plan_fields import coded, facets_of, quote_of
from hotline.routing.plan_records import Basis, Duty
from hotline.vocabulary import Mode

if TYPE_CHECKING:
    from hotline.routing.plan_table import Table

MODE_WITH_LEAD = Mode.LEAD_ASSIST


def duty_of(table: Table, plan: str, region: str) -> Duty:
    """One duty clause."""
    table.only(
        "clause", "seq", "quote", "agencies", "agencies_full", "lead", "mode", "subject",
        "complaint_relevant", "categories", "settings", "goods", "basis",
    )  # fmt: skip
    mode = coded(table, "mode", {mode.value: mode for mode in Mode})
    agencies = table.words("agencies")
    full = table.words("agencies_full") or agencies
    if len(full) != len(agencies):
        table.refuse("“agencies_full”应与“agencies”一一对应", "agencies_full")
    lead = _lead(table, mode, agencies)
    categories, settings = facets_of(table)
    seq = table.take("seq", int)
    if seq < 1:
        table.refuse("“seq”从 1 开始", "seq")
    return Duty(
        plan=plan,
        region=region,
        clause=table.text("clause"),
        seq=seq,
        quote=quote_of(table),
        agencies=agencies,
        agencies_full=full,
        lead=lead,
        co=tuple(agency for agency in agencies if lead and agency not in lead),
        mode=mode,
        subject=table.text("subject"),
        complaint_relevant=table.take("complaint_relevant", bool),
        categories=categories,
        settings=settings,
        goods=table.words("goods"),
        basis=coded(table, "basis", {basis.name.lower(): basis for basis in Basis}, "matter"),
        line=table.first,
    )


def _lead(table: Table, mode: Mode, agencies: tuple[str, ...]) -> tuple[str, ...]:
    """Who leads by the words of the clause: given for 牵头配合, follows from the mode in all others."""
    given = table.words("lead")
    if (mode is Mode.NONE) != (not agencies):
        table.refuse("“mode”为 none 时不列单位，其余必须列出单位", "mode")
    if mode is Mode.SOLE and len(agencies) != 1:
        table.refuse("单独负责（sole）只能有一个单位，这里有两个牵头", "agencies")
    if mode is not MODE_WITH_LEAD:
        expected = agencies if mode in {Mode.SOLE, Mode.LEAD} else ()
        if given and given != expected:
            table.refuse("“lead”与“mode”不符：只有 lead+assist 需要写明牵头单位", "lead")
        return expected
    if not given or not set(given) < set(agencies):
        table.refuse("lead+assist 须写明牵头单位，且另有配合单位", "lead")
    return given
