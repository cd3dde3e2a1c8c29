"""`hotline …`: finds the command, runs it, turns named errors into a message and exit code 2.

Commands are imported when they are called, so that `hotline workdays` does not wait for the model's libraries.
"""

from __future__ import annotations

import errno
import importlib
import sys

import click

from hotline import __version__
from hotline.commands.streams import UNUSABLE, say, unwritable
from hotline.errors import HotlineError

COMMANDS = {
    "serve": "running",
    "scheduler": "running",
    "demo": "running",
    "migrate": "running",
    "doctor": "doctor",
    "users": "users",
    "triage": "texts",
    "normalise": "texts",
    "import": "importing",
    "channels": "channels",
    "plans": "plans",
    "workdays": "calendar",
    "deadlines": "calendar",
    "rules": "rules",
    "train": "learning",
    "evaluate": "learning",
    "report": "reporting",
    "audit": "audit",
    "keys": "keys",
    "remask": "remasking",
    "retention": "retention",
}


class LazyGroup(click.Group):
    """A group whose commands live in `hotline.commands.*` and are imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature.
        """Every command, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above.
        """Import the command's module and take the command out of it."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"hotline.commands.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hotline")
def hotline() -> None:
    """投诉举报热线：受理、分类、按职责分工派单、按法定时限跟踪。"""


def main() -> None:
    """Run the command line; stdout carries data only, messages go to stderr."""
    try:
        result = hotline.main(standalone_mode=False)
    except click.exceptions.Abort:
        say("已中止。")
        sys.exit(UNUSABLE)
    except click.exceptions.NoArgsIsHelpError as error:
        say(error.format_message())
        sys.exit(UNUSABLE)
    except click.ClickException as error:
        # The detail is click's own and in English; it names the option or argument.
        say(f"命令行用法有误：{error.format_message()} 请加 --help 查看用法。")
        sys.exit(UNUSABLE)
    except HotlineError as error:
        say(error.message)
        sys.exit(UNUSABLE)
    except OSError as error:
        if error.errno not in {errno.EPIPE, errno.ENOSPC}:
            raise
        # Click writes `--help` itself; commands raise `OutputError`.
        say(unwritable(error))
        sys.exit(UNUSABLE)
    sys.exit(result if isinstance(result, int) else 0)


if __name__ == "__main__":
    main()
