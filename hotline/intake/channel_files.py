"""A deployment's own channels: one TOML file each in a folder, read again when a file has changed."""

from __future__ import annotations

import json
import tomllib
from contextlib import suppress
from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError
from hotline.intake.channels import common_fields, parse_added

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from hotline.intake.channels import Channel
    from hotline.vocabulary import Kind

PATTERN = "*.toml"


def read_folder(folder: Path) -> tuple[dict[str, Channel], dict[str, str]]:
    """The channels of a folder by code, and what is wrong with the files that cannot be used, by file name.

    A faulty file takes nothing from the others.
    """
    found: dict[str, Channel] = {}
    problems: dict[str, str] = {}
    for path in sorted(folder.glob(PATTERN)):
        try:
            channel = parse_added(path.read_text(encoding="utf-8"))
        except InvalidInputError as error:
            problems[path.name] = error.message
        except (OSError, UnicodeDecodeError):
            problems[path.name] = "文件读不出来，或不是 UTF-8。"
        else:
            if channel.code in found:
                problems[path.name] = f"渠道 {channel.code} 已在另一个文件中。"
            else:
                found[channel.code] = channel
    return found, problems


def as_written(folder: Path, code: str) -> dict[str, str]:
    """One of the folder's channels as a form has it, the names of a column in one line; empty where there is none."""
    if code not in read_folder(folder)[0]:
        return {}
    files = (tomllib.loads(path.read_text(encoding="utf-8")) for path in _readable(folder))
    own = next(each["channels"][code] for each in files if code in each["channels"])
    plain = {"code": code, "name": own["name"], "kind": own["kind"], "authority": own.get("authority", "")}
    return plain | {f"alias_{field}": "、".join(names) for field, names in own.get("aliases", {}).items()}


def _readable(folder: Path) -> Iterator[Path]:
    """The files of the folder that hold a channel."""
    for path in sorted(folder.glob(PATTERN)):
        with suppress(InvalidInputError, OSError, UnicodeDecodeError):
            parse_added(path.read_text(encoding="utf-8"))
            yield path


def write_channel(folder: Path, content: str) -> Channel:
    """Check the text of one channel and put it in the folder, in one step, so that no reader sees half of it.

    Raises:
        InvalidInputError: The text cannot be used.
    """
    channel = parse_added(content)
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{channel.code}.new"
    fresh.write_text(content, encoding="utf-8")
    fresh.replace(folder / f"{channel.code}.toml")
    return channel


def compose(*, code: str, name: str, kind: Kind, authority: str, aliases: Mapping[str, Sequence[str]]) -> str:
    """The text of a channel file. TOML reads a JSON string as a basic string, so that anything typed stays text."""
    own = {field: [name for name in names if name] for field, names in aliases.items() if field in common_fields()}
    lines = [f"[channels.{_text(code)}]", f"name = {_text(name)}", f"kind = {_text(kind.value)}"]
    lines.append(f"authority = {_text(authority)}")
    if any(own.values()):
        lines.append(f"[channels.{_text(code)}.aliases]")
        lines += [f"{field} = [{', '.join(map(_text, names))}]" for field, names in own.items() if names]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    return json.dumps(value.encode("utf-8", "replace").decode(), ensure_ascii=True)
