"""`hotline plans adopt`: what the page for a new version does, for a plan file at hand."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hotline.adopting import adopt_proposal, check_proposal, examine_file, try_out
from hotline.commands.installation import CONSOLE, choose_office, reach
from hotline.commands.streams import REFUSED, emit, read_input, say
from hotline.environment import read_settings
from hotline.errors import InvalidInputError
from hotline.intake.normalise import masked
from hotline.records import Actor
from hotline.routing.plan_format import parse_plan
from hotline.store.plan_stream import Proposal
from hotline.vocabulary import Role
from hotline.wiring import build_services

if TYPE_CHECKING:
    from datetime import date


def adopt_file(
    file: str, day: date, reason: str, *, dry_run: bool, office_id: str | None, source: str | None, count: int
) -> None:
    """Check, replay and, unless it is a dry run, adopt; print findings and what the replay found.

    Raises:
        PlanError: The file is no plan file.
        InvalidInputError, ConflictError: See `adopting.adopt_proposal`.
    """
    content = _text(read_input(file))
    plan_id = parse_plan(content, Path(file).name).id
    proof = _text(read_input(source)) if source else None
    settings = read_settings()
    reach(settings).dispose()
    services = build_services(settings)
    try:
        office = choose_office(services.offices.values(), office_id)
        candidate = examine_file(services, office.id, plan_id, content, source=proof, on=day)
        for finding in candidate.findings:
            emit(asdict(finding))
        if not candidate.usable:
            say("方案文件不能采用，请按上面列出的行改正。")
            raise click.exceptions.Exit(REFUSED)
        actor = Actor(CONSOLE, Role.SYSTEM, office.id)
        proposal = Proposal(plan_id, candidate.content, day, masked(reason), {})
        check_proposal(services, proposal, candidate.plan, actor)
        trial = try_out(services, office.id, plan_id, candidate.plan, on=day, count=count)
        found = replace(proposal, replay=trial.kept())
        version = None if dry_run else adopt_proposal(services, found, candidate.plan, actor)
        emit({"plan": plan_id, "version": version, "office": office.id, "effective": day.isoformat(), **found.replay})
    finally:
        services.engine.dispose()


def _text(content: bytes) -> str:
    """A file's text.

    Raises:
        InvalidInputError: It is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        message = "文件不是 UTF-8 编码。请另存为 UTF-8 后重试。"
        raise InvalidInputError(message) from None
