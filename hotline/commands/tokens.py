"""`hotline users token`: tokens of channels and bodies."""

from __future__ import annotations

import secrets

import click

from hotline.commands.installation import choose_office, offices_of, open_database
from hotline.commands.known import check_body_known
from hotline.commands.own_channels import channel_named
from hotline.commands.recording import record
from hotline.commands.streams import emit, say
from hotline.environment import read_settings
from hotline.errors import InvalidInputError
from hotline.moments import utc_now
from hotline.store.engine import write_transaction
from hotline.store.token_hash import hash_token
from hotline.store.tokens import Scope, add_token

TOKEN_BYTES = 32


@click.command("token")
@click.option("--channel", help="渠道令牌：12330、12315、12390、12365 或自设的渠道代码，用来登记和查询诉求。")
@click.option("--body", "body_id", metavar="ID", help="单位令牌：单位代码，用来查询和办理派给它的工单。")
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    default="all",
    help="all 查询和办理，read 只查询，write 只办理。",
)
@click.option("--office", "office_id", metavar="ID", help="办公室；只有一个时可不写。")
@click.option("--label", default="", help="用途说明，例如 呼叫中心系统。")
def token_command(channel: str | None, body_id: str | None, scope: str, office_id: str | None, label: str) -> None:
    """发一个渠道或单位的令牌（API 用）；令牌只在这里显示一次。"""
    if (channel is None) == (body_id is None):
        message = "请写 --channel 或 --body，二者只写一个。"
        raise InvalidInputError(message)
    code = channel_named(channel).code if channel else ""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with open_database(read_settings()) as (engine, keyring):
        chosen = choose_office(offices_of(engine), office_id)
        with write_transaction(engine) as session:
            check_body_known(session, body_id)
            made = add_token(
                session,
                token_hash=hash_token(token),
                channel=code,
                body_id=body_id,
                scope=Scope(scope),
                office_id=chosen.id,
                label=label.strip(),
                at=utc_now(),
            )
            record(session, keyring, f"token:{made.id}", chosen.id, "created")
    whose = {"channel": code} if channel else {"body": body_id}
    emit({"id": made.id, **whose, "office": chosen.id, "scope": scope, "label": made.label, "token": token})
    say("令牌只显示这一次。请存入对方系统的密钥库，不要写进邮件或代码。")
