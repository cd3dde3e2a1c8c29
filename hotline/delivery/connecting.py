"""Connections to addresses that somebody typed: the host is looked up once, judged, and connected to as it was judged.

Looked up again, a name could lead elsewhere than it did a moment ago (DNS rebinding). A name of whose addresses one may
not be used is refused as a whole.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING

from hotline.store.hosts import fault_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from urllib.parse import SplitResult

    from hotline.store.hosts import Address

PORTS = {"http": 80, "https": 443}


class HostError(ValueError):
    """The host may not be used; the message says why, in words for the administrator."""


def connection_to(parts: SplitResult, seconds: float, *, local: bool) -> HTTPConnection:
    """A connection to where an address leads, not opened yet; `local` lets this machine itself pass.

    Its first request raises `HostError` where the host may not be used.
    """
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    if parts.scheme == "https":
        return _Encrypted(host, port, seconds, local=local)
    return _Plain(host, port, seconds, local=local)


@contextmanager
def whole_within(connection: HTTPConnection, seconds: float) -> Iterator[None]:
    """Open a connection and hang up where it is not through after so many seconds in all.

    The time limit of a socket begins anew with each byte: a side that trickles would hold its caller for hours.

    Raises:
        HostError: The host may not be used.
        TimeoutError: It took longer; what was read until then is no answer.
        OSError: The host cannot be reached.
    """
    connection.connect()
    late, held = threading.Event(), connection.sock  # Kept: an answer that closes takes it from the connection.

    def hang_up() -> None:
        late.set()
        with suppress(OSError):
            held.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, HTTPException, ValueError):
        if not late.is_set():
            raise
    finally:
        timer.cancel()
    if late.is_set():
        raise TimeoutError


class _Plain(HTTPConnection):
    def __init__(self, host: str, port: int, seconds: float, *, local: bool) -> None:
        super().__init__(host, port, timeout=seconds)
        self.local = local

    def connect(self) -> None:
        """Open it."""
        self.sock = _opened(self.host, self.port, self.timeout, local=self.local)


class _Encrypted(HTTPSConnection):
    def __init__(self, host: str, port: int, seconds: float, *, local: bool) -> None:
        self.checking = ssl.create_default_context()
        super().__init__(host, port, timeout=seconds, context=self.checking)
        self.local = local

    def connect(self) -> None:
        """Open it; the certificate is checked against the name, the address was looked up before."""
        plain = _opened(self.host, self.port, self.timeout, local=self.local)
        self.sock = self.checking.wrap_socket(plain, server_hostname=self.host)


def _opened(host: str, port: int, seconds: float | None, *, local: bool) -> socket.socket:
    """A socket to the first of the host's addresses that answers.

    Raises:
        HostError: One of the addresses may not be used.
        OSError: The host is unknown, or none of them answers.
    """
    found = [where for *_, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for where in found:
        if fault := fault_of(_address(str(where[0])), local=local):
            raise HostError(fault)
    problem: OSError = OSError("no address")
    for where in found:
        try:
            return socket.create_connection((str(where[0]), port), seconds)
        except OSError as error:
            problem = error
    raise problem


def _address(text: str) -> Address:
    return ipaddress.ip_address(text.partition("%")[0])
