"""Candidates beside the model that serves: figures, and which cases would change; a supervisor may promote one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, redirect, render_template, request, url_for

from hotline.learning.folders import candidate_folder, candidates, check, read_report
from hotline.learning.side_by_side import side_by_side
from hotline.model_decisions import in_force
from hotline.promoting import promote
from hotline.routing.classifier import load_classifier
from hotline.routing.model_manifest import to_json
from hotline.store.model_figures import recent_texts
from hotline.vocabulary import Role
from hotline.web.access import roles
from hotline.web.context import account, actor, services
from hotline.web.models.room import blueprint, decide

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

USUAL, MOST = 500, 5_000
SHOWN = 300


@blueprint.get("/candidates")
@roles(Role.SUPERVISOR)
def listed() -> str:
    """All candidates."""
    found = candidates(services().settings.models)
    return render_template("models/candidates.html", found=found, serving=in_force(services()))


@blueprint.get("/candidates/<version>")
@roles(Role.SUPERVISOR)
def candidate(version: str) -> str:
    """One candidate beside the model that serves."""
    manifest, report = _compared(version)
    return render_template(
        "models/candidate.html",
        version=version,
        manifest=manifest,
        report=report,
        serving=in_force(services()),
        count=_count(),
        most=MOST,
        shown=SHOWN,
    )


@blueprint.get("/candidates/<version>/report.json")
@roles(Role.SUPERVISOR)
def report_file(version: str) -> Response:
    """The same comparison as a file; it names cases by number and holds no text."""
    _, report = _compared(version)
    headers = {"Content-Disposition": f"attachment; filename=side-by-side-{version[:12]}.json"}
    return Response(to_json(report), headers=headers, content_type="application/json")


@blueprint.post("/candidates/<version>/promote")
@roles(Role.SUPERVISOR)
def promoted(version: str) -> ResponseReturnValue:
    """Let a candidate serve."""
    reason = request.form.get("reason", "")
    if decide(lambda: promote(services(), version, reason, actor()), f"已升级到 {version}，各进程几秒内换用。"):
        return redirect(url_for("models.overview"))
    return redirect(url_for("models.listed"))


def _compared(version: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A candidate's manifest and the comparison: what training measured, and the recent cases of this office.

    Raises:
        NotFoundError, ModelError: There is no such candidate, or it is altered.
    """
    folder = candidate_folder(services().settings.models, version)
    checked = check(folder, version=version)
    with services().read() as store:
        texts = recent_texts(store.session, account().office_id, _count())
    recent = side_by_side(services().rulebook.classifier, load_classifier(folder), texts)
    return dict(checked.manifest), {"trained": read_report(folder), "recent": recent}


def _count() -> int:
    """How many of the newest cases are classified by both."""
    typed = request.args.get("count", "")
    given = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else USUAL  # noqa: PLR2004 - digits.
    return min(max(given, 1), MOST)
