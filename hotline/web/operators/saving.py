"""Saving an entry: one complaint, or the two linked ones of a split, in one unit of work."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hotline.casework.linking import link
from hotline.errors import InvalidInputError
from hotline.registering import prepare_draft, register_together
from hotline.store import queries
from hotline.store.worklists import quarantine_line
from hotline.vocabulary import Relation
from hotline.web.context import account, actor, desk, now, services

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.casework.preparation import Prepared
    from hotline.intake.submission import Draft
    from hotline.registering import Opened
    from hotline.store.casestore import CaseStore
    from hotline.web.operators.forms import Entry

MOST_LINKS = 6
"""Earlier cases that are linked to a new one at once: as many as the preview shows."""


def save(entry: Entry, *, dispatch: bool, quarantine_id: str = "", links: Sequence[str] = ()) -> tuple[Opened, ...]:
    """Register what the form holds; a refused record that it puts right is resolved with it.

    The same form sent twice (a double key press) gives the complaint that the first one made. `links` are the earlier
    cases that the operator ticked, as `relation:case id`; the first case made is linked to them.

    Raises:
        InvalidInputError: The form cannot be saved.
        IdempotencyError: The form was saved before with other content.
        NotFoundError: The refused record is none of this office.
    """
    entry.check()
    ticked = _ticked(links)
    office = services().office(account().office_id)
    prepared = _linked(
        tuple(
            prepare_draft(services(), draft, office.id, entry.choice)
            for draft in _with_own_id(entry.drafts, quarantine_id)
        )
    )

    def follow(store: CaseStore, opened: Sequence[Opened]) -> None:
        """What follows from the registration, in its transaction."""
        first = opened[0]
        one = (first.case_id, first.number)
        if len(opened) > 1 and all(each.created for each in opened):
            _link(store, one, (opened[1].case_id, opened[1].number), Relation.SPLIT)
        for relation, other in ticked if first.created else ():
            _link(store, one, other, relation)
        if quarantine_id:
            _resolve(store, quarantine_id, first.complaint_id)

    return register_together(services(), prepared, actor(), dispatch=dispatch, then=follow)


def _link(store: CaseStore, one: tuple[str, str], other: tuple[str, str], relation: Relation) -> None:
    link(store, one, other, relation, desk=desk(), actor=actor(), now=now())


def _resolve(store: CaseStore, quarantine_id: str, complaint_id: str) -> None:
    """The refused record that the form put right has become this complaint."""
    waiting = quarantine_line(store.session, account().office_id, quarantine_id)
    if waiting.resolved_at is None:
        store.resolve_quarantine(waiting.id, complaint_id, now())


def _ticked(links: Sequence[str]) -> list[tuple[Relation, tuple[str, str]]]:
    """The ticked cases with their numbers.

    Raises:
        InvalidInputError: One of them is none that this person may see, or the relation none that may be chosen.
    """
    found = []
    with services().read() as store:
        for relation, _, case_id in (each.partition(":") for each in links[:MOST_LINKS]):
            line = queries.case_line(store.session, case_id, actor())
            if line is None or relation not in {Relation.DUPLICATE, Relation.RELATED}:
                message = "要关联的工单不存在或不属于本办公室，请在“以前的诉求”中重新勾选。"
                raise InvalidInputError(message, link=message)
            found.append((Relation(relation), (case_id, line.number)))
    return found


def _with_own_id(drafts: tuple[Draft, ...], quarantine_id: str) -> tuple[Draft, ...]:
    """A refused record that is put right keeps the id it came with, unless another complaint has it by now."""
    if not quarantine_id:
        return drafts
    with services().read() as store:
        line = quarantine_line(store.session, account().office_id, quarantine_id)
        taken = (
            store.find_submission(line.office_id, line.channel, line.external_id or "") if line.external_id else None
        )
    if not line.external_id or drafts[0].channel != line.channel or (taken and taken[0] != line.complaint_id):
        return drafts
    return (replace(drafts[0], external_id=line.external_id), *drafts[1:])


def _linked(prepared: tuple[Prepared, ...]) -> tuple[Prepared, ...]:
    """Each half of a split names the other one."""
    if len(prepared) == 1:
        return prepared
    first, second = prepared
    return (
        replace(first, complaint=replace(first.complaint, linked_to=second.complaint.id)),
        replace(second, complaint=replace(second.complaint, linked_to=first.complaint.id)),
    )
