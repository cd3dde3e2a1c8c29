"""How many texts a second one process normalises: the corpus, read five times, the median of processor time.

Run: python benchmarks/normalise.py
"""

from __future__ import annotations

import json
import statistics
import time
from datetime import UTC, datetime
from pathlib import Path

from hotline.intake.normalise import normalise

ROOT = Path(__file__).parents[1]
RECEIVED = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
HOME = "110102"
ROUNDS = 5


def texts() -> list[str]:
    """Every text of the corpus."""
    files = sorted((ROOT / "training_data" / "texts").glob("*.jsonl"))
    return [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def seconds(corpus: list[str]) -> float:
    """Processor seconds for the corpus once, so that neighbours on the machine do not count."""
    begin = time.process_time()
    for text in corpus:
        normalise(text, received_at=RECEIVED, home_region=HOME)
    return time.process_time() - begin


def main() -> None:
    """Warm the tables, then measure."""
    corpus = texts()
    seconds(corpus)
    rates = [len(corpus) / seconds(corpus) for _ in range(ROUNDS)]
    length = statistics.mean(map(len, corpus))
    print(f"{len(corpus)} texts of {length:.0f} characters: median {statistics.median(rates):.0f} texts/s")
    print("rounds: " + ", ".join(f"{rate:.0f}" for rate in sorted(rates)))


if __name__ == "__main__":
    main()
