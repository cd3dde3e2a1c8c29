"""The watched folder and pulling: complete files only, each once, the result beside it, no redirect followed."""

import json
import threading
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import func, select, update

from hotline.fetching import inbox, pulling
from hotline.fetching.job import _alone
from hotline.fetching.pulling import PullError, read_sources
from hotline.fetching.taking import take
from hotline.importing.writer import Writer
from hotline.store import taken
from hotline.store.tables import COMPLAINT, QUARANTINE, TAKEN_FILE
from hotline.store.taken import Way

FILE = "编号,诉求内容\nF-1,劣质水杯\nF-2,盗版光盘\nF-3,\n".encode()


def complaints(services):
    with services.read() as store:
        return store.session.execute(select(func.count()).select_from(COMPLAINT)).scalar()


@pytest.fixture
def app_services(app_services):
    """The office that is asked stands on this machine."""
    return replace(app_services, settings=replace(app_services.settings, local_targets=True))


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "inbox" / "12315"
    made.mkdir(parents=True)
    return made


def turn(services, folder, watch):
    return inbox.take_files(services, folder.parent, watch)


def test_a_file_is_taken_when_it_stands_still(app_services, folder):
    watch, path, before = inbox.Watch(), folder / "今日.csv", complaints(app_services)
    path.write_bytes(FILE[:20])
    assert turn(app_services, folder, watch) == 0
    path.write_bytes(FILE)
    assert turn(app_services, folder, watch) == 0
    assert turn(app_services, folder, watch) == 1
    assert complaints(app_services) == before + 2
    assert not path.exists()
    assert (folder / "done" / "今日.csv").read_bytes() == FILE
    result = json.loads((folder / "done" / "今日.csv.result.json").read_text("utf-8"))
    assert (result["accepted"], result["duplicates"], result["rejected"]) == (2, 0, 1)


def test_the_same_content_is_never_taken_twice(app_services, folder):
    watch = inbox.Watch()
    for name in ("a.csv", "b.csv"):
        (folder / name).write_bytes(FILE)
        turn(app_services, folder, watch)
        turn(app_services, folder, watch)
    with app_services.read() as store:
        assert len(taken.latest(store.session, "xicheng")) == 1
        assert store.session.execute(select(func.count()).select_from(QUARANTINE)).scalar() == 1
    assert sorted(path.name for path in (folder / "done").glob("*.csv")) == ["a.csv", "b.csv"]


@pytest.mark.parametrize("name", [".hidden.csv", "x.tmp", "x.csv.part"])
def test_unfinished_names_wait(app_services, folder, name):
    watch = inbox.Watch()
    (folder / name).write_bytes(FILE)
    assert [turn(app_services, folder, watch) for _ in range(3)] == [0, 0, 0]


def test_a_file_that_is_no_table_goes_to_refused_and_a_strange_folder_waits(app_services, folder):
    watch, strange = inbox.Watch(), folder.parent / "99999"
    strange.mkdir()
    (folder / "x.csv").write_bytes(b"\x00\x01\x02" * 99)
    (strange / "y.csv").write_bytes(FILE)
    (folder / "link.csv").symlink_to(strange / "y.csv")
    turn(app_services, folder, watch)
    turn(app_services, folder, watch)
    assert json.loads((folder / "refused" / "x.csv.result.json").read_text("utf-8"))["error"]
    assert (strange / "y.csv").exists()
    assert (folder / "link.csv").is_symlink()


def test_files_that_cannot_be_taken_hold_up_no_others_and_are_logged_once(app_services, folder, monkeypatch, caplog):
    monkeypatch.setattr(inbox, "MOST_FILES", 2)
    watch, strange = inbox.Watch(), folder.parent / "99999"
    strange.mkdir()
    for number in range(3):
        (strange / f"{number}.csv").write_bytes(FILE)
    (folder / "later.csv").write_bytes(FILE)
    for _ in range(3):
        turn(app_services, folder, watch)
    assert (folder / "done" / "later.csv").exists()
    assert caplog.text.count("inbox_file_failed folder=99999") == 3


def test_a_crash_in_the_middle_is_completed_by_the_next_turn(app_services, monkeypatch):
    rows = "编号,诉求内容\n" + "".join(f"C-{n},劣质水杯{n}\n" for n in range(6))
    monkeypatch.setattr("hotline.importing.writer.BATCH", 2)
    calls = []

    whole = Writer._write

    def fails(*given):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(*given)

    monkeypatch.setattr(Writer, "_write", fails)
    before = complaints(app_services)
    given = {"office_id": "xicheng", "channel": "12315", "way": Way.FOLDER, "name": "c.csv"}
    with pytest.raises(KeyboardInterrupt):
        take(app_services, rows.encode(), **given)
    assert complaints(app_services) == before + 2
    monkeypatch.setattr(Writer, "_write", whole)
    line = take(app_services, rows.encode(), **given)
    assert (line.accepted, line.duplicates, line.state) == (4, 2, "done")
    assert complaints(app_services) == before + 6


def test_a_second_one_waits_for_the_lock(tmp_path):
    with _alone(tmp_path / "a.lock") as first, _alone(tmp_path / "a.lock") as second:
        assert (first, second) == (True, False)


PAGES = {
    "": (200, '{"id": "P-1", "text": "劣质水杯"}\n{"id": "P-2", "text": "盗版光盘"}\n', "c1"),
    "c1": (200, '{"id": "P-3", "text": "劣质电池"}\n', "c2"),
    "c2": (204, "", ""),
}


