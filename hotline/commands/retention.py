"""`hotline retention`: what has outlived its time, and its deletion; without `--delete` nothing is changed."""

from __future__ import annotations

from pathlib import Path

import click

from hotline.commands.streams import emit, say
from hotline.environment import read_settings


@click.command("retention")
@click.option("--delete", "really", is_flag=True, help="真正删除；不加则只列出将要删除的。")
@click.option(
    "--rules", "path", type=click.Path(path_type=Path), default=None, help="保存期限文件（TOML）；不填用随程序的。"
)
def retention_command(*, really: bool, path: Path | None) -> None:
    """到期删除：按保存期限删除已办结工单的身份、正文、证据，保留统计和事件链；先不带 --delete 运行一遍核对。"""
    from hotline.commands.installation import reach  # noqa: PLC0415 - commands import what they need on use.
    from hotline.erasing import erase_due  # noqa: PLC0415 - commands import what they need on use.
    from hotline.store.retention_rules import read_rules, shipped_rules  # noqa: PLC0415 - as above.
    from hotline.wiring import build_services  # noqa: PLC0415 - as above.

    rules = read_rules(path) if path else shipped_rules()
    settings = read_settings()
    reach(settings).dispose()
    services = build_services(settings)
    try:
        done = erase_due(
            services,
            rules,
            dry_run=not really,
            tell=lambda due: say(f"{due.number}（{due.kind}）：{'、'.join(due.parts)}"),
        )
    finally:
        services.engine.dispose()
    say("已删除。备份里的旧数据须另按备份期限销毁。" if really else "还没有删除；确认后加 --delete 运行。")
    emit(
        {
            "deleted": really,
            "rules": rules.version,
            "cases": done.cases,
            **done.parts,
            "quarantine": done.quarantine,
        }
    )
