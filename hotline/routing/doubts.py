"""When a text is none the model can judge, and how it says so in Chinese."""

from __future__ import annotations

import re
from operator import add

from hotline.routing.segment import LIMIT

SHORTEST = 4  # Han characters; 有人售假 can be judged, 假货 cannot
_OTHER_SCRIPT = re.compile(r"[a-zA-Z\u00c0-\u1fff\u3040-\u30ff\uac00-\ud7af]")
_REPEATED_FROM = 60  # characters; a short text repeats itself by chance
_REPEATED_SHARE = 0.15  # of pairs that are new; prose keeps well above it even at 8,000 characters
_SCRIPT_SHARE = 3  # letters for each Han character: above it, the text is in another language


def _language(head: str, prepared: str) -> str:
    """Whether the text has enough Chinese to be judged."""
    bytes_beyond_ascii = len(prepared.encode()) - len(prepared)
    han = bytes_beyond_ascii // 2  # a prepared text is ASCII and Han only, and a Han character takes three bytes
    if han >= SHORTEST and len(head) - han <= _SCRIPT_SHARE * han:
        return ""  # the quick answer for nearly every text: whatever the rest is, it is not too much
    letters = len(_OTHER_SCRIPT.findall(head))
    if not han:
        return "没有中文内容，请人工阅读" if letters else "只有数字或符号，请补充诉求内容"
    if letters > _SCRIPT_SHARE * han:
        return "主要不是中文，请人工阅读"
    return "" if han >= SHORTEST else "内容太短，请补充被投诉的商品、行为和地点"


def _repeats(prepared: str, different: int) -> bool:
    """Whether the text says the same over and over."""
    least = _REPEATED_SHARE * len(prepared)
    if len(prepared) <= _REPEATED_FROM or different > 2 * least + 1:
        return False  # the quick answer: a text has at least as many different pairs as characters, but for one
    return len(set(map(add, prepared, prepared[1:]))) < least


def unreadable(text: str, prepared: str, different: int = 0) -> str:
    """Why a text cannot be judged at all, or an empty string. The first reason that applies.

    Args:
        text: As it came.
        prepared: As the model sees it.
        different: How many different characters and pairs of characters are known to stand in it, or fewer.
    """
    if not text or text.isspace():
        return "内容为空，请补充诉求内容"
    language = _language(text[:LIMIT], prepared)
    if language:
        return language
    if len(text) > LIMIT:
        return f"内容超过{LIMIT}字，模型只读了开头，请人工阅读"
    return "内容大量重复，请人工阅读" if _repeats(prepared, different) else ""


def unknown_words() -> str:
    """No word of the text is in the model's vocabulary."""
    return "没有模型认识的词，请人工判断"


def unclear_category(chosen: str, runner_up: str, confidence: float) -> str:
    """The category's probability is below its threshold; both names are the taxonomy's."""
    return f"“{chosen}”的把握只有{confidence:.0%}，与“{runner_up}”难以区分"


def unclear_setting(setting: str, confidence: float) -> str:
    """The setting is uncertain and another one would change the lead agency."""
    return f"环节“{setting}”的把握只有{confidence:.0%}，而牵头部门取决于环节，请核实发生在哪里"
