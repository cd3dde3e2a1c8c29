"""`hotline rules …`: versions of the calendar and of time limits, tried first, and cached clocks reckoned again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from hotline.casework.bands import bands_text, parse_bands
from hotline.casework.calendar_file import parse_calendar_file
from hotline.casework.calendar_legal import check_whole
from hotline.casework.calendar_notice import notice_changes, region_changes
from hotline.casework.calendar_years import year_document
from hotline.casework.policy_change import NewTerms, read_terms, terms_document
from hotline.casework.rule_assembly import BANDS, BOOK, CALENDAR, FILE, POLICY
from hotline.casework.transitions import ExtensionRule
from hotline.commands.installation import CONSOLE, choose_office, reach
from hotline.commands.streams import emit, member, parse_day, read_input, say
from hotline.environment import read_settings
from hotline.errors import InvalidInputError
from hotline.intake.normalise import masked
from hotline.moments import local_date
from hotline.reclocking import reclock, reclock_behind
from hotline.records import Actor
from hotline.store.rule_adopting import RuleProposal
from hotline.taking_back import take_back_calendar, try_taking_back
from hotline.timing import adopt_rule, check_rule
from hotline.trying import try_rule
from hotline.vocabulary import Role, Unit, Urgency
from hotline.wiring import build_services

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Engine

    from hotline.casework.clock_rules import ClockRules
    from hotline.reclocking import Outcome
    from hotline.routing.bodies import Body
    from hotline.services import Services
    from hotline.store.crypto import Keyring

FIRST_YEAR, LAST_YEAR = 1990, 2099
_REASON = click.option("--reason", required=True, help="理由（文号、来源），随版本保存。")
_DRY = click.option("--dry-run", is_flag=True, help="只看差别和试算，不采用。")
_REGION = click.option("--region", default="", help="只用于一个地区（六位代码）；不写为全国或全部办公室。")
_OFFICE = click.option("--office", help="以哪个办公室的名义；不写为第一个。")


@click.group("rules")
def rules_command() -> None:
    """工作日历和时限策略的版本：看差别、试算、采用；重算已存的时限。"""


@rules_command.command("calendar")
@click.argument("year", type=click.IntRange(FIRST_YEAR, LAST_YEAR))
@click.argument("file", required=False)
@_REGION
@_REASON
@_DRY
@_OFFICE
def calendar_command(
    year: int, file: str | None, region: str, reason: str, *, dry_run: bool, office: str | None
) -> None:
    """采用一年的放假安排（与 workdays import 同样的文件），先在 stderr 列出差别。"""
    days = parse_calendar_file(year, read_input(file), regional=bool(region))
    if not region:
        check_whole(year, days)
    with _services() as services:
        rules = services.rulebook.clock_rules
        changes = region_changes if region else notice_changes
        for line in changes(rules.calendar, year, days):
            say(line)
        first = local_date(services.now())
        proposal = RuleProposal(
            CALENDAR, str(year), first, year_document(year, days), masked(reason), region=_region(region)
        )
        _decide(services, proposal, office, dry_run=dry_run)


@rules_command.command("take-back")
@click.argument("version", type=click.IntRange(min=1))
@_REASON
@_DRY
@_OFFICE
def take_back_command(version: int, reason: str, *, dry_run: bool, office: str | None) -> None:
    """撤回日历的一个版本（已生效的也可以），由前一版接着用；版本和撤回理由都保留。"""
    note = masked(reason)
    with _services() as services:
        own = choose_office(services.offices.values(), office).id
        if dry_run:
            trial = try_taking_back(services, version, note, own)
        else:
            trial = take_back_calendar(services, version, note, Actor(CONSOLE, Role.SYSTEM, own))
        say(f"{trial.words}。")
        emit({"kind": CALENDAR, "version": version, "taken_back": not dry_run, **trial.kept()})


@rules_command.command("bands")
@click.argument("bands", metavar='"9:00-12:00 13:30-17:30"')
@click.option("--effective", metavar="DATE", help="自哪天起；不写为今天。以前的日子照旧。")
@_REGION
@_REASON
@_DRY
@_OFFICE
def bands_command(
    bands: str, effective: str | None, region: str, reason: str, *, dry_run: bool, office: str | None
) -> None:
    """自某天起采用另外的工作时段（一天任意多个）；以前的日子照旧，不改写已经过去的工作时间。"""
    content = bands_text(parse_bands(bands))
    with _services() as services:
        first = parse_day(effective) if effective else local_date(services.now())
        proposal = RuleProposal(CALENDAR, BANDS, first, content, masked(reason), region=_region(region))
        _decide(services, proposal, office, dry_run=dry_run)


@rules_command.command("limit")
@click.argument("policy")
@click.option("--duration", required=True, type=int, help="时长。")
@click.option("--unit", required=True, help="单位：工作日、日、小时、分钟、月。")
@click.option("--urgency", help="特急、紧急或一般；不写为各级。")
@click.option("--extension", type=(int, str, int), help="延期：数额 单位 次数；不写为不可延。")
@click.option("--warn", type=int, help="剩余百分之几时预警；不写按通用规则。")
@click.option("--effective", required=True, metavar="DATE", help="自哪天收到的诉求起。")
@_REGION
@click.option("--office-only", is_flag=True, help="只用于 --office 的办公室。")
@_REASON
@_DRY
@_OFFICE
def limit_command(
    *,
    policy: str,
    duration: int,
    unit: str,
    urgency: str | None,
    extension: tuple[int, str, int] | None,
    warn: int | None,
    effective: str,
    region: str,
    reason: str,
    office_only: bool,
    dry_run: bool,
    office: str | None,
) -> None:
    """为一个办公室、一个地区或全部办公室采用一条热线时限的新版本；法定时限不能改。"""
    extra = ExtensionRule(extension[0], member(Unit, extension[1]), extension[2]) if extension else None
    terms = NewTerms(duration, member(Unit, unit), member(Urgency, urgency) if urgency else None, extra, warn)
    content = terms_document(terms)
    read_terms(policy, content)
    with _services() as services:
        own = choose_office(services.offices.values(), office).id if office_only else None
        proposal = RuleProposal(
            POLICY, policy, parse_day(effective), content, masked(reason), office_id=own, region=_region(region)
        )
        _decide(services, proposal, office, dry_run=dry_run)


@rules_command.command("adopt-file")
@click.argument("file")
@click.option("--effective", required=True, metavar="DATE", help="自哪天收到的诉求起。")
@_REASON
@_DRY
@_OFFICE
def adopt_file_command(file: str, effective: str, reason: str, *, dry_run: bool, office: str | None) -> None:
    """采用一份新的时限策略文件（TOML，含法定时限，每条写明法律依据）。"""
    try:
        content = read_input(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "文件不是 UTF-8 编码。请另存为 UTF-8 后重试。"
        raise InvalidInputError(message) from None
    with _services() as services:
        _decide(
            services, RuleProposal(BOOK, FILE, parse_day(effective), content, masked(reason)), office, dry_run=dry_run
        )


@rules_command.command("recompute")
@click.option("--all", "thorough", is_flag=True, help="也查事件多于时限所据的工单（逐条比对，较慢）。")
def recompute_command(*, thorough: bool) -> None:
    """现在就重算按旧规则显示的时限（调度进程也会在后台做）；中途停下，再运行会接着做。"""
    with _services() as services:
        book = services.rulebook
        jobs: dict[str, Callable[[Engine, Keyring, ClockRules, Mapping[str, Body]], Outcome]] = {"rules": reclock}
        if thorough:
            jobs["events"] = reclock_behind
        for name, job in jobs.items():
            found = job(services.engine, services.keyring, book.clock_rules, book.directory.bodies)
            emit({"behind": name, "cases": found.cases, "changed": found.changed, "failed": list(found.failed)})


def _decide(services: Services, proposal: RuleProposal, office_id: str | None, *, dry_run: bool) -> None:
    """Try, say what it would do and, unless it is a dry run, adopt; one object with what was found."""
    office = choose_office(services.offices.values(), office_id)
    check_rule(services, proposal)
    trial = try_rule(services, proposal, office.id)
    say(f"{trial.words}。")
    by = Actor(CONSOLE, Role.SYSTEM, office.id)
    version = None if dry_run else adopt_rule(services, proposal, trial, by)
    shown = {"kind": proposal.kind, "subject": proposal.subject, "version": version, "region": proposal.region}
    emit({**shown, "effective": proposal.effective_from.isoformat(), **trial.kept()})


def _region(code: str) -> str:
    """A region's code.

    Raises:
        InvalidInputError: It has not six digits.
    """
    if code and not (code.isascii() and code.isdigit() and len(code) == 6):  # noqa: PLR2004 - an adcode has six digits.
        message = "--region 应为六位行政区划代码，例如 110102。"
        raise InvalidInputError(message)
    return code


@contextmanager
def _services() -> Iterator[Services]:
    settings = read_settings()
    reach(settings).dispose()
    services = build_services(settings)
    try:
        yield services
    finally:
        services.engine.dispose()
