"""One normal form, one dictionary, two engines with the same words."""

import importlib
import json
import re
import stat
from pathlib import Path

import pytest

from hotline.routing import segment

TRIPLED = re.compile(r"(.)\1\1")
TEXTS = Path(__file__).resolve().parents[2] / "training_data" / "texts"


def corpus():
    lines = [line for path in sorted(TEXTS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return [json.loads(line)["text"] for line in lines]


@pytest.fixture(scope="module")
def jieba_cut(tmp_path_factory):
    return segment.cutter("jieba", tmp_path_factory.mktemp("jieba") / "cache")


@pytest.mark.parametrize(
    ("text", "prepared"),
    [
        ("", ""),
        ("假*货", "假货"),
        ("高 仿鞋", "高仿鞋"),
        ("賣假藥的", "卖假药的"),
        ("ＡＢＣ１２３", "abc123"),
        ("Nike鞋，假的！", "nike鞋 假的"),
        ("电话13800138000打不通", "电话 打不通"),
        ("电话138-0013-8000打不通", "电话 打不通"),
        ("GB/T 19001-2016", "gb t"),
        ("😀😀", ""),
        ("\x00\ud800假", "假"),
    ],
)
def test_prepare(text, prepared):
    assert segment.prepare(text) == prepared


def test_prepare_reads_no_further_than_its_limit():
    assert len(segment.prepare("假" * (segment.LIMIT + 500))) == segment.LIMIT


def test_both_engines_cut_the_corpus_alike(jieba_cut):
    rjieba_cut = segment.cutter("rjieba")
    texts = corpus()
    assert len(texts) >= 990
    prepared = list(map(segment.prepare, texts))
    different = [text for text in prepared if rjieba_cut(text) != jieba_cut(text)]
    # 叮叮叮 is 叮 + 叮叮 as likely as 叮叮 + 叮: the engines break this one tie differently.
    assert [text for text in different if not TRIPLED.search(text)] == []
    assert all("".join(rjieba_cut(text)) == text for text in prepared)


@pytest.mark.parametrize(
    "text",
    [
        "GB/T 19001-2016 abc_def-01",
        "iPhone15ProMax 3C 4S店 U盘 A货",
        "㐀㐁𠀀假货龥龦",
        "カタカナ한국어hello",
        "0x1F 1e9 5.5%",
    ],
)
def test_both_engines_cut_what_they_once_cut_differently(jieba_cut, text):
    prepared = segment.prepare(text)
    assert segment.cutter("rjieba")(prepared) == jieba_cut(prepared)


def test_words_of_the_dictionary_stay_whole():
    assert "国药准字" in segment.cut("盒上没有国药准字")
    assert "黑加油站" in segment.cut("村口有个黑加油站")


def test_no_word_of_the_dictionary_has_five_digits():
    assert not [word for word in segment.user_words() if sum(map(str.isdigit, word)) >= 5]


def test_jieba_takes_over_where_rjieba_is_missing(monkeypatch, tmp_path, capfd):
    real = importlib.import_module

    def without(name, package=None):
        if name == "rjieba":
            raise ImportError(name)
        return real(name, package)

    monkeypatch.setattr(importlib, "import_module", without)
    segment.engine.cache_clear()
    segment.cutter.cache_clear()
    try:
        assert segment.engine() == "jieba"
        cut = segment.cutter("", tmp_path / "cache")
        assert cut("村口有个黑加油站")[-1] == "黑加油站"
        with pytest.raises(ImportError):
            segment.cutter("rjieba")
    finally:
        segment.engine.cache_clear()
        segment.cutter.cache_clear()
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["jieba.cache"]
    assert capfd.readouterr() == ("", "")


def test_the_best_engine_serves():
    assert segment.engine() == "rjieba"
