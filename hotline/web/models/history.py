"""Everything that was decided about the model, with who, when and why; and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for

from hotline.learning.standing import PROMOTED, REVERTED, ROLLED_BACK, SHIPPED, TARGET, THRESHOLD, standing
from hotline.model_decisions import in_force
from hotline.promoting import roll_back
from hotline.store.accounts import display_names
from hotline.store.model_stream import STREAM, model_events
from hotline.vocabulary import Role
from hotline.web.access import roles
from hotline.web.context import actor, services
from hotline.web.labels import category, setting
from hotline.web.models.overview import FACETS
from hotline.web.models.room import blueprint, decide

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from hotline.records import CaseEvent

LABELS = {PROMOTED: "升级", ROLLED_BACK: "回退", THRESHOLD: "设阈值", TARGET: "设目标精确率", REVERTED: "撤销阈值"}


@dataclass(frozen=True, slots=True)
class Line:
    """One decision in words."""

    at: datetime
    who: str
    what: str
    detail: str
    reason: str


@blueprint.get("/history")
@roles(Role.SUPERVISOR)
def history() -> str:
    """The history, the newest first, and the versions one may go back to."""
    with services().read() as store:
        events = model_events(store.session)
        texts = store.event_texts(STREAM)
        names = display_names(store.session, {event.actor_id for event in events})
    known = standing(events)
    lines = [
        Line(
            event.at,
            names.get(event.actor_id, event.actor_id),
            LABELS.get(str(event.data.get("what")), "其他"),
            _detail(event),
            texts.get(event.id, ""),
        )
        for event in reversed(events)
    ]
    back = [version for version in (SHIPPED, *known.promoted) if version != known.version]
    return render_template("models/history.html", lines=lines, back=back, serving=in_force(services()))


@blueprint.post("/roll-back")
@roles(Role.SUPERVISOR)
def rolled_back() -> ResponseReturnValue:
    """Go back to an earlier version."""
    version, reason = request.form.get("version", ""), request.form.get("reason", "")
    decide(lambda: roll_back(services(), version, reason, actor()), "已回退，各进程几秒内换用。")
    return redirect(url_for("models.history"))


def _detail(event: CaseEvent) -> str:
    """Which version, from which, or which threshold."""
    data = event.data
    version = str(data.get("version", "")) or "安装时的模型"
    if data.get("what") in {PROMOTED, ROLLED_BACK}:
        return f"{data.get('from', '')} → {version}，数据散列 {str(data.get('data_hash', ''))[:12]}"
    facet, code = str(data.get("facet", "")), str(data.get("code", ""))
    name = (category(code) if facet == "category" else setting(code)) if code else "全部"
    where = f"版本 {version} 的{FACETS.get(facet, facet)}“{name}”"
    if data.get("what") == TARGET:
        return f"{where}：目标精确率 {data.get('target')}，阈值 {data.get('value')}"
    return f"{where}：{data.get('value')}" if "value" in data else where
