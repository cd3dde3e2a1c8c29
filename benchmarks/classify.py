"""Classifier against the naive pipeline (TfidfVectorizer over jieba.lcut, LinearSVC) and fastText, in one process.

The subjects alternate, block by block, and processor time is counted, so that a busy machine slows all of them alike;
medians are printed. fastText (`pip install fasttext-numpy2-wheel`) is measured where it is installed. Speed is that on
texts of the corpus. Where the sealed part (`training_data/test`) is there, the share of its categories that are found
stands beside: the naive pipeline and fastText have learnt all the corpus, ours is the shipped model.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

import jieba
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from hotline.routing.classifier import load_classifier
from hotline.routing.segment import cut, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]
BLOCK = 100
BLOCKS = 10
NAIVE = "naive, one facet"
LENGTHS = (150, 350)  # characters; the mean is near the 230 of the target

COLD = r"""
import re, time
start = time.perf_counter()
from hotline.routing.classifier import load_classifier
load_classifier().classify("村口小店卖假烟")
print(time.perf_counter() - start, int(re.search(r"VmRSS:\s*(\d+)", open("/proc/self/status").read())[1]) / 1024)
"""


def corpus(part: str) -> tuple[list[str], list[str]]:
    """Texts and categories of a part of the training data; none where it is not there."""
    files = sorted((ROOT / "training_data" / part).glob("*.jsonl"))
    rows = [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]
    return [row["text"] for row in rows], [row["category"] for row in rows]


def naive(texts: Sequence[str], labels: Sequence[str]) -> Any:  # noqa: ANN401 - scikit-learn has no types.
    """The pipeline that a first attempt would use."""
    jieba.setLogLevel(logging.WARNING)
    jieba.dt.tmp_dir = tempfile.mkdtemp()
    pipeline = make_pipeline(TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None), LinearSVC(random_state=0))
    return pipeline.fit(texts, labels)


def fasttext(texts: Sequence[str], labels: Sequence[str]) -> Callable[[str], str] | None:
    """FastText over our tokens, where it is installed. At its own learning rate of 0.1 it learns far less here."""
    try:
        module = importlib.import_module("fasttext")
    except ImportError:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        lines = [f"__label__{label} {' '.join(cut(prepare(text)))}" for text, label in zip(texts, labels, strict=True)]
        path.write_text("\n".join(lines), "utf-8")
        model = module.train_supervised(
            str(path), dim=50, lr=0.5, wordNgrams=2, epoch=25, bucket=200_000, thread=1, verbose=0
        )
    return lambda text: str(model.predict(" ".join(cut(prepare(text))))[0][0]).removeprefix("__label__")


def timed(call: Callable[[], object]) -> float:
    """Seconds of processor time of one call."""
    begin = time.process_time()
    call()
    return time.process_time() - begin


def line(name: str, values: Sequence[float], rates: Sequence[float], base: tuple[float, float], right: str) -> str:
    """One row of the table: latency, batch rate, both against the naive pipeline, and the share of right categories."""
    p50, p99 = median(values), quantiles(values, n=100)[98]
    rate = median(rates)
    ratios = f"{base[0] / p50:12.1f}{rate / base[1]:12.1f}"
    return f"{name:22}{p50 * 1e3:10.3f}{p99 * 1e3:10.3f}{rate:12.0f}{ratios}{right:>10}"


def share_right(predict: Callable[[list[str]], Iterable[str]], texts: list[str], labels: Sequence[str]) -> str:
    """The share of right categories, or a dash where there is nothing to judge on."""
    if not texts:
        return "-"
    hits = sum(said == label for said, label in zip(predict(texts), labels, strict=True))
    return f"{hits / len(labels):.1%}"


def cold() -> tuple[float, float]:
    """Median start to first answer in seconds, and memory in MB, of fresh processes."""
    found = []
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", COLD], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own code.
        found.append(tuple(map(float, done.stdout.split())))
    return median(row[0] for row in found), median(row[1] for row in found)


def measure(
    one: Mapping[str, Callable[[str], object]], many: Mapping[str, Callable[[list[str]], object]], sample: Sequence[str]
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Seconds of each single text, and texts a second of each batch, by subject."""
    single: dict[str, list[float]] = {name: [] for name in one}
    batch: dict[str, list[float]] = {name: [] for name in one}
    for turn in range(BLOCKS):
        block = [sample[(turn * BLOCK + place) % len(sample)] for place in range(BLOCK)]
        for name, call in one.items():
            single[name] += [timed(lambda text=text, call=call: call(text)) for text in block]
            batch[name].append(BLOCK / timed(lambda call=many[name], part=block: call(part)))
    return single, batch


def main() -> None:
    """Measure and print."""
    texts, labels = corpus("texts")
    classifier, pipeline, other = load_classifier(), naive(texts, labels), fasttext(texts, labels)
    sample = [text for text in texts if LENGTHS[0] <= len(text) <= LENGTHS[1]]
    one: dict[str, Callable[[str], object]] = {
        NAIVE: lambda text: pipeline.predict([text]),
        "ours, labels": lambda text: classifier.predict_many([text]),
        "ours, no reasons": lambda text: classifier.classify_many([text], explain=False),
        "ours": classifier,
    }
    many: dict[str, Callable[[list[str]], object]] = {
        NAIVE: pipeline.predict,
        "ours, labels": classifier.predict_many,
        "ours, no reasons": partial(classifier.classify_many, explain=False),
        "ours": classifier.classify_many,
    }
    sealed = corpus("test")
    ours = share_right(lambda block: (category for category, _ in classifier.predict_many(block)), *sealed)
    right = {**dict.fromkeys(one, ours), NAIVE: share_right(pipeline.predict, *sealed)}
    if other:
        one["fastText, one facet"] = other
        many["fastText, one facet"] = lambda block: [other(text) for text in block]
        right["fastText, one facet"] = share_right(partial(map, other), *sealed)
    single, batch = measure(one, many, sample)
    base = (median(single[NAIVE]), median(batch[NAIVE]))
    mean = sum(map(len, sample)) / len(sample)
    load = os.getloadavg()[0]
    print(
        f"{len(sample)} texts of {mean:.0f} characters, {BLOCKS} blocks of {BLOCK}, load {load:.1f}; "
        f"ours: both facets; right: of {len(sealed[0])} sealed texts"
    )
    print(f"{'':22}{'p50 ms':>10}{'p99 ms':>10}{'batch/s':>12}{'one, x':>12}{'batch, x':>12}{'right':>10}")
    for name in one:
        print(line(name, single[name], batch[name], base, right[name]))
    start, memory = cold()
    print(f"cold start to first answer {start:.2f} s, memory {memory:.0f} MB")
    if not other:
        print("fastText is not installed: not measured")


if __name__ == "__main__":
    main()
