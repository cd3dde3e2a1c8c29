"""Training is deterministic, chooses on unseen hands only, and refuses what it cannot use."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hotline.errors import ModelError, UnusableFileError
from hotline.routing import (
    calibration,
    corpus,
    data_card,
    fitting,
    model_file,
    scoring,
    sealed_card,
    second_labels,
    training,
)
from hotline.routing.classifier import load_classifier
from hotline.routing.taxonomy import load_taxonomy

TEXTS = Path(__file__).resolve().parents[2] / "training_data" / "texts"


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """Every third text of the two hands that wrote most."""
    folder = tmp_path_factory.mktemp("texts")
    for path in sorted(TEXTS.glob("*.jsonl"), key=lambda path: path.stat().st_size)[-2:]:
        lines = path.read_text("utf-8").splitlines()[::3]
        (folder / path.name).write_text("\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def model(texts, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    return training.train(texts, folder)


def lines_of(folder):
    return sum(len(path.read_text("utf-8").splitlines()) for path in folder.glob("*.jsonl"))


def copy(model, tmp_path):
    return Path(shutil.copytree(model.folder, tmp_path / "copy"))


def test_the_same_data_gives_the_same_bytes(texts, model, tmp_path):
    again = training.train(texts, tmp_path / "again")
    names = sorted(path.name for path in model.folder.iterdir())
    assert names == ["README.md", "category.npz", "manifest.json", "setting.npz", "vocabulary.json"]
    for name in names:
        assert (again.folder / name).read_bytes() == (model.folder / name).read_bytes(), name


def test_no_term_has_five_digits(model):
    counts = json.loads((model.folder / "vocabulary.json").read_text("utf-8"))
    terms = [*counts["words"], *counts["grams"]]
    assert len(terms) > 1000
    assert not [term for term in terms if sum(map(str.isdigit, term)) >= 5]


def test_the_manifest_says_what_the_model_came_from(texts, model):
    manifest = json.loads((model.folder / "manifest.json").read_text("utf-8"))
    assert manifest["documents"] == lines_of(texts)
    assert manifest["taxonomy_version"] == load_taxonomy().version
    assert set(manifest["libraries"]) >= {"numpy", "scikit-learn", "jieba"}
    assert len(manifest["data_hash"]) == 64
    assert 0 < manifest["metrics"]["category"]["accuracy"] < 1
    assert model.version == load_classifier(model.folder).version


def test_the_card_shows_measured_figures(model):
    card = (model.folder / "README.md").read_text("utf-8")
    assert f"{model.metrics['category']['accuracy'] * 100:.1f}%" in card
    assert model.version in card


@pytest.mark.parametrize("name", ["category.npz", "setting.npz", "vocabulary.json"])
def test_an_altered_file_is_refused(model, tmp_path, name):
    folder = copy(model, tmp_path)
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(bytes(content))
    with pytest.raises(ModelError, match="校验值不符"):
        load_classifier(folder)


@pytest.mark.parametrize("name", ["category.npz", "setting.npz", "vocabulary.json", "manifest.json"])
def test_a_missing_file_is_refused(model, tmp_path, name):
    folder = copy(model, tmp_path)
    (folder / name).unlink()
    with pytest.raises(ModelError, match="缺失"):
        load_classifier(folder)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("format", 99, "格式"),
        ("taxonomy_version", 99, "分类表"),
        ("dictionary", "0", "词典"),
        ("features", {}, "词典或特征"),
    ],
)
def test_a_model_of_another_program_is_refused(model, tmp_path, key, value, message):
    folder = copy(model, tmp_path)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8")) | {key: value}
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(ModelError, match=message):
        load_classifier(folder)


@pytest.mark.parametrize("content", ["", "[]", "{}", "{"])
def test_a_manifest_that_is_none_is_refused(model, tmp_path, content):
    folder = copy(model, tmp_path)
    (folder / "manifest.json").write_text(content, "utf-8")
    with pytest.raises(ModelError):
        load_classifier(folder)


def test_serving_scores_as_training_did(texts, model):
    taxonomy = load_taxonomy()
    data = fitting.load_corpus(corpus.read_folder(texts, taxonomy), taxonomy)
    classifier = load_classifier(model.folder)
    rows = fitting.matrix(data.texts, classifier.model.vocabulary)
    weights = classifier.model.category.weights.astype(np.float64)
    guess = (rows @ weights + classifier.model.category.bias).argmax(axis=1)
    assert (guess == data.category).mean() > 0.98


GOOD = {"id": "a-1", "text": "卖假药", "category": "drug", "secondary": [], "setting": "market"}


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        json.dumps(GOOD | {"text": ""}),
        json.dumps(GOOD | {"text": 5}),
        json.dumps(GOOD | {"category": "nothing"}),
        json.dumps(GOOD | {"setting": "nowhere"}),
        json.dumps(GOOD | {"secondary": ["nothing"]}),
        json.dumps({key: value for key, value in GOOD.items() if key != "text"}),
    ],
)
def test_an_unusable_line_is_named(tmp_path, line):
    path = tmp_path / "hand.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + line + "\n", "utf-8")
    with pytest.raises(UnusableFileError, match="第2行"):
        corpus.read_file(path, load_taxonomy())


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "没有"),
        ({"a.jsonl": b""}, "没有可用"),
        ({"a.jsonl": b"\xff\xfe"}, "不能读取"),
        ({"a.jsonl": json.dumps(GOOD).encode(), "b.jsonl": json.dumps(GOOD).encode()}, "重复"),
        ({"a.jsonl": json.dumps(GOOD).encode()}, "少于两种"),
    ],
)
def test_an_unusable_folder_is_refused(tmp_path, files, message):
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(UnusableFileError, match=message):
        training.train(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_calibration_finds_the_scale():
    generator = np.random.default_rng(1)
    scores = generator.normal(size=(4000, 3))
    chances = np.exp(2 * scores) / np.exp(2 * scores).sum(axis=1, keepdims=True)
    truth = np.asarray([generator.choice(3, p=row) for row in chances])
    found = calibration.choose(scores, truth, 0, 0.9)
    assert found.scale == pytest.approx(2, abs=0.2)
    assert found.shift == pytest.approx(0, abs=0.2)
    held = calibration.hold(scores, truth, np.arange(4000) % 4, 0, 0.9)
    assert scoring.calibration_error(held.right, held.confidence) < 0.04
    assert held.right[held.kept].mean() > 0.87
    assert held.kept.mean() > 0.2


def test_scoring_counts_by_hand():
    truth, guess = np.asarray([0, 0, 1, 1, 2]), np.asarray([0, 1, 1, 1, 0])
    rows = scoring.per_class(truth, guess, ("a", "b", "c"))
    assert rows["a"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "texts": 2}
    assert rows["b"] == {"precision": 2 / 3, "recall": 1.0, "f1": 0.8, "texts": 2}
    assert rows["c"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "texts": 1}
    assert scoring.accuracy(truth, guess) == 0.6
    assert scoring.macro_f1(truth, guess) == pytest.approx(1.3 / 3)


def test_scoring_of_nothing():
    none = np.asarray([], dtype=np.int64)
    assert scoring.accuracy(none, none) == 0
    assert scoring.macro_f1(none, none) == 0
    assert scoring.calibration_error(none.astype(bool), none.astype(float)) == 0
    assert scoring.bootstrap(0, lambda rows: 1.0) == [0.0, 0.0]


def test_thresholds_reach_the_precision():
    right = np.asarray([True] * 95 + [False] * 5)
    confidence = np.linspace(0.99, 0.01, 100)
    guess = np.zeros(100, dtype=np.int64)
    found = scoring.class_thresholds(right, confidence, guess, 2, 0.98)
    kept = confidence >= found[0]
    assert right[kept].mean() >= 0.98
    assert kept.mean() >= 0.9
    assert found.max() <= 1


def test_where_nothing_is_right_nothing_is_let_through():
    confidence = np.linspace(0.9, 0.5, 20)
    found = scoring.class_thresholds(np.zeros(20, dtype=bool), confidence, np.zeros(20, dtype=np.int64), 1)
    assert not (confidence >= found[0]).any()


def test_the_data_card_counts(texts):
    taxonomy = load_taxonomy()
    examples = corpus.read_folder(texts, taxonomy)
    second = {row.id: second_labels.Second(row.category, row.setting, sure=True) for row in examples[1:]}
    second[examples[1].id] = second_labels.Second("no-such", "", sure=False)
    card = data_card.data_card(examples, [replace(examples[0], id="apart-1")], second, taxonomy)
    count = sum(row.category == "food" for row in examples)
    line = next(line for line in card.splitlines() if line.startswith("| food |"))
    assert line.endswith(f"| {count} |")
    assert f"训练用 {lines_of(texts)} 条" in card
    assert "封存测试用 1 条" in card
    assert f"读过 {len(examples) - 1} 条" in card
    assert "1 条标为存疑" in card


def test_describe_writes_the_card(texts, tmp_path):
    shutil.copytree(texts, tmp_path / "texts")
    card = data_card.describe(tmp_path, load_taxonomy())
    assert (tmp_path / "README.md").read_text("utf-8") == card


def test_a_hand_of_the_corpus_may_not_write_the_sealed_part(texts, tmp_path):
    shutil.copytree(texts, tmp_path / "texts")
    (tmp_path / "test").mkdir()
    shutil.copy(min(texts.glob("*.jsonl")), tmp_path / "test")
    with pytest.raises(UnusableFileError, match="封存测试"):
        data_card.describe(tmp_path, load_taxonomy())


def test_a_second_label_has_five_columns(tmp_path):
    (tmp_path / "a.tsv").write_text("a-1\tfood\tmarket\n", "utf-8")
    with pytest.raises(UnusableFileError, match="五列"):
        second_labels.read_second(tmp_path)


@pytest.mark.parametrize(
    ("value", "aim", "met"),
    [(0.93, "≥93%", True), (0.9299, "≥93%", False), (0.02, "≤2%", True), (0.031, "≤0.03", False)],
)
def test_aims(value, aim, met):
    assert sealed_card.reached(value, aim) is met


def test_one_hand_is_split_into_folds(texts, tmp_path):
    shutil.copy(min(texts.glob("*.jsonl")), tmp_path / "one.jsonl")
    taxonomy = load_taxonomy()
    data = fitting.load_corpus(corpus.read_folder(tmp_path, taxonomy), taxonomy)
    assert set(data.fold.tolist()) == {0, 1, 2}


def test_the_shipped_folder_is_the_repository_s_in_a_checkout():
    assert model_file.shipped_folder() == Path(__file__).resolve().parents[2] / "models"
