"""The list of plans, and one plan: its matrix with gaps and overlaps, each cell with its clause, all duties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, render_template, request

from hotline.routing.places import plan_for
from hotline.rulebooks import shipped_text
from hotline.store.accounts import display_names
from hotline.store.plan_stream import digest_of
from hotline.store.plan_versions import version_lines, version_text
from hotline.vocabulary import Role
from hotline.web.access import DESK, roles
from hotline.web.context import account, services
from hotline.web.plans import grid
from hotline.web.plans.room import Shown, blueprint, find_shown, plans_today, today

if TYPE_CHECKING:
    from datetime import date

    from hotline.records import Assignment
    from hotline.routing.plan_records import Plan
    from hotline.store.plan_versions import VersionLine
    from hotline.web.plans.grid import Tried


@dataclass(frozen=True, slots=True)
class Line:
    """A plan in the list."""

    plan: Plan
    begins: date
    where: str
    mine: bool
    waiting: VersionLine | None
    ended: VersionLine | None


@dataclass(frozen=True, slots=True)
class Opened:
    """The cell that was opened: the route without goods words, and every duty that covers it."""

    category: str
    setting: str
    found: Assignment
    tried: tuple[Tried, ...]


@blueprint.get("/")
@roles(*DESK)
def index() -> str:
    """All plans of the office."""
    with services().read() as store:
        lines = version_lines(store.session, None, account().office_id)
    book, here = services().rulebook, plans_today()
    serving = plan_for(services().office(account().office_id).region, today(), here).plan
    ids = dict.fromkeys([*here, *(line.plan_id for line in lines)])
    found = []
    for plan_id in ids:
        plan = here.get(plan_id) or book.plans.get(plan_id)
        if plan is not None:
            mine = [line for line in lines if line.plan_id == plan_id and line.withdrawn_at is None]
            found.append(_line(plan, mine, serving.id if serving else ""))
    return render_template("plans/index.html", lines=sorted(found, key=lambda line: not line.mine))


@blueprint.get("/<plan_id>")
@roles(*DESK)
def show(plan_id: str) -> str:
    """One plan."""
    shown = find_shown(plan_id, request.args.get("version", ""))
    with services().read() as store:
        versions = version_lines(store.session, plan_id, account().office_id)
        people = [who for line in versions for who in (line.uploaded_by, line.withdrawn_by) if who]
        names = display_names(store.session, people)
    rows = grid.grid(shown.whole, services().rulebook.directory, today()) if shown.assigns else ()
    cells = [cell for row in rows for cell in row.cells]
    return render_template(
        "plans/show.html",
        shown=shown,
        current=plans_today().get(plan_id),
        rows=rows,
        settings=grid.settings(),
        gaps=sum(cell.gap for cell in cells),
        overlaps=sum(cell.tone == "overlap" for cell in cells),
        cells=len(cells),
        opened=_opened(shown),
        versions=versions,
        names=names,
        today=today(),
        may_change=account().role is Role.SUPERVISOR,
        newer_shipped=_newer_shipped(plan_id, versions),
        focuses=shown.whole.focuses,
    )


@blueprint.get("/<plan_id>/versions/<int:version>.toml")
@roles(*DESK)
def download(plan_id: str, version: int) -> Response:
    """The file of a version, to be edited into the next."""
    with services().read() as store:
        text = version_text(store.session, plan_id, version, account().office_id)
    headers = {"Content-Disposition": f"attachment; filename=plan-{version}.toml"}
    return Response(text, headers=headers, content_type="text/plain; charset=utf-8")


def _line(plan: Plan, versions: list[VersionLine], serving: str) -> Line:
    current = [line for line in versions if line.effective_from <= today() or line.office_id is None]
    newest = max(current, key=lambda line: line.version, default=None)
    waiting = [line for line in versions if line.effective_from > today() and line.office_id is not None]
    return Line(
        plan=plan,
        begins=newest.effective_from if newest and newest.office_id else plan.begins,
        where=_where(plan),
        mine=plan.id == serving,
        waiting=max(waiting, key=lambda line: line.version, default=None),
        ended=newest if newest and newest.ends else None,
    )


def _where(plan: Plan) -> str:
    """Where a plan is in force, in words."""
    shown = find_shown(plan.id)
    if not shown.assigns:
        return f"{plan.region_name}；只列重点，不分派职责"
    return f"{plan.region_name}；没有本地方案的地方" if not plan.region.strip("0") else plan.region_name


def _opened(shown: Shown) -> Opened | None:
    """The cell that the address names; one that does not exist opens nothing."""
    taxonomy, directory = services().rulebook.taxonomy, services().rulebook.directory
    category, setting = request.args.get("category", ""), request.args.get("setting", "")
    if category not in taxonomy.categories or setting not in taxonomy.settings or not shown.assigns:
        return None
    found = grid.decide(shown.whole, directory, (category, setting), today())
    return Opened(category, setting, found, grid.tried(shown.whole, directory, category, setting))


def _newer_shipped(plan_id: str, versions: tuple[VersionLine, ...]) -> bool:
    """Whether the program brings a text of this plan that no version holds."""
    text = shipped_text(plan_id)
    return bool(text and versions) and digest_of(text) not in {line.digest for line in versions}
