"""Fills in the choices that only this case knows: grounds of the day, open requests, notices due."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.casework.bonds import open_demands
from hotline.casework.grounds import grounds_for
from hotline.casework.scene import approves, decided, requests_on, told
from hotline.casework.unsealing import LOOK_WHYS, decidable, waiting
from hotline.moments import SHANGHAI
from hotline.vocabulary import NoticeSubject

if TYPE_CHECKING:
    from hotline.casework.needs import Need
    from hotline.casework.scene import Scene
    from hotline.casework.transitions import Transition
    from hotline.casework.unseal_request import Unsealing


def filled(row: Transition, scene: Scene, *, offering: bool = False) -> tuple[Need, ...]:
    """The row's needs with the choices that only this case knows: grounds of the day, open requests, notices due.

    `offering` leaves only what this actor can choose now; `decide` takes all, to say what stands against a choice.
    """
    return tuple(_with_choices(need, row, scene, offering=offering) for need in row.needs)


def _with_choices(need: Need, row: Transition, scene: Scene, *, offering: bool) -> Need:
    if need.name == "ground":
        grounds = grounds_for(row.action, scene.snapshot.received_at)
        return replace(need, choices=tuple((ground.code, ground.text) for ground in grounds))
    if need.name == "request_id":
        requests = (item for item in requests_on(scene) if not offering or approves(scene.actor, item.policy))
        return replace(need, choices=tuple((item.id, f"{item.policy} 延长{item.amount}") for item in requests))
    if need.name == "unsealing_id":
        asked = decidable(scene.snapshot, scene.actor) if offering else waiting(scene.snapshot)
        return replace(need, choices=tuple((each.id, _asked(each)) for each in asked))
    if need.name == "demand_id":
        return replace(need, choices=tuple((each.id, each.kind.label) for each in open_demands(scene.snapshot)))
    if need.name == "subject" and offering:
        subjects = (item for item in NoticeSubject if decided(scene, item) and not told(scene, item))
        return replace(need, choices=tuple((item.value, item.label) for item in subjects))
    return need


def _asked(each: Unsealing) -> str:
    return f"{each.asked_at.astimezone(SHANGHAI):%m月%d日 %H:%M} {dict(LOOK_WHYS).get(each.why, each.why)}"
