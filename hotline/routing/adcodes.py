"""A place and the places around it, by the six digits of its administrative code."""

from __future__ import annotations

import re

from hotline.errors import InvalidInputError

NATION = "000000"
_ADCODE = re.compile(r"\d{6}")


def regions_upwards(adcode: str) -> tuple[str, ...]:
    """A place and the places around it, from county to nation: 110102, 110100, 110000, 000000."""
    if not _ADCODE.fullmatch(adcode):
        message = f"行政区划代码“{adcode}”无效，应为六位数字"
        raise InvalidInputError(message, region="应为六位数字")
    return tuple(dict.fromkeys((adcode, f"{adcode[:4]}00", f"{adcode[:2]}0000", NATION)))
