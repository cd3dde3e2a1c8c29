"""Whether callers speak of other things, in other words, than the training texts: week by week."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import render_template

from hotline.learning.drift import Week, drift, training_shares, week_begins
from hotline.model_decisions import in_force
from hotline.routing import model_manifest, novelty, segment
from hotline.store.model_figures import category_counts, texts_between
from hotline.vocabulary import Role
from hotline.web.access import roles
from hotline.web.context import account, now, services
from hotline.web.models.room import blueprint, weeks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from hotline.store.casestore import CaseStore

SAMPLE = 200
"""Texts of a week that are cut: enough for a share of tokens within a tenth of itself."""


@blueprint.get("/drift")
@roles(Role.SUPERVISOR)
def drifting() -> str:
    """Each week beside training and beside the weeks before it."""
    serving = in_force(services())
    with services().read() as store:
        seen = list(_weeks(store, _known_words(serving.folder)))
    trained, unknown = training_shares(serving.manifest), serving.manifest.get("unknown_token_share")
    classes = tuple(services().rulebook.taxonomy.categories)
    return render_template(
        "models/drift.html",
        lines=drift(seen, trained, unknown, classes),
        latest=seen[-2:],
        trained=trained,
        unknown=unknown,
        classes=classes,
        weeks=weeks(),
        sample=SAMPLE,
    )


def _weeks(store: CaseStore, known: Collection[str]) -> Iterator[Week]:
    cut, office_id = segment.cutter(), account().office_id
    for begin in week_begins(now(), weeks()):
        end = begin + timedelta(weeks=1)
        texts = texts_between(store.session, office_id, begin, end, SAMPLE) if known else []
        unknown, tokens = novelty.unknown_tokens((cut(segment.prepare(text)) for text in texts), known)
        yield Week(begin, category_counts(store.session, office_id, begin, end), unknown, tokens)


def _known_words(folder: Path) -> frozenset[str]:
    """The model's words; none where they cannot be read, and then no text is cut."""
    try:
        return frozenset(json.loads((folder / model_manifest.VOCABULARY).read_bytes())["words"])
    except (OSError, ValueError, KeyError):
        return frozenset()
