"""What a Chinese name looks like: families, given names, and the words that begin like a name and are none.

`surnames.txt` holds families whose character seldom means anything else, those whose character is a word as well
(平, 通, 种), the same two of two characters, and those of the first line that begin many things (白瓶, 石磨). Together
they are the Baijiaxing and what is borne today beside it.
`given_names.txt`: characters of given names, then names that stand without a family's (Tibetan ones are made of one
or two pieces; Uyghur, Kazakh, Mongolian and Yi ones are whole). `words_like_names.txt` was chosen by frequency from
the dictionary of jieba (MIT licence) and from the corpus: a name there is a name only where a label says so.
"""

from __future__ import annotations

import re
from pathlib import Path


def _lines(name: str) -> list[str]:
    return Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()


SURNAMES, _WORD_SURNAMES, _DOUBLE, _WORD_DOUBLES, _DOUBTFUL = _lines("surnames.txt")
_GIVEN, _PIECES, _WHOLE = _lines("given_names.txt")
DOUBLE = "|".join(_DOUBLE.split())
ONE = rf"(?:{DOUBLE}|[{SURNAMES}])"
"""A family's name, where the words around may be any."""
ANY = rf"(?:{DOUBLE}|{'|'.join(_WORD_DOUBLES.split())}|[{SURNAMES}{_WORD_SURNAMES}])"
"""A family's name, where nothing but a name can stand."""
_BY_LENGTH = "|".join(sorted(_WHOLE.split(), key=len, reverse=True))
_ENDINGS = "古丽|古力[\u4e00-\u9fff]{1,2}|其木格|高娃|图雅|买买提|买合木提|热合曼|不都[\u4e00-\u9fff]{1,3}"
_DOTTED = "[\u4e00-\u9fff]{1,8}·[\u4e00-\u9fff·]{1,12}"
# Whoever is named by his trade (老板买买提) is not named here.
_NO_TRADE = "(?![\u4e00-\u9fff]{0,5}[板主长家服理播方东生机游师诉报名介售商人员练叫系找给头傅])"
_FREE = rf"{_NO_TRADE}(?:[\u4e00-\u9fff]{{0,4}}(?:{_ENDINGS})|{_DOTTED})"
ALONE = rf"(?:(?:{'|'.join(_PIECES.split())}){{1,2}}|{_BY_LENGTH}|{_FREE})"
"""A name without a family's."""
FIRSTS = frozenset(SURNAMES + _WORD_SURNAMES).union(
    (name[0] for names in (_DOUBLE, _WORD_DOUBLES, _PIECES, _WHOLE) for name in names.split()),
    "阿帕热买再麦米努沙依布迪祖古乌其斯娜萨图",
)
"""What names begin with; one with a point in it may begin with anything."""
TITLE = "先生|女士|小姐|同志|老师|师傅|阿姨|大爷|大妈|大姐"
# Words that begin like a name, and places.
NOT_NAMES = frozenset(" ".join(_lines("not_names.txt")).split())
"""Never a name, whatever stands before it."""
_WORDS = frozenset(" ".join(_lines("words_like_names.txt")).split()) | NOT_NAMES
_NEVER_GIVEN = re.compile(
    "[的了嘅嘛嘞咧哩在是我你您他她们这那被请没有无也都还就很退款钱元块店厂司货买卖付号码市县区镇乡村路街楼院急诉某"
    f"给把跟与从到去说要想让吗呢吧啊哦啦做打叫问写收送寄拿找听吃喝住坐走跑]|{TITLE}|经理|老板|主任|店长|客服|总$"
)
_PARTS = re.compile(rf"(?P<family>{ANY})(?P<given>[\u4e00-\u9fff]{{1,2}})$")
_ALONE = re.compile(rf"{ALONE}$")
_FAMILIES, _DOUBLES, _GIVEN_SIGNS = frozenset(SURNAMES), frozenset(_DOUBLE.split()), frozenset(_GIVEN)
_SURE = _FAMILIES.difference(_DOUBTFUL)
_FULL_LENGTH = 3


def may_be_a_name(word: str) -> bool:
    """Whether a word that stands by itself is somebody's name, and neither a word of every day nor a place."""
    parts = _PARTS.match(word)
    if parts is None or word in _WORDS or _NEVER_GIVEN.search(parts["given"]):
        return _ALONE.match(word) is not None
    if len(word) == _FULL_LENGTH and word[:2] in _WORDS and word[2] not in _GIVEN_SIGNS:
        return False
    # A family whose character is a word as well needs what given names are made of behind it.
    sure = len(parts["family"]) > 1 or word[0] in _SURE or _GIVEN_SIGNS.issuperset(parts["given"])
    return sure or _ALONE.match(word) is not None


def is_a_name(word: str) -> bool:
    """Whether it also is made of what given names are made of: where anything may stand."""
    parts = _PARTS.match(word)
    return may_be_a_name(word) and (
        parts is None or _GIVEN_SIGNS.issuperset(parts["given"]) or _ALONE.match(word) is not None
    )


def is_a_family(word: str) -> bool:
    """Whether a word is a family's name and nothing more."""
    return len(word) == 1 or word in _DOUBLES


def is_a_common_family(name: str) -> bool:
    """Whether the name begins with a family's whose character seldom means anything else."""
    return name[0] in _FAMILIES or name[:2] in _DOUBLES
