"""What the words behind a number say: where its words end, and that it is a sum though they go on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hotline.intake import price_before, price_words

if TYPE_CHECKING:
    from hotline.intake.price_before import Bare

_SHORT = re.compile(
    r"(?:[一二两三四五六七八九][万千]){0,2}[一二两三四五六七八九][百千万][一二三四五六七八九]|\d{1,3}万\d"
)
_CLOSES = price_words.behind("closes")
_CLOSES_LATE = price_words.behind("closes_late")
_EACH = price_words.behind("each")
_BOUGHT = price_words.behind("bought")
_SOLD = price_words.behind("sold")
_OFF = price_words.behind("off")
_TURNS = price_words.behind("turns")
_CHARGED_MORE = price_words.behind("charged_more")
_BILLED = price_words.behind("billed")
_BUNDLE = price_words.behind("bundle")
_PAID_AS = price_words.behind("paid_as")
_NO_END = price_words.behind("no_end")
_BOUGHT_BEGINS = price_words.firsts("bought")
_SAYS_BEGINS = price_words.firsts("sold", "off", "turns", "charged_more", "billed", "bundle")
_COUNTS = price_words.firsts("counts")
COUNTED = _COUNTS - _SAYS_BEGINS - _BOUGHT_BEGINS - price_words.firsts("closes", "closes_late")
"""Before one of these no bare number is a sum: a look that spares most of them the reading."""
_EARNS = frozenset(price_words.chars("earns"))
_NAMED_FIRST = frozenset(price_words.chars("named_first"))
_MANY = 2


def closes(text: str, end: int) -> bool:
    """Whether the number is the last of its words."""
    return end >= len(text) or _CLOSES.match(text, end) is not None


def closes_late(text: str, end: int) -> bool:
    """Whether it is the last of its words if a price word stands before it or it is a large one."""
    # 十万加 is how many readers an article had.
    return _CLOSES_LATE.match(text, end) is not None and not text.startswith("万加", end - 1)


def each(text: str, end: int) -> bool:
    """Whether it is so much for one of something."""
    return _EACH.match(text, end) is not None


def bought(text: str, end: int) -> bool:
    """Whether the words say what was bought for it."""
    return text[end : end + 1] in _BOUGHT_BEGINS and _BOUGHT.match(text, end) is not None


def said_short(word: str) -> bool:
    """Whether a number is said as hardly anything but money is: 三百六, 8万6."""
    return _SHORT.fullmatch(word) is not None


def may_say(bare: Bare, *, ends: bool) -> bool:
    """Whether the words behind a number can make it a sum, by their first character."""
    after = bare.text[bare.end : bare.end + 1]
    if after in _SAYS_BEGINS:
        return True
    return not ends and len(bare.word) > 1 and not after.isascii() and after not in _COUNTS


def says(bare: Bare) -> bool:
    """Whether what follows the number makes it a sum: 九十成交, 充5000送800, 说88，理完了要388, 19.9三斤."""
    after = bare.text[bare.end]
    known = after in _SAYS_BEGINS
    if known and _SOLD.match(bare.text, bare.end):
        return True
    if len(bare.word) > 1 and after not in _COUNTS and _goes_on(bare):
        return True
    return known and _another_sum(bare)


def _another_sum(bare: Bare) -> bool:
    """Whether what follows speaks of another sum, or of what one gets for this one."""
    text, word, end, back = bare.text, bare.word, bare.end, bare.back
    if back[:1] in _EARNS and _OFF.match(text, end):
        return True
    if _TURNS.match(text, end):
        return price_before.from_a_price(bare) or price_before.leads(back)
    if _BUNDLE.match(text, end) and ("." in word or (len(word) > _MANY and price_before.leads(back))):
        return not price_before.measured(back)
    return word[0].isascii() and _charged_more(bare)


def _charged_more(bare: Bare) -> bool:
    """Whether the next clause names what was charged instead: 鸡尾酒88，结账变成168; 标88，结账算成188."""
    if len(bare.word) > 1 and _BILLED.match(bare.text, bare.end):
        return True
    return bare.back[:1] in _NAMED_FIRST and _CHARGED_MORE.match(bare.text, bare.end) is not None


def _goes_on(bare: Bare) -> bool:
    """Whether it is a sum though the clause goes on: 交了五百定金, 充值100到账, 给了一百五走的."""
    text, word, end, back = bare.text, bare.word, bare.end, bare.back
    if _PAID_AS.match(text, end) and not price_before.no_sum(back):
        return True
    if not _NO_END.match(text, end) and price_before.price_word(back):
        return True
    if not said_short(word) or word[-1] == "一" or not price_before.sentence_speaks(text, end, end):
        return False
    return price_before.alone_says_money(bare)
