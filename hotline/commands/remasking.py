"""`hotline remask`: what an earlier version masked is masked by today's rules; the scheduler does it by itself."""

from __future__ import annotations

import click

from hotline.commands.streams import emit, say
from hotline.environment import read_settings


@click.command("remask")
def remask_command() -> None:
    """重新遮盖：以前版本登记的举报还留有号码尾数、姓氏的，按现行规则遮盖，检索词一并重写；分批进行，可中断再运行。"""
    from hotline.commands.installation import reach  # noqa: PLC0415 - commands import what they need on use.
    from hotline.store.remasking import remask  # noqa: PLC0415 - commands import what they need on use.
    from hotline.wiring import build_services  # noqa: PLC0415 - as above.

    settings = read_settings()
    reach(settings).dispose()
    services = build_services(settings)
    try:
        done = remask(services.engine, services.keyring)
    finally:
        services.engine.dispose()
    say("已全部按现行规则遮盖。" if done.seen else "以前已经全部按现行规则遮盖，没有要改的。")
    emit({"seen": done.seen, "changed": done.changed, "finished": done.finished})
