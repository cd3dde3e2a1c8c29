"""The channels and their field maps: those of `channels.toml`, and those a deployment has added as files of its own."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hotline.errors import InvalidInputError
from hotline.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS = {kind.value: kind for kind in Kind}
_NOTE = re.compile(r"[(\[【<][^()\[\]【】<>]{0,30}[)\]】>]")
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{1,31}")
_DECORATION = re.compile(r"^[0-9]{1,2}[.、)]|[\s*#:\"'“”‘’·\ufeff\u200b/、-]")


@dataclass(frozen=True, slots=True)
class Channel:
    """A way complaints come in: its number, name, default kind, body, and column name → our field."""

    code: str
    name: str
    kind: Kind
    authority: str
    fields: Mapping[str, str]

    def field_of(self, header: str) -> str | None:
        """Our field for a column name or key, however it is decorated; None for an unknown one."""
        return self.fields.get(plain_header(header)) or self.fields.get(plain_header(header, notes=True))


def plain_header(header: str, *, notes: bool = False) -> str:
    """A column name without width, case, blanks, stars and numbering, and without a note in brackets unless asked."""
    text = unicodedata.normalize("NFKC", header).lower()
    text = re.sub(r"[()\[\]【】<>]", "", text) if notes else _NOTE.sub("", text)
    return _DECORATION.sub("", text)


def parse_channels(content: str) -> dict[str, Channel]:
    """Channels from TOML text of the form of `channels.toml`; a mistake in it is named.

    Raises:
        InvalidInputError: The text is no TOML, or a channel lacks its name or has an unknown kind or field.
    """
    try:
        loaded = tomllib.loads(content)
        common: dict[str, list[str]] = loaded["fields"]
        return {str(code): _channel(str(code), data, common) for code, data in loaded["channels"].items()}
    except (tomllib.TOMLDecodeError, KeyError, ValueError, AttributeError, TypeError) as error:
        message = f"渠道配置无法使用：{error}。请对照 channels.toml 的格式改正后重试。"
        raise InvalidInputError(message, channels="配置有误") from error


def _channel(code: str, data: dict[str, object], common: dict[str, list[str]]) -> Channel:
    """One channel; its own aliases win over the common ones."""
    own = data.get("aliases", {})
    if not isinstance(own, dict) or not set(own) <= set(common):
        message = f"{code} 的 aliases 含未知字段"
        raise ValueError(message)
    fields = {plain_header(alias): field for field, aliases in common.items() for alias in aliases}
    fields |= {plain_header(str(alias)): str(field) for field, aliases in own.items() for alias in aliases}
    if "name" not in data or data.get("kind") not in _KINDS:
        message = f"{code} 应有 name（渠道名称）和 kind（{'、'.join(_KINDS)} 之一）"
        raise ValueError(message)
    return Channel(code, str(data["name"]), _KINDS[str(data["kind"])], str(data.get("authority", "")), fields)


@cache
def shipped_channels() -> dict[str, Channel]:
    """The channels that ship."""
    return parse_channels(_shipped())


def common_fields() -> dict[str, list[str]]:
    """Our fields with the column names that mean them in every channel."""
    fields: dict[str, list[str]] = tomllib.loads(_shipped())["fields"]
    return fields


@cache
def _shipped() -> str:
    return Path(__file__).with_name("channels.toml").read_text(encoding="utf-8")


_added: dict[str, Channel] = {}


def adopt_channels(added: Mapping[str, Channel]) -> None:
    """Let this process know the channels a deployment has added, in the place of those it knew; shipped ones stay."""
    global _added  # noqa: PLW0603 - one table a process, swapped whole, as every reader asks for it by this module.
    _added = {code: channel for code, channel in added.items() if code not in shipped_channels()}


def load_channels() -> dict[str, Channel]:
    """The channels that ship, and behind them those that were added."""
    return shipped_channels() | _added


def parse_added(content: str) -> Channel:
    """The one channel of a file that a deployment adds; the common column names are those of `channels.toml`.

    Raises:
        InvalidInputError: The text is no TOML, holds no or several channels, or its number cannot be used.
    """
    try:
        loaded = tomllib.loads(content)
        ((code, data),) = loaded["channels"].items()
        channel = _channel(str(code), data, common_fields())
    except (tomllib.TOMLDecodeError, KeyError, ValueError, AttributeError, TypeError) as error:
        message = f"渠道文件无法使用：{error}。每个文件写一个渠道，格式同 channels.toml，不含 [fields]。"
        raise InvalidInputError(message, channels="配置有误") from error
    if not _CODE.fullmatch(channel.code):
        message = "渠道代码应为 2 到 32 位小写字母、数字、短横或下划线，例如 12345。"
        raise InvalidInputError(message, code=message)
    if channel.code in shipped_channels():
        message = f"{channel.code} 是随程序发布的渠道，不能改写。请换一个代码。"
        raise InvalidInputError(message, code=message)
    if not channel.name.strip():
        message = "请写渠道名称。"
        raise InvalidInputError(message, name=message)
    return channel


def get_channel(code: str) -> Channel:
    """The channel of this number.

    Raises:
        InvalidInputError: There is none.
    """
    channels = load_channels()
    if code not in channels:
        known = "、".join(channels)
        message = f"没有这个渠道。现有渠道：{known}，请改用其中之一。"
        raise InvalidInputError(message, channel=f"应为 {known} 之一")
    return channels[code]
