"""The sweeps of arrays find what looking up one by one would find, whatever is laid side by side."""

import pytest

from hotline.routing import features
from hotline.routing.character_index import index_characters
from hotline.routing.term_index import index_terms
from hotline.routing.token_index import index_tokens

TEXTS = ["卖假药的药店", "", "假 药", "药药药", "一个都不认识", "店"]
GRAMS = ["假", "店", "药", "假药", "药店", "药药"]
WORDS = ["假", "药店"]
NONE = 5  # the key of no character: as many as tokens have numbers


@pytest.fixture
def tokens():
    return index_tokens(WORDS, {"drug": 0, "fake": 1}, {"药": ("drug",), "假药": ("drug", "fake")})


@pytest.fixture
def index(tokens):
    return index_terms(tokens, GRAMS)


def keys(block, text):
    begin, _, middle, end, _ = block.bounds[text]
    return block.keys[begin:middle].tolist(), block.keys[middle:end].tolist()


def test_characters_and_pairs(index):
    texts = [(text, []) for text in TEXTS]
    expected = [
        [NONE, *sorted(NONE + 1 + GRAMS.index(term) for term in features.gram_terms(text) if term in GRAMS)]
        for text in TEXTS
    ]
    assert index.first_gram == NONE
    block = index.find(texts, 15)
    assert [keys(block, place)[1] for place in range(len(TEXTS))] == expected
    assert [keys(index.find([text], 15), 0)[1] for text in texts] == expected


def test_a_large_vocabulary_needs_little_memory():
    characters = [chr(0x4E00 + place) for place in range(6_000)]
    grams = [*characters, *(first + second for first in characters[:300] for second in characters[:300])]
    index = index_characters(grams)
    singles, pairs = index.find([characters[299] + characters[298] + characters[5_999]])
    assert singles.tolist() == [300, 299, 6_000, 0]
    assert pairs.tolist() == [len(characters) + 299 * 300 + 298 + 1, 0, 0]
    assert index.pages.nbytes + index.pairs.nbytes < 12_000_000


@pytest.mark.parametrize(
    ("words", "numbers", "touched"),
    [
        (["假", "药店", " ", "假"], [0, 1, 2], [0, 0]),
        (["卖假药", "药"], [0, 3, 4], [2, 1]),
        (["感冒药", "感冒药", "止咳药"], [0, 3], [1, 0]),
        (["汽油"], [0], [0, 0]),
        ([], [0], [0, 0]),
    ],
)
def test_an_unknown_word_is_read_as_its_ending(index, words, numbers, touched):
    for texts in ([words], [words, ["假"]], [words, words]):
        block = index.find([("", tokens) for tokens in texts], 0)
        assert keys(block, 0)[0] == numbers
        assert index.touched(block)[0].tolist() == [*touched, 0, 0]


def test_the_opening_is_counted_apart(index):
    for texts in ([["假药", "药", "卖", "药"]], [["假药", "药", "卖", "药"], ["卖", "药"]]):
        block = index.find([("", tokens) for tokens in texts], 1)
        assert index.touched(block)[0].tolist() == [2, 1, 1, 1]
        assert index.touched(block)[-1].tolist() == ([2, 1, 1, 1] if len(texts) == 1 else [1, 0, 0, 0])


def test_words_are_told_by_the_group_they_touch(tokens):
    words = ["卖", "感冒药", "假药", "感冒药"]
    numbers = tokens.number(words)
    assert tokens.touching(words, numbers, {0, 1}) == {0: ["感冒药", "假药"], 1: ["假药"]}
    assert tokens.touching(words, numbers, {1}) == {1: ["假药"]}


def test_memory_of_unknown_words_is_bounded(tokens):
    known = len(tokens.numbers)
    tokens.number(["很" * 50 + "药"])
    assert len(tokens.numbers) == known
