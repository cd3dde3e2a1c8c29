"""查询: one box for number, phone, respondent and words, posted so that no phone stands in an address or a log."""

from __future__ import annotations

from flask import render_template, request

from hotline.store import queries
from hotline.store.merging import Member, merged_groups
from hotline.store.numbers import is_misread
from hotline.web.access import DESK, roles
from hotline.web.context import actor, services
from hotline.web.operators.room import blueprint

LIMIT = 50
WHY = {
    "number": "编号相符",
    "phone": "电话相符",
    "id_number": "证件号相符",
    "respondent": "被投诉人相符",
    "words": "内容含有这些字词",
}


@blueprint.route("/search", methods=["GET", "POST"])
@roles(*DESK)
def search() -> str:
    """The empty box, or what was found and by what."""
    query = request.form.get("q", "").replace("\x00", "").strip()
    hits: tuple[queries.Hit, ...] = ()
    groups: dict[str, tuple[Member, ...]] = {}
    if query:
        with services().read() as store:
            hits = queries.search(store.session, query, actor(), store.keyring, limit=LIMIT + 1)
            groups = merged_groups(store.session, actor(), [hit.line.case_id for hit in hits])
    return render_template(
        "operators/search.html",
        query=query,
        hits=hits[:LIMIT],
        groups=groups,
        more=len(hits) > LIMIT,
        limit=LIMIT,
        why=WHY,
        misread=is_misread(query),
    )
