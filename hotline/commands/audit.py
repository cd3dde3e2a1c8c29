"""`hotline audit verify`: walks every event chain and every seal."""

from __future__ import annotations

import click

from hotline.commands.installation import open_database
from hotline.commands.streams import REFUSED, emit, say
from hotline.settings import read_settings
from hotline.store.audit import verify

SHOWN = 20


@click.group("audit")
def audit_command() -> None:
    """核验办理记录：事件链和封存。"""


@audit_command.command("verify")
def verify_command() -> None:
    """逐条核验全部事件链和封存；完整时退出码为 0，有破坏为 1，数据库或密钥不能用为 2。"""
    settings = read_settings()
    with open_database(settings) as (engine, keyring):
        result = verify(engine, keyring, settings.seals)
    emit(result)
    if result["ok"]:
        say(f"完整：{result['events']} 条事件，{result['seals']} 次封存，{result['unsealed']} 条尚未封存。")
        return
    for fault in result["broken"][:SHOWN]:
        say(f"{fault['stream']} 第 {fault['seq']} 条：{fault['reason']}")
    say(f"共 {len(result['broken'])} 处不符。请保留现场（数据库、封存文件和日志），并报告系统管理员。")
    raise click.exceptions.Exit(REFUSED)
