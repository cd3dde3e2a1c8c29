"""Mojibake: what surely was Chinese is read again, and no good text changes."""

import json
from pathlib import Path

import pytest

from hotline.intake import mojibake

TEXTS = sorted((Path(__file__).parents[2] / "training_data" / "texts").glob("*.jsonl"))
GOOD = "你购的商品是假的，商家让我打电话，他不肯退钱。"


@pytest.mark.parametrize(
    ("text", "wrote", "read"),
    [
        (GOOD, "utf-8", "latin-1"),
        (GOOD, "gb18030", "latin-1"),
        ("你购的商品是假的", "gb2312", "cp1252"),
        ("昨晚喝到了假白酒", "utf-8", "gbk"),
        ("居民楼里有印假酒标的作坊", "utf-8", "gbk"),
        ("插线板冒用CCC认证", "utf-8", "gbk"),
    ],
)
def test_each_way_of_garbling_is_undone(text, wrote, read):
    garbled = text.encode(wrote).decode(read)
    assert garbled != text
    assert mojibake.repair(garbled) == text


def test_a_lost_character_stays_lost_and_is_not_guessed():
    assert mojibake.repair("浣犲ソ锛屾垜瑕佹姇璇夎繖瀹跺簵鍗栧亣璐\ufffd") == "你好，我要投诉这家店卖假"


def test_numbers_and_short_runs_between_are_read_too():
    text = "花了3000元，货是假冒的A货"
    assert mojibake.repair(text.encode("gb18030").decode("latin-1")) == text


@pytest.mark.parametrize(
    "text",
    [
        *("张××××××公司", "ÄÖÜßäöü", "ÀÁÂÃÄÅÆÇÈÉ", "¡Sí! ñandú éèàç", "“”“”……——", "±±±±°°°°", "Ïðèâåò ìèð"),
        *(
            "日本語のテキスト、カタカナ",
            "鐵鏽與鐘錶",
            "璐璇鎴鍦四位来电",
            "đặt hàng ở Việt Nam",
            "联通联通联通",
            "Ã©Ã¨Ã",
        ),
    ],
)
def test_what_is_no_mojibake_stays(text):
    assert mojibake.repair(text) == text


def test_no_good_text_of_the_corpus_changes():
    texts = [json.loads(line)["text"] for path in TEXTS for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(texts) > 8000
    assert [text for text in texts if mojibake.repair(text) != text] == []


def test_nearly_every_text_read_in_the_wrong_way_comes_back():
    texts = [json.loads(line)["text"] for line in TEXTS[0].read_text(encoding="utf-8").splitlines()]
    for wrong in ("latin-1", "gbk"):
        right = "gb18030" if wrong == "latin-1" else "utf-8"
        pairs = [(text, text.encode(right).decode(wrong, errors="replace")) for text in texts]
        whole = [(text, garbled) for text, garbled in pairs if "\ufffd" not in garbled]
        back = sum(mojibake.repair(garbled) == text for text, garbled in whole)
        assert back >= 0.95 * len(whole), wrong
