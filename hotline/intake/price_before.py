"""What the words before a number say: that it is a sum, may be one in a sentence that speaks of a price, or is none."""

from __future__ import annotations

import re
from typing import NamedTuple

from hotline.intake import price_words
from hotline.intake.numbers import HAN_NUMERAL


class Bare(NamedTuple):
    """A number without a currency word, where it stands."""

    text: str
    word: str
    """The number as it is written."""
    start: int
    end: int
    """Where it ends, with a vague word behind it (三千多)."""
    back: str
    """The words before it, read from the number backwards."""


_PRICE = price_words.before("price")
_LEADS = price_words.before("leads")
_MEASURED = price_words.before("measured")
_NUMBER_WORD = price_words.before("number")
_GOODS = price_words.before("goods")
_DONE = price_words.before("done")
_PORTION = price_words.before("portion")
_ONE_OF = price_words.before("one_of")
_BID = price_words.before("bid")
_FROM = price_words.before("from")
_RISES = price_words.before("rises")
_A_PIECE = price_words.before("a_piece")
_SPEAKS = price_words.behind("speaks")
_PRICED = frozenset(price_words.chars("priced"))
_BODY = price_words.behind("body")
_RANGE_SIGNS = frozenset("-~—～–到至")
_LOWER_END = re.compile(rf".[\d{HAN_NUMERAL}.,]{{1,12}}")
_STOP = re.compile(r"[。！？!?；;\n]")
_SAID_AS_SUMS = re.compile(r".?[十百千万][一二三四五六七八九]?|[一二两三四五六七八九十百千万]{3,6}")
_WRITTEN_AS_SUMS = re.compile(r"[1-9]\d{1,4}(?:\.\d{1,2})?|\d(?:\.\d)?[kKwW]")
_OWN = re.compile(r"[1-9]\d{2,5}(?:\.\d{1,2})?")
_OWN_ENDS = frozenset("，。")
_WORDS, _CLAUSES, _SENTENCE, _AFTER = 16, 32, 48, 32
"""How far back the words, the clauses and the sentence before a number are read, and on behind it."""


def words_before(text: str, start: int) -> str:
    """The words before a number, read backwards; those before the lower end, where it ends a range (1600到2000)."""
    back = text[start - _WORDS if start > _WORDS else 0 : start][::-1]
    if back[:1] in _RANGE_SIGNS and (lower := _LOWER_END.match(back)):
        return back[lower.end() :]
    return back


def price_word(back: str) -> bool:
    """Whether a price word stands right before the number."""
    return _PRICE.match(back) is not None


def leads(back: str) -> bool:
    """Whether the words lead to a sum, if the sentence speaks of a price."""
    return _LEADS.match(back) is not None


def a_piece(back: str) -> bool:
    """Whether what follows is a price for one piece, though it could be counted (卖二十一个)."""
    return _A_PIECE.match(back) is not None


def no_sum(back: str) -> bool:
    """Whether the number is measured, counted or names something."""
    return _MEASURED.match(back) is not None or _NUMBER_WORD.match(back) is not None


def measured(back: str) -> bool:
    """Whether the number is measured or counted."""
    return _MEASURED.match(back) is not None


def of_a_body(bare: Bare) -> bool:
    """Whether it is what a body's measure went up or down to (空腹血糖升至11.2)."""
    return _RISES.match(bare.back) is not None and _body_before(bare)


def _body_before(bare: Bare) -> bool:
    """Whether the clauses before speak of what is measured on a body or a car."""
    return _BODY.search(bare.text, max(0, bare.start - _CLAUSES), bare.start) is not None


def sentence_speaks(text: str, start: int, end: int) -> bool:
    """Whether the sentence around a place speaks of money, on either side of it."""
    before = _STOP.split(text[max(0, start - _SENTENCE) : start])[-1]
    return bool(_SPEAKS.search(before) or _SPEAKS.search(_STOP.split(text[end : end + _AFTER], maxsplit=1)[0]))


def from_a_price(bare: Bare) -> bool:
    """Whether a price went up or down from here (停车费从150), and no blood pressure."""
    if not _FROM.match(bare.back) or _body_before(bare):
        return False
    return not _PRICED.isdisjoint(bare.back.partition("，")[0]) or sentence_speaks(bare.text, bare.start, bare.end)


def alone_says_money(bare: Bare) -> bool:
    """Whether 三百六 is money by its form: blood pressure and short sight are said so too."""
    return not no_sum(bare.back) and not _body_before(bare)


def costs(bare: Bare) -> bool:
    """Whether goods, a paper or one portion stands before the sum that it costs, said as sums are."""
    said = _SAID_AS_SUMS.fullmatch(bare.word) is not None
    if said and (_GOODS.match(bare.back) or _DONE.match(bare.back)):
        return True
    if not said and not _WRITTEN_AS_SUMS.fullmatch(bare.word):
        return False
    if _PORTION.match(bare.back):
        return True
    return _ONE_OF.match(bare.back) is not None and sentence_speaks(bare.text, bare.start, bare.end)


def asked_in_the_end(bare: Bare) -> bool:
    """Whether the clause before names another sum, that was spoken of first (说38，剪完说是总监剪的188)."""
    if len(bare.word) == 1 or not bare.word[0].isascii():
        return False
    return _BID.match(bare.text[max(0, bare.start - _CLAUSES) : bare.start][::-1]) is not None


def own_clause(bare: Bare) -> bool:
    """Whether a written number of three digits or more makes a clause of its own: 加收服务费10%，168.8，."""
    text, start, end = bare.text, bare.start, bare.end
    if bare.back[:1] != "，" or not _OWN.fullmatch(bare.word):
        return False
    return text[end : end + 1] in _OWN_ENDS and not _NUMBER_WORD.match(text[max(0, start - _WORDS) : start - 1][::-1])
