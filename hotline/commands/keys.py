"""`hotline keys …`: which keys there are, a new one, re-encryption, and retiring what nothing needs."""

from __future__ import annotations

from datetime import timedelta

import click

from hotline.commands.installation import open_database
from hotline.commands.streams import emit, say
from hotline.environment import read_settings
from hotline.moments import utc_now
from hotline.store.crypto import load_keyring
from hotline.store.engine import read_transaction, write_transaction
from hotline.store.key_retiring import in_use
from hotline.store.key_retiring import retire as retire_key
from hotline.store.keycheck import remember_keyring
from hotline.store.new_keys import add_data_key, add_index_key
from hotline.store.rekeying import rekey

REST_MINUTES = 10


@click.group("keys")
def keys_command() -> None:
    """密钥：查看、更换、重新加密、停用；更换时不用停机。"""


@keys_command.command("list")
def list_command() -> None:
    """每个密钥一行：编号、是否在用于新数据、还有多少行数据靠它。"""
    with open_database(read_settings()) as (engine, keyring), read_transaction(engine) as session:
        present = {keyring.active, f"index:{keyring.index_number}"}
        for name, rows in sorted(in_use(session, keyring).items()):
            emit({"key": name, "active": name in present, "rows": rows})


@keys_command.command("rotate")
@click.option("--index", "of_index", is_flag=True, help="更换检索用（盲索引）的密钥，而不是数据密钥。")
@click.option("--later", is_flag=True, help="只换密钥，旧数据由调度进程在后台重新加密。")
def rotate_command(*, of_index: bool, later: bool) -> None:
    """启用新密钥：新写入的数据立即改用，旧数据随后分批重新加密。"""
    settings = read_settings()
    with open_database(settings) as (engine, keyring):
        made = f"index:{add_index_key(keyring)}" if of_index else add_data_key(keyring)
        with write_transaction(engine) as session:
            remember_keyring(session, load_keyring(settings.keys, settings.cipher))
        say(f"新密钥“{made}”已启用。请立即备份密钥目录。")
        changed = 0 if later else rekey(engine, keyring).changed
    emit({"key": made, "reencrypted": changed, "finished": not later})


@keys_command.command("reencrypt")
@click.option("--most", type=click.IntRange(1), default=None, help="最多处理多少批；不填则做完为止。")
def reencrypt_command(*, most: int | None) -> None:
    """把旧密钥（或旧算法）加密的数据改用现在的；中断后再运行，从断处继续。"""
    with open_database(read_settings()) as (engine, keyring):
        done = rekey(engine, keyring, most=most, again=True)
    emit({"reencrypted": done.changed, "finished": done.finished})


@keys_command.command("retire")
@click.argument("name")
def retire_command(name: str) -> None:
    """停用不再有数据使用的旧密钥（如 k1、index:1）；文件移到密钥目录的 retired 下，早先的备份还要用它。"""
    with open_database(read_settings()) as (engine, keyring):
        aside = retire_key(engine, keyring, name, now=utc_now(), rest=timedelta(minutes=REST_MINUTES))
    say(f"密钥“{name}”已停用，文件在 {aside}。恢复更早的备份时需要它，请单独保管。")
    emit({"key": name, "retired": True})
