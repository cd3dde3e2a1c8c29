"""The model that serves: where it comes from, its figures, its curves, and the thresholds a supervisor sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for

from hotline.errors import ModelError
from hotline.model_decisions import in_force, stands
from hotline.routing.facet_file import read_thresholds
from hotline.routing.thresholds import ALL, CATEGORY, SETTING
from hotline.store.accounts import display_names
from hotline.thresholding import revert_threshold, set_target, set_threshold
from hotline.vocabulary import Role
from hotline.web.access import roles
from hotline.web.context import actor, services
from hotline.web.models.room import blueprint, decide, share_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from hotline.learning.standing import Manual, Standing
    from hotline.model_decisions import InForce

FACETS = {CATEGORY: "类别", SETTING: "环节"}
WIDTH, HEIGHT, FLOOR = 560, 220, 0.8


@dataclass(frozen=True, slots=True)
class Threshold:
    """One class: the threshold in force, the one chosen at training, and what a person set instead."""

    code: str
    value: float | None
    trained: float | None
    manual: Manual | None
    common: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """Precision (upwards, from `floor` to 1) over coverage (to the right), ready to be drawn."""

    line: str
    marks: tuple[tuple[float, float, str], ...]
    floor: float
    points: Sequence[Mapping[str, float]]


@blueprint.get("/")
@roles(Role.SUPERVISOR)
def overview() -> str:
    """The overview; `facet` and `code` choose the curve."""
    facet = request.args.get("facet", CATEGORY)
    facet = facet if facet in FACETS else CATEGORY
    serving, known = in_force(services()), stands(services())
    code = request.args.get("code", ALL)
    manual = known.of(serving.version)
    with services().read() as store:
        people = [each.by for each in manual] + [each.by for each in known.promoted.values()]
        names = display_names(store.session, people)
    curve = _curve(_points(serving.manifest, facet, code))
    lines = _thresholds(serving, known, facet)
    return render_template(
        "models/overview.html",
        serving=serving,
        promoted=None if serving.shipped else known.serving,
        problem=services().model_problem,
        metrics=serving.manifest.get("metrics", {}),
        facets=FACETS,
        facet=facet,
        code=code if code in {line.code for line in lines} else ALL,
        curve=curve,
        lines=lines,
        common=known.manual.get((serving.version, facet, ALL)),
        names=names,
    )


@blueprint.post("/thresholds")
@roles(Role.SUPERVISOR)
def set_one() -> ResponseReturnValue:
    """Set the threshold of one class, or with `target` one for all."""
    facet, code, version = (request.form.get(name, "") for name in ("facet", "code", "version"))
    given: dict[str, Any] = {"version": version, "facet": facet, "reason": request.form.get("reason", "")}
    if "target" in request.form:
        target = share_of("target") / 100
        decide(lambda: set_target(services(), target=target, by=actor(), **given), "目标精确率已设定。")
    else:
        value = share_of("value")
        decide(lambda: set_threshold(services(), code=code, value=value, by=actor(), **given), "阈值已设定。")
    return redirect(url_for("models.overview", facet=facet, code=code, _anchor="thresholds"))


@blueprint.post("/thresholds/revert")
@roles(Role.SUPERVISOR)
def revert() -> ResponseReturnValue:
    """Take back a threshold that was set by hand."""
    given = {name: request.form.get(name, "") for name in ("version", "facet", "code", "reason")}
    decide(lambda: revert_threshold(services(), by=actor(), **given), "已撤销，恢复训练所选的阈值。")
    return redirect(url_for("models.overview", facet=given["facet"], code=given["code"], _anchor="thresholds"))


def _points(manifest: Mapping[str, Any], facet: str, code: str) -> Sequence[Mapping[str, float]]:
    curves: Mapping[str, Any] = manifest.get("curves", {}).get(facet, {})
    found: Sequence[Mapping[str, float]] = curves.get("classes", {}).get(code) or curves.get("all", ())
    return found


def _thresholds(serving: InForce, known: Standing, facet: str) -> tuple[Threshold, ...]:
    """The classes in the order of the taxonomy."""
    taxonomy = services().rulebook.taxonomy
    codes = taxonomy.categories if facet == CATEGORY else taxonomy.settings
    try:
        trained = read_thresholds(serving.folder)[facet]
    except ModelError:
        trained = {}
    common = known.manual.get((serving.version, facet, ALL))
    found = []
    for code in codes:
        own = known.manual.get((serving.version, facet, code))
        held = own or common
        value = held.value if held else trained.get(code)
        found.append(Threshold(code, value, trained.get(code), own, common is not None and own is None))
    return tuple(found)


def _curve(points: Sequence[Mapping[str, float]]) -> Curve | None:
    """Coordinates of the drawing; None where the model has no curve."""
    if not points:
        return None
    floor = min(FLOOR, *(point["precision"] for point in points))
    marks = tuple(_mark(point, floor) for point in points)
    return Curve(" ".join(f"{x},{y}" for x, y, _ in marks), marks, floor, points)


def _mark(point: Mapping[str, float], floor: float) -> tuple[float, float, str]:
    """One point of the drawing with its words."""
    across, down = point["coverage"] * WIDTH, (1 - (point["precision"] - floor) / (1 - floor)) * HEIGHT
    words = f"阈值 {point['threshold']:.2f}：占 {point['coverage']:.1%}，正确 {point['precision']:.1%}"
    return round(across, 1), round(down, 1), f"{words}，{point['n']} 条"
