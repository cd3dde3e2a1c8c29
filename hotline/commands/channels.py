"""`hotline channels`: list the channels, try a channel's file on a sample, put it to use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from hotline.commands.installation import CONSOLE, choose_office, offices_of, open_database
from hotline.commands.streams import REFUSED, emit, read_input, say
from hotline.environment import read_settings
from hotline.errors import InvalidInputError
from hotline.intake.channel_files import read_folder, write_channel
from hotline.intake.channels import load_channels, parse_added, shipped_channels
from hotline.intake.trial import try_channel
from hotline.moments import utc_now
from hotline.records import Actor, NewEvent
from hotline.store.casestore import CaseStore
from hotline.store.engine import write_transaction
from hotline.store.events import last_seq
from hotline.vocabulary import Action, Role

if TYPE_CHECKING:
    from hotline.intake.trial import Trial


@click.group("channels")
def channels_command() -> None:
    """渠道：列出、用样例试读、启用自设的渠道。"""


@channels_command.command("list")
def list_channels() -> None:
    """列出随程序发布的和自设的渠道，每行一个。"""
    own, problems = read_folder(read_settings().channels)
    for channel in (shipped_channels() | own).values():
        emit({"code": channel.code, "name": channel.name, "kind": channel.kind.value, "own": channel.code in own})
    for name, problem in problems.items():
        say(f"{name}：{problem}")
    if problems:
        raise click.exceptions.Exit(REFUSED)


@channels_command.command("try")
@click.argument("channel")
@click.argument("sample")
def try_out(*, channel: str, sample: str) -> None:
    """用样例文件试读。CHANNEL 是渠道代码，或尚未启用的渠道文件（.toml）；不需要数据库，什么都不写。"""
    known = load_channels().get(channel) or read_folder(read_settings().channels)[0].get(channel)
    found = try_channel(
        read_input(sample), known or parse_added(_text(channel)), now=utc_now(), office_id="", home_region=None
    )
    emit(_told(found))
    if found.refused:
        raise click.exceptions.Exit(REFUSED)


@channels_command.command("add")
@click.argument("file")
@click.option("--office", "office_id", metavar="ID", help="以哪个办公室的名义记录。")
def add(*, file: str, office_id: str | None) -> None:
    """启用一个渠道文件；运行中的服务几秒内生效。"""
    content, settings = _text(file), read_settings()
    channel = parse_added(content)
    with open_database(settings) as (engine, keyring):
        office = choose_office(offices_of(engine), office_id)
        stream, now = f"channel:{channel.code}", utc_now()
        event = NewEvent(Action.NOTE, {"what": "channel_set", "channel": channel.code}, content)
        with write_transaction(engine) as session:
            who = Actor(CONSOLE, Role.SYSTEM, office.id)
            seq = last_seq(session, stream)
            CaseStore(session, keyring).append(stream, [event], expected_seq=seq, actor=who, at=now, recorded_at=now)
            write_channel(settings.channels, content)
    say(f"渠道“{channel.name}”已启用。")


def _text(file: str) -> str:
    """A channel file's text.

    Raises:
        InvalidInputError: It cannot be read.
    """
    try:
        return read_input(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "渠道文件应为 UTF-8。"
        raise InvalidInputError(message) from error


def _told(trial: Trial) -> dict[str, object]:
    """The trial as one object; texts are masked."""
    return {
        "form": trial.form,
        "encoding": trial.encoding,
        "columns": [{"column": name, "field": field or None} for name, field in trial.columns],
        "accepted": trial.accepted,
        "duplicates": trial.duplicates,
        "rejected": [{"row": each.row, "line": each.line, "reason": each.reason} for each in trial.refused],
        "first": [
            {
                "external_id": each.external_id,
                "received_at": each.received_at.isoformat(),
                "kind": each.kind.value,
                "text": each.masked_text,
                "region": each.region.adcode if each.region else None,
                "respondent": each.respondent.name,
            }
            for each in trial.complaints
        ],
    }
