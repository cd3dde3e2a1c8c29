"""Whether a number without a currency word is a sum of money: only where the sentence speaks of a price.

The convention: a bare number counts where the sentence speaks of a price (标价4999, 卖十二一瓶); model numbers,
degrees, volumes, counts, percentages and idioms never do. Three readings, from the plainest to the one that asks most:

1. A price word stands right before it (标价4999, 模拟费每小时60).
2. It is so much a piece (1280一盒, 四十五一只).
3. It is said as sums are (六百八, 8,000), or behind a word that leads to a sum (先是200, 一张888的), or is a clause of
   its own (扣了24节，7200，), stands alone at the end of its words, and the sentence speaks of a price.

What follows may say it as well: 九十成交, 满3000减500, 二十的路收四十, 说88，理完了要388. A number that begins with a
superfluous zero is never a sum, nor is a hotline's (12315). The words themselves stand in `prices.toml`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hotline.intake import price_before, price_behind, price_words
from hotline.intake.numbers import DIGITS, to_decimal
from hotline.intake.price_before import Bare

if TYPE_CHECKING:
    from decimal import Decimal

COUNTER = price_words.chars("counter")
"""What goods are counted by."""
ABOUT = re.compile(r"[百千万][一二三四五六七八九]?[十百千]")
"""百八十, 千八百: no more than a guess, as 几百 is."""
SOME = frozenset("一两")
"""What ends a number only to begin the next word: 四十五一只, 四十五两只."""
_PIECE = price_words.behind("piece")
_FOOL = price_words.before("fool")
_CODE = re.compile(r"0\d.*|12[13]\d\d")
_CODE_BEGINS = frozenset("01")
_YEARS_AND_DAYS = r"20[0-3]\d|618|520|315|1111|1212"
_PRICED_NUMBER = re.compile(rf"(?!(?:{_YEARS_AND_DAYS})$)[1-9]\d{{1,4}}|[1-9]\d{{0,4}}\.\d{{1,2}}")
_PRICE_BEGINS = frozenset({"", *price_words.chars("bought_for")})
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?")
_ALL_DIGITS = frozenset(DIGITS)
_LARGE = frozenset("百佰千仟万萬亿")
_TENS = frozenset("十拾廿点零")
_VAGUE_BEFORE = frozenset("几数第")
_SHORTEST = 3
_MAX = 100_000_000


def bare_sum(text: str, number: str, start: int, stop: int, end: int) -> Decimal | None:
    """The value of a number without a currency word, if it is a sum of money.

    Args:
        text: The whole text.
        number: The number as it stands there.
        start: Where it begins.
        stop: Where it ends.
        end: Where it ends with a vague word behind it (三千多).
    """
    if price_behind.bought(text, end) and _bought_for(text, number, start):
        return to_decimal(number)
    piece = number[-1] in SOME and _PIECE.match(text, stop) is not None
    word = number[:-1] if piece else number
    if not word or _no_sum(word) or _of_something_else(text, start, word):
        return None
    bare = Bare(text, word, start, end, price_before.words_before(text, start))
    if word == "二百五" and _FOOL.match(bare.back):
        return None
    if not (_a_piece(bare) if piece else _is_price(bare)):
        return None
    value = to_decimal(word)
    return None if value is None or value >= _MAX else value


def behind_price_word(text: str, start: int) -> bool:
    """Whether a price word stands right before a place."""
    return price_before.price_word(price_before.words_before(text, start))


def _bought_for(text: str, number: str, start: int) -> bool:
    """Whether a number before 包邮 or 买的 is the price: 99.9包邮, 我1980买的手表; 2020买的 names the year."""
    return _PRICED_NUMBER.fullmatch(number) is not None and text[max(0, start - 1) : start] in _PRICE_BEGINS


def _no_sum(number: str) -> bool:
    """八两, 二〇二五, 四: digits without a 十 or above are no numeral that a sum is said with; 0086 and 12315."""
    if number[0].isascii():
        return number[-1] == "W" or (number[0] in _CODE_BEGINS and _CODE.fullmatch(number) is not None)
    return _ALL_DIGITS.issuperset(number) or (number[0] in _LARGE and ABOUT.fullmatch(number) is not None)


def _of_something_else(text: str, start: int, number: str) -> bool:
    """Whether the number is the tail of a word: 几百, 第一百, 上千."""
    before = text[max(0, start - 1) : start]
    return before in _VAGUE_BEFORE or (before == "上" and number[0] in _LARGE)


def _a_piece(bare: Bare) -> bool:
    """Whether 四十五一只 is so much a piece; 二十一个 may be a count."""
    return bare.word[-1] not in _TENS or price_before.a_piece(bare.back)


def _is_price(bare: Bare) -> bool:
    """The readings of the module's docstring, for a number that is not followed by its own 一 and a piece."""
    text, end = bare.text, bare.end
    closed = price_behind.closes(text, end)
    ends = closed or price_behind.closes_late(text, end)
    if ends and (price_before.price_word(bare.back) or (closed and _stands_for_itself(bare)) or _in_speech(bare)):
        return True
    if closed and (price_before.costs(bare) or price_before.asked_in_the_end(bare)):
        return True
    return price_behind.may_say(bare, ends=ends) and price_behind.says(bare)


def _stands_for_itself(bare: Bare) -> bool:
    """Whether it is so much for each (1280一盒), or said as hardly anything but money is (六百八)."""
    if bare.word[0].isascii() and price_behind.each(bare.text, bare.end):
        return True
    return len(bare.word) >= _SHORTEST and price_behind.said_short(bare.word) and price_before.alone_says_money(bare)


def _in_speech(bare: Bare) -> bool:
    """Whether it is large, led to or a clause of its own, in a sentence that speaks of a price."""
    word = bare.word
    large = (len(word) > 1 and not _LARGE.isdisjoint(word)) or _GROUPED.fullmatch(word) is not None
    if not large and not price_before.leads(bare.back) and not price_before.own_clause(bare):
        return False
    if price_before.no_sum(bare.back) or price_before.of_a_body(bare):
        return False
    return price_before.sentence_speaks(bare.text, bare.start, bare.end)
