"""`hotline users …`: offices, accounts and channel tokens from the command line, for whoever runs the machine.

Passwords and tokens are made here, printed once, and kept only as hashes. Each change is an event of its own stream.
"""

from __future__ import annotations

import click

from hotline.commands.accounts import add_command, disable_command, enable_command, list_command, password_command
from hotline.commands.offices import office_command
from hotline.commands.tokens import token_command


@click.group(
    "users",
    commands=[
        office_command,
        list_command,
        add_command,
        password_command,
        disable_command,
        enable_command,
        token_command,
    ],
)
def users_command() -> None:
    """办公室、账号和渠道令牌：列出、新建、停用、启用、重置口令、发令牌。"""
