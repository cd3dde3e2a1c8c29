"""`hotline audit verify`: walks every event chain and every seal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hotline.commands.installation import open_database
from hotline.commands.streams import REFUSED, emit, say
from hotline.environment import read_settings
from hotline.store.audit import verify
from hotline.store.auditrows import verify_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hotline.records import CaseEvent, CaseSnapshot, Clock
    from hotline.settings import Settings
    from hotline.store.audit_differences import Reckon

SHOWN = 20


@click.group("audit")
def audit_command() -> None:
    """核验办理记录：事件链和封存。"""


@audit_command.command("verify")
@click.option("--no-rows", is_flag=True, help="只核验事件链和封存，不把工单、承办段、时限、证据与事件比对。")
@click.option("--clocks", is_flag=True, help="另按事件和现行规则重新推算每件工单的时限（较慢）。")
def verify_command(*, no_rows: bool, clocks: bool) -> None:
    """逐条核验全部事件链和封存，并把各表与事件比对；完整时退出码为 0，有破坏为 1，数据库或密钥不能用为 2。"""
    settings = read_settings()
    with open_database(settings) as (engine, keyring):
        result = verify(engine, keyring, settings.seals)
        if not no_rows:
            result["broken"] += verify_rows(engine, keyring, _reckoner(settings) if clocks else None)
            result["ok"] = not result["broken"]
    emit(result)
    if result["ok"]:
        say(f"完整：{result['events']} 条事件，{result['seals']} 次封存，{result['unsealed']} 条尚未封存。")
        return
    for fault in result["broken"][:SHOWN]:
        say(f"{fault['stream']} 第 {fault['seq']} 条：{fault['reason']}")
    say(f"共 {len(result['broken'])} 处不符。请保留现场（数据库、封存文件和日志），并报告系统管理员。")
    raise click.exceptions.Exit(REFUSED)


def _reckoner(settings: Settings) -> Reckon:
    """The clocks of a case under the rules in force, with their mark.

    Raises:
        ModelError, PlanError, PolicyError, CalendarError: The rules cannot be loaded.
    """
    from hotline.casework.reckoning import reckon  # noqa: PLC0415 - the rules are needed for this check only.
    from hotline.wiring import build_services  # noqa: PLC0415 - as above.

    services = build_services(settings)
    rules, bodies = services.rulebook.clock_rules, services.rulebook.directory.bodies

    def again(events: Sequence[CaseEvent], snapshot: CaseSnapshot) -> tuple[str, Sequence[Clock]]:
        office = services.office(snapshot.office_id)
        return rules.mark(office), reckon(events, snapshot, office=office, rules=rules, bodies=bodies)

    return again
