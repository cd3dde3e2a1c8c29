"""Web addresses in a text, normalised; e-mail addresses and file names are none."""

from __future__ import annotations

import re

_TLD = (
    "com|cn|net|org|gov|edu|top|xyz|shop|vip|cc|io|me|info|biz|tv|co|site|online|store|club|app|tech|link|ltd|group|"
    "work|fun|icu|asia|mobi|hk|tw|wang|ren|xin|pro|live|space|website|la|us|jp|uk|ru|de|im|ai|so|pw|ink"
)
_TAIL = r"[A-Za-z0-9\-._~/?#\[\]@!$&'()*+,;=%]{0,2000}"
_URL = re.compile(
    rf"(?P<scheme>(?:https?|hxxps?|ftp)[:：]//)(?P<host>[A-Za-z0-9\u4e00-\u9fff.-]{{1,253}}(?:[:：]\d{{1,5}})?)"
    rf"(?P<path>[/?#]{_TAIL})?"
    rf"|(?<![@A-Za-z0-9_.-])(?P<bare>(?:[A-Za-z0-9-]{{1,63}}\.){{1,4}}(?:{_TLD})(?:[:：]\d{{1,5}})?)"
    rf"(?![A-Za-z0-9_@-]|\.[A-Za-z0-9])"
    rf"(?P<tail>[/?#]{_TAIL})?",
    re.IGNORECASE,
)
_ASCII_HOST = re.compile(r"[A-Za-z0-9.-]+(?:[:：]\d{1,5})?")
# What every address holds beside a point: in most texts with one it is a decimal point.
_SIGN = re.compile(r"\.[A-Za-z]|//")
# https://中文.com/路径: a host that begins with a Chinese word, whose path may hold such words too. One that begins
# with ASCII (https://www.abc.com这个网站) ends where the Chinese begins.
_HAN_URL = re.compile(
    rf"[a-z]{{3,5}}[:：]//(?P<host>[\u4e00-\u9fff][a-z0-9\u4e00-\u9fff-]{{0,62}}(?:\.[a-z0-9-]{{1,63}}){{0,3}}?\.(?:{_TLD}|中国|公司|网络|网址)"
    r"(?![a-z0-9.])(?::\d{1,5})?)(?P<path>(?:[/?#][a-z0-9\u4e00-\u9fff\-._~/?#@!$&'()*+,;=%]{0,2000})?)",
    re.IGNORECASE,
)
_PORTS = {"http": ":80", "https": ":443", "ftp": ":21"}


def _normal(match: re.Match[str]) -> str | None:
    """Lower-case scheme and host, no default port, no sentence punctuation at the end; `http` where none was named."""
    scheme = (match["scheme"] or "http://").lower().replace("：", ":").replace("hxxp", "http")[:-3]
    host_text = match["host"] or match["bare"]
    if match["host"] and not host_text.isascii() and (han := _HAN_URL.match(match.string, match.start())):
        return f"{scheme}://{han['host'].lower().removesuffix(_PORTS[scheme])}{_path(han['path'])}"
    ascii_host = _ASCII_HOST.match(host_text)
    if ascii_host is None or "." not in ascii_host[0]:
        return None
    host = ascii_host[0].lower().replace("：", ":").strip(".-").removesuffix(_PORTS[scheme])
    whole = len(ascii_host[0]) == len(host_text)
    path = (match["path"] or match["tail"] or "") if whole else ""
    return f"{scheme}://{host}{_path(path)}"


def _path(path: str) -> str:
    """A path without the sentence's punctuation at its end; a lone slash is none."""
    path = path.rstrip(".,;!?'") if path.count("(") >= path.count(")") else path.rstrip(".,;!?')")
    return "" if path == "/" else path


def find_urls(text: str) -> tuple[str, ...]:
    """Addresses in order, each once."""
    if "." not in text or not _SIGN.search(text):
        return ()
    found = (_normal(match) for match in _URL.finditer(text))
    return tuple(dict.fromkeys(url for url in found if url))
