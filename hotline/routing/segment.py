"""Words of a text: one normal form, one domain dictionary, one of two engines with the same answer.

rjieba (Rust) serves where its wheel is installed, jieba (Python) takes over otherwise; over `prepare`d text, without
the hidden Markov model, both give the same tokens (tests/routing/test_segment.py proves it over the corpus).
"""

from __future__ import annotations

import importlib
import logging
import re
import tempfile
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from hotline.intake.cleaning import simplify

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DICTIONARY = Path(__file__).with_name("dictionary.txt")
LONGEST_WORD = 12  # characters; a longer "word" of the dictionary would be a mistake
WORD_FREQUENCY = 2_000  # of our own words; a word the engines know keeps its own, since they count a change differently
LIMIT = 8_000  # characters of a text that are looked at; the bound keeps the time bounded

_HAN = "\u4e00-\u9fa5"
_COMPOSED = re.compile(rf"[^{_HAN}\x00-\x7f，。、：；！？“”‘’（）《》【】…—·「」\u3000～]")
_FOREIGN = re.compile(rf"[^{_HAN}a-z0-9]")
_KEPT = re.compile(rf"[{_HAN}a-z0-9]+")
_SIGN = r"[*＊×#·•.．|\\/_~^+\-—=▪●○☆★ ]"
# It begins with a plain class, which the engine looks for five times as fast as for what must stand before it.
_SPLIT_SIGN = re.compile(rf"{_SIGN}(?<=[{_HAN}].){_SIGN}{{0,2}}(?=[{_HAN}])")
_SIMPLIFIED_TOO = re.compile("[乾吒夥後徵拚捱摺於榘菸薹袷醣麴麽]")  # in GB 2312, and yet OpenCC replaces them
_LONG_NUMBER = re.compile(r"[0-9x](?:[ \-—]{0,2}[0-9x]){4,}")


@lru_cache(maxsize=1)
def _rare() -> frozenset[str]:
    """The Han characters outside GB 2312 (level 1 and 2, rows 16 to 87), the traditional ones among them."""
    rows = bytes(byte for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF) for byte in (row, cell))
    return frozenset(map(chr, range(0x4E00, 0x9FA6))).difference(rows.decode("gb2312", "ignore"))


def _may_be_traditional(text: str) -> bool:
    """Whether OpenCC must be asked. A text that GB 2312 can hold is simplified, but for a few characters."""
    if _SIMPLIFIED_TOO.search(text):
        return True
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return not _rare().isdisjoint(text)
    return False


def fold(text: str) -> str:
    """Simplified, half-width, lower case; of the same length wherever no sign stands for several."""
    if _may_be_traditional(text):
        text = simplify(text)
    return unicodedata.normalize("NFKC", text).lower() if _COMPOSED.search(text) else text.lower()


def prepare(text: str) -> str:
    """The model's view of a text: simplified, half-width, lower case, only Han, a–z, 0–9 and single blanks.

    Obfuscations are undone (假*货 → 假货, 高 仿), numbers of five and more digits (also with hyphens or blanks between)
    leave no trace, ASCII runs lose the signs on which the engines differ (`GB/T 19001-2016`). Never fails; text beyond
    `LIMIT` is not read.
    """
    plain = _SPLIT_SIGN.sub("", fold(text[:LIMIT]))
    return " ".join(_KEPT.findall(_LONG_NUMBER.sub(" ", plain)))


@lru_cache(maxsize=1)
def word_groups() -> Mapping[str, tuple[str, ...]]:
    """Each word of the dictionary with the groups it stands in."""
    groups: dict[str, list[str]] = {}
    name = ""
    for line in DICTIONARY.read_text(encoding="utf-8").splitlines():
        row = line.partition("# ")[0].strip() if line.startswith("#") else line.strip()
        if row.startswith("["):
            name = row.strip("[]")
            continue
        for raw in row.split():
            word = raw.lower()
            if name not in groups.setdefault(word, []):
                groups[word].append(name)
    return {word: tuple(names) for word, names in groups.items()}


def user_words() -> tuple[str, ...]:
    """The words the segmenter keeps whole: two characters and more, Han or ASCII only."""
    return tuple(word for word in word_groups() if 1 < len(word) <= LONGEST_WORD and not _FOREIGN.search(word))


def _rjieba() -> Callable[[str], list[str]]:
    """The Rust engine with our words; `ImportError` where its wheel is missing."""
    module = importlib.import_module("rjieba")  # importing makes one instance, which serves: a second costs 29 MB
    for word in user_words():
        if not module.has_word(word):
            module.add_word(word, WORD_FREQUENCY, None)
    cut_words = module.cut
    return lambda text: cut_words(text, False)  # noqa: FBT003 - positional only: no hidden Markov model.


def _jieba(cache_dir: Path | None) -> Callable[[str], list[str]]:
    """The Python engine with our words; its cache lies in a folder nobody else can write.

    jieba reads `<temp>/jieba.cache` with `marshal` and without a check, so that any local user could plant one.
    """
    module = importlib.import_module("jieba")
    module.setLogLevel(logging.WARNING)
    tokenizer = module.Tokenizer()
    folder = cache_dir or Path(tempfile.mkdtemp(prefix="hotline-jieba-"))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    tokenizer.tmp_dir = str(folder)
    tokenizer.initialize()
    for word in user_words():
        if not tokenizer.FREQ.get(word):
            tokenizer.add_word(word, WORD_FREQUENCY)
    cut_words: Callable[..., list[str]] = tokenizer.lcut
    return lambda text: cut_words(text, HMM=False)


@lru_cache(maxsize=4)
def cutter(name: str = "", cache_dir: Path | None = None) -> Callable[[str], list[str]]:
    """The cut function of one engine (`rjieba`, `jieba`), or of the best one installed where none is named."""
    if name == "jieba":
        return _jieba(cache_dir)
    try:
        return _rjieba()
    except ImportError:
        if name == "rjieba":
            raise
        return _jieba(cache_dir)


@lru_cache(maxsize=1)
def engine() -> str:
    """Which engine serves: `rjieba` or `jieba`."""
    try:
        importlib.import_module("rjieba")
    except ImportError:
        return "jieba"
    return "rjieba"


def cut(text: str) -> list[str]:
    """The words of a prepared text, blanks included as they stand."""
    return cutter()(text)
