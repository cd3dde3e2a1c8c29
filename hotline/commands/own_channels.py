"""Channels as commands know them: those that ship and the deployment's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hotline.environment import read_settings
from hotline.intake.channel_files import read_folder
from hotline.intake.channels import adopt_channels, get_channel, load_channels

if TYPE_CHECKING:
    from hotline.intake.channels import Channel


def channel_named(code: str) -> Channel:
    """The channel of this number; the deployment's folder is read only for one that did not ship.

    Raises:
        InvalidInputError: There is none.
    """
    if code not in load_channels():
        adopt_channels(read_folder(read_settings().channels)[0])
    return get_channel(code)
