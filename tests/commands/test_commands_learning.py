import json

import pytest

LABELLED = [
    ("一", "西城区某小学门口有人摆摊卖盗版教辅书", "copyright", "street"),
    ("二", "网店卖的名牌运动鞋是假的，商标都印歪了", "trademark", "online"),
    ("三", "问一下公交卡在哪里办", "other", "unknown"),
]


def rows(examples):
    return "\n".join(
        json.dumps({"id": f"t-{key}", "text": text, "category": category, "setting": setting}, ensure_ascii=False)
        for key, text, category, setting in examples
    )


def test_evaluate_prints_one_object_and_a_table_for_people(hotline, monkeypatch, model_folder):
    monkeypatch.setenv("HOTLINE_MODEL", str(model_folder))
    ran = hotline("evaluate", "-", stdin=rows(LABELLED))
    assert ran.code == 0, ran.err
    category = ran.object["category"]
    assert ran.object["texts"] == 3
    assert {"accuracy", "macro_f1", "coverage", "precision_at_threshold", "classes"} <= set(category)
    assert {"precision", "recall", "f1"} <= set(category["classes"]["copyright"])
    assert "类别准确率" in ran.err


@pytest.mark.parametrize("content", ["", "not json", '{"text": "甲"}', rows([("x", "甲", "no-such", "street")])])
def test_evaluate_refuses_what_is_no_labelled_text(hotline, monkeypatch, model_folder, content):
    monkeypatch.setenv("HOTLINE_MODEL", str(model_folder))
    ran = hotline("evaluate", stdin=content)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.strip()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("[1]", "不是 JSON 对象"),
        ("not json", "不是 JSON 对象"),
        ('{"text": "甲", "setting": "street"}', "缺少文字字段 category"),
        ('{"text": ["甲"], "category": "drug", "setting": "street"}', "缺少文字字段 text"),
        ('{"text": "甲", "category": "nope", "setting": "street"}', "没有类别或环节代码“nope”"),
        ('{"text": "甲", "category": "drug", "setting": "street", "secondary": [["x"]]}', "没有类别或环节代码"),
        ('{"text": "甲", "category": "drug", "setting": "street", "secondary": null}', "字段 secondary 应是"),
    ],
)
def test_evaluate_says_in_chinese_which_line_and_why(hotline, monkeypatch, model_folder, line, says):
    monkeypatch.setenv("HOTLINE_MODEL", str(model_folder))
    ran = hotline("evaluate", stdin=rows(LABELLED) + "\n" + line + "\n")
    assert (ran.code, ran.out) == (2, "")
    assert f"第4行不能使用（{says}" in ran.err


def test_evaluate_of_a_file_that_is_not_there(hotline, monkeypatch, model_folder):
    monkeypatch.setenv("HOTLINE_MODEL", str(model_folder))
    assert hotline("evaluate", "nothing.jsonl").code == 2


@pytest.mark.parametrize(
    "command",
    [
        "triage",
        "normalise",
        "import",
        "plans",
        "workdays",
        "deadlines",
        "train",
        "evaluate",
        "audit",
        "users",
        "doctor",
    ],
)
def test_every_command_answers_help(hotline, command):
    ran = hotline(command, "--help")
    assert ran.code == 0
    assert "Usage:" in ran.out
