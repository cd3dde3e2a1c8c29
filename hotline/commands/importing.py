"""`hotline import`: a file of complaints into the database, or with `--dry-run` what would become of it."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hotline.casework.calendar_years import load_with_years
from hotline.commands.own_channels import channel_named
from hotline.commands.progress import Bar
from hotline.commands.streams import REFUSED, UNUSABLE, emit, say
from hotline.environment import read_settings
from hotline.errors import UnusableFileError
from hotline.intake.judge import dry_run as dry_run_file
from hotline.intake.outcome import why_near
from hotline.moments import local_date, utc_now
from hotline.records import Actor
from hotline.vocabulary import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import IO

    from hotline.intake.outcome import ImportOutcome, Refusal
    from hotline.intake.submission import Draft

ACCOUNT = "import"
"""The account id under which imported complaints are registered."""

SMALL = 256 * 1024
"""Bytes of a file that one process imports faster than several could begin."""

SHOWN = 50
"""Refusals listed for a person; `--json` prints them all."""

REPEATS = 200
"""Records that are looked up unless told otherwise: one or two seconds, however large the file."""


@click.command("import")
@click.option("--channel", required=True, help="渠道：12330、12315、12390、12365，或自设的渠道代码。")
@click.option("--dry-run", is_flag=True, help="只检查文件，不需要数据库，什么都不写。")
@click.option("--json", "as_json", is_flag=True, help="在 stdout 输出一个 JSON 对象。")
@click.option("--office", "office_id", metavar="ID", help="归哪个办公室；不写则为唯一的一个，或编号前缀最小的一个。")
@click.option(
    "--repeats",
    type=click.IntRange(min=0),
    default=REPEATS,
    show_default=True,
    metavar="N",
    help="登记后为前 N 条查找疑似重复的工单，0 为不查。",
)
@click.argument("file", required=False)
def import_command(
    *, channel: str, dry_run: bool, as_json: bool, office_id: str | None, repeats: int, file: str | None
) -> None:
    """导入 CSV、TSV、XLSX、JSON 或 JSON Lines；按内容识别格式和编码。

    被拒的行按行号说明理由，留在待核区；同一文件再导入一次不会重复登记。没有编号的行按内容得到固定编号，
    没有时间的行按导入时间登记。退出码：0 全部可用，1 有被拒的行，2 文件或参数不能用。
    """
    code = channel_named(channel).code
    try:
        with _opened(file) as content, _bar(content) as progress:
            outcome = (
                dry_run_file(content, code, now=utc_now(), progress=progress, check=_reckonable())
                if dry_run
                else _import(content, code, office_id, source=file, progress=progress, repeats=repeats)
            )
    except UnusableFileError as error:
        _unusable(error.message, as_json=as_json)
    else:
        _report(outcome, as_json=as_json, dry_run=dry_run)


@contextmanager
def _opened(file: str | None) -> Iterator[IO[bytes]]:
    """The file, or what stdin holds: from a pipe it is taken into memory, as it must be read twice.

    Raises:
        UnusableFileError: It cannot be read.
    """
    if file in {None, "-"}:
        yield _seekable(sys.stdin.buffer)
        return
    try:
        opened = Path(str(file)).open("rb")  # noqa: SIM115 - opened here so that only opening can fail as unreadable.
    except OSError as error:
        message = f"无法读取文件 {file}：{error.strerror}。请核对路径和权限。"
        raise UnusableFileError(message) from error
    with opened:
        yield _seekable(opened)


def _seekable(stream: IO[bytes]) -> IO[bytes]:
    """The stream, or what a pipe holds."""
    return stream if stream.seekable() else io.BytesIO(stream.read())


@contextmanager
def _bar(content: IO[bytes]) -> Iterator[Bar]:
    """The bar for this file."""
    size = content.seek(0, io.SEEK_END)
    bar = Bar(lambda: content.tell() / size if size else 1.0)
    try:
        yield bar
    finally:
        bar.close()


def _reckonable() -> Callable[[Draft], None]:
    """What refuses, in a dry run, a complaint whose clocks cannot start for want of a calendar."""
    settings = read_settings()
    announced = load_with_years(settings.calendar_years).announced

    @cache
    def judge() -> Callable[[Draft], None]:
        from hotline.commands.dry_run import registrable  # noqa: PLC0415 - hardly any file asks for model and plans.

        return registrable(settings)

    def check(draft: Draft) -> None:
        if local_date(draft.received_at).year not in announced:
            judge()(draft)

    return check


def _import(
    content: IO[bytes],
    channel: str,
    office_id: str | None,
    *,
    source: str | None,
    progress: Callable[[int], None],
    repeats: int,
) -> ImportOutcome:
    """Import into the configured database, with every processor that this process may use.

    Raises:
        UnusableFileError: The file cannot be used at all; nothing is changed.
        SchemaError, KeyringError, ModelError: The installation cannot be used.
    """
    from hotline.commands.installation import choose_office, reach  # noqa: PLC0415 - a dry run needs no database.
    from hotline.importing.crew import cores  # noqa: PLC0415 - as above.
    from hotline.importing.files import import_file  # noqa: PLC0415 - as above.
    from hotline.wiring import build_services  # noqa: PLC0415 - as above.

    settings = read_settings()
    reach(settings).dispose()
    services = build_services(settings)
    try:
        office = choose_office(services.offices.values(), office_id)
        say(f"导入到 {office.name}（{office.id}）。")
        actor = Actor(account_id=ACCOUNT, role=Role.SYSTEM, office_id=office.id)
        name = Path(source).name if source not in {None, "-"} else "stdin"
        processes = cores() if content.seek(0, io.SEEK_END) > SMALL else 1
        return import_file(
            services,
            content,
            channel,
            actor,
            source=f"import:{name}",
            progress=progress,
            processes=processes,
            repeats=repeats,
        )
    finally:
        services.engine.dispose()


def _report(outcome: ImportOutcome, *, as_json: bool, dry_run: bool) -> None:
    rejected = outcome.rejected
    if as_json:
        emit(as_object(outcome, rejected) | ({} if dry_run else repeats_object(outcome)))
    else:
        _tell(outcome, rejected, dry_run=dry_run)
    if rejected:
        raise click.exceptions.Exit(REFUSED)


def as_object(outcome: ImportOutcome, rejected: Sequence[Refusal]) -> dict[str, Any]:
    """The one object of `--json` (design §6)."""
    return {
        "accepted": outcome.accepted,
        "duplicates": outcome.duplicates,
        "rejected": [{"row": each.row, "line": each.line, "reason": each.reason} for each in rejected],
    }


def repeats_object(outcome: ImportOutcome) -> dict[str, Any]:
    """What an import adds where there is something to say: which cases a record repeats, how many were not asked.

    The keys are left out where nothing was found and nothing left out.
    """
    found = [
        {
            "row": each.row,
            "line": each.line,
            "case_number": each.number,
            "near": [
                {
                    "case_number": near.number,
                    "sameness": near.sameness or None,
                    "likeness": near.likeness,
                    "reasons": list(near.reasons),
                }
                for near in each.near
            ],
        }
        for each in outcome.repeats
    ]
    said: dict[str, Any] = {"repeats": found, "repeats_unchecked": outcome.unchecked}
    return {name: value for name, value in said.items() if value}


def _tell(outcome: ImportOutcome, rejected: Sequence[Refusal], *, dry_run: bool) -> None:
    what = "检查完毕（未写入）：可登记" if dry_run else "导入完毕：登记"
    say(f"{what} {outcome.accepted} 条，重复 {outcome.duplicates} 条，拒绝 {len(rejected)} 条。")
    for refusal in rejected[:SHOWN]:
        say(f"  第 {refusal.row} 条（文件第 {refusal.line} 行）：{refusal.reason}")
    if len(rejected) > SHOWN:
        say(f"  另有 {len(rejected) - SHOWN} 条，用 --json 可看全部。")
    for repeat in outcome.repeats[:SHOWN]:
        near = "、".join(f"{each.number}（{why_near(each)}）" for each in repeat.near)
        say(f"  第 {repeat.row} 条登记为 {repeat.number}，疑似重复：{near}")
    if len(outcome.repeats) > SHOWN:
        say(f"  另有 {len(outcome.repeats) - SHOWN} 条疑似重复，用 --json 可看全部。")
    if outcome.unchecked and not dry_run:
        say(f"其余 {outcome.unchecked} 条没有逐条查找疑似重复，打开工单可看；要在导入时查找，用 --repeats。")
    if rejected and not dry_run:
        say("被拒的行已按原样留在待核区，改正后可以重新导入。")


def _unusable(reason: str, *, as_json: bool) -> None:
    if as_json:
        emit({"accepted": 0, "duplicates": 0, "rejected": [], "error": reason})
    else:
        say(reason)
    raise click.exceptions.Exit(UNUSABLE)