class Office(BaseHTTPRequestHandler):
    """A call centre's system with three pages; it notes what it was asked."""

    asked: list

    def do_GET(self):
        cursor = self.path.partition("cursor=")[2]
        self.asked.append((cursor, self.headers["Authorization"]))
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "/new")
            self.end_headers()
            return
        status, text, following = PAGES[cursor]
        if self.path.startswith("/trickle"):
            self._trickle(text)
            return
        self.send_response(status)
        if self.path.startswith("/broken"):
            self.send_header("Content-Length", str(len(text.encode()) + 100))
        if following:
            self.send_header("X-Next-Cursor", following)
        self.end_headers()
        self.wfile.write(text.encode())

    def _trickle(self, text):
        """A first line of an answer without end: a byte now and then, never silent for long."""
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Next-Cursor: c1\r\nContent-Length: 99999\r\n\r\n" + text.encode())
        while not self.server.gone.wait(0.02):
            try:
                self.wfile.write(b" ")
            except OSError:
                return

    def log_message(self, *_):
        pass


@pytest.fixture
def office():
    handler = type("Handler", (Office,), {"asked": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    server.gone = threading.Event()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server, handler.asked
    server.gone.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def config(tmp_path, office):
    (tmp_path / "token").write_text("geheim\n", "ascii")

    def write(path="/new"):
        text = f'[12315]\nurl = "http://127.0.0.1:{office[0].server_port}{path}"\ntoken_file = "token"\ninterval = 60\n'
        (tmp_path / "pull.toml").write_text(text, "utf-8")
        return tmp_path / "pull.toml"

    return write


def state(services):
    with services.read() as store:
        return taken.pull_state(store.session, "xicheng", "12315")


def test_pages_are_pulled_once_each_and_the_cursor_moves(app_services, clock, office, config):
    before = complaints(app_services)
    assert pulling.pull_all(app_services, config()) == 2
    assert complaints(app_services) == before + 3
    assert office[1] == [("", "Bearer geheim"), ("c1", "Bearer geheim"), ("c2", "Bearer geheim")]
    assert (state(app_services).cursor, state(app_services).problem) == ("c2", "")
    assert pulling.pull_all(app_services, config()) == 0
    assert len(office[1]) == 3
    with app_services.write() as store:
        later = state(app_services).asked_at - timedelta(minutes=5)
        taken.keep_pull_state(store.session, taken.PullState("xicheng", "12315", "c2", later, ""))
        store.session.execute(update(TAKEN_FILE).values(problem=""))
    assert pulling.pull_all(app_services, config()) == 0
    assert office[1][3:] == [("c2", "Bearer geheim")]


def test_a_redirect_is_refused_and_shown(app_services, client, login, office, config):
    before = complaints(app_services)
    assert pulling.pull_all(app_services, config("/moved")) == 0
    assert "跳转" in state(app_services).problem
    assert (complaints(app_services), len(office[1])) == (before, 1)
    page = login(client, "admin").get("/admin/fetched").text
    assert "没有跟随" in page
    assert "geheim" not in page


def test_a_page_that_breaks_off_is_asked_for_again(app_services, office, config):
    before = complaints(app_services)
    assert pulling.pull_all(app_services, config("/broken")) == 0
    assert complaints(app_services) == before
    assert (state(app_services).cursor, "断在半途" in state(app_services).problem) == ("", True)


def test_a_source_that_trickles_keeps_nobody_waiting(app_services, office, config, monkeypatch):
    monkeypatch.setattr(pulling, "ANSWER_SECONDS", 0.3)
    before = complaints(app_services)
    assert pulling.pull_all(app_services, config("/trickle")) == 0
    assert complaints(app_services) == before
    assert (state(app_services).cursor, "太慢" in state(app_services).problem) == ("", True)


def test_a_source_that_does_not_answer(tmp_path):
    (tmp_path / "token").write_text("x", "ascii")
    source = pulling.Source("12315", "http://127.0.0.1:1/", tmp_path / "token", 60)
    with pytest.raises(PullError):
        pulling.fetch(source, "", local=True)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "169.254.169.254", "100.100.100.200", "[::1]", "0"])
def test_no_source_leads_inside_this_machine(tmp_path, host):
    text = f'[12315]\nurl = "http://{host}/"\ntoken_file = "t"\n'
    (tmp_path / "p.toml").write_text(text, "utf-8")
    with pytest.raises(pulling.InvalidInputError, match="12315 的地址不能使用：地址指向"):
        read_sources(tmp_path / "p.toml")


def test_a_source_that_leads_inside_by_its_name_gets_no_token(app_services, office, config, monkeypatch):
    app_services = replace(app_services, settings=replace(app_services.settings, local_targets=False))
    path = config()
    path.write_text(path.read_text("utf-8").replace("127.0.0.1", "cc.example.gov.cn"), "utf-8")
    where = [(2, 1, 6, "", ("127.0.0.1", office[0].server_port))]
    monkeypatch.setattr("hotline.delivery.connecting.socket.getaddrinfo", lambda *_, **__: where)
    assert pulling.pull_all(app_services, path) == 0
    assert "本机" in state(app_services).problem
    assert office[1] == []


@pytest.mark.parametrize("text", ["[12315]\n", '[12315]\nurl = "ftp://x/"\ntoken_file = "t"\n', "[", "a = 1\n"])
def test_a_faulty_configuration_is_named(tmp_path, text):
    (tmp_path / "p.toml").write_text(text, "utf-8")
    with pytest.raises(pulling.InvalidInputError):
        read_sources(tmp_path / "p.toml")
