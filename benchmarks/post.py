"""POST /api/v1/complaints under gunicorn with two workers on SQLite, durable, beside a bare Flask in the same run.

The bare one takes the same bodies, inserts one row and commits (WAL, synchronous FULL); nothing else. The same clients
ask both over kept connections, in turns. Figures: answers a second by the clock on the wall, p50 and p95, and the
processor time of the server for each answer, which other people's work on the machine disturbs less.

    python -P benchmarks/post.py [ANSWERS] [CLIENTS]
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from flask import Flask, jsonify, request

from hotline.environment import read_settings
from hotline.moments import utc_now
from hotline.preparing import prepare_store
from hotline.records import Office
from hotline.store.engine import open_engine, write_transaction
from hotline.store.offices import save_office
from hotline.store.token_hash import hash_token
from hotline.store.tokens import add_token

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

ROOT = Path(__file__).parents[1]
TOKENS, ROUNDS, URL = 8, 3, "/api/v1/complaints"
"""Eight channels bring the complaints; a token may come 60,000 times a minute."""
TICKS = os.sysconf("SC_CLK_TCK")
held = threading.local()


class Figures(NamedTuple):
    """One round: answers a second, p50 and p95 in ms, processor time of the server in ms an answer."""

    rate: float
    p50: float
    p95: float
    spent: float


def bare() -> Flask:
    """What a program costs that only takes JSON and commits it; gunicorn loads it from here."""
    app, path = Flask("bare"), os.environ["BARE_DATABASE"]
    with sqlite3.connect(path) as first:
        first.execute("PRAGMA journal_mode=WAL")
        first.execute("CREATE TABLE IF NOT EXISTS complaint (id TEXT PRIMARY KEY, body TEXT)")

    @app.post(URL)
    def take() -> ResponseReturnValue:
        body = request.get_json()
        if not hasattr(held, "connection"):
            held.connection = sqlite3.connect(path, timeout=15, isolation_level=None)
            held.connection.execute("PRAGMA synchronous=FULL")
        held.connection.execute("BEGIN IMMEDIATE")
        held.connection.execute("INSERT INTO complaint VALUES (?, ?)", (body["external_id"], json.dumps(body)))
        held.connection.execute("COMMIT")
        return jsonify(id=body["external_id"]), 201

    return app


def texts() -> list[str]:
    """The corpus."""
    files = sorted((ROOT / "training_data" / "texts").glob("*.jsonl"))
    return [json.loads(line)["text"] for file in files for line in file.read_text("utf-8").splitlines()]


def prepare(folder: Path) -> None:
    """An office and its tokens."""
    settings = read_settings({"HOTLINE_VAR": str(folder)})
    prepare_store(settings)
    engine = open_engine(settings.database_url)
    with write_transaction(engine) as session:
        save_office(session, Office("bench", "测试办公室", "110102", "xicheng-2011", "99"), utc_now())
        for n in range(TOKENS):
            hashed = hash_token(f"token-{n}")
            add_token(session, token_hash=hashed, channel="12315", office_id="bench", label="", at=utc_now())
    engine.dispose()


def serve(target: str, port: int, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Gunicorn with two workers, as the product runs."""
    command = [sys.executable, "-m", "gunicorn", "--config", "python:hotline.web.gunicorn_config"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "2", target]
    if target.startswith("post:"):
        # The bare one has no services whose connections a fork must forget.
        command[3:5] = ["--worker-class", "gthread", "--threads", "4"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    server = subprocess.Popen(command, env=clean | environment, cwd=Path(__file__).parent)  # noqa: S603 - ours.
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.1)
    server.kill()
    message = f"{target} did not start"
    raise RuntimeError(message)


def spent_by(pid: int) -> float:
    """Seconds of processor time of a process and its children, by /proc."""
    total = 0.0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(entry.name) == pid or int(fields[1]) == pid:
                total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


def ask(port: int, bodies: list[bytes], took: list[float]) -> None:
    """One client: its bodies one after the other over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for n, body in enumerate(bodies):
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer token-{n % TOKENS}"}
        begin = time.perf_counter()
        connection.request("POST", URL, body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        took.append(time.perf_counter() - begin)
        if answer.status != 201:  # noqa: PLR2004 - Created.
            raise RuntimeError(content.decode())
    connection.close()


def measure(server: subprocess.Popen[bytes], port: int, bodies: list[bytes], clients: int) -> Figures:
    """Let the clients share the bodies."""
    took: list[float] = []
    threads = [threading.Thread(target=ask, args=(port, bodies[n::clients], took)) for n in range(clients)]
    before, begin = spent_by(server.pid), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - begin
    cuts = statistics.quantiles(took, n=20)
    per_answer = (spent_by(server.pid) - before) / len(took) * 1000
    return Figures(len(took) / wall, statistics.median(took) * 1000, cuts[18] * 1000, per_answer)


def main() -> None:
    """Both servers, turn and turn about."""
    answers = int(sys.argv[1]) if len(sys.argv) > 1 else 1200
    clients = int(sys.argv[2]) if len(sys.argv) > 2 else 8  # noqa: PLR2004 - two arguments.
    corpus, found = texts(), {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        ours = serve("hotline.web.wsgi:application()", 8791, {"HOTLINE_VAR": name})
        other = serve("post:bare()", 8792, {"BARE_DATABASE": str(folder / "bare.db"), "PYTHONPATH": str(ROOT)})
        servers = {"bare Flask": (other, 8792), "hotline": (ours, 8791)}
        try:
            for turn in range(ROUNDS + 1):
                share = answers // (ROUNDS if turn else 2 * ROUNDS)
                for label, (server, port) in servers.items():
                    drafts = ({"external_id": f"{turn}-{n}", "text": corpus[n % len(corpus)]} for n in range(share))
                    bodies = [json.dumps(draft, ensure_ascii=False).encode() for draft in drafts]
                    figures = measure(server, port, bodies, clients)
                    if turn:  # The first turn warms both.
                        found.setdefault(label, []).append(figures)
        finally:
            for server, _ in servers.values():
                server.send_signal(signal.SIGTERM)
                server.wait(timeout=30)
    for label, several in found.items():
        rate, p50, p95, spent = (statistics.median(column) for column in zip(*several, strict=True))
        print(f"{label:<10} {rate:7.0f}/s  p50 {p50:6.1f} ms  p95 {p95:6.1f} ms  {spent:6.2f} ms processor time each")


if __name__ == "__main__":
    main()
