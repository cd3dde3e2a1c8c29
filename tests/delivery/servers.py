"""Real servers on this machine: one that takes mails (RFC 5321, enough of it), one that takes webhooks."""

from __future__ import annotations

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Conversation(socketserver.StreamRequestHandler):
    """One SMTP session; `server.refusals` are answers to give instead of taking, by command, each once."""

    def handle(self):
        self.say("220 test ESMTP")
        for line in self.rfile:
            word = line.decode().strip().upper()
            command = word.split(":", 1)[0].split(" ")[0]
            if command in self.server.refusals:
                self.say(self.server.refusals[command])
            elif command == "EHLO":
                self.say("250-test\r\n250 8BITMIME")
            elif command == "DATA":
                self.take()
            elif command == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self):
        self.say("354 go on")
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.mails.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self.say("250 taken")

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


class Hook(BaseHTTPRequestHandler):
    """One POST; the server's `answers` are given in turn, the last for ever."""

    def do_POST(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, dict(self.headers), content))
        status = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        self.send_response(status)
        if status in {301, 302, 307}:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing on the terminal."""


@contextmanager
def running(server):
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.mails, self.refusals = [], {}


class HookServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Hook)
        self.posts, self.answers = [], [204]
