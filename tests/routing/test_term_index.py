"""The sweeps of arrays find what looking up one by one would find, whatever is laid side by side."""

import pytest

from hotline.routing import features
from hotline.routing.term_index import index_characters, index_tokens

TEXTS = ["卖假药的药店", "", "假 药", "药药药", "一个都不认识", "店"]
GRAMS = {term: place for place, term in enumerate(["假", "店", "药", "假药", "药店", "药药"])}


def columns(block, count):
    return [block.row(place).tolist() for place in range(count)]


def test_characters_and_pairs():
    index = index_characters(GRAMS)
    expected = [sorted(GRAMS[term] for term in features.gram_terms(text) if term in GRAMS) for text in TEXTS]
    assert columns(index.find(TEXTS), len(TEXTS)) == expected
    assert [index.find([text]).row(0).tolist() for text in TEXTS] == expected


@pytest.fixture
def tokens():
    return index_tokens(["假", "药店"], {"drug": 0, "fake": 1}, {"药": ("drug",), "假药": ("drug", "fake")})


@pytest.mark.parametrize(
    ("words", "numbers", "touched"),
    [
        (["假", "药店", " ", "假"], [0, 1, 2], [0, 0]),
        (["卖假药", "药"], [3, 4], [2, 1]),
        (["感冒药", "感冒药", "止咳药"], [3], [1, 0]),
        (["汽油"], [0], [0, 0]),
        ([], [], [0, 0]),
    ],
)
def test_an_unknown_word_is_read_as_its_ending(tokens, words, numbers, touched):
    for texts in ([words], [words, ["假"]], [words, words]):
        block = tokens.number(texts)
        assert block.row(0).tolist() == numbers
        assert tokens.touched(block)[0].tolist() == touched


def test_memory_of_unknown_words_is_bounded(tokens):
    known = len(tokens.numbers)
    tokens.number([["很" * 50 + "药"]])
    assert len(tokens.numbers) == known
