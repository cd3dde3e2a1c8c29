"""`serve`, `scheduler`, `demo`, `migrate`: what keeps an installation running."""

from __future__ import annotations

import logging
import os
import sys

import click

from hotline.commands.streams import fail, say
from hotline.environment import read_settings


@click.command("serve")
def serve_command() -> None:
    """启动网页服务和调度进程（前台运行，Ctrl+C 停止）。"""
    from hotline.demo.accounts import shown_accounts  # noqa: PLC0415 - commands import what they need on use.
    from hotline.serving import serve  # noqa: PLC0415 - as above.

    _private()
    _log()
    settings = read_settings()
    say(f"投诉举报热线：http://{settings.host}:{settings.port}/")
    lines = shown_accounts(settings.var)
    if lines:
        say("演示账号（用户名  口令  角色）：")
        for line in lines:
            say("  " + "  ".join(line.split("\t")))
    code = serve(settings)
    if code:
        fail("网页服务意外停止，请查看上面的日志。", code)


@click.command("scheduler", hidden=True)
def scheduler_command() -> None:
    """调度进程：巡查时限、封存事件；由 serve 启动。"""
    from hotline.scheduler import run  # noqa: PLC0415 - as above.

    _private()
    _log()
    run(read_settings())


@click.command("demo")
@click.option("--if-empty", is_flag=True, help="库中已有账号时不报错，直接结束。")
@click.option("--anyway", is_flag=True, help="库中已有账号时也装入；已有的账号、办公室和工单不变。")
def demo_command(*, if_empty: bool, anyway: bool) -> None:
    """装入演示数据：两个办公室、各角色账号、几百件处于各阶段的诉求；库中已有账号时拒绝，除非写明 --anyway。"""
    from hotline.demo.loading import is_empty, load  # noqa: PLC0415 - as above.
    from hotline.preparing import prepare_store  # noqa: PLC0415 - as above.
    from hotline.wiring import build_services  # noqa: PLC0415 - as above.

    _private()
    settings = read_settings()
    prepare_store(settings)
    services = build_services(settings)
    try:
        if if_empty and not is_empty(services):
            return
        count = load(services, _progress, beside=anyway)
        say(f"已装入 {count} 件演示诉求；账号和口令见 {settings.var / 'demo-accounts.txt'}，")
        say(f"接口令牌和一件举报的查询码见 {settings.var / 'demo-tokens.txt'}。")
    finally:
        services.engine.dispose()


@click.command("migrate")
def migrate_command() -> None:
    """把数据库升级到本程序的结构；SQLite 先另存一份。"""
    from hotline.preparing import migrate_store  # noqa: PLC0415 - as above.

    _private()
    copy = migrate_store(read_settings())
    say(f"数据库结构已是最新。{f'升级前的副本：{copy}' if copy else ''}")


def _private() -> None:
    """Whatever this process writes, database and seals included, is for its own user only."""
    os.umask(0o077)


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty() and (done % 10 == 0 or done == total):
        click.echo(f"\r装入演示数据 {done}/{total}", nl=done == total, err=True)


def _log() -> None:
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for library in ("apscheduler", "alembic"):
        logging.getLogger(library).setLevel(logging.WARNING)
