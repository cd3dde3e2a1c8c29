"""What an address must look like, so that something can be sent there at all."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from hotline.errors import InvalidInputError
from hotline.store.hosts import fault_of_name
from hotline.vocabulary import Outlet

MOST_ADDRESS = 254
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,180}[A-Za-z0-9])?")


def check_address(outlet: Outlet, address: str, *, local: bool = False) -> None:
    """Whether something can be sent there at all. Addresses of an intranet are as good as any (see `hosts`).

    Raises:
        InvalidInputError: It is no mail address, or no http(s) address, or one that leads inside this machine.
    """
    if outlet is Outlet.MAIL and not (len(address) <= MOST_ADDRESS and _MAIL.fullmatch(address)):
        message = "请填写一个邮件地址，例如 zhiban@example.gov.cn。"
        raise InvalidInputError(message, address=message)
    if outlet is Outlet.WEBHOOK and not _is_web(address):
        message = "请填写以 http:// 或 https:// 开头的接收地址，不带用户名、口令和 #。"
        raise InvalidInputError(message, address=message)
    fault = fault_of_name(str(urlsplit(address).hostname), local=local) if outlet is Outlet.WEBHOOK else ""
    if fault:
        message = f"{fault}。"
        raise InvalidInputError(message, address=message)


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    plain = len(address) <= MOST_ADDRESS and address.isascii() and address.isprintable() and " " not in address
    whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0
    return plain and whole and "@" not in parts.netloc and "#" not in address
