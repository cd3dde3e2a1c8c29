"""The running product in a real browser: demo data, gunicorn, scheduler, Debian's Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium")
READY_SECONDS = 90


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Running:
    """A started server with its accounts."""

    def __init__(self, var, port):
        self.var, self.base = var, f"http://127.0.0.1:{port}"
        lines = (var / "demo-accounts.txt").read_text("utf-8").splitlines()
        self.passwords = dict(line.split("\t")[:2] for line in lines)

    def processes(self, word):
        """Process ids below this server whose command line holds the word."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                command = (entry / "cmdline").read_bytes()
                environment = (entry / "environ").read_bytes()
            except OSError:
                continue
            if word.encode() in command and f"HOTLINE_VAR={self.var}".encode() in environment:
                found.append(int(entry.name))
        return sorted(found)


@contextmanager
def serving(var):
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    environment = {**clean, "HOTLINE_VAR": str(var), "HOTLINE_PORT": str(port), "HOTLINE_SWEEP_SECONDS": "1"}
    subprocess.run([sys.executable, "-m", "hotline", "demo", "--if-empty"], env=environment, check=True)
    with (var / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "hotline", "serve"], env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_until_ready(port)
        yield Running(var, port)
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        finally:
            with_group(server.pid)


def with_group(pid):
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def wait_until_ready(port):
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert time.monotonic() < deadline, "the server did not become ready"
            time.sleep(0.3)


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("browser")) as server:
        yield server


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where a browser is there.

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking", "--disable-quic"]
        )
        yield browser
        browser.close()


@pytest.fixture
def sign_in(chromium, running):
    """Open a page as one of the demo's people; complaints of the browser's console fail the test."""
    contexts, complaints = [], []

    def open_page(username, width=1366, height=768):
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if not own(request.url) else None)
        page.goto(f"{running.base}/login")
        page.fill("#username", username)
        page.fill("#password", running.passwords[username])
        page.click("main button")
        page.wait_for_load_state()
        return page

    def own(url):
        return url.startswith((running.base, "data:", "about:"))

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
